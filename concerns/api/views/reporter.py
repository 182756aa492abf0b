"""/api/v1/tickets/{id}/contact/{reference}/: whose concern it is; every look is on record."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import Scope
from concerns.api.serializers.fields import Query
from concerns.api.serializers.listing import asked_in
from concerns.api.views.doors import Door
from concerns.queries.contact import contact_named

PURPOSES = ("call_back", "letter", "visit", "ticket")
GIVEN = ("name", "email", "phone")


class ContactQuery(Query):
    purpose = serializers.ChoiceField(
        choices=[(code, code) for code in PURPOSES],
        help_text="What for: to call or write to the person, to meet them, or otherwise to work on the ticket.",
    )


class ContactOutput(serializers.Serializer[Any]):
    """Null is what the person did not give."""

    name = serializers.CharField(allow_null=True)
    email = serializers.CharField(allow_null=True)
    phone = serializers.CharField(allow_null=True)


class ShowReporter(Door):
    """Name, e-mail address and phone number of the person of one concern on a ticket one sees.

    Who looked, when and what for is kept, and the person can be told.
    """

    reading = Scope.CONTACT

    @extend_schema(
        operation_id="ticket_contact",
        summary="Contact data of a person",
        parameters=[ContactQuery],
        responses=ContactOutput,
        tags=["tickets"],
    )
    def get(self, request: Request, ticket_id: int, reference: str) -> Response:
        purpose = asked_in(request.query_params, ContactQuery)["purpose"]
        contact = contact_named(self.actor, ticket_id, reference, purpose=purpose)
        return Response({name: contact.get(name) or None for name in GIVEN})
