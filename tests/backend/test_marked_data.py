"""What people say and who they are stands in no log, whatever door they come by and whatever goes wrong."""

import io
import json
import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import DataError, IntegrityError, ProgrammingError, connection

from backend.logs import JsonFormatter
from common import storing
from concerns.models import Concern
from concerns.references import pin, tracking_token
from concerns.tasks import tend
from notifications.tasks import purge, sweep
from tests.notifications.conftest import MailServer
from tests.support.entering import signed_in
from tests.support.files import form
from tests.support.pages import Visitor
from tests.support.rest import POTHOLE, Rest, browser_of
from tests.support.town import Town, file

MARK = "Zyxmark"
EMAIL = f"{MARK}@people.example"
PERSON = {"name": f"Rita {MARK}", "email": EMAIL, "phone": "+49 202 4711 4711"}
PHONE = "47114711"
SAID = {
    "description": f"{MARK} was said.",
    "place": {**POTHOLE["place"], "address": f"{MARK} Street 5"},
    "contact": PERSON,
}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything every logger says, as production writes it."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonFormatter())
    # The mail server of the test is another house; what it writes is its own.
    handler.addFilter(lambda record: record.name != "mail.log")
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield out
    root.removeHandler(handler)
    root.setLevel(before)


def unmarked(log: io.StringIO, *secrets: str) -> list[dict[str, object]]:
    """The lines, after a look for marks and secrets in all of them."""
    text = log.getvalue()
    found = [one for one in (MARK, MARK.lower(), PHONE, *secrets) if one in text]
    assert found == []
    return [json.loads(line) for line in text.splitlines()]


def routes(lines: list[dict[str, object]]) -> list[tuple[object, object]]:
    return [(line["route"], line["status"]) for line in lines if "route" in line]


def test_filing_and_following_by_rest(town: Town, log: io.StringIO) -> None:
    told = Rest().file(SAID).json()
    concern = Concern.objects.get()
    token = tracking_token(concern.pk, concern.generation)
    author = Rest({"Authorization": f"Concern {token}"})
    own = f"concerns/{told['reference']}/"

    author.post(f"{own}messages/", {"text": MARK}, Idempotency_Key=str(uuid4()))
    upload = io.BytesIO(MARK.encode())
    upload.name = f"{MARK}.txt"
    form(author, f"{own}files/", {"files": [upload]})
    author.get(f"{own}contact/")

    assert routes(unmarked(log, token, pin(concern.pk, concern.generation))) == [
        ("api-concerns", 201),
        ("api-own-concern-messages", 204),
        ("api-own-files", 201),
        ("api-own-contact", 200),
    ]


@pytest.mark.parametrize(
    ("path", "raw"),
    [
        ("concerns/", json.dumps({**SAID, "category": MARK})),
        ("concerns/", json.dumps({**SAID, MARK: MARK})),
        ("concerns/", f'{{"description": "{MARK}'),
        (f"concerns/{MARK}/messages/", "{}"),
        (f"{MARK}/", "{}"),
        (f"tickets/?q={MARK}", "{}"),
    ],
)
def test_requests_that_are_refused(town: Town, log: io.StringIO, path: str, raw: str) -> None:
    response = Rest().send("POST", path, raw, Idempotency_Key=str(uuid4()), X_Request_ID=MARK)

    assert 400 <= response.status_code < 500
    assert routes(unmarked(log))[0][1] == response.status_code


def quoting(rows: Sequence[Concern]) -> None:
    """As PostgreSQL words it: with the whole row."""
    raise DataError(f"Failing row contains ({rows[0].words}, {EMAIL})") from ValueError(MARK)


def test_failures_of_ours_at_both_doors(town: Town, log: io.StringIO, monkeypatch) -> None:
    monkeypatch.setattr(storing, "insert_new", quoting)
    visitor = Visitor()
    visitor.client.raise_request_exception = False

    by_rest = Rest().file(SAID)
    page = visitor.open("/")
    page = visitor.press(page, page.form("once"), "go=next", words=MARK)
    page = visitor.press(page, page.form("step"), "go=next", category="tree")
    page = visitor.press(page, page.form("step"), "go=next", address=SAID["place"]["address"])
    page = visitor.press(page, page.form("step"), "go=next", **PERSON)
    page = visitor.press(page, page.form("step"), "go=next")

    lines = unmarked(log)
    assert (by_rest.status_code, page.status) == (500, 500)
    errors = [line for line in lines if line["logger"] == "django.request"]
    assert [line["message"] for line in errors] == ["Internal Server Error: …"] * 2
    assert [line["exception"][0] for line in errors if "exception" in line] == ["DataError"]


def test_the_links_of_letters_and_a_forgotten_page(town: Town, log: io.StringIO) -> None:
    filed = file(MARK, email=EMAIL)
    token = tracking_token(filed.concern.pk, filed.concern.generation)
    visitor = Visitor()

    visitor.open(f"/concerns/{filed.concern.reference}/t/{token}/")
    visitor.open(f"/concerns/{filed.concern.reference}/t/{MARK}/")
    visitor.open(f"/{MARK}/{EMAIL}")

    assert ("none", 404) in routes(unmarked(log, token))


def test_signing_in_and_working(town: Town, log: io.StringIO) -> None:
    town.people["carl"].email = EMAIL.lower()
    town.people["carl"].name = MARK
    town.people["carl"].save()
    filed = file(MARK, email=EMAIL, name=f"Rita {MARK}")
    clerk = browser_of(town.people["carl"])

    signed_in(Visitor(), EMAIL, password=f"wrong {MARK}")
    signed_in(Visitor(), EMAIL)
    clerk.act(filed.ticket.pk, "note", {"text": MARK}, version=filed.ticket.version)
    clerk.client.get(f"/workspace/tickets/{filed.ticket.pk}/")
    clerk.client.get(f"/workspace/?q={MARK}")

    assert ("workspace:ticket", 200) in routes(unmarked(log))


@pytest.mark.django_db(transaction=True)
def test_letters_that_fail(town: Town, log: io.StringIO, settings) -> None:
    server = MailServer()
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    server.rcpt_replies[EMAIL] = f"550 5.1.1 {EMAIL} is unknown here, {MARK}"
    file(MARK, email=EMAIL)

    for task in (sweep, tend, purge):
        task.apply().get()
    server.stop()

    lines = unmarked(log)
    assert [line["task"] for line in lines if "succeeded" in line["message"]] == [
        "notifications.sweep",
        "concerns.tend",
        "notifications.purge",
    ]
    assert any("refused for good" in str(line["message"]) for line in lines)


def test_tasks_that_fail(town: Town, log: io.StringIO, monkeypatch) -> None:
    def failing(**_options: object) -> None:
        raise DataError(f"Failing row contains ({MARK})")

    monkeypatch.setattr("concerns.tasks.tend_now", failing)

    ended = tend.apply()

    (line,) = [one for one in unmarked(log) if one["level"] == "ERROR"]
    assert ended.failed()
    assert line["message"].endswith("raised unexpected: DataError")
    assert (line["task"], line["task_id"], line["request_id"]) == (
        "concerns.tend",
        ended.id,
        ended.id,
    )


@pytest.mark.skipif(not os.environ.get("EMBEDDED"), reason="the server's log is somebody else's")
@pytest.mark.django_db(transaction=True)
def test_the_database_writes_no_row_it_refused_into_its_log(town: Town) -> None:
    filed = file(f"{MARK} database")
    written = Path(os.environ["VAR"]) / "log" / "postgres.log"

    with pytest.raises(IntegrityError, match=f"{MARK} database"):
        Concern.objects.filter(pk=filed.concern.pk).update(rating=9)
    with pytest.raises(ProgrammingError), connection.cursor() as cursor:
        cursor.execute(f"SELECT '{MARK}' FROM nowhere")

    said = written.read_text()
    assert "concern_rating" in said
    assert MARK not in said
