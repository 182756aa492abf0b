"""What must hold in the database after every act, whoever did it and whatever became of it."""

from collections.abc import Collection, Iterable, Iterator

from django.apps import apps
from django.db import connection
from django.db.models import Count, F, Max, Q

from common.actor import Actor
from concerns.enums import (
    ANSWERED_STATES,
    OWNED_STATES,
    WAITING_STATES,
    PublicState,
    Standing,
    State,
)
from concerns.explaining import first_response_lines, resolution_lines
from concerns.models import Concern, Event, Objection, Placement, Ticket
from concerns.publishing import public_state
from concerns.queries.audit import broken_chains
from concerns.queries.clock import calendars_in, clock_events
from concerns.queries.own import standing

PLAIN_STATES = (
    State.RECEIVED,
    State.IN_TRIAGE,
    State.ASSIGNED,
    State.IN_PROGRESS,
    *WAITING_STATES,
    State.SCHEDULED,
)
ENDED = (*ANSWERED_STATES, State.CLOSED, State.REOPEN_REQUESTED)


def faults() -> list[str]:
    """Every broken rule, in words; empty when all is well."""
    return [
        *state_faults(),
        *placement_faults(),
        *answer_faults(),
        *chain_faults(),
        *clock_faults(),
    ]


def agreement() -> None:
    """Let the deferred triggers speak now, as they would at the commit. Raises IntegrityError."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def named(fault: str, rows: Iterable[object]) -> Iterator[str]:
    yield from (f"{fault}: {row}" for row in rows)


def state_faults() -> Iterator[str]:
    tickets = Ticket.objects.all()
    owned = tickets.filter(state__in=OWNED_STATES, department=None)
    yield from named("without a department", owned)
    yield from named(
        "department lost",
        tickets.filter(department=None, events__to_state__in=OWNED_STATES).distinct(),
    )
    waiting = Q(state__in=WAITING_STATES)
    yield from named("waits without an end", tickets.filter(waiting, wait_until=None))
    yield from named("waits no more", tickets.filter(~waiting, wait_until__isnull=False))
    planned = Q(state=State.SCHEDULED)
    yield from named("scheduled without a day", tickets.filter(planned, scheduled_for=None))
    gone = tickets.filter(state__in=[State.MERGED, State.DISCARDED])
    yield from named("nobody answers here", gone.filter(unanswered_since__isnull=False))
    yield from named("merged with a clerk", gone.filter(state=State.MERGED, assignee__isnull=False))
    review = ~Q(state=State.REOPEN_REQUESTED)
    yield from named("review is over", tickets.filter(review, review_due__isnull=False))


def placement_faults() -> Iterator[str]:
    open_ones = Count("placements", filter=Q(placements__until__isnull=True))
    concerns = Concern.objects.annotate(open_ones=open_ones).exclude(open_ones=1)
    yield from named("not placed once", concerns)
    miscounted = Ticket.objects.annotate(open_ones=open_ones).exclude(open_ones=F("concern_count"))
    yield from named("miscounted", miscounted)
    active = Q(placements__until__isnull=True, placements__concern__standing=Standing.ACTIVE)
    counted = Ticket.objects.annotate(active=Count("placements", filter=active))
    yield from named("miscounted active", counted.exclude(active=F("active_count")))
    merged = Placement.objects.open().filter(ticket__state=State.MERGED)
    yield from named("placed on a merged ticket", merged)
    lead_of = dict(Ticket.objects.filter(state=State.MERGED).values_list("pk", "merged_into"))
    for start, lead in lead_of.items():
        seen, current = {start}, lead
        while current in lead_of and current not in seen:
            seen.add(current)
            current = lead_of[current]
        if current in seen:
            yield f"cycle: {start}"


def answer_faults() -> Iterator[str]:
    answered = Ticket.objects.filter(state__in=[*ANSWERED_STATES, State.REOPEN_REQUESTED])
    unsaid = Q(outcome="") | Q(answer_message__released_at=None) | Q(answered_at=None)
    yield from named("answered without an answer", answered.filter(unsaid))
    pending = Ticket.objects.filter(state=State.PENDING_APPROVAL)
    yield from named("draft is out", pending.filter(answer_message__released_at__isnull=False))
    early = Ticket.objects.filter(state__in=PLAIN_STATES)
    told = ~Q(outcome="") | Q(answer_message__isnull=False) | Q(answered_at__isnull=False)
    yield from named("answer before the end", early.filter(told))
    waiting = Objection.objects.filter(verdict="")
    yield from named("nobody reviews", waiting.exclude(ticket__state__in=ENDED))
    here = Placement.objects.open().values("concern", "ticket")
    placed = {(row["concern"], row["ticket"]) for row in here}
    strayed = [one for one in waiting if (one.concern_id, one.ticket_id) not in placed]
    yield from named("objection strayed", strayed)


def chain_faults() -> Iterator[str]:
    yield from named("chain", broken_chains())
    for row in Event.objects.values("ticket").annotate(last=Max("sequence"), count=Count("pk")):
        if row["last"] != row["count"]:
            yield f"sequence: ticket {row['ticket']}"
    moments: dict[int, list[object]] = {}
    for ticket, at in Event.objects.order_by("sequence").values_list("ticket", "at"):
        moments.setdefault(ticket, []).append(at)
    yield from named("time runs back", (pk for pk, ats in moments.items() if ats != sorted(ats)))


def clock_faults() -> Iterator[str]:
    """Every date is the one that the ticket's events lead to."""
    for ticket in Ticket.objects.select_related("calendar", "category").order_by("pk"):
        events = list(clock_events(ticket))
        if ticket.calendar is None:
            yield f"counted in no calendar: {ticket}"
            continue
        history = (ticket, events, calendars_in(events), ticket.calendar)
        codes = {
            line.code for line in (*resolution_lines(*history), *first_response_lines(*history))
        }
        if "differs" in codes:
            yield f"due without a reason: {ticket}"


def sight_faults(ticket_ids: Collection[int]) -> Iterator[str]:
    """Of these tickets: every person can look their concern up, is told one of seven states, reads only their own."""
    for ticket in Ticket.objects.filter(pk__in=ticket_ids).select_related("merged_into"):
        if public_state(ticket) not in PublicState:
            yield f"no public state: {ticket}"
    here = Placement.objects.open().filter(ticket__in=ticket_ids)
    for pk in here.values_list("concern", flat=True):
        seen = standing(Actor.citizen(pk))
        if seen.state not in PublicState:
            yield f"no public state: concern {pk}"
        if {message.concern_id for message in seen.messages} - {None, pk}:
            yield f"reads what is another's: concern {pk}"
        if {event.concern_ref for event in seen.events} - {None, pk}:
            yield f"hears what another did: concern {pk}"
        if any(message.released_at is None for message in seen.messages):
            yield f"reads a draft: concern {pk}"


def fingerprint() -> str:
    """One value that changes when any row of the domain or its outbox changes."""
    tables = [
        model._meta.db_table
        for label in ("concerns", "notifications")
        for model in apps.get_app_config(label).get_models()
    ]
    rows = (
        f"(SELECT coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {table} t)"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT concat_ws('-', {', '.join(rows)})")
        return str(cursor.fetchone()[0])
