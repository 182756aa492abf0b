"""Line by line to the date: what each event adds, and that the lines lead to exactly what is stored."""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.deadlines import count_anew, run_clock, start_clocks
from concerns.enums import State, Verb
from concerns.explaining import Line, first_response_lines, resolution_lines
from concerns.models import Category, Event, Ticket
from departments.models import Calendar
from tests.support.calendars import CALENDARS, MINUTE, MOMENTS, owed

OFFICE = Calendar(
    pk=1,
    key="office",
    country="DE",
    subdivision="NW",
    weekly_hours={str(day): [["08:00", "16:00"]] for day in range(5)},
    closed_days=["2027-03-31"],
)
DEPOT = Calendar(
    pk=2,
    key="depot",
    country="DE",
    subdivision="NW",
    weekly_hours={str(day): [["06:00", "10:00"]] for day in range(6)},
)
BOTH = {1: OFFICE, 2: DEPOT}
# The tests' city is in England; its clocks are an hour ahead of UTC from 28 March on.
MONDAY = dt.datetime(2027, 3, 22, 9, 0, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


def opened(
    targets: dict[str, Any], calendar: Calendar = OFFICE, at: dt.datetime = MONDAY
) -> Ticket:
    category = Category(slug="pothole", targets=targets)
    ticket = Ticket(category=category, created_at=at, state_since=at, state=State.ASSIGNED)
    start_clocks(ticket, calendar)
    return ticket


class History:
    """A ticket that is not stored, and events as they would happen to it, each followed by its clock."""

    def __init__(self, ticket: Ticket, calendars: dict[int, Calendar]) -> None:
        self.ticket, self.calendars, self.state = ticket, calendars, str(ticket.state)
        self.events: list[Event] = []
        self.add(Verb.FILED, ticket.created_at, self.state, left="", calendar=ticket.calendar_id)

    def add(
        self, verb: str, at: dt.datetime, state: str, left: str | None = None, **data: Any
    ) -> None:
        ticket = self.ticket
        counted = ticket.calendar
        other = self.calendars.get(data.get("calendar", 0))
        before = self.state if left is None else left
        event = Event(verb=verb, from_state=before, to_state=state, at=at, data=data)
        run_clock(ticket, event, counted, other)
        self.events.append(event)
        self.state = state

    def lines(self) -> list[Line]:
        return resolution_lines(self.ticket, self.events, self.calendars, self.ticket.calendar)


def codes(lines: Sequence[Line]) -> list[str]:
    return [line.code for line in lines]


def test_an_untouched_ticket_tells_start_target_calendar_and_the_days_between() -> None:
    """Good Friday and Easter Monday are holidays, and on Wednesday after Easter the office is closed."""
    history = History(opened(owed("1 working day", "6 working days")), BOTH)

    assert history.lines() == [
        Line("started", MONDAY, values={"by": "filed"}),
        Line(
            "target",
            values={
                "amount": 6,
                "unit": "working_days",
                "roll_forward": False,
                "category": "pothole",
                "priority": 0,
            },
        ),
        Line("calendar", values={"calendar": "office"}),
        Line(
            "counted",
            due=utc(2027, 4, 2, 15, 0),
            values={
                "unstaffed": 2,
                "holidays": [dt.date(2027, 3, 26), dt.date(2027, 3, 29)],
                "closed": [dt.date(2027, 3, 31)],
            },
        ),
        Line("due", due=utc(2027, 4, 2, 15, 0)),
    ]


def test_a_wait_tells_its_reason_and_what_it_gives_back() -> None:
    history = History(opened(owed("1 working day", "2 working days")), BOTH)
    history.add(Verb.REFER, MONDAY + HOUR, State.WAITING_EXTERNAL)
    history.add(Verb.REPORT_BACK, MONDAY + 4 * DAY, State.IN_PROGRESS)

    paused = history.lines()[4]

    # Monday 10 to Good Friday: six hours and three whole days, given back from Thursday on.
    assert (paused.code, paused.at, paused.due) == (
        "paused",
        MONDAY + 4 * DAY,
        utc(2027, 4, 2, 13, 0),
    )
    assert paused.values == {
        "reason": "waiting_external",
        "since": MONDAY + HOUR,
        "given_back": 30 * 3600,
        "working_time": True,
        "unstaffed": 2,
        "holidays": [dt.date(2027, 3, 26), dt.date(2027, 3, 29)],
        "closed": [dt.date(2027, 3, 31)],
    }


def test_a_wait_that_lasts_is_told_and_moves_nothing_yet() -> None:
    history = History(opened(owed("1 working day", "2 working days")), BOTH)
    history.add(Verb.ASK, MONDAY + HOUR, State.WAITING_REPORTER)
    history.ticket = Ticket(**as_waiting(history.ticket))

    assert history.lines()[-2:] == [
        Line("waiting", MONDAY + HOUR, utc(2027, 3, 24, 16, 0), {"reason": "waiting_reporter"}),
        Line("due", due=utc(2027, 3, 24, 16, 0)),
    ]


def as_waiting(ticket: Ticket) -> dict[str, Any]:
    names = ("category", "created_at", "state_since", "targets", "calendar", "resolution_due")
    return {name: getattr(ticket, name) for name in names} | {"state": State.WAITING_REPORTER}


def test_calendar_days_say_when_they_roll() -> None:
    rolled = {"amount": 4, "unit": "calendar_days", "roll_forward": True}
    lines = History(opened(owed("1 working day", rolled)), BOTH).lines()

    assert [(line.code, line.due, line.values) for line in lines[3:]] == [
        ("counted", utc(2027, 3, 26, 23, 59, 59), {}),
        ("rolled", utc(2027, 3, 30, 22, 59, 59), {}),
        ("due", utc(2027, 3, 30, 22, 59, 59), {}),
    ]


def test_a_reopening_begins_anew_and_keeps_the_date_before() -> None:
    history = History(opened(owed("1 working day", "2 working days")), BOTH)
    former = history.ticket.resolution_due
    history.add(Verb.RESOLVE, MONDAY + DAY, State.RESOLVED)
    again = MONDAY + 30 * DAY
    history.add(Verb.REOPEN, again, State.IN_PROGRESS, former_due=former.isoformat())

    lines = history.lines()

    assert lines[0] == Line("started", again, values={"by": "reopened", "former_due": former})
    assert codes(lines) == ["started", "target", "calendar", "counted", "due"]


def test_the_earlier_date_of_another_ticket_is_told() -> None:
    history = History(opened(owed("1 working day", "2 working days")), BOTH)
    told = utc(2027, 3, 23, 9, 0)
    history.add(
        Verb.ABSORB, MONDAY + HOUR, State.ASSIGNED, ticket=7, resolution_due=told.isoformat()
    )

    assert history.lines()[-2:] == [
        Line("joined", MONDAY + HOUR, told, {"ticket": 7}),
        Line("due", due=told),
    ]


def test_a_detached_ticket_says_so() -> None:
    history = History(opened(owed("1 working day", "2 working days")), BOTH)
    history.events[0].verb = Verb.DETACH

    assert history.lines()[0].values == {"by": "detached"}


def test_hours_corrected_since_are_owned_up_to() -> None:
    history = History(opened(owed("1 working day", "2 working days")), BOTH)
    history.ticket.resolution_due += HOUR

    lines = history.lines()

    assert lines[-2:] == [
        Line("differs", due=history.ticket.resolution_due),
        Line("due", due=history.ticket.resolution_due),
    ]


@pytest.mark.parametrize(("moved", "code"), [(-HOUR, "promised"), (HOUR, "differs")])
def test_the_first_response_keeps_the_earlier_date_people_were_told(
    moved: dt.timedelta, code: str
) -> None:
    history = History(opened(owed("1 working day", "2 working days")), BOTH)
    ticket = history.ticket
    ticket.first_response_due += moved

    lines = first_response_lines(ticket, history.events, BOTH, OFFICE)

    assert codes(lines) == ["started", "target", "calendar", "counted", code, "due"]
    assert lines[-1].due == ticket.first_response_due


def test_without_a_date_there_is_nothing_to_explain() -> None:
    ticket = Ticket()
    assert resolution_lines(ticket, [], {}, OFFICE) == []
    assert first_response_lines(ticket, [], {}, OFFICE) == []


# Whatever happens, the lines lead to the date

AMOUNTS = st.sampled_from(
    [
        *("1 working hour", "13 working hours", "3 working days", "9 calendar days", "2 months"),
        {"amount": 5, "unit": "calendar_days", "roll_forward": True},
        {"amount": 1, "unit": "months", "roll_forward": True},
    ]
)
ACTS = st.sampled_from(["ask", "refer", "work", "transfer", "end", "again", "absorb", "categorise"])
STEPS = st.lists(st.tuples(st.integers(1, 9 * 24 * 60), ACTS, AMOUNTS), max_size=12)
STATES = {
    "ask": State.WAITING_REPORTER,
    "refer": State.WAITING_EXTERNAL,
    "work": State.IN_PROGRESS,
    "transfer": State.ASSIGNED,
    "end": State.RESOLVED,
    "again": State.IN_PROGRESS,
}


def act(history: History, at: dt.datetime, name: str, amount: object) -> None:
    """One act as the actions do it."""
    ticket = history.ticket
    state = STATES.get(name, history.state)
    data: dict[str, Any] = {}
    if history.state == State.RESOLVED and state != State.RESOLVED:
        data["former_due"] = ticket.resolution_due.isoformat()
    if name == "transfer":
        data |= {"calendar": 3 - ticket.calendar.pk, "from_department": 1, "department": 2}
    if name == "absorb":
        data |= {"ticket": 9, "resolution_due": (ticket.resolution_due - 7 * HOUR).isoformat()}
    if name == "categorise":
        ticket.category = Category(slug="other", targets=owed("1 working day", amount))
        count_anew(ticket, history.events, history.calendars, ticket.calendar)
        data |= {"from": "pothole", "category": "other"}
    history.add(
        {"transfer": Verb.TRANSFER, "categorise": Verb.CATEGORISE}.get(name, Verb.NOTE),
        at,
        state,
        **data,
    )


@given(
    start=MOMENTS,
    first=AMOUNTS,
    calendars=st.tuples(CALENDARS, CALENDARS),
    steps=STEPS,
)
def test_the_lines_lead_to_exactly_the_date_that_is_stored(
    start: dt.datetime,
    first: object,
    calendars: tuple[Calendar, Calendar],
    steps: Sequence[tuple[int, str, object]],
) -> None:
    for key, calendar in enumerate(calendars, start=1):
        calendar.pk, calendar.key = key, f"calendar-{key}"
    history = History(
        opened(owed("1 working day", first), calendars[0], start),
        dict(enumerate(calendars, start=1)),
    )
    at = start
    for minutes, name, amount in steps:
        at += minutes * MINUTE
        act(history, at, name, amount)

    lines = history.lines()

    dated = [line for line in lines if line.due]
    assert "differs" not in codes(lines)
    assert (lines[-1].code, lines[-1].due) == ("due", history.ticket.resolution_due)
    moved = sum((later.due - one.due for one, later in pairwise(dated)), dt.timedelta())
    assert dated[0].due + moved == history.ticket.resolution_due
    # What is told in between happened in this order.
    moments = [line.at for line in lines if line.at]
    assert moments == sorted(moments)
