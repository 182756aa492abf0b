"""Something to tell the city's people, and whether it is still so when the letter is written."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from common.prepared import Given, Prepared
from concerns.deadlines import PRESSED_STATES, pressing
from concerns.enums import State, Verb
from concerns.models import Event, Objection, Ticket
from concerns.notices.facts import Facts
from concerns.notices.staff_occasions import News, StaffOccasion

RELATED = ("answer_message", "assignee", "department")
UNROUTED = (State.RECEIVED, State.IN_TRIAGE)


@dataclass(frozen=True, slots=True)
class Told:
    """Something to tell: of which ticket (as it stands now), and what the event or the alarm says of itself."""

    occasion: StaffOccasion
    ticket: Ticket | None
    data: Mapping[str, Any]
    verb: Verb | None = None
    by: UUID | None = None
    sequence: int = 0
    concern: int | None = None
    department: int | None = None

    @classmethod
    def of(cls, occasion: StaffOccasion, facts: Facts) -> Self:
        return cls(
            occasion=occasion,
            ticket=ticket_now(facts.ticket),
            data=facts.data,
            verb=facts.verb,
            by=facts.by,
            sequence=facts.sequence,
            concern=facts.concern,
            department=facts.department,
        )

    @property
    def is_protected(self) -> bool:
        """Whether an e-mail must not say what it is about."""
        ticket = self.ticket
        return ticket is not None and (ticket.is_confidential or ticket.restricted_at is not None)


def ticket_now(ticket_id: int) -> Ticket:
    [ticket] = NOW.all(pk=ticket_id)
    return ticket


NOW = Prepared(lambda: Ticket.objects.select_related(*RELATED).filter(pk=Given("pk")))


def still_news(told: Told) -> bool:
    """Whether what happened is still so: a letter that comes late must not send people to what is done."""
    holds = STILL.get(told.occasion.news)
    return told.ticket is None or holds is None or holds(told, told.ticket)


def stands_there(told: Told, ticket: Ticket) -> bool:
    return ticket.is_open and ticket.department_id == told.department


def is_unrouted(_told: Told, ticket: Ticket) -> bool:
    return ticket.state in UNROUTED


def awaits_approval(_told: Told, ticket: Ticket) -> bool:
    return bool(ticket.state == State.PENDING_APPROVAL)


def is_undecided(told: Told, _ticket: Ticket) -> bool:
    return Objection.objects.filter(pk=told.data["objection"], verdict="").exists()


def refused_first(told: Told, ticket: Ticket) -> bool:
    """Whether the person's address refused no letter before, or was corrected since."""
    before = Event.objects.filter(
        ticket=ticket,
        concern_ref=told.concern,
        sequence__lt=told.sequence,
        verb__in=[Verb.BOUNCE, Verb.CORRECT_CONTACT],
    )
    last = before.order_by("-sequence").values_list("verb", flat=True).first()
    return last != Verb.BOUNCE


def waits_since(told: Told, ticket: Ticket) -> bool:
    """Whether that message still waits: an answer clears the mark, a later message begins another wait."""
    moment = ticket.unanswered_since
    return moment is not None and moment <= dt.datetime.fromisoformat(told.data["since"])


def is_due_then(told: Told, ticket: Ticket) -> bool:
    """Whether the ticket is worked on and the date is still the one that presses."""
    due = pressing(ticket)
    pressed = ticket.state in PRESSED_STATES
    return pressed and due is not None and due.isoformat() == told.data["due"]


def is_to_follow_up(told: Told, ticket: Ticket) -> bool:
    return bool(str(ticket.follow_up_on) == told.data["date"])


def is_unaccepted(told: Told, ticket: Ticket) -> bool:
    lies = bool(ticket.state == State.ASSIGNED)
    return lies and ticket.state_since.isoformat() == told.data["since"]


STILL: Mapping[News, Callable[[Told, Ticket], bool]] = {
    News.NEW: stands_there,
    News.TRIAGE: is_unrouted,
    News.PING_PONG: is_unrouted,
    News.APPROVAL: awaits_approval,
    News.OBJECTION: is_undecided,
    News.OBJECTION_OVERDUE: is_undecided,
    News.BOUNCE: refused_first,
    News.UNANSWERED: waits_since,
    News.DUE_SOON: is_due_then,
    News.OVERDUE: is_due_then,
    News.FAR_OVERDUE: is_due_then,
    News.FOLLOW_UP: is_to_follow_up,
    News.UNACCEPTED: is_unaccepted,
}
