"""Files of a concern, for those who see its ticket."""

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_GET

from common.actor import Actor
from common.downloads import handed_out
from concerns.queries.files import attachment_for, content_of
from workspace.desk import for_staff


@require_GET
@for_staff
def show(request: HttpRequest, actor: Actor, file_id: UUID) -> FileResponse:
    """The file, to be saved; a photo with `?size=` to be shown."""
    found = attachment_for(actor, file_id)
    size = request.GET.get("size", "")
    content = content_of(found, size=size)
    return handed_out(content, name=found.name, media_type=found.media_type, drawn=bool(size))
