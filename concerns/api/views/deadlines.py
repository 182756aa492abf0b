"""Why a ticket is due when it is, for staff who see it."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from concerns.api.serializers.deadlines import DeadlinesOutput, told
from concerns.api.serializers.labels import drawn
from concerns.api.views.doors import Door
from concerns.queries.clock import explanation


class Deadlines(Door):
    """Both dates of a ticket, and line by line how each came about.

    The lines lead to the date: `due` is where a line leaves it, `moved_seconds` by how much it moved it. What each code
    means and which values it has stands in the description of `code`.
    """

    @extend_schema(
        operation_id="ticket_deadline",
        summary="How the dates of a ticket came about",
        responses=DeadlinesOutput,
        tags=["tickets"],
    )
    def get(self, request: Request, ticket_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(drawn(DeadlinesOutput, told(explanation(self.actor, ticket_id))))
