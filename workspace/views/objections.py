"""Deciding one person's objection."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from common.actor import Actor
from concerns.enums import Verb
from concerns.errors import NotFound
from concerns.models import Objection
from concerns.queries.visible import ticket_for
from workspace.desk import for_staff
from workspace.presenting.deed import Deed
from workspace.views.acting import act_named, answer


@require_http_methods(["GET", "POST"])
@for_staff
def decide(request: HttpRequest, actor: Actor, objection_id: int) -> HttpResponse:
    """The page and the decision; whether this person may see and decide is asked of the ticket."""
    waiting = Objection.objects.filter(pk=objection_id, verdict="").first()
    if waiting is None:
        raise NotFound
    ticket = ticket_for(actor, waiting.ticket_id)
    chosen = act_named("objection_id", Verb.DECIDE_OBJECTION)
    deed = Deed(actor, ticket, chosen, pk=objection_id, concern_id=waiting.concern_id)
    return answer(request, deed)
