"""How the dates of a ticket came about: lines of codes and values that lead to exactly the date that is stored.

What each code says, and with which values, stands in api/serializers/deadlines.py.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from concerns.deadlines import Calendars, Clock, Move, Targets, first_calendar, replayed
from concerns.enums import WAITING_STATES, Verb
from concerns.models import Event, Ticket
from departments.calendars import working_seconds
from departments.counting import skipped
from departments.models import Calendar
from departments.targets import Target


@dataclass(frozen=True, slots=True)
class Line:
    """One step to a date: what it is about, when it happened, and the date after it (None: there is none yet)."""

    code: str
    at: dt.datetime | None = None
    due: dt.datetime | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


def resolution_lines(
    ticket: Ticket, events: Sequence[Event], calendars: Calendars, counted: Calendar
) -> list[Line]:
    """How the date of the result follows from the events of a ticket (as queries/clock.py gives them)."""
    if ticket.resolution_due is None:
        return []
    clock = replayed(ticket, events, calendars, counted)
    lines = [*begun(ticket, events, clock), *moved(clock)]
    if clock.due != ticket.resolution_due:
        lines.append(Line("differs", due=ticket.resolution_due))
    if ticket.state in WAITING_STATES:
        reason = {"reason": str(ticket.state)}
        lines.append(Line("waiting", ticket.state_since, ticket.resolution_due, reason))
    return [*lines, Line("due", due=ticket.resolution_due)]


def first_response_lines(
    ticket: Ticket, events: Sequence[Event], calendars: Calendars, counted: Calendar
) -> list[Line]:
    """How the date of the first response came about: no wait moves it, and what people were told stays."""
    told = ticket.first_response_due
    if told is None:
        return []
    target = Targets.of(ticket.targets).first_response
    clock = Clock.started(target, first_calendar(events, calendars, counted), ticket.created_at)
    lines = [*begun(ticket, events, clock), *moved(clock)]
    if clock.due and clock.due != told:
        lines.append(Line("promised" if told < clock.due else "differs", due=told))
    return [*lines, Line("due", due=told)]


def begun(ticket: Ticket, events: Sequence[Event], clock: Clock) -> Iterator[Line]:
    """From when on, how much, and by whose hours."""
    first = clock.moves[0]
    again = [event.data for event in events if event.at == first.at and "former_due" in event.data]
    if again:
        former = dt.datetime.fromisoformat(again[-1]["former_due"])
        started: dict[str, Any] = {"by": "reopened", "former_due": former}
    else:
        detached = bool(events) and events[0].verb == Verb.DETACH
        started = {"by": "detached" if detached else "filed"}
    yield Line("started", first.at, values=started)
    category = ticket.category.slug if ticket.category else None
    owed = {"category": category, "priority": ticket.priority}
    yield Line("target", values={**clock.target.stored, **owed})
    yield Line("calendar", values={"calendar": first.calendar.key})


def moved(clock: Clock) -> Iterator[Line]:
    """The date as counted, and what moved it, with the days on which nobody worked in between."""
    before: Move | None = None
    for move in clock.moves:
        values = dict(move.values)
        since = before.due if before else move.at
        if move.code == "paused":
            values |= given_back(move, clock.target)
        if clock.target.is_working_time and move.code in ("counted", "paused"):
            values |= asdict(skipped(move.calendar, since, move.due))
        yield Line(move.code, move.at if before else None, move.due, values)
        before = move


def given_back(move: Move, target: Target) -> dict[str, Any]:
    """How much of a wait counts: the work that fell into it, or all of it."""
    since = move.values["since"]
    waited = int((move.at - since).total_seconds())
    worked = working_seconds(move.calendar, since, move.at)
    at_work = target.is_working_time
    return {"given_back": worked if at_work else waited, "working_time": at_work}
