"""Files for people to save."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse


def handed_out(file: FieldFile, *, name: str, media_type: str) -> FileResponse:
    """The content, to be saved and not shown: were it what it does not claim to be, no browser would run it."""
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=media_type,
        headers={
            "Content-Security-Policy": "sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )
