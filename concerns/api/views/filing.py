"""POST /api/v1/concerns/: anybody says something, once."""

import re
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api.scopes import InScope
from accounts.enums import Scope
from accounts.models import ApiKey, User
from common.actor import Actor, ActorKind
from common.idempotency import Answer, Once, answer_once, fingerprint, hashed_client
from common.network import network_of
from concerns.actions.filing import Filed, file_concern
from concerns.api.serializers.filing import FiledOutput, FilingInput, filing_from
from concerns.api.views.doors import Door
from concerns.publishing import concern_state
from concerns.queries.own import next_date
from concerns.references import PIN_MARK, TRACKING_URL_MARK, fill_marks

CREATED = 201
# A structured-field string or the bare value: 1 to 255 visible signs of ASCII, no quotes within.
KEY = re.compile(r'(?P<quote>"?)(?P<key>[\x21\x23-\x7e]{1,255})(?P=quote)')
KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="A random value of yours, best a UUID. The same request with the same key is carried out once and "
    "answered alike for 24 hours, then with `Idempotency-Replayed: true`.",
)


class KeyMissing(APIException):
    status_code = 400
    default_code = "key_missing"
    default_detail = _(
        "Please send an Idempotency-Key of 1 to 255 signs, best a new UUID, so that nothing is filed twice."
    )


class FileConcern(Door):
    """Anybody may file a concern; with an API key or signed in, employees also file internal ones."""

    permission_classes = (InScope,)
    writing = Scope.FILE
    throttle_scope = "filing"

    @extend_schema(
        operation_id="file_concern",
        summary="File a concern",
        parameters=[KEY_HEADER],
        request=FilingInput,
        responses={CREATED: FiledOutput},
        tags=["concerns"],
    )
    def post(self, request: Request) -> Response:
        once = Once(
            client=client_of(request),
            key=key_of(request),
            fingerprint=fingerprint("POST", request.path, request.body),
        )
        return shown(request, answer_once(once, self.file))

    @cached_property
    def actor(self) -> Actor:
        """Filing asks only whether somebody works here, so that their grants need not be fetched."""
        user = self.request.user
        if not isinstance(user, User):
            return Actor.anonymous()
        return Actor(kind=ActorKind.STAFF, ref=user.ref_id, user_id=user.pk)

    def file(self) -> Answer:
        given = FilingInput(data=self.request.data)
        given.is_valid(raise_exception=True)
        return answer_for(file_concern(actor=self.actor, filing=filing_from(given.validated_data)))


def client_of(request: Request) -> str:
    """Whose requests share their keys: a program, a person signed in, or else everybody in one network."""
    if isinstance(request.auth, ApiKey):
        return hashed_client(f"key:{request.auth.pk}")
    if request.user.is_authenticated:
        return hashed_client(f"user:{request.user.pk}")
    return hashed_client(f"network:{network_of(request._request)}")  # noqa: SLF001 - DRF's name for Django's request


def key_of(request: Request) -> str:
    given = KEY.fullmatch(request.headers.get("Idempotency-Key", "").strip())
    if given is None:
        raise KeyMissing
    return given["key"]


def answer_for(filed: Filed) -> Answer:
    """The answer as it is stored: marks stand where its secrets will."""
    concern = filed.concern
    date = next_date(filed.ticket)
    body = {
        "reference": concern.reference,
        "pin": PIN_MARK,
        "tracking_url": TRACKING_URL_MARK,
        "state": str(concern_state(concern, filed.ticket)),
        "next_date": date.isoformat() if date else None,
    }
    filling = {
        "reference": concern.reference,
        "concern_id": concern.pk,
        "generation": concern.generation,
    }
    return Answer(CREATED, body, filling)


def shown(request: Request, answer: Answer) -> Response:
    headers = {"Idempotency-Replayed": "true"} if answer.replayed else {}
    headers["Location"] = reverse(
        "api-own-concern", args=[answer.filling["reference"]], request=request
    )
    return Response(filled(answer), status=answer.status, headers=headers)


def filled(answer: Answer) -> dict[str, Any]:
    return {
        name: fill_marks(value, **answer.filling) if isinstance(value, str) else value
        for name, value in answer.body.items()
    }
