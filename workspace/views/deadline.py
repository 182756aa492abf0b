"""Why a ticket is due when it is."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from common.actor import Actor
from concerns.queries.clock import explanation
from workspace.desk import for_staff, page
from workspace.presenting.explanation import sentences
from workspace.presenting.glance import url_of


@require_GET
@for_staff
def show(request: HttpRequest, actor: Actor, ticket_id: int) -> HttpResponse:
    """How first response and result came to their dates, sentence by sentence."""
    explained = explanation(actor, ticket_id)
    ticket = explained.ticket
    dates = [
        ("first-response", _("First response"), explained.first_response),
        ("resolution", _("Result"), explained.resolution),
    ]
    context = {
        "ticket": {"number": ticket.pk, "title": ticket.title, "url": url_of(ticket)},
        "dates": [
            {"key": key, "heading": heading, "sentences": sentences(lines, explained)}
            for key, heading, lines in dates
        ],
    }
    return page(request, actor, "workspace/deadline.html", context)
