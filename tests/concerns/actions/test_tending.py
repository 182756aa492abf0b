"""What the clock does: everything due and nothing else, each ticket for itself, twice without harm."""

import datetime as dt
import logging

import pytest
import time_machine
from django.db import OperationalError, connection

from concerns.actions.filing import Filed
from concerns.actions.joining import join
from concerns.actions.safeguarding import restrict
from concerns.actions.tending import due_closings, due_starts, due_waits, each, tend
from concerns.actions.voicing import object_to_result
from concerns.actions.working import schedule
from concerns.enums import State, Verb
from concerns.errors import Refused
from concerns.models import Event
from concerns.tasks import tend as ring
from tests.support.stages import (
    declined,
    in_progress,
    resolved,
    waiting_external,
    waiting_reporter,
)
from tests.support.town import Town, file, fresh

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
NOTHING = {"waits": 0, "starts": 0, "closings": 0}


@pytest.fixture
def city(town: Town) -> dict[str, Filed]:
    """Two waits, two planned days, two answers, all of one Monday."""
    with time_machine.travel(MONDAY, tick=False):
        filed = {
            "asked": waiting_reporter(town),
            "referred": waiting_external(town),
            "today": in_progress(town),
            "friday": in_progress(town),
            "resolved": resolved(town),
            "declined": declined(town),
        }
        for key, days in (("today", 0), ("friday", 4)):
            schedule(
                actor=town.actor("carl"),
                ticket_id=filed[key].ticket.pk,
                date=(MONDAY + days * DAY).date(),
            )
    return filed


def states(city: dict[str, Filed]) -> dict[str, str]:
    return {key: fresh(filed.ticket).state for key, filed in city.items()}


def test_everything_due_is_done_and_nothing_else(city: dict[str, Filed]) -> None:
    done = []
    for at in (
        MONDAY,
        MONDAY + 4 * DAY,
        MONDAY + 14 * DAY - HOUR,
        MONDAY + 14 * DAY,
        MONDAY + 21 * DAY - HOUR,
        MONDAY + 21 * DAY,
        MONDAY + 30 * DAY,
    ):
        with time_machine.travel(at, tick=False):
            done.append(tend())

    assert done == [
        NOTHING | {"starts": 1},
        NOTHING | {"starts": 1},
        NOTHING,
        {"waits": 2, "starts": 0, "closings": 2},  # reminders; two weeks after the answer
        NOTHING,
        NOTHING | {"waits": 2},  # expiries
        NOTHING,
    ]
    assert states(city) == {
        "asked": State.IN_PROGRESS,
        "referred": State.IN_PROGRESS,
        "today": State.IN_PROGRESS,
        "friday": State.IN_PROGRESS,
        "resolved": State.CLOSED,
        "declined": State.CLOSED,
    }


def test_a_second_round_at_once_does_nothing(city: dict[str, Filed]) -> None:
    with time_machine.travel(MONDAY + 14 * DAY, tick=False):
        tend()
        before = Event.objects.count()
        again = tend()

    assert (again, Event.objects.count()) == (NOTHING, before)


def test_a_day_begins_at_the_citys_midnight(town: Town) -> None:
    """Half past eleven at night UTC in summer: in England the planned day has begun."""
    late = dt.datetime(2026, 6, 1, 23, 30, tzinfo=dt.UTC)
    with time_machine.travel(late - 2 * HOUR, tick=False):
        filed = in_progress(town)
        schedule(actor=town.actor("carl"), ticket_id=filed.ticket.pk, date=dt.date(2026, 6, 2))
        early = list(due_starts())
    with time_machine.travel(late, tick=False):
        assert (early, list(due_starts())) == ([], [filed.ticket.pk])


def test_an_objection_that_waits_is_left_as_it_is(
    town: Town, city: dict[str, Filed], caplog: pytest.LogCaptureFixture
) -> None:
    with time_machine.travel(MONDAY + HOUR, tick=False):
        other = file(email="leo@people.example")
        lead = city["resolved"].ticket
        join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=lead.pk)
        object_to_result(concern_id=other.concern.pk, text="No.")
    with caplog.at_level(logging.INFO), time_machine.travel(MONDAY + 14 * DAY, tick=False):
        done = tend()

    assert done["closings"] == 1
    assert fresh(lead).state == State.RESOLVED
    assert f"tending left ticket {lead.pk}: refused" in caplog.messages


def test_what_is_restricted_is_kept_and_nothing_else(town: Town, city: dict[str, Filed]) -> None:
    for filed in city.values():
        restrict(actor=town.actor("alma"), ticket_id=filed.ticket.pk, reason="disputed")
    before = states(city)

    with time_machine.travel(MONDAY + 30 * DAY, tick=False):
        found = [*due_waits(), *due_starts(), *due_closings()]
        done = tend()

    assert (found, done, states(city)) == ([], NOTHING, before)


def test_one_that_is_refused_and_one_with_a_defect_hold_nobody_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    seen: list[int] = []

    def act(ticket_id: int) -> None:
        seen.append(ticket_id)
        if ticket_id == 1:
            raise Refused
        if ticket_id == 2:
            raise KeyError("the words of a person")

    with caplog.at_level(logging.INFO):
        done = each([1, 2, 3], act)

    assert (done, seen) == (1, [1, 2, 3])
    assert caplog.messages[0] == "tending left ticket 1: refused"
    assert caplog.messages[1].startswith("tending failed at ticket 2: KeyError at ")
    assert "words of a person" not in caplog.text


def test_a_database_that_is_away_ends_the_round() -> None:
    def act(_ticket_id: int) -> None:
        raise OperationalError

    with pytest.raises(OperationalError):
        each([1, 2], act)


def test_the_bell_rings_it(city: dict[str, Filed]) -> None:
    with time_machine.travel(MONDAY, tick=False):
        ring()

    connection.check_constraints()
    assert Event.objects.latest("pk").verb == Verb.START
