"""The clock of the stories: a Monday morning that goes on ticking and can be moved."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=True) as traveller:
        yield traveller
