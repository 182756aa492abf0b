import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from common import limits, tasks
from common.clock import now
from common.limits import TooManyAttempts
from common.models import Attempt

CONCERN, NETWORK = "proof:concern:17", "proof:network:203.0.113.7"
BOOKKEEPING = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


def attempt(keys=None, window_seconds=3600):
    limits.register(keys=keys or {CONCERN: 3}, window_seconds=window_seconds)


@pytest.mark.django_db
def test_register_allows_up_to_the_limit_and_refuses_the_next():
    with time_machine.travel(NOON, tick=False) as clock:
        attempt()
        clock.shift(600)
        attempt()
        attempt()

        with pytest.raises(TooManyAttempts) as refusal:
            attempt()

    assert refusal.value.retry_after_seconds == 3000


@pytest.mark.django_db
def test_register_starts_afresh_when_the_window_is_over_however_often_it_was_tried():
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(3):
            attempt()
        clock.shift(3599)
        with pytest.raises(TooManyAttempts) as refusal:
            attempt()
        clock.shift(1)
        attempt()

    assert refusal.value.retry_after_seconds == 1
    assert Attempt.objects.get().count == 1


@pytest.mark.django_db
def test_register_counts_every_key_also_when_one_is_over():
    attempt({CONCERN: 1, NETWORK: 30})

    with pytest.raises(TooManyAttempts):
        attempt({CONCERN: 1, NETWORK: 30})
    attempt({NETWORK: 30})

    assert sorted(Attempt.objects.values_list("count", flat=True)) == [2, 3]


@pytest.mark.django_db
def test_register_names_the_longest_wait_of_the_keys_that_are_over():
    with time_machine.travel(NOON, tick=False) as clock:
        attempt({CONCERN: 1})
        clock.shift(100)
        attempt({NETWORK: 1})

        with pytest.raises(TooManyAttempts) as refusal:
            attempt({CONCERN: 1, NETWORK: 1})

    assert refusal.value.retry_after_seconds == 3600


@pytest.mark.django_db
def test_register_takes_one_statement_for_all_keys():
    with CaptureQueriesContext(connection) as queries:
        attempt({CONCERN: 3, NETWORK: 30, "third": 5})

    assert [q["sql"].split()[0] for q in queries if not q["sql"].startswith(BOOKKEEPING)] == [
        "INSERT"
    ]
    assert Attempt.objects.count() == 3


@pytest.mark.django_db
def test_register_stores_no_key_in_the_clear():
    attempt({NETWORK: 30})

    stored = Attempt.objects.get().key

    assert len(stored) == 64
    assert set(stored) <= set("0123456789abcdef")


@pytest.mark.django_db
def test_keys_of_two_concerns_do_not_share_a_count():
    attempt({"proof:concern:1": 1})

    attempt({"proof:concern:2": 1})

    assert list(Attempt.objects.values_list("count", flat=True)) == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_register_inside_a_transaction_is_refused_and_counts_nothing():
    with pytest.raises(RuntimeError), transaction.atomic():
        attempt()

    assert Attempt.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_attempt_stays_counted_when_the_request_rolls_back():
    attempt()

    with transaction.atomic():
        Attempt.objects.create(key="of the request", count=1, until=now())
        transaction.set_rollback(True)

    assert Attempt.objects.get().count == 1


def guess(number):
    pair = {CONCERN: 20, NETWORK: 1000}
    try:
        attempt(pair if number % 2 else dict(reversed(pair.items())))
    except TooManyAttempts:
        return False
    else:
        return True
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_get_exactly_the_limit_and_never_a_deadlock():
    with ThreadPoolExecutor(max_workers=8) as pool:
        allowed = list(pool.map(guess, range(120)))

    assert allowed.count(True) == 20
    assert sorted(Attempt.objects.values_list("count", flat=True)) == [120, 120]


@pytest.mark.django_db
def test_clear_forgets_the_proven_thing_and_not_the_network():
    attempt({CONCERN: 1, NETWORK: 2})

    limits.clear(CONCERN)

    attempt({CONCERN: 1, NETWORK: 2})
    with pytest.raises(TooManyAttempts):
        attempt({NETWORK: 2})


@pytest.mark.django_db
def test_forget_attempts_deletes_the_windows_that_are_over():
    with time_machine.travel(NOON, tick=False) as clock:
        attempt({CONCERN: 3}, window_seconds=60)
        attempt({NETWORK: 3}, window_seconds=3600)
        clock.shift(60)

        assert limits.forget_attempts() == 1

        assert str(Attempt.objects.get()) == "1 until 2026-11-20 13:00"


@pytest.mark.django_db(transaction=True)
def test_forget_attempts_leaves_what_somebody_is_counting():
    over = now() - dt.timedelta(hours=1)
    Attempt.objects.create(key="free", count=1, until=over)
    Attempt.objects.create(key="locked", count=1, until=over)

    with transaction.atomic(), ThreadPoolExecutor(max_workers=1) as pool:
        Attempt.objects.select_for_update().get(key="locked")
        forgotten = pool.submit(forget_in_a_thread).result(timeout=10)

    assert forgotten == 1
    assert Attempt.objects.get().key == "locked"


def forget_in_a_thread():
    try:
        return limits.forget_attempts()
    finally:
        connection.close()


@pytest.mark.django_db
def test_the_task_beat_knows_deletes_them(settings):
    Attempt.objects.create(key="over", count=1, until=now() - dt.timedelta(seconds=1))
    scheduled = settings.CELERY_BEAT_SCHEDULE["common-forget-attempts"]["task"]

    tasks.forget_attempts()

    assert tasks.forget_attempts.name == scheduled
    assert Attempt.objects.count() == 0
