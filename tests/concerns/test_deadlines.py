"""Until when: the arithmetic of targets and waits on tickets that are not stored."""

import datetime as dt

import pytest

from concerns.deadlines import (
    earlier,
    leave_state,
    restart_resolution,
    review_due,
    set_targets,
    start_wait,
)
from concerns.enums import State
from concerns.models import Category, Ticket
from departments.models import Calendar

# Monday to Friday, 8 to 16 o'clock, with England's public holidays. The tests' city is in England: in winter its
# clocks show UTC.
OFFICE = Calendar(
    key="office",
    country="GB",
    subdivision="ENG",
    weekly_hours={str(day): [["08:00", "16:00"]] for day in range(5)},
)
WEDNESDAY = dt.datetime(2026, 2, 4, 10, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def test_targets_are_working_days_of_the_category() -> None:
    ticket = Ticket()
    category = Category(first_response_days=1, resolution_days=5)

    set_targets(ticket, category=category, calendar=OFFICE, start=WEDNESDAY)

    assert ticket.first_response_due == dt.datetime(2026, 2, 5, 16, 0, tzinfo=dt.UTC)
    assert ticket.resolution_due == dt.datetime(2026, 2, 11, 16, 0, tzinfo=dt.UTC)


def test_without_a_category_the_city_still_owes_an_answer() -> None:
    ticket = Ticket()

    set_targets(ticket, category=None, calendar=OFFICE, start=WEDNESDAY)

    assert ticket.first_response_due == dt.datetime(2026, 2, 9, 16, 0, tzinfo=dt.UTC)
    assert ticket.resolution_due == dt.datetime(2026, 2, 18, 16, 0, tzinfo=dt.UTC)


def test_public_holidays_do_not_count() -> None:
    """Good Friday and Easter Monday 2026 are 3 and 6 April."""
    ticket = Ticket()
    thursday = dt.datetime(2026, 4, 2, 9, 0, tzinfo=dt.UTC)

    set_targets(
        ticket,
        category=Category(first_response_days=1, resolution_days=2),
        calendar=OFFICE,
        start=thursday,
    )

    # Summer time: 16 o'clock in England is 15 o'clock UTC.
    assert ticket.first_response_due == dt.datetime(2026, 4, 7, 15, 0, tzinfo=dt.UTC)
    assert ticket.resolution_due == dt.datetime(2026, 4, 8, 15, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("category", "day"), [(Category(resolution_days=2), 6), (None, 18)], ids=["category", "none"]
)
def test_work_begun_anew_gets_the_full_time(category: Category | None, day: int) -> None:
    ticket = Ticket(category=category, first_response_due=WEDNESDAY, resolution_due=WEDNESDAY)

    restart_resolution(ticket, calendar=OFFICE, start=WEDNESDAY)

    assert ticket.resolution_due == dt.datetime(2026, 2, day, 16, 0, tzinfo=dt.UTC)
    assert ticket.first_response_due == WEDNESDAY


@pytest.mark.parametrize(
    "state", sorted(set(State) - {State.WAITING_REPORTER, State.WAITING_EXTERNAL})
)
def test_time_with_us_moves_no_date(state: State) -> None:
    ticket = Ticket(state_since=WEDNESDAY, resolution_due=WEDNESDAY)

    spent = leave_state(ticket, state=state, at=WEDNESDAY + 2 * HOUR)

    assert spent == (7200, 0)
    assert ticket.resolution_due == WEDNESDAY
    assert (ticket.reporter_wait_seconds, ticket.external_wait_seconds) == (0, 0)


@pytest.mark.parametrize(
    ("state", "sums"),
    [(State.WAITING_REPORTER, (107, 20)), (State.WAITING_EXTERNAL, (100, 27))],
)
def test_a_wait_adds_to_its_own_sum_and_moves_the_date(state: State, sums: tuple[int, int]) -> None:
    ticket = Ticket(
        state_since=WEDNESDAY,
        resolution_due=WEDNESDAY,
        reporter_wait_seconds=100,
        external_wait_seconds=20,
    )
    later = WEDNESDAY + dt.timedelta(seconds=7, milliseconds=900)

    spent = leave_state(ticket, state=state, at=later)

    assert spent == (0, 7)
    assert (ticket.reporter_wait_seconds, ticket.external_wait_seconds) == sums
    assert ticket.resolution_due == WEDNESDAY + dt.timedelta(seconds=7)


def test_a_wait_without_a_date_has_none_to_move() -> None:
    ticket = Ticket(state_since=WEDNESDAY, resolution_due=None)

    leave_state(ticket, state=State.WAITING_EXTERNAL, at=WEDNESDAY + HOUR)

    assert ticket.resolution_due is None
    assert ticket.external_wait_seconds == 3600


def test_a_clock_set_back_takes_no_time_away() -> None:
    ticket = Ticket(state_since=WEDNESDAY, resolution_due=WEDNESDAY)

    spent = leave_state(ticket, state=State.WAITING_REPORTER, at=WEDNESDAY - HOUR)

    assert spent == (0, 0)
    assert ticket.resolution_due == WEDNESDAY


def test_a_wait_begins_with_two_weeks_and_without_a_reminder() -> None:
    ticket = Ticket(reminded_at=WEDNESDAY)

    start_wait(ticket, at=WEDNESDAY)

    assert ticket.wait_until == WEDNESDAY + dt.timedelta(days=14)
    assert ticket.reminded_at is None


def test_an_objection_is_decided_within_five_working_days() -> None:
    assert review_due(OFFICE, WEDNESDAY) == dt.datetime(2026, 2, 11, 16, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (WEDNESDAY, WEDNESDAY + HOUR, WEDNESDAY),
        (WEDNESDAY + HOUR, WEDNESDAY, WEDNESDAY),
        (None, WEDNESDAY, WEDNESDAY),
        (WEDNESDAY, None, WEDNESDAY),
        (None, None, None),
    ],
)
def test_the_earlier_of_two_dates(
    one: dt.datetime | None, other: dt.datetime | None, expected: dt.datetime | None
) -> None:
    assert earlier(one, other) == expected
