"""What one person may know of their own concern: where it stands, what was said to them, what they can do now."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from common.actor import Actor
from common.clock import city_zone
from common.prepared import Given, Prepared
from concerns.deadlines import OBJECTION_TIME
from concerns.enums import (
    ANSWERED_STATES,
    Direction,
    MessageKind,
    PublicState,
    State,
    Verb,
)
from concerns.errors import NotFound
from concerns.models import Concern, Event, Message, Objection, Placement, Ticket
from concerns.publishing import concern_state, still_ahead
from concerns.queries.course import Entry, course_of, with_departments
from concerns.queries.placements import has_confirmed
from concerns.queries.visible import UNREAD
from concerns.references import confirmation_matches, normalise, pin_matches, token_matches
from departments.models import Department

# Events a person sees in the course of their matter, besides those that name their own concern.
SHOWN = frozenset(
    {
        Verb.FILED,
        Verb.START_TRIAGE,
        Verb.ROUTE,
        Verb.TRANSFER,
        Verb.ACCEPT,
        Verb.SCHEDULE,
        Verb.RESCHEDULE,
        Verb.START,
        Verb.REFER,
        Verb.REPORT_BACK,
        Verb.RESOLVE,
        Verb.DECLINE,
        Verb.APPROVE,
        Verb.REOPEN,
        Verb.CLOSE,
        Verb.UPHOLD,
        Verb.JOIN,
        Verb.DETACH,
    }
)
OWN_ONLY = frozenset(
    {
        Verb.FILED,
        Verb.FOLLOWED,
        Verb.ADDED,
        Verb.ANSWER,
        Verb.REPLY,
        Verb.ATTACH,
        Verb.CONFIRM,
        Verb.OBJECT,
        Verb.DECIDE_OBJECTION,
        Verb.WITHDRAW,
        Verb.RATE,
        Verb.CONFIRM_ADDRESS,
        Verb.CORRECT_CONTACT,
        Verb.RENEW_PROOF,
        Verb.SPLIT,
        Verb.DETACH,
    }
)
UNREAD_HERE = (
    *(f"{side}__district__geometry" for side in ("ticket", "concern")),
    *(
        f"{side}__{name}"
        for side in ("ticket", "concern")
        for name in UNREAD
        if name.startswith("category__")
    ),
    "concern__reporter__sealed",
    "concern__reporter__wrapped_keys",
)
ENDED = (*ANSWERED_STATES, State.CLOSED, State.REOPEN_REQUESTED)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a concern stands, for its author. `company` counts the other concerns handled with it.

    `told_date` is the day they were told last, even if it has passed.
    """

    concern: Concern
    ticket: Ticket
    state: PublicState
    objected: bool
    company: int
    told_date: dt.date | None
    messages: list[Message]
    events: list[Event]
    can_reply: bool
    must_reply: bool
    can_confirm: bool
    can_object: bool
    can_rate: bool
    can_withdraw: bool

    @property
    def next_date(self) -> dt.date | None:
        """The day they can hold us to; none once it is over."""
        return still_ahead(self.told_date)

    @property
    def department(self) -> Department | None:
        """The office it is in progress with, as the sentence says; none while a partner has it."""
        passed_on = self.ticket.state == State.WAITING_EXTERNAL and self.ticket.partner
        busy = self.state == PublicState.IN_PROGRESS and not passed_on
        return self.ticket.department if busy else None

    @property
    def course(self) -> list[Entry]:
        """What happened so far in sentences, oldest first."""
        return course_of(self.events)


NAMED = Prepared(
    lambda: Concern.objects.filter(reference=Given("reference")).values_list("pk", "generation")
)


def proven(*, reference: str, token: str = "", pin: str = "") -> Actor:
    """The author of the concern with this reference, by tracking token or PIN (one statement).

    Raises references.BadReference for a mistyped reference and NotFound for a wrong proof — the same whether the
    concern exists or not. PIN attempts must be counted by the door before (common/limits.py).
    """
    row = NAMED.first(reference=normalise(reference))
    if row is None:
        raise NotFound
    concern_id, generation = row
    if token and token_matches(concern_id, generation, token):
        return Actor.citizen(concern_id)
    if pin and pin_matches(concern_id, generation, pin):
        return Actor.citizen(concern_id)
    raise NotFound


def proven_by_confirmation(*, reference: str, token: str) -> Actor:
    """The author, by the link sent to the address they gave (one statement); else NotFound or BadReference."""
    row = (
        Concern.objects.filter(reference=normalise(reference))
        .values_list("pk", "generation", "reporter__address_generation")
        .first()
    )
    if row is None or row[2] is None or not confirmation_matches(*row, token):
        raise NotFound
    return Actor.citizen(row[0])


def own_concern(actor: Actor) -> Concern:
    """The concern this actor has proven to be theirs; NotFound otherwise."""
    found = Concern.objects.filter(pk=actor.concern_id).first() if actor.concern_id else None
    if found is None:
        raise NotFound
    return found


def standing(actor: Actor) -> Standing:
    """Everything the status page says, in three statements whatever the company. NotFound without a proven concern."""
    placement = PLACED.first(concern=actor.concern_id)
    if placement is None:
        raise NotFound
    concern, ticket = placement.concern, placement.ticket
    # Somebody who joins a matter that was just answered sees that answer, though it was given before.
    answer = ticket.answer_message_id if ticket.state in ENDED else None
    seen = {"concern": concern.pk, "tickets": getattr(placement, "tickets", [])}
    messages = MESSAGES.all(**seen, answer=answer)
    decision_due: dt.datetime | None = getattr(placement, "decision_due", None)
    objected = decision_due is not None
    asked = question_waits(messages, ticket)
    ended, active = ticket.state in ENDED, concern.is_active
    return Standing(
        concern=concern,
        ticket=ticket,
        state=concern_state(concern, ticket, asked=asked, objected=objected),
        objected=objected,
        company=max(ticket.concern_count - 1, 0),
        told_date=day(decision_due) if decision_due else told_date(ticket),
        messages=messages,
        events=EVENTS.all(**seen),
        can_reply=active,
        must_reply=active and asked,
        can_confirm=active
        and ticket.state in ANSWERED_STATES
        and not (objected or has_confirmed(concern, ticket)),
        can_object=active and ended and not objected,
        can_rate=active and ended,
        can_withdraw=active and not ended,
    )


def placed() -> QuerySet[Placement]:
    """The placement of a concern, which knows when a waiting objection is decided (`decision_due`).

    `tickets` are the ids of those it is or was placed on.
    """
    related = (
        "ticket__department",
        "ticket__category",
        "ticket__district",
        "ticket__answer_message",
        "ticket__merged_into",
        "concern__reporter",
        "concern__category",
        "concern__district",
    )
    waiting = Objection.objects.filter(concern=OuterRef("concern"), verdict="")
    placements = Placement.objects.open().filter(concern=Given("concern"))
    needed = placements.select_related(*related).defer(*UNREAD_HERE)
    stood_on = Placement.objects.filter(concern=OuterRef("concern")).values("ticket")
    return needed.annotate(
        decision_due=Subquery(waiting.values("due")[:1]), tickets=ArraySubquery(stood_on)
    )


def messages_seen() -> QuerySet[Message]:
    """Their own messages, what was said to all while they were placed there, and the present answer."""
    during = spans("ticket").filter(
        Q(until__isnull=True) | Q(until__gt=OuterRef("released_at")),
        since__lte=OuterRef("released_at"),
    )
    to_all = Q(Exists(during), concern__isnull=True, ticket__one_of=Given("tickets"))
    seen = Q(concern=Given("concern")) | to_all | Q(pk=Given("answer"))
    return Message.objects.filter(seen, released_at__isnull=False).order_by("released_at", "pk")


def events_seen() -> QuerySet[Event]:
    """The course of the matter since their placement; of others' acts nothing."""
    during = spans("ticket").filter(
        Q(until__isnull=True) | Q(until__gte=OuterRef("at")), since__lte=OuterRef("at")
    )
    nobodys = Q(concern_ref__isnull=True) | Q(concern_ref=Given("concern"))
    own = Q(concern_ref=Given("concern"), verb__in=OWN_ONLY)
    seen = own | Q(nobodys, Exists(during), verb__in=SHOWN)
    there = Event.objects.filter(seen, ticket__one_of=Given("tickets"))
    return with_departments(there.order_by("at", "pk"))


def spans(ticket: str) -> QuerySet[Placement]:
    """The concern's placements on what an outer row names as its ticket."""
    return Placement.objects.filter(concern=Given("concern"), ticket=OuterRef(ticket))


PLACED = Prepared(placed)
MESSAGES = Prepared(messages_seen)
EVENTS = Prepared(events_seen)


def question_waits(messages: list[Message], ticket: Ticket) -> bool:
    """Whether the present wait is for this person: a question to them since it began."""
    if ticket.state != State.WAITING_REPORTER:
        return False
    questions = (MessageKind.QUESTION, Direction.OUT)
    return any(
        (message.kind, message.direction) == questions and message.created_at >= ticket.state_since
        for message in messages
    )


def next_date(ticket: Ticket) -> dt.date | None:
    """The day in the city a person can hold us to; none once it is over."""
    return still_ahead(told_date(ticket))


def told_date(ticket: Ticket) -> dt.date | None:
    """The day a person was told: planned day, next answer, or until when they may object; it may have passed."""
    if ticket.state == State.SCHEDULED:
        return ticket.scheduled_for
    if ticket.state in ANSWERED_STATES and ticket.answered_at:
        return day(ticket.answered_at + OBJECTION_TIME)
    if ticket.state == State.WAITING_REPORTER and ticket.wait_until:
        return day(ticket.wait_until)
    if not ticket.is_open:
        return None
    due = ticket.resolution_due if ticket.first_responded_at else ticket.first_response_due
    return day(due) if due else None


def day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(city_zone()).date()
