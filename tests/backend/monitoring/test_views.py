"""What machines are told: that the process lives, what works, and figures without people in them."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import OperationalError, connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families as parsed

from backend.monitoring import readiness
from common.clock import now
from notifications.enums import EnvelopeState
from notifications.models import Envelope
from tests.support.sql import budget, statements
from tests.support.town import Town, file

TOKEN = "a token of this test"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
ALL_WELL = {"database": "ok", "migrations": "ok", "broker": "ok", "queue": "ok"}
# A port nothing listens on, refused at once.
NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def _token(settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def ask(path: str, client: Client | None = None, **headers: str):
    return (client or Client()).get(path, headers=headers)


def envelope(*, due: dt.timedelta, state: EnvelopeState = EnvelopeState.PENDING) -> None:
    Envelope.objects.create(
        topic="test", subject_id=1, state=state, next_attempt_at=now() - due, facts={}
    )


def test_healthz_asks_no_database(db: None) -> None:
    with statements() as said:
        response = ask("/healthz")

    assert (response.status_code, response.content, said) == (200, b"ok\n", [])
    assert "no-store" in response["Cache-Control"]


def test_readyz_says_what_works(db: None) -> None:
    with budget(10):
        response = ask("/readyz")

    assert response.status_code == 200
    assert response.json() == {"ready": True, "checks": ALL_WELL}


def test_readyz_says_when_the_broker_is_away(db: None, settings) -> None:
    settings.REDIS_URL = NOWHERE

    response = ask("/readyz")

    assert response.status_code == 503
    assert response.json() == {"ready": False, "checks": {**ALL_WELL, "broker": "failing"}}


def test_readyz_leaves_out_what_it_is_told_to(db: None, settings) -> None:
    settings.REDIS_URL = NOWHERE

    response = ask("/readyz?exclude=broker&exclude=queue")

    assert response.status_code == 200
    assert response.json()["checks"] == {"database": "ok", "migrations": "ok"}


def test_readyz_says_when_a_migration_is_missing(db: None) -> None:
    MigrationRecorder(connection).record_unapplied("concerns", "0001_initial")

    response = ask("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"] == {**ALL_WELL, "migrations": "failing"}


@pytest.mark.parametrize(("minutes", "told"), [(14, "ok"), (16, "failing")])
def test_readyz_says_when_post_does_not_leave(db: None, minutes: int, told: str) -> None:
    envelope(due=dt.timedelta(minutes=minutes))

    assert ask("/readyz").json()["checks"] == {**ALL_WELL, "queue": told}


def test_readyz_says_when_the_database_is_away(db: None, monkeypatch) -> None:
    def away(*_arguments: object) -> None:
        raise OperationalError("connection to server at 10.0.0.7 failed: password of app")

    with monkeypatch.context() as patched:
        patched.setattr(type(connections["default"]), "cursor", away)
        response = ask("/readyz")

    failing = dict.fromkeys(("database", "migrations", "queue"), "failing")
    assert response.status_code == 503
    assert response.json() == {"ready": False, "checks": {**failing, "broker": "ok"}}


@pytest.mark.usefixtures("_token")
def test_details_are_for_those_who_hold_the_token(db: None, settings) -> None:
    settings.REDIS_URL = NOWHERE
    envelope(due=dt.timedelta(seconds=30))

    told = ask("/readyz", **BEARER).json()["details"]
    others = [ask("/readyz"), ask("/readyz", Authorization="Bearer wrong")]

    assert told.keys() == {"migrations", "broker", "queue"}
    assert (told["migrations"], told["broker"]) == ("0 missing", "ConnectionError")
    assert told["queue"].startswith("oldest due for 3")
    assert ["details" in one.json() for one in others] == [False, False]


@pytest.mark.parametrize(
    ("token", "sent"),
    [("", "Bearer "), ("", ""), (TOKEN, ""), (TOKEN, "Bearer wrong"), (TOKEN, TOKEN)],
)
def test_metrics_are_not_there_without_the_token(db: None, settings, token: str, sent: str) -> None:
    settings.METRICS_TOKEN = token

    assert ask("/metrics", Authorization=sent).status_code == 404


def figures(response) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in parsed(response.content.decode())
        for sample in family.samples
    }


@pytest.mark.usefixtures("_token")
def test_metrics_tell_how_things_stand(town: Town) -> None:
    file()
    file(category="other")
    envelope(due=dt.timedelta(minutes=20))

    response = ask("/metrics", **BEARER)
    told = figures(response)

    assert response["Content-Type"].startswith("text/plain")
    assert told["sachstand_database_up",] == told["sachstand_broker_up",] == 1
    assert told["sachstand_migrations_missing",] == 0
    assert told["sachstand_erasures_due",] == 0
    assert told["sachstand_tickets_open", "assigned"] == 1
    assert told["sachstand_tickets_open", "in_triage"] == 1
    assert told["sachstand_tickets_open", "scheduled"] == 0
    assert told["sachstand_post", "envelopes_pending"] == 3
    assert told["sachstand_post_oldest_seconds", "envelope"] >= 1200


@pytest.mark.usefixtures("_token")
def test_metrics_cost_the_same_however_much_there_is(town: Town) -> None:
    with statements() as few:
        ask("/metrics", **BEARER)
    for _one in range(5):
        file()
    with statements() as many:
        ask("/metrics", **BEARER)

    assert len(few) == len(many) <= 10


@pytest.mark.usefixtures("_token")
def test_metrics_count_requests_by_route_and_never_by_path(town: Town) -> None:
    key = ("sachstand_http_requests_total", "GET", "portal:lookup", "200")
    before = figures(ask("/metrics", **BEARER)).get(key, 0)

    ask("/concerns/?reference=K7M-4QX-9RT")
    ask("/nobody-knows-Rita-Marker/")
    response = ask("/metrics", **BEARER)

    assert figures(response)[key] == before + 1
    assert b"Rita" not in response.content
    assert b"K7M" not in response.content


@pytest.mark.usefixtures("_token")
def test_metrics_say_that_the_database_is_away(db: None, monkeypatch) -> None:
    def away() -> set[tuple[str, str]]:
        raise OperationalError

    monkeypatch.setattr("backend.monitoring.metrics.missing_migrations", away)

    told = figures(ask("/metrics", **BEARER))

    assert (told["sachstand_database_up",], told["sachstand_broker_up",]) == (0, 1)
    assert ("sachstand_migrations_missing",) not in told


@pytest.mark.usefixtures("_token")
def test_several_processes_tell_one_sum(db: None, monkeypatch, tmp_path: Path) -> None:
    """gunicorn's workers write into one folder; a folder with nothing in it tells no counts of this process alone."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))

    told = figures(ask("/metrics", **BEARER))

    assert [key for key in told if key[0].startswith("sachstand_http")] == []
    assert told["sachstand_database_up",] == 1


def test_every_check_has_a_name_people_can_leave_out() -> None:
    assert list(readiness.CHECKS) == list(ALL_WELL)
