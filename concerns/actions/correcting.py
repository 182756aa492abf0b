"""The ticket as worked: category, place and priority corrected, released facts put out and taken back."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.actor import Actor
from concerns.actions.desk import record, recount, take
from concerns.actions.filing import LONGEST_LINE, Place, locate_in_city, must_be_whole, title_for
from concerns.actions.safeguarding import conceal, take_back
from concerns.actions.words import write_note
from concerns.enums import Priority, Verb
from concerns.errors import Invalid, Refused
from concerns.models import Category, Publication, Ticket
from concerns.parsing import clean_line
from concerns.publishing import coarsened, may_be_published
from geography.queries import Location


@transaction.atomic
def categorise(
    *, actor: Actor, ticket_id: int, category: str, version: int | None = None
) -> Ticket:
    """Correct what it is about. Dates are counted anew; who is responsible stays (transfer that).

    A category with a circle makes an open ticket confidential, as filing under it would have.
    """
    ticket = take(actor, ticket_id, Verb.CATEGORISE, version)
    if not ticket.is_open:
        raise Refused
    known = Category.objects.filter(slug=category, retired=False, audience=ticket.audience)
    chosen = known.select_related("circle").first()
    if chosen is None:
        raise Invalid(
            _("There is no such kind of concern. Please choose one from the list."),
            field="category",
        )
    if chosen.circle and not ticket.is_confidential:
        conceal(ticket, chosen.circle, actor)
    left = ticket.category.slug if ticket.category else None
    ticket.category, ticket.kind, ticket.answers = chosen, chosen.kind, {}
    recount(ticket)
    ticket.title = title_for(chosen, ticket.address, Location(ticket.district, None))
    renew_publication(ticket)
    record(ticket, Verb.CATEGORISE, actor, data={"from": left, "category": chosen.slug})
    return ticket


@transaction.atomic
def prioritise(
    *, actor: Actor, ticket_id: int, priority: int, reason: str, version: int | None = None
) -> Ticket:
    """Put the ticket before or behind others, with a reason; the target of that priority holds from the beginning."""
    ticket = take(actor, ticket_id, Verb.PRIORITISE, version)
    if not ticket.is_open:
        raise Refused
    if priority not in Priority.values or priority == ticket.priority:
        raise Invalid(_("Please choose another priority."), field="priority")
    left, ticket.priority = ticket.priority, priority
    recount(ticket)
    note = write_note(ticket, actor, reason, field="reason")
    data = {"from": left, "priority": priority, "note": note.pk}
    record(ticket, Verb.PRIORITISE, actor, data=data)
    return ticket


@transaction.atomic
def relocate(*, actor: Actor, ticket_id: int, place: Place, version: int | None = None) -> Ticket:
    """Correct where it is; what the person said stays on their concern."""
    ticket = take(actor, ticket_id, Verb.RELOCATE, version)
    if not ticket.is_open:
        raise Refused
    must_be_whole(place)
    district = ticket.district
    if place.lat is not None and place.lon is not None:
        location = locate_in_city(place.lat, place.lon)
        district = location.quarter or location.district
    ticket.lat, ticket.lon, ticket.district = place.lat, place.lon, district
    ticket.address = clean_line(place.address, field="place.address", longest=LONGEST_LINE)
    ticket.title = title_for(ticket.category, ticket.address, Location(district, None))
    renew_publication(ticket)
    record(ticket, Verb.RELOCATE, actor, data={"district": district.pk if district else None})
    return ticket


@transaction.atomic
def publish(*, actor: Actor, ticket_id: int, version: int | None = None) -> Publication:
    """Release category, coarsened place and public state; never words or photos, those need a release of their own."""
    ticket = take(actor, ticket_id, Verb.PUBLISH, version)
    if not may_be_published(ticket):
        raise Refused(_("Confidential, internal and restricted matters are never published."))
    if ticket.publications.filter(withdrawn_at__isnull=True).exists():
        raise Refused
    publication = Publication.objects.create(
        ticket=ticket, released_by=actor.ref, **released_facts(ticket)
    )
    record(ticket, Verb.PUBLISH, actor, data={"publication": publication.pk})
    return publication


def released_facts(ticket: Ticket) -> dict[str, Any]:
    return {
        "category": ticket.category,
        "lat": coarsened(ticket.lat),
        "lon": coarsened(ticket.lon),
    }


def renew_publication(ticket: Ticket) -> None:
    """What is published of a ticket follows its corrections; what was taken back stays as it was (one statement)."""
    published = Publication.objects.filter(ticket=ticket, withdrawn_at__isnull=True)
    published.update(**released_facts(ticket))


@transaction.atomic
def unpublish(*, actor: Actor, ticket_id: int, version: int | None = None) -> Ticket:
    """Take back what was released; nobody outside sees it from now on."""
    ticket = take(actor, ticket_id, Verb.UNPUBLISH, version)
    if not take_back(ticket, actor):
        raise Refused
    record(ticket, Verb.UNPUBLISH, actor)
    return ticket
