"""What the stories ask again and again: what a person sees and hears, what a clerk may do, a ticket with many on it."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import time_machine

from common.actor import Actor
from concerns.actions.deciding import Answer, decline, resolve
from concerns.actions.filing import Filed
from concerns.actions.joining import join
from concerns.actions.working import accept
from concerns.enums import Outcome, Verb
from concerns.models import Concern, Event, Objection, Ticket
from concerns.notices import TOPIC
from concerns.notices.facts import Facts
from concerns.notices.recipients import batches
from concerns.queries.own import Standing, standing
from concerns.queries.tickets import ticket_detail
from notifications.models import Envelope
from tests.support.town import Town, file, fresh

FIXED = Answer(outcome=Outcome.FIXED, text="We filled the hole on Monday.")
CANNOT = Answer(outcome=Outcome.CANNOT_DO, text="The road is private, we may not dig there.")


def sees(filed: Filed | Concern) -> Standing:
    """What the person of a concern finds on their status page."""
    return standing(Actor.citizen(concern_of(filed).pk))


def concern_of(filed: Filed | Concern) -> Concern:
    return filed.concern if isinstance(filed, Filed) else filed


def reads(filed: Filed | Concern) -> list[str]:
    """The messages a person finds on their status page, oldest first."""
    return [message.text for message in sees(filed).messages]


def course(filed: Filed | Concern) -> list[Verb]:
    """What a person reads of the course of their matter."""
    return [Verb(event.verb) for event in sees(filed).events]


def may(town: Town, name: str, ticket: Ticket) -> list[Verb]:
    """The buttons a person of the city has on a ticket."""
    return ticket_detail(town.actor(name), ticket.pk).allowed


def timeline(ticket: Ticket) -> list[Verb]:
    """What happened to a ticket, oldest first."""
    verbs = Event.objects.filter(ticket=ticket).order_by("sequence").values_list("verb", flat=True)
    return [Verb(verb) for verb in verbs]


def placed_on(filed: Filed | Concern) -> Ticket:
    """The ticket a concern stands on now."""
    return fresh(sees(filed).ticket)


@contextmanager
def told() -> Iterator[list[tuple[Verb, list[int]]]]:
    """Collects what is told while the block runs, and to which concerns: (verb, ids), letters to nobody left out."""
    before = set(Envelope.objects.values_list("pk", flat=True))
    letters: list[tuple[Verb, list[int]]] = []
    yield letters
    for envelope in Envelope.objects.filter(topic=TOPIC).exclude(pk__in=before).order_by("pk"):
        facts = Facts.read(envelope)
        people = [concern.pk for batch in batches(facts, 0) for concern in batch]
        if people:
            letters.append((facts.verb, people))


def joined(town: Town, count: int, **more: str) -> list[Filed]:
    """So many concerns of as many people on one ticket, the first one's: filed one by one, joined by Carl."""
    filed = [
        file(f"Hole number {number}.", email=f"p{number}@people.example", **more)
        for number in range(count)
    ]
    for other in filed[1:]:
        join(actor=town.actor("carl"), ticket_id=other.ticket.pk, lead_id=filed[0].ticket.pk)
    return filed


def resolved(town: Town, filed: Filed, by: str = "carl", answer: Answer = FIXED) -> Ticket:
    """The ticket accepted and resolved by a clerk."""
    accept(actor=town.actor(by), ticket_id=filed.ticket.pk)
    return resolve(actor=town.actor(by), ticket_id=filed.ticket.pk, answer=answer)


def declined(town: Town, filed: Filed, by: str = "carl") -> Ticket:
    """The ticket accepted and declined by a clerk."""
    accept(actor=town.actor(by), ticket_id=filed.ticket.pk)
    return decline(actor=town.actor(by), ticket_id=filed.ticket.pk, answer=CANNOT)


def objection_of(filed: Filed) -> Objection:
    """The objection of a person that waits for its decision."""
    return Objection.objects.get(concern=filed.concern, verdict="")


@contextmanager
def at(moment: dt.datetime) -> Iterator[time_machine.Traveller]:
    """The block happens at that moment, the clock running on."""
    with time_machine.travel(moment, tick=True) as traveller:
        yield traveller
