"""People at the desk."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine

from accounts.sign_in import sessions
from tests.support.pages import Visitor
from tests.support.town import Town

Desk = Callable[[str], Visitor]


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


@pytest.fixture
def desk(town: Town) -> Desk:
    """A browser in which a person of Northmoor is signed in."""

    def signed_in(name: str) -> Visitor:
        visitor = Visitor()
        visitor.client.force_login(town.people[name])
        session = visitor.client.session
        sessions.begin(session)
        session.save()
        return visitor

    return signed_in


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A Monday morning that goes on ticking and can be moved."""
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC), tick=True) as traveller:
        yield traveller
