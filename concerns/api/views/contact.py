"""/api/v1/concerns/{reference}/contact/: how the person of a concern is reached, and whether they want mails."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from concerns.actions.own_contact import change_own_contact
from concerns.api.preconditions import tag_named
from concerns.api.serializers.own import OwnContactInput, OwnContactOutput, contact_shown
from concerns.api.views.doors import OwnDoor
from concerns.queries.contact import own_contact

DONE = 204
ETAG = OpenApiParameter("ETag", OpenApiTypes.STR, OpenApiParameter.HEADER, response=[200])
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the contact data that are replaced; the city may correct them as well.",
)


class OwnContactData(OwnDoor):
    """Each look is written down, as every look at contact data is."""

    @extend_schema(
        operation_id="own_contact",
        summary="My contact data",
        parameters=[ETAG],
        responses=OwnContactOutput,
        tags=["concerns"],
    )
    def get(self, request: Request, reference: str) -> Response:  # noqa: ARG002 - proven by ConcernProof
        own = own_contact(self.actor)
        return Response(contact_shown(own), headers={"ETag": f'"{own.tag}"'})

    @extend_schema(
        operation_id="change_own_contact",
        summary="Replace my contact data, and choose whether I want mails",
        description="A new e-mail address is asked for confirmation; until then it gets nothing else.",
        parameters=[IF_MATCH],
        request=OwnContactInput,
        responses={DONE: None},
        tags=["concerns"],
    )
    def put(self, request: Request, reference: str) -> Response:  # noqa: ARG002 - proven by ConcernProof
        tag = tag_named(request)
        given = OwnContactInput(data=request.data)
        given.is_valid(raise_exception=True)
        contact = dict(given.validated_data)
        change_own_contact(
            actor=self.actor,
            concern_id=self.concern_id,
            wants_mail=contact.pop("wants_mail"),
            contact=contact,
            seen=None if tag is None else tag.strip('"'),
        )
        return Response(status=DONE)
