"""What one person may know of their own concern: where it stands, what was said to them, what they can do now."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from common.actor import Actor
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
from concerns.publishing import concern_state
from concerns.references import normalise, pin_matches, token_matches

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
        Verb.REOPEN,
        Verb.CLOSE,
        Verb.JOIN,
        Verb.DETACH,
    }
)
OWN_ONLY = frozenset(
    {
        Verb.FILED,
        Verb.FOLLOWED,
        Verb.ANSWER,
        Verb.REPLY,
        Verb.CONFIRM,
        Verb.OBJECT,
        Verb.DECIDE_OBJECTION,
        Verb.WITHDRAW,
        Verb.RATE,
        Verb.CONFIRM_ADDRESS,
        Verb.CORRECT_CONTACT,
        Verb.SPLIT,
        Verb.DETACH,
    }
)
ENDED = (*ANSWERED_STATES, State.CLOSED, State.REOPEN_REQUESTED)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a concern stands, for its author. `company` counts the other concerns handled with it."""

    concern: Concern
    ticket: Ticket
    state: PublicState
    company: int
    next_date: dt.date | None
    messages: list[Message]
    events: list[Event]
    can_reply: bool
    must_reply: bool
    can_confirm: bool
    can_object: bool
    can_rate: bool
    can_withdraw: bool


def proven(*, reference: str, token: str = "", pin: str = "") -> Actor:
    """The author of the concern with this reference, by tracking token or PIN (one statement).

    Raises references.BadReference for a mistyped reference and NotFound for a wrong proof — the same whether the
    concern exists or not. PIN attempts must be counted by the door before (common/limits.py).
    """
    row = (
        Concern.objects.filter(reference=normalise(reference))
        .values_list("pk", "generation")
        .first()
    )
    if row is None:
        raise NotFound
    concern_id, generation = row
    if token and token_matches(concern_id, generation, token):
        return Actor.citizen(concern_id)
    if pin and pin_matches(concern_id, generation, pin):
        return Actor.citizen(concern_id)
    raise NotFound


def standing(actor: Actor) -> Standing:
    """Everything the status page says, in four statements whatever the company. NotFound without a proven concern."""
    related = (
        "ticket__department",
        "ticket__category",
        "ticket__answer_message",
        "ticket__merged_into",
        "concern__reporter",
    )
    placement = (
        Placement.objects.open().select_related(*related).filter(concern=actor.concern_id).first()
    )
    if actor.concern_id is None or placement is None:
        raise NotFound
    concern, ticket = placement.concern, placement.ticket
    spans = list(Placement.objects.filter(concern=concern).order_by("pk"))
    messages = list(messages_for(concern, ticket, spans))
    objected = Objection.objects.filter(concern=concern, verdict="").exists()
    asked = question_waits(messages, ticket)
    ended = ticket.state in ENDED
    active = concern.is_active
    return Standing(
        concern=concern,
        ticket=ticket,
        state=concern_state(concern, ticket, asked=asked, objected=objected),
        company=max(ticket.concern_count - 1, 0),
        next_date=next_date(ticket, objected=objected),
        messages=messages,
        events=list(events_for(concern, spans)),
        can_reply=active,
        must_reply=active and asked,
        can_confirm=active
        and ticket.state in ANSWERED_STATES
        and concern.confirmed_at is None
        and not objected,
        can_object=active and ended and not objected,
        can_rate=active and ended,
        can_withdraw=active and not ended,
    )


def messages_for(concern: Concern, ticket: Ticket, spans: list[Placement]) -> QuerySet[Message]:
    """Their own messages, what was said to all while they were placed there, and the present answer.

    Somebody who joins a matter that was just answered sees that answer, though it was given before.
    """
    mine = Q(concern=concern)
    for span in spans:
        said = Q(ticket=span.ticket_id, concern__isnull=True, released_at__gte=span.since)
        mine |= said & Q(released_at__lt=span.until) if span.until else said
    if ticket.state in ENDED and ticket.answer_message_id:
        mine |= Q(pk=ticket.answer_message_id)
    return Message.objects.filter(mine, released_at__isnull=False).order_by("released_at", "pk")


def events_for(concern: Concern, spans: list[Placement]) -> QuerySet[Event]:
    """The course of the matter since their placement; of others' acts nothing."""
    seen = Q(concern_ref=concern.pk, verb__in=OWN_ONLY)
    for span in spans:
        during = Q(ticket=span.ticket_id, verb__in=SHOWN, at__gte=span.since)
        during &= Q(concern_ref__isnull=True) | Q(concern_ref=concern.pk)
        seen |= during & Q(at__lte=span.until) if span.until else during
    return Event.objects.filter(seen).order_by("at", "pk")


def question_waits(messages: list[Message], ticket: Ticket) -> bool:
    """Whether the present wait is for this person: a question to them since it began."""
    if ticket.state != State.WAITING_REPORTER:
        return False
    questions = (MessageKind.QUESTION, Direction.OUT)
    return any(
        (message.kind, message.direction) == questions and message.created_at >= ticket.state_since
        for message in messages
    )


def next_date(ticket: Ticket, *, objected: bool) -> dt.date | None:
    """The date a person can hold us to: planned day, decision, next answer, or until when they may object."""
    if objected:
        return ticket.review_due.date() if ticket.review_due else None
    if ticket.state == State.SCHEDULED:
        return ticket.scheduled_for
    if ticket.state in ANSWERED_STATES and ticket.answered_at:
        return (ticket.answered_at + OBJECTION_TIME).date()
    if ticket.state == State.WAITING_REPORTER and ticket.wait_until:
        return ticket.wait_until.date()
    if not ticket.is_open:
        return None
    due = ticket.resolution_due if ticket.first_responded_at else ticket.first_response_due
    return due.date() if due else None
