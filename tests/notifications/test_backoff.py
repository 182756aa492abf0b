import datetime as dt

import pytest
import time_machine

from common.clock import now
from notifications.backoff import exhausted, next_attempt

MINUTES = [1, 5, 30, 120, 480, 1440]


@pytest.mark.parametrize(("attempts", "minutes"), list(enumerate(MINUTES, start=1)))
def test_next_attempt_waits_the_published_time_give_or_take_a_fifth(attempts, minutes):
    with time_machine.travel(dt.datetime(2026, 3, 1, tzinfo=dt.UTC), tick=False):
        waits = [(next_attempt(attempts) - now()).total_seconds() / 60 for _ in range(200)]

    assert all(minutes * 0.8 <= wait <= minutes * 1.2 for wait in waits)
    assert max(waits) - min(waits) > minutes * 0.1


def test_next_attempt_is_never_after_the_seventh_try():
    assert next_attempt(7) is None


def test_exhausted_only_beyond_the_last_regular_try():
    assert [exhausted(attempts) for attempts in (1, 7, 8)] == [False, False, True]
