"""/api/v1/tickets/: what staff see, and everything they do with a ticket."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from concerns.api.acts import TABLE, Act, arguments
from concerns.api.pages import NewestFirst
from concerns.api.preconditions import entity_tag, version_named
from concerns.api.schema import DescribedByTable, Operation
from concerns.api.serializers.listing import ListQuery, filters_in
from concerns.api.serializers.tickets import (
    ChangedOutput,
    TicketDetailOutput,
    TicketRow,
    changed,
)
from concerns.api.views.doors import Door
from concerns.errors import NotFound
from concerns.models import Ticket
from concerns.queries.allowed import allowed_actions
from concerns.queries.listing import tickets_by
from concerns.queries.placements import company
from concerns.queries.tickets import ticket_detail
from concerns.queries.visible import ticket_for

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

    pagination_class = NewestFirst

    @extend_schema(
        operation_id="list_tickets",
        summary="Tickets this person sees, newest first",
        parameters=[ListQuery],
        responses=TicketRow(many=True),
        tags=["tickets"],
    )
    def get(self, request: Request) -> Response:
        pages = NewestFirst()
        found = tickets_by(self.actor, filters_in(request.query_params))
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(TicketRow(page, many=True).data)


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
        return Response(TicketDetailOutput(detail).data, headers={"ETag": tag})


class ActOnTicket(Door):
    """One row of the table: read what it wants, do it, say what became of the ticket."""

    act: Act = TABLE[0]
    schema = DescribedByTable()

    @property
    def operation(self) -> Operation:
        return Operation(
            name=f"ticket_{self.act.slug.replace('-', '_')}",
            summary=self.act.slug.replace("-", " ").capitalize(),
            wants=self.act.wants,
            answers={
                OK: ChangedOutput,
                NO_CONTENT: OpenApiResponse(description="Done, and no longer yours to see."),
            },
            tag="acts on tickets",
            story=self.act.story,
            parameters=(IF_MATCH, ETAG),
        )

    def post(self, request: Request, ticket_id: int) -> Response:
        version = version_named(request)
        given = self.act.wants(
            data=request.data, context={"actor": self.actor, "ticket_id": ticket_id}
        )
        given.is_valid(raise_exception=True)
        keywords = arguments(self.act, ticket_id, version, given.validated_data)
        result = self.act.action(actor=self.actor, **keywords)
        return self.became(ticket_id, result)

    def became(self, ticket_id: int, result: object) -> Response:
        try:
            ticket = ticket_for(self.actor, ticket_id)
        except NotFound:
            return Response(status=NO_CONTENT)
        allowed = allowed_actions(self.actor, ticket, company(ticket))
        other = result.pk if isinstance(result, Ticket) and result.pk != ticket_id else None
        body = changed(ticket, allowed, other)
        return Response(body, headers={"ETag": entity_tag(ticket.version)})
