"""Lists and details for staff, in a constant number of statements."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from common.actor import Actor
from concerns.enums import OPEN_STATES, WAITING_STATES, State, Verb
from concerns.models import Concern, Event, Message, Note, Objection, Ticket
from concerns.queries.allowed import allowed_actions
from concerns.queries.placements import Company, company, concerns_on
from concerns.queries.visible import ticket_for, visible
from concerns.references import normalise
from departments.enums import Capability

# Queues of the workspace, each a filter over what is visible.
QUEUES = (
    "mine",
    "department",
    "triage",
    "waiting",
    "due",
    "unanswered",
    "review",
    "approval",
    "all",
)


@dataclass(frozen=True, slots=True)
class TicketDetail:
    """One ticket with all that its page or its representation needs."""

    ticket: Ticket
    company: Company
    concerns: list[Concern]
    messages: list[Message]
    notes: list[Note]
    events: list[Event]
    objections: list[Objection]
    allowed: list[Verb]


def queue(actor: Actor, name: str) -> QuerySet[Ticket]:
    """The tickets of a queue that this person sees, most urgent first."""
    found = visible(actor).filter(queue_filter(actor, name))
    return found.select_related("category", "department", "district", "assignee").order_by(
        "resolution_due", "pk"
    )


def queue_filter(actor: Actor, name: str) -> Q:
    working = actor.departments([Capability.CLERK, Capability.TEAM_LEAD, Capability.DISPATCHER])
    filters = {
        "mine": Q(assignee=actor.user_id, state__in=OPEN_STATES),
        "department": Q(department__in=working, state__in=OPEN_STATES) & ~Q(state=State.IN_TRIAGE),
        "triage": Q(state__in=[State.RECEIVED, State.IN_TRIAGE]),
        "waiting": Q(state__in=[*WAITING_STATES, State.SCHEDULED]),
        "due": Q(state__in=OPEN_STATES, resolution_due__isnull=False),
        "unanswered": Q(unanswered_since__isnull=False),
        "review": Q(state=State.REOPEN_REQUESTED)
        | Q(objections__verdict="", objections__isnull=False),
        "approval": Q(state=State.PENDING_APPROVAL),
        "all": Q(),
    }
    return filters[name]


def queue_counts(actor: Actor) -> dict[str, int]:
    """How many tickets stand in each queue, in one statement."""
    names = [name for name in QUEUES if name != "all"]
    counts = {name: Count("pk", filter=queue_filter(actor, name), distinct=True) for name in names}
    return {name: int(count) for name, count in visible(actor).aggregate(**counts).items()}


def found_by(actor: Actor, words: str) -> QuerySet[Ticket]:
    """Tickets by reference of a concern or by words of title and place, whatever the queue."""
    tickets = visible(actor).select_related("category", "department", "district", "assignee")
    try:
        reference = normalise(words)
    except ValueError:
        reference = ""
    if reference:
        return tickets.filter(
            placements__concern__reference=reference, placements__until__isnull=True
        )
    matches = Q(title__icontains=words) | Q(address__icontains=words)
    return tickets.filter(matches).order_by("resolution_due", "pk")


def ticket_detail(actor: Actor, ticket_id: int) -> TicketDetail:
    """Everything about one ticket (eight statements, equal with 1 and 100 concerns). NotFound if not visible."""
    ticket = ticket_for(actor, ticket_id)
    there = company(ticket)
    concerns = concerns_on(ticket).select_related("reporter", "category", "author")
    messages = (
        Message.objects.filter(ticket=ticket)
        .select_related("author", "concern")
        .order_by("created_at", "pk")
    )
    notes = Note.objects.filter(ticket=ticket).select_related("author").order_by("created_at", "pk")
    return TicketDetail(
        ticket=ticket,
        company=there,
        concerns=list(concerns),
        messages=list(messages),
        notes=list(notes),
        events=list(Event.objects.filter(ticket=ticket).order_by("-sequence")),
        objections=list(
            Objection.objects.filter(ticket=ticket, verdict="").select_related("message", "concern")
        ),
        allowed=allowed_actions(actor, ticket, there),
    )
