"""Tickets that may be the same matter as one, side by side with it; whether they are, a person decides."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from common.actor import Actor
from common.words import in_language
from concerns.enums import State, Verb
from concerns.models import Ticket
from concerns.queries.allowed import allowed_actions
from concerns.queries.placements import ticket_in_company
from concerns.queries.similar import Similar, matter_of, similar_to
from workspace.desk import for_staff, page
from workspace.presenting.glance import url_of


@require_GET
@for_staff
def show(request: HttpRequest, actor: Actor, ticket_id: int) -> HttpResponse:
    """What each has in common with the ticket, most alike first, and the way to join it."""
    ticket, there = ticket_in_company(actor, ticket_id)
    may_join = Verb.JOIN in allowed_actions(actor, ticket, there)
    context = {
        "ticket": {"number": ticket.pk, "title": ticket.title, "url": url_of(ticket)},
        "words": matter_of(ticket).words,
        "similar": [candidate(ticket, one, may_join=may_join) for one in similar_to(actor, ticket)],
    }
    return page(request, actor, "workspace/similar.html", context)


def candidate(ticket: Ticket, one: Similar, *, may_join: bool) -> dict[str, Any]:
    row = one.row
    join = reverse("workspace:act", args=[ticket.pk, "join"])
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
        "join_url": f"{join}?lead={row['id']}&version={ticket.version}" if may_join else "",
    }
