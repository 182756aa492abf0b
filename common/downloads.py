"""Files for people: to save; only photos that we drew ourselves are shown."""

from typing import IO

from django.http import FileResponse

from common.photos import JPEG


def handed_out(
    content: IO[bytes], *, name: str, media_type: str, drawn: bool = False
) -> FileResponse:
    """The content to be saved, or, if we drew it, to stand in a page of ours.

    Were it what it does not claim to be, no browser would run it, and no other site can show it. Styles are a
    browser's own: it lays a photo that stands alone in the middle of its window.
    """
    return FileResponse(
        content,
        as_attachment=not (drawn and media_type == JPEG),
        filename=name,
        content_type=media_type,
        headers={
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
        },
    )
