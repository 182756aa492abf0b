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
from workspace.desk import for_staff
from workspace.forms import DecideForm
from workspace.views.acting import answer, version_in


@require_http_methods(["GET", "POST"])
@for_staff
def decide(request: HttpRequest, actor: Actor, objection_id: int) -> HttpResponse:
    """The page and the decision; whether this person may see and decide is asked of the ticket."""
    ticket_id = (
        Objection.objects.filter(pk=objection_id, verdict="")
        .values_list("ticket", flat=True)
        .first()
    )
    if ticket_id is None:
        raise NotFound

    def do(said: Mapping[str, Any]) -> object:
        return decide_objection(
            actor=actor, objection_id=objection_id, version=version_in(request), **said
        )

    return answer(request, actor, ticket_id, Verb.DECIDE_OBJECTION, DecideForm, do)
