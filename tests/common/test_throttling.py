import pytest
import time_machine

from common.throttling import counted, exceeds, seconds_left
from tests.support.rest import some_network

MIDNIGHT = 1_763_596_800


@pytest.fixture
def who():
    return some_network()


def test_it_counts_each_apart_and_each_window_anew(who):
    with time_machine.travel(MIDNIGHT, tick=False) as clock:
        counts = [counted(what="lamps", who=who, window_seconds=60) for _ in range(3)]
        other = counted(what="lamps", who=some_network(), window_seconds=60)
        else_ = counted(what="trees", who=who, window_seconds=60)
        clock.shift(60)
        later = counted(what="lamps", who=who, window_seconds=60)

    assert (counts, other, else_, later) == ([1, 2, 3], 1, 1, 1)


def test_so_many_are_not_too_many(who):
    assert [exceeds(what="lamps", who=who, limit=2) for _ in range(3)] == [False, False, True]


def test_every_window_ends_for_all_at_once():
    with time_machine.travel(MIDNIGHT + 50, tick=False):
        assert (seconds_left(60), seconds_left()) == (10, 3550)


def test_with_nothing_that_counts_nothing_is_too_much(who, settings):
    settings.REDIS_URL = ""

    assert counted(what="lamps", who=who) is None
    assert [exceeds(what="lamps", who=who, limit=0) for _ in range(2)] == [False, False]
