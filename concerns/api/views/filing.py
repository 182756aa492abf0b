"""POST /api/v1/concerns/: anybody says something, once."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from common.idempotency import Answer
from common.network import network_of
from concerns.actions.attaching import count_files
from concerns.actions.filing import Filed, Filing, file_concern
from concerns.actions.uploads import Upload
from concerns.api.once import KEY_HEADER, once, replayed
from concerns.api.parts import FILES, TakesFiles, is_form, parts_of
from concerns.api.serializers.filing import FiledOutput, FilingForm, FilingInput, filing_from
from concerns.api.views.doors import OpenDoor
from concerns.errors import Invalid
from concerns.publishing import concern_state
from concerns.queries.own import next_date
from concerns.references import PIN_MARK, TRACKING_URL_MARK, fill_marks

CREATED = 201


class FileConcern(TakesFiles, OpenDoor):
    """Anybody may file a concern; with an API key or signed in, employees also file internal ones.

    With files it is sent as a form: the concern as the part `concern`, in JSON, and each file as a part `files`.
    """

    throttle_scope = "filing"

    @extend_schema(
        operation_id="file_concern",
        summary="File a concern",
        parameters=[KEY_HEADER],
        request={"application/json": FilingInput, "multipart/form-data": FilingForm},
        responses={CREATED: FiledOutput},
        tags=["concerns"],
    )
    def post(self, request: Request) -> Response:
        return shown(request, once(request, self.file))

    def file(self) -> Answer:
        if is_form(self.request):
            return self.file_form()
        given = FilingInput(data=self.request.data)
        given.is_valid(raise_exception=True)
        return self.filed(filing_from(given.validated_data))

    def file_form(self) -> Answer:
        given = FilingForm(data=parts_of(self.request))
        given.is_valid(raise_exception=True)
        files = given.validated_data.get("files", [])
        count_uploads(self.request, files)
        try:
            return self.filed(filing_from(given.validated_data["concern"], files))
        except Invalid as refusal:
            if refusal.field.partition(".")[0] != FILES:
                refusal.field = f"concern.{refusal.field}"
            raise

    def filed(self, filing: Filing) -> Answer:
        return answer_for(file_concern(actor=self.actor, filing=filing))


def count_uploads(request: Request, files: Sequence[Upload]) -> None:
    """Who comes with an API key or signed in is known, and files for many."""
    if not request.user.is_authenticated:
        count_files(network=network_of(request._request), count=len(files))  # noqa: SLF001 - DRF's name for Django's request


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
    headers = replayed(answer)
    headers["Location"] = reverse(
        "api-own-concern", args=[answer.filling["reference"]], request=request
    )
    return Response(filled(answer), status=answer.status, headers=headers)


def filled(answer: Answer) -> dict[str, Any]:
    return {
        name: fill_marks(value, **answer.filling) if isinstance(value, str) else value
        for name, value in answer.body.items()
    }
