"""What every action on a ticket does: fetch and lock it with the right to act, then record what happened."""

import datetime as dt
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.db.models import Exists, QuerySet
from django_fsm import TransitionNotAllowed, can_proceed

from common import storing
from common.actor import Actor
from common.clock import now
from common.prepared import Given
from concerns.deadlines import count_anew, is_taken_up, run_clock, spent
from concerns.enums import State, Verb
from concerns.errors import Conflict, NotAllowed, NotFound, Refused
from concerns.models import Concern, Event, Placement, Ticket
from concerns.notices import announce
from concerns.permissions import MAY
from concerns.queries.clock import calendars_in, clock_events
from concerns.queries.visible import UNREAD, PreparedFor, visible
from departments.models import Calendar
from departments.queries import calendar_of, living_successor

RELATED = ("category", "department", "calendar", "answer_message", "circle", "district")
# How often an action follows a concern that is joined elsewhere before it gives up.
FOLLOWED_MOVES = 3


def lock(actor: Actor, ticket_id: int) -> Ticket:
    """The ticket, locked until the transaction ends (one statement); NotFound if this actor may not know of it."""
    return lock_all(actor, [ticket_id])[0]


def lock_all(actor: Actor, ticket_ids: Collection[int]) -> list[Ticket]:
    """Several tickets, locked; NotFound unless this actor may know of all of them."""
    tickets = up_to_date(NAMED.all(actor, ids=sorted(ticket_ids)))
    if len(tickets) != len(set(ticket_ids)):
        raise NotFound
    return tickets


def lock_under(actor: Actor, concern_id: int) -> Ticket:
    """The ticket a concern is placed on, locked (one statement); NotFound as `lock`.

    A join may have taken the concern elsewhere while we waited: `lock_concern` must follow.
    """
    return up_to_date([UNDER.one(actor, concern=concern_id)])[0]


def locking(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Locks tickets in ascending order of id — the one order, so that no two actions wait for each other."""
    related = tickets.select_related(*RELATED).defer(*UNREAD)
    return related.order_by("pk").select_for_update(of=("self",))


def under(actor: Actor) -> QuerySet[Ticket]:
    placed = Placement.objects.open().filter(concern=Given("concern"))
    return locking(visible(actor).filter(pk__in=placed.values("ticket")))


NAMED = PreparedFor(lambda actor: locking(visible(actor).filter(pk__one_of=Given("ids"))))
UNDER = PreparedFor(under)


def locked(tickets: QuerySet[Ticket]) -> list[Ticket]:
    """These tickets, locked in the one order."""
    return up_to_date(list(locking(tickets)))


def up_to_date(tickets: list[Ticket]) -> list[Ticket]:
    """Tickets that came with their lock, without what changed while it was waited for."""
    for ticket in tickets:
        forget_stale(ticket)
    return tickets


def forget_stale(ticket: Ticket) -> None:
    """Forget what was joined to the row as it stood before we waited for its lock (no statement if nothing changed).

    PostgreSQL reads the locked row anew but not the rows joined to it: after a change of the foreign key the joined
    row comes back as none at all.
    """
    names = {related.partition("__")[0] for related in RELATED}
    lost = [
        name for name in names if getattr(ticket, name) is None and getattr(ticket, f"{name}_id")
    ]
    if lost:
        ticket.refresh_from_db(fields=lost)


def lock_concern(concern_id: int, ticket: Ticket, **beside: Exists) -> Concern:
    """The concern on a ticket that is locked already (the order of locks), locked too.

    Raises Conflict when a join took it to another ticket while we waited for the lock of this one. `beside` are
    questions the same statement answers, by the attribute that holds the answer.
    """
    placed = Concern.objects.filter(
        pk=concern_id, placements__ticket=ticket, placements__until__isnull=True
    )
    concern = (
        placed.select_for_update(of=("self",))
        .select_related("reporter", "category", "district__parent")
        .annotate(**beside)
        .first()
    )
    if concern is None:
        raise Conflict
    return concern


def lock_placed(concern_id: int) -> tuple[Ticket, Concern]:
    """The ticket a proven person's concern is placed on, and the concern, both locked.

    Follows a concern that a join takes elsewhere meanwhile, so that nobody's words are refused or land on a ticket
    that nobody works on. The savepoint lets the old ticket's lock go before the new one's is waited for.
    """
    for _attempt in range(FOLLOWED_MOVES):
        with suppress(Conflict), transaction.atomic():
            ticket = lock_under(Actor.system(), concern_id)
            return ticket, lock_concern(concern_id, ticket)
    raise Conflict


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


def take_placed(
    actor: Actor, concern_id: int, verb: Verb, version: int | None = None
) -> tuple[Ticket, Concern]:
    """As `take`, for the ticket a concern is placed on; with the concern, locked too."""
    ticket = lock_under(actor, concern_id)
    admit(actor, ticket, verb, version)
    return ticket, lock_concern(concern_id, ticket)


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
    """Write the event, the ticket's new head and the envelope (three statements, two if nobody is told)."""
    event = happened(ticket, verb, actor, before=before, at=at, concern_id=concern_id, data=data)
    write_down([event])
    return event


def happened(
    ticket: Ticket,
    verb: Verb,
    actor: Actor,
    *,
    before: str | None = None,
    at: dt.datetime | None = None,
    concern_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> Event:
    """The next event of a ticket, its head moved on; `write_down` must follow in the same action.

    `before` is the state left (default: unchanged; "" for a new ticket). `data` holds ids and codes only: what is
    personal stands in a row that can be erased. It is never before the one before: a clock may be set back.
    """
    moment = max(at or now(), ticket.changed_at)
    left = str(ticket.state) if before is None else before
    counted, other = counted_in(ticket), another_calendar(ticket)
    worked, waited = spent(ticket, counted, left, verb, moment)
    event = Event(
        ticket=ticket,
        sequence=ticket.event_count + 1,
        verb=verb,
        from_state=left,
        to_state=ticket.state,
        actor_kind=actor.kind.value,
        actor_ref=actor.ref,
        concern_ref=concern_id if concern_id is not None else actor.concern_id,
        data=(data or {}) | clock_facts(ticket, left, other),
        worked_seconds=worked,
        waited_seconds=waited,
        at=moment,
        previous_hash=ticket.head_hash,
    )
    event.hash = event.digest()
    run_clock(ticket, event, counted, other)
    ticket.event_count, ticket.head_hash = event.sequence, event.hash
    ticket.changed_at = moment
    ticket.version += 1
    return event


def supposed(
    ticket: Ticket,
    verb: Verb,
    actor: Actor,
    *,
    after: State,
    concern_id: int | None,
    data: dict[str, Any],
) -> Event:
    """The next event as it would be, for foretelling.py: never stored, and the ticket's head stays where it is."""
    return Event(
        ticket=ticket,
        sequence=ticket.event_count + 1,
        verb=verb,
        to_state=after,
        actor_ref=actor.ref,
        concern_ref=concern_id,
        data=data,
        at=max(now(), ticket.changed_at),
    )


def write_down(events: Sequence[Event]) -> None:
    """Store events that happened at once, in their order, with their tickets and envelopes (three statements)."""
    storing.insert(events)
    storing.replace(list({event.ticket.pk: event.ticket for event in events}.values()))
    announce(events)


def counted_in(ticket: Ticket) -> Calendar:
    """The calendar a ticket's dates are counted in: its department's, unless that changed since its last event."""
    return ticket.calendar or calendar_of(ticket.department)


def another_calendar(ticket: Ticket) -> Calendar | None:
    """That of the department which has the ticket now, if its dates were counted in a different one so far."""
    living = living_successor(ticket.department) if ticket.department else None
    return living.calendar if living and living.calendar_id != ticket.calendar_id else None


def clock_facts(ticket: Ticket, left: str, other: Calendar | None) -> dict[str, Any]:
    """What an event says of dates: the calendar they are counted in from now on, and the one a new clock replaces."""
    facts: dict[str, Any] = {"calendar": other.pk} if other else {}
    if is_taken_up(left, ticket.state) and ticket.resolution_due:
        facts["former_due"] = ticket.resolution_due.isoformat()
    return facts


def recount(ticket: Ticket) -> None:
    """Its dates anew, after category or priority changed (two statements)."""
    events = list(clock_events(ticket))
    count_anew(ticket, events, calendars_in(events), counted_in(ticket))
