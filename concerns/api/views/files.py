"""Files of a concern, for its person and for staff who see its ticket; nobody gets one by any other address."""

from uuid import UUID

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from common.downloads import handed_out
from common.idempotency import Answer
from common.photos import SIZES
from concerns.actions.attaching import attach
from concerns.api.once import KEY_HEADER, once, replayed
from concerns.api.parts import TakesFiles, is_form, parts_of
from concerns.api.serializers.files import (
    FileListOutput,
    TicketFileListOutput,
    file_shown,
    ticket_file_shown,
)
from concerns.api.serializers.filing import FilesInput
from concerns.api.views.doors import Door, OwnDoor
from concerns.api.views.filing import count_uploads
from concerns.models import Attachment
from concerns.queries.files import LISTED, attachment_for, content_of, files_on, own_files

CREATED = 201
CONTENT = {
    (200, "application/octet-stream"): OpenApiTypes.BINARY,
    (200, "image/jpeg"): OpenApiTypes.BINARY,
}
SIZE = OpenApiParameter(
    "size",
    enum=list(SIZES),
    description="For a photo: this size of it, to be shown. Without it, any file is there to be saved.",
)


def handed_to(request: Request, found: Attachment) -> FileResponse:
    size = request.query_params.get("size", "")
    content = content_of(found, size=size)
    return handed_out(content, name=found.name, media_type=found.media_type, drawn=bool(size))


class OwnFiles(TakesFiles, OwnDoor):
    throttle_scope = "filing"

    @extend_schema(
        operation_id="own_files",
        summary="The files of my concern",
        responses=FileListOutput,
        tags=["concerns"],
    )
    def get(self, request: Request, reference: str) -> Response:  # noqa: ARG002 - proven by ConcernProof
        rows = own_files(self.actor)
        return Response({"results": [file_shown(row, self.url_of(row["id"])) for row in rows]})

    @extend_schema(
        operation_id="add_files_to_own_concern",
        summary="Add files to my concern",
        parameters=[KEY_HEADER],
        request={"multipart/form-data": FilesInput},
        responses={CREATED: FileListOutput},
        tags=["concerns"],
    )
    def post(self, request: Request, reference: str) -> Response:  # noqa: ARG002 - proven by ConcernProof
        if not is_form(request):
            raise UnsupportedMediaType(request.content_type)
        answer = once(request, self.add)
        return Response(answer.body, status=answer.status, headers=replayed(answer))

    def add(self) -> Answer:
        given = FilesInput(data=parts_of(self.request))
        given.is_valid(raise_exception=True)
        uploads = given.validated_data["files"]
        count_uploads(self.request, uploads)
        added = attach(actor=self.actor, concern_id=self.concern_id, uploads=uploads)
        rows = [{name: getattr(one, name) for name in LISTED} for one in added]
        return Answer(
            CREATED, {"results": [file_shown(row, self.url_of(row["id"])) for row in rows]}
        )

    def url_of(self, file_id: UUID) -> str:
        return reverse(
            "api-own-file", args=[self.kwargs["reference"], file_id], request=self.request
        )


class OwnFile(OwnDoor):
    @extend_schema(
        operation_id="own_file",
        summary="A file of my concern",
        parameters=[SIZE],
        responses=CONTENT,
        tags=["concerns"],
    )
    def get(self, request: Request, reference: str, file_id: UUID) -> FileResponse:  # noqa: ARG002 - proven by ConcernProof
        return handed_to(request, attachment_for(self.actor, file_id))


class TicketFiles(Door):
    @extend_schema(
        operation_id="ticket_files",
        summary="The files of all concerns on a ticket",
        responses=TicketFileListOutput,
        tags=["tickets"],
    )
    def get(self, request: Request, ticket_id: int) -> Response:
        rows = files_on(self.actor, ticket_id)
        shown = [
            ticket_file_shown(
                row, reverse("api-ticket-file", args=[ticket_id, row["id"]], request=request)
            )
            for row in rows
        ]
        return Response({"results": shown})


class TicketFile(Door):
    @extend_schema(
        operation_id="ticket_file",
        summary="A file of a concern on a ticket",
        parameters=[SIZE],
        responses=CONTENT,
        tags=["tickets"],
    )
    def get(self, request: Request, ticket_id: int, file_id: UUID) -> FileResponse:
        return handed_to(request, attachment_for(self.actor, file_id, ticket_id=ticket_id))
