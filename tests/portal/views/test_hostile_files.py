"""Files that people with bad intentions send through the citizens' pages."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from concerns.models import Attachment, Concern
from tests.portal.views.test_filing import at_check, step_of
from tests.support.files import DOCX, HTML, JPEG, PDF, PNG, SVG, photo, store, stored_in
from tests.support.pages import Page, Visitor
from tests.support.photos import bomb
from tests.support.town import Town

__all__ = ["store"]

MARKUP = "<img src=x onerror=alert(1)>{% now 'Y' %}{{ csrf_token }}"
NOT_TAKEN = "Files of this kind cannot be taken."
TOO_LARGE = "A photo can have up to 70 megapixels."


def pressed(visitor: Visitor, said: Mapping[str, object]) -> Page:
    """A step of the report, sent as a browser sends it with files."""
    answer = visitor.client.post("/report/", said, follow=True)
    chain = answer.redirect_chain
    return Page(answer.status_code, chain[-1][0] if chain else "/report/", answer.content.decode())


def sent(visitor: Visitor, *files: SimpleUploadedFile) -> Page:
    """The last button, with files."""
    return pressed(visitor, {**at_check(visitor).form("step").fields, "uploads": files})


def named(name: str, content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HTML, NOT_TAKEN),
        (SVG, NOT_TAKEN),
        (b"\xff\xd8\xff\xe0" + HTML, "This photo is incomplete or damaged."),
        (bomb("image/png"), TOO_LARGE),
        (bomb("image/gif"), TOO_LARGE),
        (b"", "This file is empty."),
    ],
    ids=["html", "svg", "html behind a signature", "png bomb", "gif bomb", "empty"],
)
def test_what_only_calls_itself_a_photo_is_refused_with_everything_typed(
    asking: Town, visitor: Visitor, store: Path, content: bytes, said: str
) -> None:
    page = sent(visitor, named("tree.jpg", JPEG), named("hole.jpg", content))

    assert (page.status, step_of(page)) == (422, "check")
    assert said in page.words
    assert page.form("step")["address"] == "Quay Street 5"
    assert (Concern.objects.count(), list(stored_in(store))) == (0, [])


def test_thirty_photos_are_too_many(asking: Town, visitor: Visitor, store: Path) -> None:
    page = sent(visitor, *[named(f"{number}.png", PNG) for number in range(30)])

    assert page.status == 422
    assert "A concern can have up to 10 files." in page.words
    assert (Concern.objects.count(), list(stored_in(store))) == (0, [])


def test_a_photo_of_fifty_megapixels_is_taken(asking: Town, visitor: Visitor, store: Path) -> None:
    page = sent(visitor, named("tree.jpg", photo(size=(8660, 5780))))

    assert page.heading == "Thank you. We have your concern."
    assert Attachment.objects.get().media_type == "image/jpeg"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../../etc/passwd", "passwd.pdf"),
        ("..\\\\..\\\\boot.ini", "boot.ini.pdf"),
        ("/etc/cron.d/x", "x.pdf"),
        ("plan\0.pdf", "plan.pdf"),
        ("plan\u202efdp.exe", "planfdp.exe.pdf"),
        ("%2e%2e%2fplan.pdf", "%2e%2e%2fplan.pdf"),
        ("CON", "CON.pdf"),
    ],
)
def test_a_name_leads_nowhere(
    asking: Town, visitor: Visitor, store: Path, given: str, kept: str
) -> None:
    part = '--B\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    said = "".join(
        f"{part.format(name, '')}{values[0]}\r\n"
        for name, values in at_check(visitor).form("step").fields.items()
    )
    head = part.format("uploads", f'; filename="{given}"')
    body = f"{said}{head}".encode() + PDF + b"\r\n--B--\r\n"

    visitor.client.post("/report/", body, content_type="multipart/form-data; boundary=B")

    stored = Attachment.objects.get()
    assert stored.name == kept
    assert list(stored_in(store)) == [store / stored.file.name]
    assert kept not in stored.file.name


def test_a_pdf_that_is_a_page_too_is_saved_and_never_shown(
    asking: Town, visitor: Visitor, store: Path
) -> None:
    sent(visitor, named("plan.html", PDF + HTML + DOCX))
    kept = Attachment.objects.get()
    reference = Concern.objects.get().reference

    answer = visitor.client.get(f"/concerns/{reference}/files/{kept.pk}/")

    assert b"".join(answer.streaming_content) == PDF + HTML + DOCX
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/pdf",
        'attachment; filename="plan.html.pdf"',
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].endswith("sandbox")
