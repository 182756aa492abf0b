"""Tickets that may be the same matter as one, side by side with it; whether they are, a person decides."""

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from common.actor import Actor
from common.words import in_language
from concerns.enums import Finding, State, Verb
from concerns.models import Comparison, Ticket
from concerns.queries.allowed import allowed_actions
from concerns.queries.placements import ticket_in_company
from concerns.queries.similar import Similar, compared_before, matter_of, similar_to
from workspace.desk import for_staff, page
from workspace.presenting.glance import url_of

OTHER = {Verb.JOIN: "lead", Verb.COMPARE: "other"}


@require_GET
@for_staff
def show(request: HttpRequest, actor: Actor, ticket_id: int) -> HttpResponse:
    """What each has in common with the ticket, most alike first, and the way to join it."""
    ticket, there = ticket_in_company(actor, ticket_id)
    allowed = allowed_actions(actor, ticket, there)
    context = {
        "ticket": {"number": ticket.pk, "title": ticket.title, "url": url_of(ticket)},
        "words": matter_of(ticket).words,
        "similar": [candidate(ticket, one, allowed) for one in similar_to(actor, ticket)],
        "decided": [decision(ticket, one, allowed) for one in compared_before(actor, ticket)],
    }
    return page(request, actor, "workspace/similar.html", context)


def candidate(ticket: Ticket, one: Similar, allowed: Collection[Verb]) -> dict[str, Any]:
    row = one.row
    return {
        "number": row["id"],
        "title": row["title"],
        "url": reverse("workspace:ticket", args=[row["id"]]),
        "state": State(row["state"]).label,
        "department": in_language(row["department__names"]) if row["department__names"] else "",
        "filed_at": row["created_at"],
        "concern_count": row["concern_count"],
        "words": row["words"] or "",
        "reasons": ", ".join(one.likeness.reasons),
        "join_url": way_to(Verb.JOIN, ticket, row["id"], allowed),
        "compare_url": way_to(Verb.COMPARE, ticket, row["id"], allowed),
    }


def decision(ticket: Ticket, one: Comparison, allowed: Collection[Verb]) -> dict[str, Any]:
    other = one.second if one.first_id == ticket.pk else one.first
    changes = "" if one.finding == Finding.SAME else way_to(Verb.COMPARE, ticket, other.pk, allowed)
    return {
        "title": other.title,
        "url": url_of(other),
        "finding": Finding(one.finding).label,
        "at": one.decided_at,
        "compare_url": changes,
    }


def way_to(verb: Verb, ticket: Ticket, other: int, allowed: Collection[Verb]) -> str:
    """The page of an act on both tickets, filled in as far as it is known; "" for who may not."""
    if verb not in allowed:
        return ""
    act = reverse("workspace:act", args=[ticket.pk, verb.value])
    return f"{act}?{OTHER[verb]}={other}&version={ticket.version}"
