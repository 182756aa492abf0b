"""What an employee filed: their own internal matters, and what they took down for somebody."""

import datetime as dt
from dataclasses import dataclass

from common.actor import Actor
from concerns.enums import PlacementReason, Verb
from concerns.errors import NotFound
from concerns.models import Concern, Event, Placement
from concerns.publishing import concern_state, standing_sentence
from concerns.queries.own import told_date
from concerns.references import normalise

MOST = 100


@dataclass(frozen=True, slots=True)
class Own:
    """One internal concern for its author."""

    reference: str
    words: str
    sentence: str
    filed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class JustFiled:
    """A concern with the ticket it was placed on."""

    pk: int
    reference: str
    generation: int
    author_id: int | None
    placed_on: int
    is_added: bool


def authored_by(actor: Actor) -> list[Own]:
    """The internal concerns of an employee, newest first (one statement)."""
    if actor.user_id is None:
        return []
    placements = Placement.objects.open().filter(concern__author=actor.user_id)
    related = ("concern", "ticket__department", "ticket__answer_message", "ticket__merged_into")
    return [
        own_of(one) for one in placements.select_related(*related).order_by("-concern_id")[:MOST]
    ]


def own_of(placement: Placement) -> Own:
    concern, ticket = placement.concern, placement.ticket
    state = concern_state(concern, ticket)
    sentence = standing_sentence(concern, ticket, state, date=told_date(ticket))
    return Own(concern.reference, concern.words, sentence, concern.created_at)


def author_of(actor: Actor, reference: str) -> Actor:
    """A signed-in employee as the author of their concern (one statement); NotFound if it is not theirs.

    Raises references.BadReference for a mistyped reference.
    """
    theirs = Concern.objects.filter(reference=normalise(reference), author=actor.user_id)
    concern_id = theirs.values_list("pk", flat=True).first() if actor.user_id else None
    if concern_id is None:
        raise NotFound
    return Actor.citizen(concern_id)


def filed_by(actor: Actor, concern_id: int | None) -> JustFiled | None:
    """A concern that this very person filed (one statement); None for any other."""
    filed = Event.objects.filter(
        concern_ref=concern_id, verb__in=(Verb.FILED, Verb.ADDED), actor_ref=actor.ref
    )
    if concern_id is None or actor.ref is None or not filed.exists():
        return None
    placed = Placement.objects.open().filter(concern=concern_id)
    columns = ("concern__reference", "concern__generation", "concern__author", "ticket", "reason")
    reference, generation, author_id, ticket_id, reason = placed.values_list(*columns).get()
    is_added = reason == PlacementReason.ADDED
    return JustFiled(concern_id, reference, generation, author_id, ticket_id, is_added)
