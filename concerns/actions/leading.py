"""The ticket somebody says their concern is about."""

from contextlib import suppress

from common.actor import Actor
from concerns.actions.desk import lock
from concerns.actions.responsibility import matter_of, rules_for
from concerns.errors import NotFound
from concerns.models import Concern, Ticket
from concerns.queries.public import published
from concerns.queries.visible import sees
from concerns.routing import decide
from geography.queries import Location


def known_ticket(actor: Actor, ticket_id: int) -> Ticket:
    """The ticket, locked; NotFound unless it is published or this employee sees it: else it is nobody's business."""
    ticket = lock(Actor.system(), ticket_id)
    # Asked with the lock held, so that nobody takes the publication back in between.
    seen = actor.is_staff and sees(actor, ticket_id)
    if not (seen or published().filter(ticket=ticket_id).exists()):
        raise NotFound
    return ticket


def takes_in(ticket: Ticket) -> bool:
    """Whether people may still come to it."""
    return ticket.is_open and not ticket.is_confidential and ticket.restricted_at is None


def lead_for(actor: Actor, concern: Concern, location: Location, ticket_id: int) -> Ticket | None:
    """The ticket this concern may be placed on, locked; None where it must have one of its own.

    Nobody's words are refused for it: the ticket may have ended since they saw it, or the city's rules keep this
    very concern for a circle.
    """
    with suppress(NotFound):
        ticket = known_ticket(actor, ticket_id)
        fits = takes_in(ticket) and ticket.audience == concern.audience
        if fits and not is_for_a_circle(concern, location):
            return ticket
    return None


def is_for_a_circle(concern: Concern, location: Location) -> bool:
    matter = matter_of(concern, location)
    return decide(matter, rules_for(matter)).circle is not None
