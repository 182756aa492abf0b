"""How many of the invented addresses got mail, by the files a mail sink writes."""

import time
from collections.abc import Collection
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path

# A sink writes the address the mail was really for; other folders of mails have only the header.
ADDRESSEES = ("X-Envelope-To", "To")
QUIET_SECONDS = 30.0
LOOK_SECONDS = 1.0


class Arrivals:
    """A folder of .eml files, each read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: set[str] = set()
        self.count: dict[str, int] = {}

    def look(self) -> None:
        for file in self.folder.glob("[!.]*.eml"):
            if file.name in self.seen:
                continue
            self.seen.add(file.name)
            address = addressee_in(file)
            self.count[address] = self.count.get(address, 0) + 1

    def of(self, addresses: Collection[str]) -> list[int]:
        """How many mails came to each address that got any."""
        return [self.count[one] for one in addresses if one in self.count]

    def wait_for(self, addresses: Collection[str], *, limit: float) -> list[int]:
        """Look until every address has mail and for a while no more comes, or the limit of seconds is over."""
        end = time.monotonic() + limit
        last, quiet_since = -1, time.monotonic()
        while True:
            self.look()
            found = self.of(addresses)
            if sum(found) != last:
                last, quiet_since = sum(found), time.monotonic()
            moment = time.monotonic()
            all_there = len(found) == len(addresses)
            patience = LOOK_SECONDS * 3 if all_there else QUIET_SECONDS
            if moment >= end or moment - quiet_since >= patience:
                return found
            time.sleep(min(LOOK_SECONDS, max(end - moment, 0)))


def addressee_in(file: Path) -> str:
    with file.open("rb") as content:
        head = BytesHeaderParser(policy=default).parse(content)
    return next((str(head[name]) for name in ADDRESSEES if head[name]), "").strip()
