"""What one person does about the result is a fact of their concern; the ticket follows by rule."""

from django.db import transaction
from django.utils.translation import gettext as _

from common.actor import Actor
from common.clock import now
from concerns.actions.desk import counted_in, happened, lock_placed, move, record, write_down
from concerns.actions.ending import close_if_over
from concerns.actions.words import write_in
from concerns.deadlines import review_due
from concerns.enums import ANSWERED_STATES, MessageKind, Standing, State, Verb
from concerns.errors import Invalid, Refused
from concerns.models import Concern, Objection, Ticket
from concerns.parsing import clean_words
from concerns.queries.placements import company, has_confirmed

ENDED_STATES = (*ANSWERED_STATES, State.CLOSED, State.REOPEN_REQUESTED)
BEST_RATING = 5


def own(concern_id: int) -> tuple[Actor, Ticket, Concern]:
    """The proven author, the ticket their concern is placed on, and the concern; both locked."""
    ticket, concern = lock_placed(concern_id)
    if not concern.is_active:
        raise Refused
    return Actor.citizen(concern_id), ticket, concern


@transaction.atomic
def confirm(*, concern_id: int) -> Concern:
    """«Yes, that is right.» The ticket closes once everybody who can be reached has said so."""
    actor, ticket, concern = own(concern_id)
    if ticket.state not in ANSWERED_STATES or has_confirmed(concern, ticket):
        raise Refused
    concern.confirmed_at = now()
    concern.save(update_fields=["confirmed_at"])
    record(ticket, Verb.CONFIRM, actor)
    close_if_over(ticket)
    return concern


@transaction.atomic
def rate(*, concern_id: int, rating: int, words: str = "") -> Concern:
    """Grade the result from 1 (poor) to 5 (very good), once it is there."""
    actor, ticket, concern = own(concern_id)
    if ticket.state not in ENDED_STATES:
        raise Refused
    if not 1 <= rating <= BEST_RATING:
        raise Invalid(_("Please choose a grade from 1 to 5."), field="rating")
    concern.rating, concern.rated_at = rating, now()
    concern.rating_words = clean_words(words, field="words") if words.strip() else ""
    concern.save(update_fields=["rating", "rating_words", "rated_at"])
    record(ticket, Verb.RATE, actor, data={"rating": rating})
    return concern


@transaction.atomic
def object_to_result(*, concern_id: int, text: str) -> Objection:
    """«That is not right.» Always receipted, always decided by somebody else than who closed it.

    Alone on the ticket, the objection moves it to `reopen_requested`; among others it is a review item of its own and
    the ticket stays as it is until the reviewer reopens or detaches. After closing it is also marked unanswered, for no
    transition takes it (ADR 0010).
    """
    actor, ticket, concern = own(concern_id)
    waiting = Objection.objects.filter(concern=concern, verdict="").exists()
    if ticket.state not in ENDED_STATES or waiting:
        raise Refused
    moment = now()
    message = write_in(ticket, concern, MessageKind.OBJECTION, text, at=moment)
    due = review_due(counted_in(ticket), moment)
    objection = Objection.objects.create(
        concern=concern, ticket=ticket, message=message, due=due, created_at=moment
    )
    concern.confirmed_at = None
    concern.save(update_fields=["confirmed_at"])
    if ticket.state == State.CLOSED:
        ticket.unanswered_since = ticket.unanswered_since or moment
    events = [happened(ticket, Verb.OBJECT, actor, at=moment, data={"objection": objection.pk})]
    if ticket.state in ANSWERED_STATES and company(ticket).active == 1:
        ticket.review_due = due
        before = move(ticket, Verb.REVIEW)
        system = Actor.system()
        events.append(happened(ticket, Verb.REVIEW, system, before=before, concern_id=concern.pk))
    write_down(events)
    return objection


@transaction.atomic
def withdraw(*, concern_id: int) -> Concern:
    """«I no longer want this.» The ticket stays: a pothole is there whoever reported it."""
    actor, ticket, concern = own(concern_id)
    if ticket.state in ENDED_STATES:
        raise Refused
    concern.standing = Standing.WITHDRAWN
    concern.save(update_fields=["standing"])
    ticket.active_count -= 1
    record(ticket, Verb.WITHDRAW, actor, data={"left": ticket.active_count})
    return concern
