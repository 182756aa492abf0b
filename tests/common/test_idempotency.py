import base64
import datetime as dt
from dataclasses import replace
from threading import Event, Thread

import pytest
import time_machine
from django.db import connection

from common import tasks
from common.clock import now
from common.idempotency import (
    AlreadyInProgress,
    Answer,
    KeyUsedOtherwise,
    Once,
    answer_once,
    fingerprint,
    hashed_client,
)
from common.models import IdempotentRequest
from tests.support.sql import statements

NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
ONCE = Once(client="someone", key="one", fingerprint="f")
DONE = Answer(201, {"reference": "K7M", "date": None}, {"concern_id": 17})


class Deed:
    """Counts how often it was carried out."""

    def __init__(self):
        self.times = 0

    def __call__(self):
        self.times += 1
        return DONE


def test_fingerprint_tells_method_path_and_body_apart():
    prints = {
        fingerprint("POST", "/a", b"x"),
        fingerprint("PUT", "/a", b"x"),
        fingerprint("POST", "/b", b"x"),
        fingerprint("POST", "/a", b"y"),
        fingerprint("POST", "/a\0x", b""),
    }

    assert len(prints) == 5


def test_hashed_client_names_nobody_but_the_same_one_alike():
    assert hashed_client("network:203.0.113.7") == hashed_client("network:203.0.113.7")
    assert hashed_client("network:203.0.113.7") != hashed_client("network:203.0.113.8")
    assert len(hashed_client("network:203.0.113.7")) == 64


@pytest.mark.django_db
def test_the_first_time_is_carried_out_and_the_second_answered_alike():
    deed = Deed()

    first, second = answer_once(ONCE, deed), answer_once(ONCE, deed)

    assert first == DONE
    assert second == Answer(
        201, {"reference": "K7M", "date": None}, {"concern_id": 17}, replayed=True
    )
    assert deed.times == 1


@pytest.mark.django_db
def test_it_costs_two_statements_and_a_replay_one():
    with statements() as first:
        answer_once(ONCE, Deed())
    with statements() as second:
        answer_once(ONCE, Deed())

    assert (len(first), len(second)) == (2, 1)


@pytest.mark.django_db
def test_another_request_under_the_same_key_is_refused():
    deed = Deed()
    answer_once(ONCE, deed)

    with pytest.raises(KeyUsedOtherwise):
        answer_once(Once(client="someone", key="one", fingerprint="g"), deed)

    assert deed.times == 1


@pytest.mark.django_db
@pytest.mark.parametrize("other", [Once("someone", "two", "f"), Once("somebody", "one", "f")])
def test_keys_and_clients_are_told_apart(other):
    deed = Deed()

    answer_once(ONCE, deed)
    answer_once(other, deed)

    assert deed.times == 2


@pytest.mark.django_db
def test_what_was_refused_is_not_remembered_and_may_come_again():
    def refused():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        answer_once(ONCE, refused)

    assert not IdempotentRequest.objects.exists()
    assert answer_once(Once("someone", "one", "better"), Deed()) == DONE


@pytest.mark.django_db
def test_after_24_hours_a_key_is_new_and_takes_the_old_row():
    deed = Deed()
    with time_machine.travel(NOON, tick=False) as clock:
        answer_once(ONCE, deed)
        clock.shift(24 * 3600 - 1)
        answer_once(ONCE, deed)
        assert deed.times == 1
        clock.shift(1)
        answer_once(Once("someone", "one", "g"), deed)

    assert deed.times == 2
    assert IdempotentRequest.objects.values_list("fingerprint", flat=True).get() == "g"


@pytest.mark.django_db
def test_forget_answers_deletes_what_is_older_than_24_hours():
    with time_machine.travel(NOON, tick=False) as clock:
        answer_once(ONCE, Deed())
        clock.shift(12 * 3600)
        answer_once(Once("someone", "two", "f"), Deed())
        clock.shift(12 * 3600)
        tasks.forget_answers()

    assert IdempotentRequest.objects.values_list("key", flat=True).get() == "two"


class Other(Thread):
    """The same request on another connection; `act` says what it does."""

    def __init__(self, act):
        super().__init__()
        self.act = act
        self.answer = self.error = None

    def run(self):
        try:
            self.answer = answer_once(ONCE, self.act)
        except AlreadyInProgress as error:
            self.error = error
        finally:
            connection.close()


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_under_way_the_second_is_told_so_and_later_answered():
    begun, go_on = Event(), Event()

    def slow():
        begun.set()
        go_on.wait(20)
        return DONE

    first = Other(slow)
    first.start()
    begun.wait(20)
    deed = Deed()
    with pytest.raises(AlreadyInProgress):
        answer_once(ONCE, deed)
    go_on.set()
    first.join()

    assert first.answer == DONE
    assert answer_once(ONCE, deed).replayed is True
    assert deed.times == 0


@pytest.mark.django_db(transaction=True)
def test_who_overlooked_the_first_by_a_stale_snapshot_is_undone_and_answered_from_it():
    """The lock was free, the row not yet visible: only the unique constraint can tell."""

    def overtaken():
        IdempotentRequest.objects.create(
            client="trace", key="trace", fingerprint="", status=1, body={}, expires_at=NOON
        )
        other = Thread(target=commit_elsewhere)
        other.start()
        other.join()
        return DONE

    def commit_elsewhere():
        IdempotentRequest.objects.create(
            client=hashed_client(ONCE.client),
            key=ONCE.key,
            fingerprint=ONCE.fingerprint,
            status=201,
            body={"reference": "of the other"},
            expires_at=now() + dt.timedelta(hours=1),
        )
        connection.close()

    answer = answer_once(ONCE, overtaken)

    assert answer == Answer(201, {"reference": "of the other"}, {}, replayed=True)
    assert not IdempotentRequest.objects.filter(key="trace").exists()


def test_a_repeat_is_known_while_keys_rotate_and_no_client_stands_in_the_clear(db, settings):
    old, new = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
    settings.INDEX_KEYS = {"old": old}
    deed = Deed()
    first = answer_once(ONCE, deed)

    settings.INDEX_KEYS = {"new": new, "old": old}

    assert answer_once(ONCE, deed) == replace(first, replayed=True)
    assert deed.times == 1
    assert "someone" not in IdempotentRequest.objects.values_list("client", flat=True)
