"""How the dates of a ticket came about: the events that move its clocks, the calendars they name, and the lines."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from common.actor import Actor
from concerns.deadlines import Calendars
from concerns.enums import Verb
from concerns.explaining import Line, first_response_lines, resolution_lines
from concerns.models import Event, Ticket
from concerns.queries.visible import ticket_for
from departments.models import Calendar, Department
from departments.queries import calendar_of

# Those that change no state and no date, and yet are a part of how it came to be.
TOLD = (Verb.FILED, Verb.TRANSFER, Verb.CATEGORISE, Verb.PRIORITISE)
# Values of lines that are ids of departments.
OFFICES = ("from_department", "department")


@dataclass(frozen=True, slots=True)
class Explanation:
    """Both dates of a ticket line by line; what lines speak of by id and key: departments' names, and calendars."""

    ticket: Ticket
    first_response: list[Line]
    resolution: list[Line]
    departments: dict[int, str]
    calendars: dict[str, Calendar]


def explanation(actor: Actor, ticket_id: int) -> Explanation:
    """Why a ticket is due when it is (four statements). NotFound if this actor may not know of it."""
    ticket = ticket_for(actor, ticket_id)
    events = list(clock_events(ticket))
    calendars = calendars_in(events, ticket.calendar_id)
    counted = calendars.get(ticket.calendar_id or 0) or calendar_of(ticket.department)
    first = first_response_lines(ticket, events, calendars, counted)
    resolution = resolution_lines(ticket, events, calendars, counted)
    by_key = {one.key: one for one in (*calendars.values(), counted)}
    return Explanation(ticket, first, resolution, names_in(resolution), by_key)


def clock_events(ticket: Ticket) -> QuerySet[Event]:
    """In their order; most of what happens to a ticket moves no clock and is left out."""
    moves = ~Q(from_state=F("to_state")) | Q(data__has_any_keys=["calendar", "resolution_due"])
    return ticket.events.filter(moves | Q(verb__in=TOLD)).order_by("sequence")


def calendars_in(events: Collection[Event], also: int | None = None) -> Calendars:
    """The calendars that events name, and one more, by id (one statement; none where there is none to ask for)."""
    named = {event.data["calendar"] for event in events if "calendar" in event.data}
    return Calendar.objects.in_bulk(named | {also} - {None})


def names_in(lines: Collection[Line]) -> dict[int, str]:
    ids = {line.values[name] for line in lines for name in OFFICES if line.values.get(name)}
    return {pk: one.name for pk, one in Department.objects.in_bulk(ids).items()}
