"""Until when: the clock of a result, told of events of tickets that are not stored."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.deadlines import (
    Clock,
    Targets,
    answer_due,
    count_anew,
    earlier,
    is_taken_up,
    renew_resolution,
    replayed,
    review_due,
    run_clock,
    spent,
    start_clocks,
    start_wait,
    targets_of,
)
from concerns.enums import State, Verb
from concerns.models import Category, Event, Ticket
from departments.models import Calendar
from departments.targets import Target, Unit
from tests.support.calendars import CALENDARS, MINUTE, MOMENTS, owed, works_at

# Monday to Friday, 8 to 16 o'clock, with England's public holidays. The tests' city is in England: in winter its
# clocks show UTC.
OFFICE = Calendar(
    pk=1,
    key="office",
    country="GB",
    subdivision="ENG",
    weekly_hours={str(day): [["08:00", "16:00"]] for day in range(5)},
)
DEPOT = Calendar(
    pk=2,
    key="depot",
    country="GB",
    subdivision="ENG",
    weekly_hours={str(day): [["06:00", "10:00"]] for day in range(7)},
)
WEDNESDAY = dt.datetime(2026, 2, 4, 10, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
FIVE_DAYS = Target(5, Unit.WORKING_DAYS)
WAITS = [State.WAITING_REPORTER, State.WAITING_EXTERNAL]


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


def event(
    at: dt.datetime,
    left: str = State.IN_PROGRESS,
    state: str = State.IN_PROGRESS,
    verb: str = Verb.NOTE,
    **data: object,
) -> Event:
    return Event(verb=verb, from_state=left, to_state=state, at=at, data=data)


def opened(target: Target = FIVE_DAYS, calendar: Calendar = OFFICE) -> Clock:
    """Filed on Wednesday the fourth; five working days end on Wednesday the eleventh."""
    return Clock.started(target, calendar, WEDNESDAY)


def ticket_with(category: Category | None = None, **values: object) -> Ticket:
    ticket = Ticket(category=category, created_at=WEDNESDAY, state_since=WEDNESDAY, **values)
    start_clocks(ticket, OFFICE)
    return ticket


# What is owed


def test_targets_are_those_of_the_category() -> None:
    ticket = ticket_with(Category(targets=owed("3 working hours", "1 month")))

    assert ticket.first_response_due == WEDNESDAY + 3 * HOUR
    assert ticket.resolution_due == utc(2026, 3, 4, 23, 59, 59)
    assert ticket.targets == owed("3 working hours", "1 month")
    assert ticket.calendar == OFFICE


def test_without_a_category_the_city_still_owes_an_answer() -> None:
    ticket = ticket_with()

    assert ticket.first_response_due == utc(2026, 2, 9, 16, 0)
    assert ticket.resolution_due == utc(2026, 2, 18, 16, 0)


@pytest.mark.parametrize(
    ("priority", "first", "resolution"),
    [
        (0, "2 working days", "9 working days"),
        (1, "2 working days", "4 working days"),
        (2, "1 working hour", "1 working day"),
        (3, "2 working days", "9 working days"),
    ],
)
def test_a_priority_may_have_targets_of_its_own(priority: int, first: str, resolution: str) -> None:
    urgent = {
        1: {"resolution": "4 working days"},
        2: {"first_response": "1 working hour", "resolution": "1 working day"},
    }
    category = Category(targets=owed("2 working days", "9 working days", urgent))

    assert targets_of(category, priority) == Targets.of(owed(first, resolution))


def test_public_holidays_do_not_count() -> None:
    """Good Friday and Easter Monday 2026 are 3 and 6 April; in summer 16 o'clock in England is 15 o'clock UTC."""
    category = Category(targets=owed("1 working day", "2 working days"))
    ticket = Ticket(category=category, created_at=utc(2026, 4, 2, 9, 0))

    start_clocks(ticket, OFFICE)

    assert ticket.first_response_due == utc(2026, 4, 7, 15, 0)
    assert ticket.resolution_due == utc(2026, 4, 8, 15, 0)


def test_a_ticket_keeps_its_targets_until_they_are_renewed() -> None:
    category = Category(targets=owed("1 working day", "2 working days"))
    ticket = ticket_with(category)
    category.targets = owed("5 working days", "6 working days")

    renew_resolution(ticket)

    assert ticket.targets == owed("1 working day", "6 working days")


# What events do to the date


@pytest.mark.parametrize("state", sorted(set(State) - set(WAITS)))
def test_time_with_us_moves_no_date(state: State) -> None:
    clock = opened()
    due = clock.due

    clock.follow(event(WEDNESDAY + 2 * HOUR, state, State.MERGED))

    assert clock.due == due
    assert [move.code for move in clock.moves] == ["counted"]


@pytest.mark.parametrize("state", WAITS)
def test_a_wait_gives_back_the_work_that_fell_into_it(state: State) -> None:
    clock = opened()
    clock.follow(event(WEDNESDAY + HOUR, State.IN_PROGRESS, state))
    clock.follow(event(WEDNESDAY + 4 * HOUR, state, state, Verb.REMIND))
    clock.follow(event(WEDNESDAY + DAY, state, State.IN_PROGRESS))

    # From Wednesday 11 to Thursday 10: five hours and two.
    assert clock.due == utc(2026, 2, 12, 15, 0)
    assert clock.moves[-1].values == {"reason": state, "since": WEDNESDAY + HOUR}


def test_a_wait_over_a_weekend_gives_no_working_time_back() -> None:
    clock = opened()
    clock.follow(event(utc(2026, 2, 6, 16, 0), State.IN_PROGRESS, State.WAITING_REPORTER))
    clock.follow(event(utc(2026, 2, 9, 8, 0), State.WAITING_REPORTER, State.IN_PROGRESS))

    assert clock.due == utc(2026, 2, 11, 16, 0)


def test_calendar_days_get_back_all_of_a_wait_and_roll_on() -> None:
    """Ten days end on Saturday the fourteenth, so on Monday; two days later, on Wednesday."""
    clock = opened(Target(10, Unit.CALENDAR_DAYS, roll_forward=True))
    assert clock.due == utc(2026, 2, 16, 23, 59, 59)
    clock.follow(event(WEDNESDAY, State.IN_PROGRESS, State.WAITING_EXTERNAL))
    clock.follow(event(WEDNESDAY + 5 * DAY, State.WAITING_EXTERNAL, State.IN_PROGRESS))

    assert [(move.code, move.due) for move in clock.moves] == [
        ("counted", utc(2026, 2, 14, 23, 59, 59)),
        ("rolled", utc(2026, 2, 16, 23, 59, 59)),
        ("paused", utc(2026, 2, 21, 23, 59, 59)),
        ("rolled", utc(2026, 2, 23, 23, 59, 59)),
    ]


def test_what_is_left_goes_on_in_the_calendar_of_who_takes_over() -> None:
    clock = opened(Target(10, Unit.WORKING_HOURS))
    # Six hours on Wednesday and one on Thursday are used.
    clock.follow(event(utc(2026, 2, 5, 9, 0), calendar=2), DEPOT)

    assert clock.calendar == DEPOT
    assert clock.due == utc(2026, 2, 6, 8, 0)
    assert clock.moves[-1].values == {"left": "office", "taken": "depot"}


def test_a_wait_that_a_transfer_ends_is_counted_where_it_was() -> None:
    clock = opened(Target(10, Unit.WORKING_HOURS))
    clock.follow(event(WEDNESDAY, State.IN_PROGRESS, State.WAITING_EXTERNAL))
    clock.follow(event(utc(2026, 2, 5, 9, 0), State.WAITING_EXTERNAL, State.ASSIGNED), DEPOT)

    assert [move.code for move in clock.moves] == ["counted", "paused", "handed_over"]
    # Nothing was used: an hour of Thursday, four each on Friday and Saturday, one on Sunday.
    assert clock.due == utc(2026, 2, 8, 7, 0)


@pytest.mark.parametrize("left", [State.RESOLVED, State.DECLINED, State.CLOSED])
@pytest.mark.parametrize("verb", [Verb.REOPEN, Verb.TRANSFER])
def test_what_is_taken_up_again_has_the_whole_time(left: State, verb: Verb) -> None:
    clock = opened()
    monday = utc(2026, 3, 2, 9, 0)
    clock.follow(event(WEDNESDAY + DAY, State.IN_PROGRESS, left))
    clock.follow(event(monday, left, State.ASSIGNED, verb))

    assert clock.due == utc(2026, 3, 9, 16, 0)
    assert [move.at for move in clock.moves] == [monday]


@pytest.mark.parametrize(
    ("left", "state", "again"),
    [
        (State.RESOLVED, State.REOPEN_REQUESTED, False),
        (State.REOPEN_REQUESTED, State.IN_TRIAGE, True),
        (State.REOPEN_REQUESTED, State.CLOSED, False),
        (State.DISCARDED, State.IN_TRIAGE, False),
        (State.MERGED, State.IN_TRIAGE, False),
        (State.IN_PROGRESS, State.ASSIGNED, False),
    ],
)
def test_an_objection_that_waits_takes_nothing_up(
    left: State, state: State, *, again: bool
) -> None:
    assert is_taken_up(left, state) is again


def test_the_earlier_date_of_another_ticket_stays() -> None:
    clock = opened()
    for day in (14, 10, 12):
        told = utc(2026, 2, day, 16, 0).isoformat()
        clock.follow(event(WEDNESDAY, verb=Verb.ABSORB, ticket=9, resolution_due=told))

    assert clock.due == utc(2026, 2, 10, 16, 0)
    assert clock.moves[-1].values == {"ticket": 9}


def test_without_a_date_there_is_none_to_move() -> None:
    clock = Clock(FIVE_DAYS, OFFICE, None, WEDNESDAY)
    clock.follow(event(WEDNESDAY + HOUR, State.WAITING_REPORTER, State.IN_PROGRESS), DEPOT)

    assert (clock.due, clock.calendar, clock.moves) == (None, DEPOT, [])


# On the ticket


@pytest.mark.parametrize(
    ("state", "sums"),
    [(State.WAITING_REPORTER, (107, 20)), (State.WAITING_EXTERNAL, (100, 27))],
)
def test_a_wait_adds_to_its_own_sum(state: State, sums: tuple[int, int]) -> None:
    ticket = ticket_with(reporter_wait_seconds=100, external_wait_seconds=20)
    later = WEDNESDAY + dt.timedelta(seconds=7, milliseconds=900)
    ended = event(later, state, State.IN_PROGRESS)
    ended.worked_seconds, ended.waited_seconds = spent(
        ticket, OFFICE, state, Verb.REPORT_BACK, later
    )

    run_clock(ticket, ended, OFFICE)

    assert (ended.worked_seconds, ended.waited_seconds) == (0, 7)
    assert (ticket.reporter_wait_seconds, ticket.external_wait_seconds) == sums
    assert ticket.resolution_due == utc(2026, 2, 19, 8, 0) + (later - WEDNESDAY)
    assert ticket.state_since == later


def test_time_with_us_is_working_time() -> None:
    ticket = ticket_with()
    assert spent(ticket, OFFICE, State.ASSIGNED, Verb.ACCEPT, WEDNESDAY + DAY) == (8 * 3600, 0)
    assert spent(ticket, DEPOT, State.ASSIGNED, Verb.ACCEPT, WEDNESDAY + DAY) == (4 * 3600, 0)


@pytest.mark.parametrize("left", ["", State.RECEIVED])
def test_a_state_that_stays_has_no_time_yet(left: str) -> None:
    ticket = Ticket(state_since=WEDNESDAY)
    assert spent(ticket, OFFICE, left, Verb.ROUTE, WEDNESDAY + DAY) == (0, 0)


def test_counted_anew_by_another_category_over_all_that_happened() -> None:
    ticket = ticket_with()
    history = [
        event(WEDNESDAY, "", State.ASSIGNED, Verb.FILED, calendar=1),
        event(WEDNESDAY, State.ASSIGNED, State.WAITING_EXTERNAL),
        event(WEDNESDAY + DAY, State.WAITING_EXTERNAL, State.IN_PROGRESS),
        event(WEDNESDAY + DAY, calendar=2),
    ]
    ticket.category = Category(targets=owed("1 working hour", "10 working hours"))

    count_anew(ticket, history, {1: OFFICE, 2: DEPOT}, DEPOT)

    assert ticket.first_response_due == WEDNESDAY + HOUR
    assert ticket.resolution_due == replayed(ticket, history, {1: OFFICE, 2: DEPOT}, DEPOT).due
    # Nothing of ten hours was used by Thursday at ten: the depot has four a day, from Friday on.
    assert ticket.resolution_due == utc(2026, 2, 8, 8, 0)


def test_the_calendar_of_old_tickets_is_the_one_they_have_now() -> None:
    """Events of before name none."""
    ticket = ticket_with(Category(targets=owed("1 working day", "4 working hours")))

    assert replayed(ticket, [event(WEDNESDAY)], {}, DEPOT).due == utc(2026, 2, 5, 10, 0)
    assert replayed(ticket, [], {}, DEPOT).due == utc(2026, 2, 5, 10, 0)


# Against somebody who looks at every minute


@dataclass(frozen=True)
class Story:
    """What happens to a ticket that is due in some working hours: at which minute, and what."""

    start: dt.datetime
    hours: int
    calendars: tuple[Calendar, Calendar]
    steps: Sequence[tuple[int, str]]


STEPS = st.lists(
    st.tuples(st.integers(1, 36 * 60), st.sampled_from(["wait", "work", "transfer"])), max_size=6
)
STORIES = st.builds(
    Story,
    MOMENTS.map(lambda at: at.replace(second=0, microsecond=0)),
    st.integers(1, 15),
    st.tuples(CALENDARS, CALENDARS),
    STEPS,
)


def told(story: Story) -> Clock:
    """The clock, told of the story as events until the time is used up; later ones are another matter."""
    first, second = story.calendars
    first.pk, second.pk = 1, 2
    clock = Clock.started(Target(story.hours, Unit.WORKING_HOURS), first, story.start)
    at, state = story.start, State.IN_PROGRESS
    for minutes, step in story.steps:
        at += minutes * MINUTE
        if state == State.IN_PROGRESS and clock.due is not None and clock.due <= at:
            break
        left, state = state, State.WAITING_REPORTER if step == "wait" else State.IN_PROGRESS
        other = first if clock.calendar == second else second
        clock.follow(event(at, left, state), other if step == "transfer" else None)
    if state != State.IN_PROGRESS:
        clock.follow(event(at + 90 * MINUTE, state, State.IN_PROGRESS))
    return clock


def walked(story: Story) -> dt.datetime:
    """Minute after minute: is it with us, and is the office open that has it now?"""
    first, second = story.calendars
    changes, at = {}, story.start
    for minutes, step in story.steps:
        at += minutes * MINUTE
        changes[at] = step
    ends = at + 90 * MINUTE
    calendar, waiting, moment, left = first, False, story.start, story.hours * 60
    while left:
        if step := changes.get(moment):
            waiting = step == "wait"
            if step == "transfer":
                calendar = first if calendar is second else second
        if waiting and moment == ends:
            waiting = False
        left -= not waiting and works_at(calendar, moment)
        moment += MINUTE
    return moment


@given(story=STORIES)
def test_the_clock_agrees_with_looking_at_every_minute(story: Story) -> None:
    assert told(story).due == walked(story)


# Other dates


def test_a_wait_begins_with_two_weeks_and_without_a_reminder() -> None:
    ticket = Ticket(reminded_at=WEDNESDAY)

    start_wait(ticket, at=WEDNESDAY)

    assert ticket.wait_until == WEDNESDAY + dt.timedelta(days=14)
    assert ticket.reminded_at is None


def test_an_objection_is_decided_within_five_working_days() -> None:
    assert review_due(OFFICE, WEDNESDAY) == utc(2026, 2, 11, 16, 0)


def test_a_message_is_dealt_with_within_two_working_days() -> None:
    assert answer_due(OFFICE, WEDNESDAY) == utc(2026, 2, 6, 16, 0)


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
