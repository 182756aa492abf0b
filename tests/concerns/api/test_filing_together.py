"""Filing when others do the same, when the connection is lost, and when what stands around it is away."""

import socket
import time
from contextlib import closing
from threading import Barrier, Thread

import pytest
from django.db import connection

from common.models import IdempotentRequest
from concerns.models import Concern, Event, Placement, Reporter, Ticket
from notifications.enums import EnvelopeState
from notifications.models import Envelope
from tests.support.rest import POTHOLE, Rest, problem_in

GATE = 4711
MAILED = {**POTHOLE, "contact": {"email": "rita@people.example"}}
ROWS = (Reporter, Concern, Ticket, Placement, Event, Envelope, IdempotentRequest)
# Who comes to this trigger waits for whoever holds the gate.
WAIT = f"PERFORM pg_advisory_xact_lock({GATE}); RETURN NEW;"
WAITING = """
SELECT pid FROM pg_locks
 WHERE locktype = 'advisory' AND NOT granted AND objid = %s
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
FAIL = "RAISE EXCEPTION 'the disk is full'; RETURN NEW;"
IN_THE_MIDDLE = ("BEFORE INSERT ON concerns_concern", "")
AT_COMMIT = ("AFTER INSERT ON common_idempotentrequest", "CONSTRAINT")


@pytest.fixture
def trigger(transactional_db):
    """Make something happen whenever a row is stored."""
    made = []

    def make(when, body, kind=""):
        deferred = "DEFERRABLE INITIALLY DEFERRED" if kind else ""
        run(f"CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
        run(f"CREATE {kind} TRIGGER trap {when} {deferred} FOR EACH ROW EXECUTE FUNCTION trap()")
        made.append(when)

    yield make
    for _when in made:
        run("DROP FUNCTION trap() CASCADE")


def run(sql, values=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else None


class Filing(Thread):
    """A request on a connection of its own."""

    def __init__(self, door, *, key, barrier=None):
        super().__init__()
        self.door, self.key, self.barrier = door, key, barrier
        self.answer = None

    def run(self):
        try:
            if self.barrier:
                self.barrier.wait(20)
            self.answer = Rest(network=self.door.network).file(MAILED, key=self.key)
        finally:
            connection.close()


def waiting_backend():
    """The process that waits at the gate; found soon, for it was sent there."""
    for _attempt in range(200):
        found = run(WAITING, [GATE])
        if found:
            return found[0][0]
        time.sleep(0.05)
    raise AssertionError("nobody came to the gate")


def stored():
    return {model.__name__: model.objects.count() for model in ROWS if model.objects.exists()}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(5))
def test_of_two_requests_at_once_with_one_key_one_files(town, attempt):
    door, barrier = Rest(), Barrier(2)
    both = [Filing(door, key=f"one-{attempt}", barrier=barrier) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    statuses = sorted(one.answer.status_code for one in both)
    again = door.file(MAILED, key=f"one-{attempt}")

    assert statuses in ([201, 201], [201, 409])
    assert Concern.objects.count() == 1
    assert again.json()["reference"] == Concern.objects.get().reference
    assert {one.answer.json()["reference"] for one in both if one.answer.status_code == 201} == {
        again.json()["reference"]
    }


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_under_way_the_second_is_told_so_at_once(town, trigger):
    trigger(IN_THE_MIDDLE[0], WAIT)
    door = Rest()
    run(f"SELECT pg_advisory_lock({GATE})")
    first = Filing(door, key="one")
    first.start()
    waiting_backend()

    second = door.file(MAILED, key="one")
    run(f"SELECT pg_advisory_unlock({GATE})")
    first.join()
    third = door.file(MAILED, key="one")

    assert problem_in(second)[:2] == (409, "in_progress")
    assert second["Retry-After"] == "1"
    assert first.answer.status_code == 201
    assert (third.status_code, third["Idempotency-Replayed"]) == (201, "true")
    assert third.json() == first.answer.json()
    assert Concern.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("when", "kind"), [IN_THE_MIDDLE, AT_COMMIT], ids=["in-the-middle", "at-commit"]
)
def test_a_connection_lost_mid_request_stores_nothing_and_the_retry_files_once(
    town, trigger, when, kind
):
    trigger(when, WAIT, kind)
    door = Rest()
    run(f"SELECT pg_advisory_lock({GATE})")
    cut = Filing(door, key="one")
    cut.start()
    run(f"SELECT pg_terminate_backend({waiting_backend()})")
    cut.join()
    run(f"SELECT pg_advisory_unlock({GATE})")
    left = stored()

    retry, again = door.file(MAILED, key="one"), door.file(MAILED, key="one")

    assert problem_in(cut.answer)[:2] == (503, "unavailable")
    assert cut.answer["Retry-After"] == "5"
    assert left == {}
    assert (retry.status_code, "Idempotency-Replayed" in retry) == (201, False)
    assert again.json() == retry.json()
    assert stored() == {
        "Reporter": 1,
        "Concern": 1,
        "Ticket": 1,
        "Placement": 1,
        "Event": 2,
        "Envelope": 1,
        "IdempotentRequest": 1,
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "table",
    [
        "concerns_concern",
        "concerns_ticket",
        "concerns_placement",
        "concerns_event",
        "notifications_envelope",
        "common_idempotentrequest",
    ],
)
def test_a_failure_anywhere_stores_nothing_at_all(town, trigger, table):
    trigger(f"BEFORE INSERT ON {table}", FAIL)

    answer = Rest().file(MAILED)

    assert problem_in(answer)[:2] == (500, "error")
    assert "disk" not in answer.content.decode()
    assert stored() == {}


@pytest.mark.django_db(transaction=True)
def test_with_the_broker_away_a_concern_is_filed_and_its_letter_waits(town, monkeypatch):
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", f"redis://127.0.0.1:{port}/0")
    begun = time.monotonic()

    answer = Rest().file(MAILED)

    assert answer.status_code == 201
    assert time.monotonic() - begun < 5
    assert Concern.objects.get().reference == answer.json()["reference"]
    assert Envelope.objects.values_list("state", flat=True).get() == EnvelopeState.PENDING
