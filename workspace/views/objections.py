"""Deciding one person's objection."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from common.actor import Actor
from concerns.actions.ending import decide_objection
from concerns.enums import Verb
from concerns.errors import NotFound
from concerns.models import Objection
from concerns.queries.visible import ticket_for
from workspace.desk import for_staff
from workspace.forms import DecideForm
from workspace.presenting.deed import Deed
from workspace.views.acting import answer, version_in


@require_http_methods(["GET", "POST"])
@for_staff
def decide(request: HttpRequest, actor: Actor, objection_id: int) -> HttpResponse:
    """The page and the decision; whether this person may see and decide is asked of the ticket."""
    waiting = Objection.objects.filter(pk=objection_id, verdict="").first()
    if waiting is None:
        raise NotFound
    version = version_in(request)

    def do(said: Mapping[str, Any]) -> object:
        return decide_objection(actor=actor, objection_id=objection_id, version=version, **said)

    ticket = ticket_for(actor, waiting.ticket_id)
    verb = Verb.DECIDE_OBJECTION
    deed = Deed(actor, ticket, verb, DecideForm, do, concern_id=waiting.concern_id)
    return answer(request, deed)
