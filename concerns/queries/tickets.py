"""Lists and details for staff, in a constant number of statements."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from accounts.models import ActorRef
from common.actor import Actor
from common.blind_indexes import candidates
from concerns.enums import OPEN_STATES, WAITING_STATES, State, Verb
from concerns.models import Concern, Event, Message, Note, Objection, Placement, Ticket
from concerns.queries.allowed import allowed_actions
from concerns.queries.placements import Company, company, concerns_on
from concerns.queries.visible import ticket_for, visible
from concerns.references import BadReference, normalise
from departments.enums import Capability
from departments.models import Department

WAITING_OBJECTION = Objection.objects.filter(ticket=OuterRef("pk"), verdict="")
LONGEST_NUMBER = 18
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
    """One ticket with all that its page or its representation needs.

    Concerns carry `waiting_objection`, the id of an objection that waits, or None. Events carry `actor_name` and
    `department_names` (a map by language), None where there is nothing to name.
    """

    ticket: Ticket
    company: Company
    concerns: list[Concern]
    messages: list[Message]
    notes: list[Note]
    events: list[Event]
    allowed: list[Verb]


def queue(actor: Actor, name: str) -> QuerySet[Ticket]:
    """The tickets of a queue that this person sees, most urgent first."""
    return listed(visible(actor).filter(queue_filter(actor, name)))


def listed(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Tickets as a list shows them, most urgent first: each knows its last event (`last_verb`, `last_at`)."""
    last = Event.objects.filter(ticket=OuterRef("pk"), sequence=OuterRef("event_count"))
    shown = tickets.select_related("category", "department", "district", "assignee")
    return shown.annotate(
        last_verb=Subquery(last.values("verb")[:1]), last_at=Subquery(last.values("at")[:1])
    ).order_by("resolution_due", "pk")


def queue_filter(actor: Actor, name: str) -> Q:
    working = actor.departments([Capability.CLERK, Capability.TEAM_LEAD, Capability.DISPATCHER])
    filters = {
        "mine": Q(assignee=actor.user_id, state__in=OPEN_STATES),
        "department": Q(department__in=working, state__in=OPEN_STATES) & ~Q(state=State.IN_TRIAGE),
        "triage": Q(state__in=[State.RECEIVED, State.IN_TRIAGE]),
        "waiting": Q(state__in=[*WAITING_STATES, State.SCHEDULED]),
        "due": Q(state__in=OPEN_STATES, resolution_due__isnull=False),
        "unanswered": Q(unanswered_since__isnull=False),
        "review": Q(state=State.REOPEN_REQUESTED) | Q(Exists(WAITING_OBJECTION)),
        "approval": Q(state=State.PENDING_APPROVAL),
        "all": Q(),
    }
    return filters[name]


def queue_counts(actor: Actor) -> dict[str, int]:
    """How many tickets stand in each queue, in one statement."""
    names = [name for name in QUEUES if name != "all"]
    counts = {name: Count("pk", filter=queue_filter(actor, name)) for name in names}
    return {name: int(count) for name, count in visible(actor).aggregate(**counts).items()}


def found_by(actor: Actor, words: str) -> QuerySet[Ticket]:
    """Tickets by number, by a concern's reference, by a person's surname, or by words of title and place; any queue.

    Surnames are found exactly or by their sound, never by their beginning: they are stored as blind indexes.
    """
    try:
        named = Q(reference=normalise(words))
    except BadReference:
        named = Q(reporter__surname_index__in=candidates("surname", words))
        named |= Q(reporter__phonetic_index__in=candidates("phonetic", words))
    placed = (
        Placement.objects.open().filter(concern__in=Concern.objects.filter(named)).values("ticket")
    )
    matches = Q(pk__in=placed) | Q(title__icontains=words) | Q(address__icontains=words)
    number = words.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER:
        matches |= Q(pk=int(number))
    return listed(visible(actor).filter(matches))


def ticket_detail(actor: Actor, ticket_id: int) -> TicketDetail:
    """Everything about one ticket (six statements, equal with 1 and 100 concerns). NotFound if not visible."""
    ticket = ticket_for(actor, ticket_id)
    there = company(ticket)
    waiting = Objection.objects.filter(concern=OuterRef("pk"), ticket=ticket, verdict="")
    concerns = concerns_on(ticket).select_related("reporter", "category", "author")
    # What a joined person wrote while they were on another ticket belongs to the conversation here.
    said = Q(ticket=ticket) | Q(concern__in=concerns_on(ticket).values("pk"))
    messages = Message.objects.filter(said).exclude(Exists(hidden_with(ticket)))
    messages = messages.select_related("author", "concern")
    notes = Note.objects.filter(ticket=ticket).select_related("author")
    return TicketDetail(
        ticket=ticket,
        company=there,
        concerns=list(concerns.annotate(waiting_objection=Subquery(waiting.values("pk")[:1]))),
        messages=list(messages.order_by("created_at", "pk")),
        notes=list(notes.order_by("created_at", "pk")),
        events=list(timeline(ticket)),
        allowed=allowed_actions(actor, ticket, there),
    )


def hidden_with(ticket: Ticket) -> QuerySet[Placement]:
    """Of a message's concern, the open placement on another ticket that only a circle or administrators may see."""
    closed_off = Q(ticket__circle__isnull=False) | Q(ticket__restricted_at__isnull=False)
    there = Placement.objects.open().filter(closed_off, concern=OuterRef("concern"))
    return there.exclude(ticket=ticket)


def timeline(ticket: Ticket) -> QuerySet[Event]:
    """The events of a ticket, newest first, with the names of who acted and of the department they speak of."""
    person = ActorRef.objects.filter(pk=OuterRef("actor_ref")).values("user__name")
    department = Department.objects.filter(pk=OuterRef("department_ref")).values("names")
    events = Event.objects.filter(ticket=ticket).annotate(
        actor_name=Subquery(person[:1]),
        department_ref=Cast(KeyTextTransform("department", "data"), BigIntegerField()),
    )
    return events.annotate(department_names=Subquery(department[:1])).order_by("-sequence")
