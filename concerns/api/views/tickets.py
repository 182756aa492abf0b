"""/api/v1/tickets/: what staff see, and everything they do with a ticket."""

import inspect

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from concerns.actions.by_verb import Act
from concerns.actions.proving import Proof
from concerns.api.acts import BY_SLUG, wanted_by
from concerns.api.pages import paged, place_in
from concerns.api.preconditions import entity_tag, version_named
from concerns.api.schema import DescribedByTable, Operation
from concerns.api.serializers.labels import drawn
from concerns.api.serializers.listing import ListQuery, asked_in
from concerns.api.serializers.tickets import (
    ChangedOutput,
    TicketDetailOutput,
    TicketPage,
    changed,
)
from concerns.api.views.doors import Door
from concerns.errors import NotFound
from concerns.models import Ticket
from concerns.queries.allowed import allowed_actions
from concerns.queries.listing import page_by
from concerns.queries.placements import ticket_in_company
from concerns.queries.tickets import ticket_detail

OK, NO_CONTENT = 200, 204
ETAG = OpenApiParameter(
    "ETag", OpenApiTypes.STR, OpenApiParameter.HEADER, response=True, description='`"v<version>"`'
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the ticket the decision was made on.",
)


class ListTickets(Door):
    """The tickets this person may know of; all filters given must hold."""

    @extend_schema(
        operation_id="list_tickets",
        summary="Tickets this person sees",
        parameters=[ListQuery],
        responses=TicketPage,
        tags=["tickets"],
    )
    def get(self, request: Request) -> HttpResponse:
        asked = asked_in(request.query_params, ListQuery)
        order, size = asked.pop("order"), asked.pop("limit")
        listed = f"tickets by {order}"
        place = place_in(asked.pop("cursor", None), listed)
        page = page_by(self.actor, asked, order, size=size, place=place)
        return paged(request, page, listed)


class ShowTicket(Door):
    """The ticket with its concerns, conversation and course, and the acts this person may do now."""

    @extend_schema(
        operation_id="ticket",
        summary="Everything about one ticket",
        parameters=[ETAG],
        responses=TicketDetailOutput,
        tags=["tickets"],
    )
    def get(self, request: Request, ticket_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        detail = ticket_detail(self.actor, ticket_id)
        tag = entity_tag(detail.ticket.version)
        return Response(drawn(TicketDetailOutput, detail), headers={"ETag": tag})


class ActOnTicket(Door):
    """One act of the table: read what it wants, do it, say what became of the ticket."""

    slug = ""
    schema = DescribedByTable()

    @property
    def act(self) -> Act:
        return BY_SLUG[self.slug]

    @property
    def operation(self) -> Operation:
        return Operation(
            name=f"ticket_{self.slug.replace('-', '_')}",
            summary=self.slug.replace("-", " ").capitalize(),
            wants=wanted_by(self.act),
            answers={
                OK: ChangedOutput,
                NO_CONTENT: OpenApiResponse(description="Done, and no longer yours to see."),
            },
            tag="acts on tickets",
            story=inspect.getdoc(self.act.action) or "",
            parameters=(IF_MATCH, ETAG),
        )

    def post(self, request: Request, ticket_id: int) -> Response:
        version = version_named(request)
        context = {"actor": self.actor, "ticket_id": ticket_id}
        given = wanted_by(self.act)(data=request.data, context=context)
        given.is_valid(raise_exception=True)
        said = dict(given.validated_data)
        pk = said.pop(self.act.on, ticket_id)
        return self.became(ticket_id, self.act.do(self.actor, pk, version, said))

    def became(self, ticket_id: int, result: object) -> Response:
        try:
            ticket, there = ticket_in_company(self.actor, ticket_id)
        except NotFound:
            return Response(status=NO_CONTENT)
        allowed = allowed_actions(self.actor, ticket, there)
        other = result.pk if isinstance(result, Ticket) and result.pk != ticket_id else None
        body = changed(ticket, allowed, other)
        body["pin"] = result.pin if isinstance(result, Proof) else None
        return Response(body, headers={"ETag": entity_tag(ticket.version)})
