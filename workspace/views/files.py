"""Files of a concern, for those who see its ticket."""

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_GET

from common.actor import Actor
from common.downloads import handed_out
from concerns.queries.files import attachment_for
from workspace.desk import for_staff


@require_GET
@for_staff
def show(request: HttpRequest, actor: Actor, file_id: UUID) -> FileResponse:  # noqa: ARG001 - Django's signature
    """The file, to be saved."""
    found = attachment_for(actor, file_id)
    return handed_out(found.file, name=found.name, media_type=found.media_type)
