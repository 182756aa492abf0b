"""Until when: what a ticket owes by its category and priority, and what each of its events does to the date."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from common.clock import city_zone
from concerns.enums import ANSWERED_STATES, OPEN_STATES, WAITING_STATES, State, Verb
from concerns.models import Category, Event, Ticket
from concerns.models.category import default_targets
from departments.calendars import working_days_after, working_days_before, working_seconds
from departments.counting import due_after, extended, handed_over, rolled
from departments.models import Calendar
from departments.targets import Target

# How long a question or a referral waits before the reminder, and after it before it expires.
REPLY_TIME = dt.timedelta(days=14)
REMINDED_TIME = dt.timedelta(days=7)
# How long a person has to say that the result is not right.
OBJECTION_TIME = dt.timedelta(days=14)
REVIEW_WORKING_DAYS = 5
# A person's message waits no longer without an alarm.
ANSWER_WORKING_DAYS = 2

ENDED_STATES = (*ANSWERED_STATES, State.REOPEN_REQUESTED, State.CLOSED)
WORKED_STATES = tuple(state for state in OPEN_STATES if state != State.REOPEN_REQUESTED)
# In these somebody of the city is to act.
PRESSED_STATES = tuple(state for state in WORKED_STATES if state not in WAITING_STATES)

# How near a date is when whoever has the ticket hears of it, how long over when the head does, and how long a
# department may leave a ticket lying; in working days.
SOON_WORKING_DAYS = 1
FAR_WORKING_DAYS = 5
ACCEPT_WORKING_DAYS = 2

# What moves no date by itself and belongs to its story all the same, with what is told of it.
NOTED: Mapping[str, Sequence[str]] = {
    Verb.TRANSFER: ("from_department", "department"),
    Verb.CATEGORISE: ("from", "category"),
    Verb.PRIORITISE: ("from", "priority"),
}

Calendars = Mapping[int, Calendar]


@dataclass(frozen=True, slots=True)
class Targets:
    """How long the first response and the result may take."""

    first_response: Target
    resolution: Target

    @property
    def stored(self) -> dict[str, Any]:
        """As JSON; `of` reads it."""
        return {
            "first_response": self.first_response.stored,
            "resolution": self.resolution.stored,
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        return cls(Target.of(stored["first_response"]), Target.of(stored["resolution"]))


def targets_of(category: Category | None, priority: int) -> Targets:
    """What the city owes now; without a category (triage) it still owes an answer."""
    said = category.targets if category else default_targets()
    return Targets.of({**said, **said.get("by_priority", {}).get(str(priority), {})})


def is_taken_up(left: str, state: str) -> bool:
    """Whether work that had ended begins anew, by whatever act: the result has its whole time again."""
    return left in ENDED_STATES and state in WORKED_STATES


def is_over(left: str, state: str, verb: str) -> bool:
    """Whether a state's time ends: it is left, or begins anew with another department."""
    return left != "" and (left != state or verb == Verb.TRANSFER)


@dataclass(frozen=True, slots=True)
class Move:
    """What happened to the date of a result, as a code with values; `due` is the date after it."""

    code: str
    at: dt.datetime
    due: dt.datetime
    calendar: Calendar
    values: Mapping[str, Any]


@dataclass(slots=True)
class Clock:
    """The time a result has: told of a ticket's events one after the other, it knows the date after each.

    An action tells it of the one event it adds; whoever counts anew or explains tells it of all. So the date stored is
    the one that the events lead to.
    """

    target: Target
    calendar: Calendar
    due: dt.datetime | None
    state_since: dt.datetime
    moves: list[Move] = field(default_factory=list)

    @classmethod
    def started(cls, target: Target, calendar: Calendar, at: dt.datetime) -> Self:
        clock = cls(target, calendar, None, at)
        clock.count(at)
        return clock

    def count(self, at: dt.datetime) -> None:
        """From the beginning: whatever moved the date before moves it no more."""
        self.moves.clear()
        self._move("counted", at, due_after(self.calendar, at, self.target.unrolled))

    def follow(self, event: Event, calendar: Calendar | None = None) -> None:
        """`calendar` is the one that the event's data name: dates are counted in it from now on."""
        left = event.from_state if is_over(event.from_state, event.to_state, event.verb) else ""
        if left in WAITING_STATES and self.due:
            self._pause(left, event.at, self.due)
        if event.verb in NOTED and self.due:
            said = {name: event.data.get(name) for name in NOTED[event.verb]}
            self._move(event.verb, event.at, self.due, **said)
        if calendar and calendar != self.calendar:
            self._hand_over(event.at, calendar)
        if is_taken_up(left, event.to_state):
            self.count(event.at)
        if told := event.data.get("resolution_due"):
            due = dt.datetime.fromisoformat(told)
            other = event.data.get("ticket", event.data.get("lead"))
            self._move("joined", event.at, min(due, self.due or due), ticket=other)
        if left:
            self.state_since = event.at

    def _pause(self, reason: str, at: dt.datetime, due: dt.datetime) -> None:
        since = self.state_since
        later = extended(self.calendar, due, self.target.unrolled, since, at)
        self._move("paused", at, later, reason=reason, since=since)

    def _hand_over(self, at: dt.datetime, calendar: Calendar) -> None:
        left, self.calendar = self.calendar, calendar
        if self.due:
            due = handed_over(left, calendar, self.due, self.target.unrolled, at)
            self._move("handed_over", at, due, left=left.key, taken=calendar.key)

    def _move(self, code: str, at: dt.datetime, due: dt.datetime, **values: object) -> None:
        """The move, and where the target asks for it another to the next day that is not free."""
        self.moves.append(Move(code, at, due, self.calendar, values))
        self.due = rolled(self.calendar, due, self.target)
        if self.due != due:
            self.moves.append(Move("rolled", at, self.due, self.calendar, {}))


def start_clocks(ticket: Ticket, calendar: Calendar) -> None:
    """Put the targets of a new ticket on it, counted from its filing."""
    targets = targets_of(ticket.category, ticket.priority)
    ticket.calendar, ticket.targets = calendar, targets.stored
    ticket.first_response_due = due_after(calendar, ticket.created_at, targets.first_response)
    ticket.resolution_due = due_after(calendar, ticket.created_at, targets.resolution)


def renew_resolution(ticket: Ticket) -> None:
    """For a result the category's target of today; the date follows from the events."""
    target = targets_of(ticket.category, ticket.priority).resolution
    ticket.targets = {**ticket.targets, "resolution": target.stored}


def count_anew(
    ticket: Ticket, events: Sequence[Event], calendars: Calendars, counted: Calendar
) -> None:
    """The targets of the present category and priority, over all that happened so far.

    People were told by when they hear from us first: that day never moves to a later one.
    """
    renew_resolution(ticket)
    ticket.resolution_due = replayed(ticket, events, calendars, counted).due
    if ticket.first_responded_at is None:
        target = targets_of(ticket.category, ticket.priority).first_response
        ticket.targets = {**ticket.targets, "first_response": target.stored}
        due = due_after(first_calendar(events, calendars, counted), ticket.created_at, target)
        ticket.first_response_due = earlier(ticket.first_response_due, due)


def replayed(
    ticket: Ticket, events: Sequence[Event], calendars: Calendars, counted: Calendar
) -> Clock:
    """The clock of the result after all events of a ticket (in their order), by the target it has now.

    `calendars` are those that the events name, `counted` the one that dates are counted in now.
    """
    target = Target.of(ticket.targets["resolution"])
    opened = first_calendar(events, calendars, counted)
    clock = Clock.started(target, opened, ticket.created_at)
    for event in events:
        clock.follow(event, calendars.get(event.data.get("calendar", 0)))
    return clock


def first_calendar(events: Sequence[Event], calendars: Calendars, counted: Calendar) -> Calendar:
    """The one that dates were counted in when the ticket was opened."""
    opened = events[0].data.get("calendar", 0) if events else 0
    return calendars.get(opened, counted)


def run_clock(
    ticket: Ticket, event: Event, counted: Calendar, other: Calendar | None = None
) -> None:
    """What an event that just happened does to dates and sums of its ticket; `other`: the calendar from now on."""
    clock = Clock(
        target=Target.of(ticket.targets["resolution"]),
        calendar=counted,
        due=ticket.resolution_due,
        state_since=ticket.state_since,
    )
    clock.follow(event, other)
    ticket.resolution_due, ticket.calendar = clock.due, clock.calendar
    ticket.state_since = clock.state_since
    if event.from_state == State.WAITING_REPORTER:
        ticket.reporter_wait_seconds += event.waited_seconds
    else:
        ticket.external_wait_seconds += event.waited_seconds


def spent(
    ticket: Ticket, calendar: Calendar, left: str, verb: Verb, at: dt.datetime
) -> tuple[int, int]:
    """Seconds of working time, or of waiting for others, in the state whose time ends; none where it goes on."""
    if not is_over(left, ticket.state, verb):
        return 0, 0
    if left in WAITING_STATES:
        return 0, int((at - ticket.state_since).total_seconds())
    return working_seconds(calendar, ticket.state_since, at), 0


def start_wait(ticket: Ticket, *, at: dt.datetime) -> None:
    ticket.wait_until = at + REPLY_TIME
    ticket.reminded_at = None


def review_due(calendar: Calendar, at: dt.datetime) -> dt.datetime:
    """When an objection must be decided: five working days after it came."""
    return working_days_after(calendar, at, REVIEW_WORKING_DAYS)


def answer_due(calendar: Calendar, at: dt.datetime) -> dt.datetime:
    """Until when a message of a person should have been dealt with."""
    return working_days_after(calendar, at, ANSWER_WORKING_DAYS)


def pressing(ticket: Ticket) -> dt.datetime | None:
    """The date that presses now: that of the first response until there was one, unless the result is due before."""
    if ticket.first_responded_at is None:
        return earlier(ticket.first_response_due, ticket.resolution_due)
    return ticket.resolution_due


@dataclass(frozen=True, slots=True)
class Stages:
    """How far the dates of a calendar have come at a moment.

    Due up to `soon` they are near, up to `over` they have passed, up to `far` they passed long ago. Nobody is told on
    the day of the filing that a date is near: `today` is when the day began. Who has had a ticket since `idle` or
    longer should have accepted it.
    """

    soon: dt.datetime
    over: dt.datetime
    far: dt.datetime
    today: dt.datetime
    idle: dt.datetime

    @classmethod
    def at(cls, calendar: Calendar, moment: dt.datetime) -> Self:
        day = moment.astimezone(city_zone()).date()
        return cls(
            soon=working_days_after(calendar, moment, SOON_WORKING_DAYS),
            over=moment,
            far=working_days_before(calendar, moment, FAR_WORKING_DAYS),
            today=dt.datetime.combine(day, dt.time(), city_zone()),
            idle=working_days_before(calendar, moment, ACCEPT_WORKING_DAYS),
        )

    def level(self, due: dt.datetime | None, created: dt.datetime) -> int:
        """0: there is time; 1 near, 2 passed, 3 passed long ago."""
        if due is None:
            return 0
        level = sum(due <= one for one in (self.soon, self.over, self.far))
        return 0 if level == 1 and created >= self.today else level


def earlier(one: dt.datetime | None, other: dt.datetime | None) -> dt.datetime | None:
    """The earlier of two dates; a date beats none."""
    return min((date for date in (one, other) if date), default=None)
