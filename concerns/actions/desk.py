"""What every action on a ticket does: fetch and lock it with the right to act, then record what happened."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django_fsm import TransitionNotAllowed, can_proceed

from common.actor import Actor
from common.clock import now
from concerns.deadlines import leave_state
from concerns.enums import Verb
from concerns.errors import Conflict, NotAllowed, NotFound, Refused
from concerns.models import Concern, Event, Ticket
from concerns.notices import announce
from concerns.permissions import MAY
from concerns.queries.visible import visible

RELATED = ("category", "department__calendar", "answer_message", "circle", "district")


def lock(actor: Actor, ticket_id: int) -> Ticket:
    """The ticket, locked until the transaction ends (one statement); NotFound if this actor may not know of it."""
    return lock_all(actor, [ticket_id])[0]


def lock_all(actor: Actor, ticket_ids: Collection[int]) -> list[Ticket]:
    """Several tickets, locked in ascending order of id — the one order, so that no two actions wait for each other."""
    rows = visible(actor).filter(pk__in=ticket_ids).select_related(*RELATED).order_by("pk")
    tickets = list(rows.select_for_update(of=("self",)))
    if len(tickets) != len(set(ticket_ids)):
        raise NotFound
    return tickets


def lock_concern(concern_id: int) -> Concern:
    """The concern, locked; its ticket must be locked before (the order of locks)."""
    return (
        Concern.objects.select_for_update(of=("self",))
        .select_related("reporter")
        .get(pk=concern_id)
    )


def permit(actor: Actor, ticket: Ticket, verb: Verb) -> None:
    """Raise NotAllowed unless the rule of this verb admits the actor."""
    if not MAY[verb](actor, ticket):
        raise NotAllowed


def unchanged(ticket: Ticket, version: int | None) -> None:
    """Raise Conflict when the ticket is no longer as the person saw it; None asks for no such check."""
    if version is not None and ticket.version != version:
        raise Conflict


def take(actor: Actor, ticket_id: int, verb: Verb, version: int | None = None) -> Ticket:
    """Lock the ticket for an act that this actor may do and that its version and state allow.

    Raises NotFound, NotAllowed, Conflict or Refused; nothing has been written then.
    """
    ticket = lock(actor, ticket_id)
    admit(actor, ticket, verb, version)
    return ticket


def admit(actor: Actor, ticket: Ticket, verb: Verb, version: int | None = None) -> None:
    """Check right, version and state for a ticket that is already locked; raises as `take` does."""
    permit(actor, ticket, verb)
    unchanged(ticket, version)
    possible(ticket, verb)


def possible(ticket: Ticket, verb: Verb) -> None:
    """Raise Refused when the verb is a transition that the ticket's state does not allow."""
    transition = getattr(ticket, verb.value, None)
    if hasattr(transition, "_django_fsm") and not can_proceed(transition, check_conditions=False):
        raise Refused


def move(ticket: Ticket, verb: Verb) -> str:
    """Carry out the transition named like the verb; the state before it. Raises Refused when a guard says no."""
    before = str(ticket.state)
    try:
        getattr(ticket, verb.value)()
    except TransitionNotAllowed as refusal:
        raise Refused from refusal
    return before


def record(
    ticket: Ticket,
    verb: Verb,
    actor: Actor,
    *,
    before: str | None = None,
    at: dt.datetime | None = None,
    concern_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> Event:
    """Write the event, the ticket's new head and the envelope (three statements, two if nobody is told).

    `before` is the state left (default: unchanged; "" for a new ticket). `data` holds ids and codes only: what is
    personal stands in a row that can be erased.
    """
    moment = at or now()
    left = str(ticket.state) if before is None else before
    worked, waited = settle_clock(ticket, left, moment)
    event = Event(
        ticket=ticket,
        sequence=ticket.event_count + 1,
        verb=verb,
        from_state=left,
        to_state=ticket.state,
        actor_kind=actor.kind.value,
        actor_ref=actor.ref,
        concern_ref=concern_id if concern_id is not None else actor.concern_id,
        data=data or {},
        worked_seconds=worked,
        waited_seconds=waited,
        at=moment,
        previous_hash=ticket.head_hash,
    )
    event.hash = event.digest()
    event.save(force_insert=True)
    ticket.event_count, ticket.head_hash = event.sequence, event.hash
    ticket.version += 1
    ticket.save(force_update=True)
    announce(event, ticket)
    return event


def settle_clock(ticket: Ticket, left: str, moment: dt.datetime) -> tuple[int, int]:
    """Seconds worked and waited in the state left, and the new state's start; nothing when the state stayed."""
    if left == ticket.state:
        return 0, 0
    spent = leave_state(ticket, state=left, at=moment) if left else (0, 0)
    ticket.state_since = moment
    return spent
