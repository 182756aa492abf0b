"""The people of a campaign: they file, confirm their address by the link in their mail, and a clerk accepts.

`python -m bench.faults.people URL COUNT AT_ONCE JOURNAL MAIL`, with the clerk's key in FAULTS_KEY.

It is a process of its own: the campaign starts processes and therefore has no threads.
"""

import http.client
import os
import re
import sys
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bench.faults.journal import Journal, Receipt
from bench.faults.post import Post
from bench.replay.door import Answer, Door
from bench.replay.errors import CannotReplay

# Longer than anything is away, a lease of five minutes included.
PATIENCE_SECONDS = 420.0
AGAIN_SECONDS = 0.5
OK, CREATED, REFUSED, FAILED = 200, 201, 400, 500
READERS = 4
# As a proxy in front would say; the installation answers nothing else.
HTTPS = {"X_Forwarded_Proto": "https"}
SECRET = "s" * 32
LINK = re.compile(rb"/concerns/[^/\s]+/confirm/[^/\s\"]+/")
PLACE = {"lat": 51.2562, "lon": 7.1508, "address": "Friedrich-Engels-Allee 5"}


@dataclass
class People:
    door: Door
    journal: Journal
    mail: Path
    post: Post = field(init=False)
    keys: dict[str, str] = field(default_factory=dict)  # address → key of the filing

    def __post_init__(self) -> None:
        self.post = Post(self.mail)

    def file(self, number: int) -> None:
        key = str(uuid.uuid4())
        address = f"faults-{number}-{key[:8]}@people.example"
        body = {
            "description": words_of(key),
            "category": "pothole",
            "place": PLACE,
            "contact": {"email": address},
        }
        self.journal.note("began", key)
        self.keys[address] = key
        answer = self.until_answered(
            key, lambda: self.door.post("concerns/", body, Idempotency_Key=key, **HTTPS)
        )
        if answer is None or answer.status != CREATED:
            self.journal.note("gave_up", key)
            return
        said = answer.said
        token = str(said["tracking_url"]).rstrip("/").rpartition("/")[2]
        self.journal.note(
            "filed", key, address=address, reference=str(said["reference"]), token=token
        )

    def follow(self, key: str, receipt: Receipt, link: str) -> None:
        """Press the button behind the link; then a clerk accepts, which is news to the person."""
        if self.until_answered(key, lambda: self.press(link)) is None:
            self.journal.note("gave_up", key)
            return
        self.journal.note("confirmed", key)
        done = self.until_answered(key, lambda: self.accept(receipt.reference))
        self.journal.note("gave_up" if done is None else "accepted", key)

    def accept(self, reference: str) -> Answer:
        listed = self.door.get(f"tickets/?{urlencode({'q': reference})}", **HTTPS)
        if listed.status != OK:
            return listed
        [ticket] = listed.said["results"]
        if ticket["state"] != "assigned":  # accepted, and the answer was lost
            return listed
        return self.door.post(f"tickets/{ticket['id']}/accept/", {}, If_Match="*", **HTTPS)

    def press(self, path: str) -> Answer:
        """A form of the portal; the door knows the REST interface alone."""
        line = http.client.HTTPConnection(
            self.door.address.hostname or "", self.door.address.port, timeout=60
        )
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"__Host-csrf={SECRET}",
            "Referer": f"https://{self.door.address.netloc}{path}",
            "X-Forwarded-Proto": "https",
        }
        try:
            line.request("POST", path, urlencode({"csrfmiddlewaretoken": SECRET}), headers)
            answer = line.getresponse()
            answer.read()
        finally:
            line.close()
        return Answer(answer.status, {}, "")

    def until_answered(self, key: str, ask: Callable[[], Answer]) -> Answer | None:
        """As a well-behaved program: the same again after a lost connection and any 5xx; None when it gives up."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                answer = ask()
            except (CannotReplay, OSError, http.client.HTTPException):
                self.journal.note("nobody_there", key)
            else:
                if answer.status < REFUSED:
                    return answer
                self.journal.note(f"status_{answer.status}", key)
                if answer.status < FAILED:
                    return None
            time.sleep(AGAIN_SECONDS)
        return None

    def read_mail(self, readers: ThreadPoolExecutor, followed: dict[str, Future[None]]) -> None:
        """Whoever got the first mail and knows their reference goes on."""
        filed = self.journal.told().filed
        for letter in self.post.look():
            key = self.keys.get(letter.address, "")
            link = LINK.search(letter.text())
            if key in filed and key not in followed and link:
                path = urlsplit(link[0].decode()).path
                followed[key] = readers.submit(self.follow, key, filed[key], path)
            elif key and key not in followed:
                self.post.forget(letter)


def words_of(key: str) -> str:
    return f"Vor dem Haus ist ein Loch. {key}"


def live(people: People, count: int, at_once: int) -> None:
    followed: dict[str, Future[None]] = {}
    with ThreadPoolExecutor(at_once) as filers, ThreadPoolExecutor(READERS) as readers:
        filings = [filers.submit(people.file, number) for number in range(count)]
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < PATIENCE_SECONDS:
            before = len(followed)
            people.read_mail(readers, followed)
            filing = not all(one.done() for one in filings)
            if filing or len(followed) > before:
                quiet_since = time.monotonic()
            if not filing and len(followed) == len(people.journal.told().filed):
                break
            time.sleep(AGAIN_SECONDS)
    for one in (*filings, *followed.values()):
        one.result()


def main() -> int:
    url, count, at_once, journal, mail = sys.argv[1:]
    people = People(Door(url, os.environ["FAULTS_KEY"]), Journal(Path(journal)), Path(mail))
    live(people, int(count), int(at_once))
    people.door.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
