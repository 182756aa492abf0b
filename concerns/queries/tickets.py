"""Lists and details for staff, in a constant number of statements."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, JSONObject

from accounts.models import ActorRef
from common.actor import Actor
from common.blind_indexes import candidates
from common.clock import today
from common.prepared import Given, Prepared
from concerns.enums import OPEN_STATES, WAITING_STATES, State, Verb
from concerns.models import (
    Attachment,
    Concern,
    Event,
    Message,
    Note,
    Objection,
    Placement,
    Ticket,
)
from concerns.queries.allowed import allowed_actions
from concerns.queries.placements import Company, concerns_on, ticket_in_company
from concerns.queries.visible import UNREAD, visible
from concerns.references import BadReference, normalise
from departments.enums import Capability
from departments.models import Department

WAITING_OBJECTION = Objection.objects.filter(ticket=OuterRef("pk"), verdict="")
LONGEST_NUMBER = 18
OnTicket = Ticket | Given
UNREAD_OF_PLACED = tuple(name for name in UNREAD if name.startswith("category__"))
# Queues of the workspace, each a filter over what is visible.
QUEUES = (
    "mine",
    "standing_in",
    "department",
    "triage",
    "waiting",
    "follow_up",
    "due",
    "unanswered",
    "review",
    "approval",
    "all",
)


@dataclass(frozen=True, slots=True)
class TicketDetail:
    """One ticket with all that its page or its representation needs.

    `placements` are the concerns that are or were here, oldest first, once for each time: they carry `since`, `until`,
    `reason`, `origin` (a ticket's id) and `placed_by` (a name); `concerns` those that are. Concerns also carry
    `waiting_objection`, the id of an objection that waits, and `files`, what describes their attachments. Events carry
    `actor_name`, `department_names` (a map by language) and `candidate_names` (a list of such). None stands
    where there is nothing.
    """

    ticket: Ticket
    company: Company
    concerns: list[Concern]
    placements: list[Concern]
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
        "standing_in": Q(assignee__in=actor.stands_in_for, state__in=OPEN_STATES),
        "department": Q(department__in=working, state__in=OPEN_STATES) & ~Q(state=State.IN_TRIAGE),
        "triage": Q(state__in=[State.RECEIVED, State.IN_TRIAGE]),
        "waiting": Q(state__in=[*WAITING_STATES, State.SCHEDULED]),
        "follow_up": mine_to_follow(actor, working),
        "due": Q(state__in=OPEN_STATES, resolution_due__isnull=False),
        "unanswered": Q(unanswered_since__isnull=False),
        "review": Q(state=State.REOPEN_REQUESTED) | Q(Exists(WAITING_OBJECTION)),
        "approval": Q(state=State.PENDING_APPROVAL),
        "all": Q(),
    }
    return filters[name]


def mine_to_follow(actor: Actor, working: frozenset[int]) -> Q:
    """What comes up again today or did before: of the actor, of whom they stand in for, and of nobody at their desk."""
    whose = Q(assignee=actor.user_id) | Q(assignee__in=actor.stands_in_for)
    whose |= Q(assignee__isnull=True, department__in=working)
    return whose & Q(follow_up_on__lte=today()) & ~Q(state__in=[State.MERGED, State.DISCARDED])


def queue_counts(actor: Actor) -> dict[str, int]:
    """How many tickets stand in each queue, in one statement."""
    names = [name for name in QUEUES if name != "all"]
    # Under names of their own: a queue may be called as a column is.
    counts = {f"in_{name}": Count("pk", filter=queue_filter(actor, name)) for name in names}
    found = visible(actor).aggregate(**counts)
    return {name: int(found[f"in_{name}"]) for name in names}


def found_by(actor: Actor, words: str) -> QuerySet[Ticket]:
    """The tickets in any queue that match the words and that this person sees."""
    return listed(visible(actor).filter(matching(words)))


def matching(words: str) -> Q:
    """Tickets by number, by a concern's reference, by a person's surname, or by words of title and place.

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
    return matches


def ticket_detail(actor: Actor, ticket_id: int) -> TicketDetail:
    """Everything about one ticket (five statements, equal with 1 and 100 concerns). NotFound if not visible."""
    ticket, there = ticket_in_company(actor, ticket_id)
    placements = PLACED.all(ticket=ticket_id)
    return TicketDetail(
        ticket=ticket,
        company=there,
        concerns=sorted((one for one in placements if one.until is None), key=lambda one: one.pk),
        placements=placements,
        messages=MESSAGES.all(ticket=ticket_id),
        notes=NOTES.all(ticket=ticket_id),
        events=EVENTS.all(ticket=ticket_id),
        allowed=allowed_actions(actor, ticket, there),
    )


def said_on(ticket: OnTicket) -> QuerySet[Message]:
    """The conversation; what a joined person wrote while they were on another ticket belongs to it."""
    # As an array, not a subquery: PostgreSQL then finds both kinds by their indexes.
    here = ArraySubquery(concerns_on(ticket).values("pk"))
    said = Q(ticket=ticket) | Q(concern__one_of=here)
    messages = Message.objects.filter(said).exclude(hidden_with(ticket, OuterRef("concern")))
    return messages.select_related("author", "concern").order_by("created_at", "pk")


def noted_on(ticket: OnTicket) -> QuerySet[Note]:
    return (
        Note.objects.filter(ticket=ticket)
        .select_related("author", "partner")
        .order_by("created_at", "pk")
    )


def placed_on(ticket: OnTicket) -> QuerySet[Any]:
    """The concerns that are or were on a ticket, once for each time, with their placement and files."""
    person = ActorRef.objects.filter(pk=OuterRef("placements__actor_ref")).values("user__name")
    waiting = Objection.objects.filter(concern=OuterRef("pk"), ticket=ticket, verdict="")
    files = Attachment.objects.filter(concern=OuterRef("pk")).order_by("pk")
    fields = ("id", "name", "media_type", "size", "state", "refusal", "width", "height")
    described = JSONObject(**{name: name for name in fields})
    concerns = Concern.objects.filter(placements__ticket=ticket).annotate(
        since=F("placements__since"),
        until=F("placements__until"),
        reason=F("placements__reason"),
        origin=F("placements__origin"),
        placed_by=Subquery(person[:1]),
        waiting_objection=Subquery(waiting.values("pk")[:1]),
        files=ArraySubquery(files.values_list(described)),
    )
    seen = concerns.exclude(hidden_with(ticket, OuterRef("pk")))
    related = seen.select_related("reporter", "category", "author").defer(*UNREAD_OF_PLACED)
    return related.order_by("since", "pk")


def hidden_with(ticket: OnTicket, concern: OuterRef) -> Exists:
    """Whether a concern is now on another ticket that only a circle or administrators may see."""
    closed_off = Q(ticket__circle__isnull=False) | Q(ticket__restricted_at__isnull=False)
    there = Placement.objects.open().filter(closed_off, concern=concern)
    return Exists(there.exclude(ticket=ticket))


def timeline(ticket: OnTicket) -> QuerySet[Event]:
    """The events of a ticket, newest first, with the names of who acted and of the department they speak of.

    Where rules were equally sure, `candidate_names` are the departments they named.
    """
    person = ActorRef.objects.filter(pk=OuterRef("actor_ref")).values("user__name")
    department = Department.objects.filter(pk=OuterRef("department_ref")).values("names")
    events = Event.objects.filter(ticket=ticket).annotate(
        actor_name=Subquery(person[:1]),
        department_ref=Cast(KeyTextTransform("department", "data"), BigIntegerField()),
        asked_refs=KeyTransform("departments", KeyTransform("why", "data")),
    )
    return events.annotate(
        department_names=Subquery(department[:1]), candidate_names=candidate_names()
    ).order_by("-sequence")


def candidate_names() -> ArraySubquery:
    asked = ExpressionWrapper(OuterRef("asked_refs"), output_field=JSONField())
    itself = Func("pk", function="to_jsonb", output_field=JSONField())
    known = Department.objects.alias(asked=asked, itself=itself)
    named = known.filter(asked__contains=F("itself")).order_by("number", "key")
    return ArraySubquery(named.values("names"))


PLACED = Prepared(lambda: placed_on(Given("ticket")))
MESSAGES = Prepared(lambda: said_on(Given("ticket")))
NOTES = Prepared(lambda: noted_on(Given("ticket")))
EVENTS = Prepared(lambda: timeline(Given("ticket")))
