"""One's own contact data and files, for their author alone."""

import errno

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from common.actor import Actor
from common.models import ViewLog
from concerns.actions.contact import correct_contact
from concerns.actions.filing import Filed
from concerns.actions.preparing import prepare_due
from concerns.models import Attachment, Concern
from concerns.models.attachment import attachment_storage
from concerns.queries.contact import contact_of
from concerns.references import tracking_token
from tests.portal.views.test_filing import begun, on
from tests.support.files import PDF, PNG, photo
from tests.support.pages import Page, Visitor
from tests.support.town import Town, file


@pytest.fixture
def mine(town: Town) -> Filed:
    return file(email="rita@people.example", name="Rita Roe")


def entered(visitor: Visitor, filed: Filed) -> str:
    token = tracking_token(filed.concern.pk, filed.concern.generation)
    visitor.open(f"/concerns/{filed.concern.reference}/t/{token}/")
    return f"/concerns/{filed.concern.reference}/"


def known(filed: Filed) -> dict[str, str]:
    concern = Concern.objects.select_related("reporter").get(pk=filed.concern.pk)
    assert concern.reporter is not None
    return contact_of(Actor.system(), concern.reporter, purpose="test")


def test_contact_data_are_shown_logged_and_changed(mine: Filed, visitor: Visitor) -> None:
    path = entered(visitor, mine)
    page = visitor.open(f"{path}contact/")

    assert page.form("wants_mail")["email"] == "rita@people.example"
    assert ViewLog.objects.filter(purpose="own").count() == 1
    page = visitor.press(page, page.form("wants_mail"), name="Rita Ray", wants_mail=None)
    assert page.url == path
    assert "Your contact data have been changed." in page.words
    assert known(mine)["name"] == "Rita Ray"
    assert Concern.objects.get().reporter.wants_mail is False


def test_a_wrong_address_is_said_at_its_field_and_kept(mine: Filed, visitor: Visitor) -> None:
    page = visitor.open(f"{entered(visitor, mine)}contact/")
    page = visitor.press(page, page.form("wants_mail"), email="rita@", phone="01632 960123")

    assert (page.status, page.form("wants_mail")["phone"]) == (422, "01632 960123")
    assert page.error("email").startswith("This is no complete e-mail address.")
    assert known(mine)["email"] == "rita@people.example"


def test_what_the_city_corrected_meanwhile_is_not_overwritten(
    town: Town, mine: Filed, visitor: Visitor
) -> None:
    page = visitor.open(f"{entered(visitor, mine)}contact/")
    correct_contact(
        actor=town.actor("carl"),
        concern_id=mine.concern.pk,
        contact={"email": "new@people.example"},
    )
    page = visitor.press(page, page.form("wants_mail"), name="Rita Ray")

    assert page.status == 422
    assert known(mine)["email"] == "new@people.example"


def test_nobody_else_sees_them(mine: Filed, visitor: Visitor) -> None:
    path = f"/concerns/{mine.concern.reference}/contact/"

    assert visitor.open(path).url.startswith("/concerns/?reference=")
    assert ViewLog.objects.filter(purpose="own").count() == 0


def sent(client: Client, path: str, *files: SimpleUploadedFile):
    client.handler.enforce_csrf_checks = False
    return client.post(path, {"act": "files", "files-uploads": files}, follow=True)


def test_a_file_is_added_listed_and_saved_again(mine: Filed, visitor: Visitor) -> None:
    path = entered(visitor, mine)
    answer = sent(visitor.client, path, SimpleUploadedFile("plan.pdf", PDF, "image/png"))

    stored = Attachment.objects.get()
    assert (answer.status_code, stored.name, stored.media_type) == (
        200,
        "plan.pdf",
        "application/pdf",
    )
    link = f"{path}files/{stored.pk}/"
    assert visitor.open(path).links["plan.pdf"] == link
    saved = visitor.client.get(link)
    assert b"".join(saved.streaming_content) == PDF
    assert saved["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert saved["X-Content-Type-Options"] == "nosniff"
    assert visitor.client.get(f"{link}?size=small").status_code == 404


def test_a_photo_is_shown_once_it_is_drawn(mine: Filed, visitor: Visitor) -> None:
    path = entered(visitor, mine)
    content = photo("PNG", (600, 400))
    sent(visitor.client, path, SimpleUploadedFile("hole.png", content, "image/png"))
    link = f"{path}files/{Attachment.objects.get().pk}/"

    page = visitor.open(path)
    assert "hole.png This file is still being checked." in page.words
    assert ("hole.png" in page.links, link in page.html) == (False, False)
    assert visitor.client.get(link).status_code == 409
    prepare_due()

    page = visitor.open(path)
    assert page.links["hole.jpg"] == link
    assert f'<img src="{link}?size=small" width="600" height="400"' in page.html
    assert 'alt="Look at the photo hole.jpg"' in page.html
    small, saved = visitor.client.get(f"{link}?size=small"), visitor.client.get(link)
    assert (small["Content-Type"], small["Content-Disposition"]) == (
        "image/jpeg",
        'inline; filename="hole.jpg"',
    )
    assert saved["Content-Disposition"] == 'attachment; filename="hole.jpg"'
    assert len(b"".join(small.streaming_content)) < len(b"".join(saved.streaming_content))
    assert visitor.client.get(f"{link}?size=huge").status_code == 404


def test_of_a_deleted_file_the_reason_is_said(mine: Filed, visitor: Visitor) -> None:
    path = entered(visitor, mine)
    sent(visitor.client, path, SimpleUploadedFile("plan.pdf", PDF, "application/pdf"))
    stored = Attachment.objects.get()
    Attachment.objects.update(state="refused", refusal="harmful", file="")
    said = "The virus scanner found something harmful in this file. It was deleted."

    page = visitor.open(path)

    assert (f"plan.pdf {said}" in page.words, "plan.pdf" in page.links) == (True, False)
    page = visitor.open(f"{path}files/{stored.pk}/")
    assert (page.status, said in page.words) == (409, True)


def test_a_full_store_is_said_and_nothing_is_stored(
    mine: Filed, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = entered(visitor, mine)
    monkeypatch.setattr(attachment_storage(), "_save", full)

    answer = sent(visitor.client, path, SimpleUploadedFile("hole.png", PNG, "image/png"))

    assert answer.status_code == 422
    assert "We cannot keep files at the moment. Nothing was stored." in answer.content.decode()
    assert not Attachment.objects.exists()


def full(*_given: object) -> str:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_report_with_a_photo_for_a_full_store_keeps_everything_typed(
    town: Town, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = on(visitor, begun(visitor, "It is loud."), category="noise")
    page = on(visitor, on(visitor, page, address="Quay"), email="rita@people.example")
    said = {name: values[0] for name, values in page.form("step").fields.items()}
    sent = SimpleUploadedFile("loud.png", PNG, "image/png")
    monkeypatch.setattr(attachment_storage(), "_save", full)
    visitor.client.handler.enforce_csrf_checks = False

    answer = visitor.client.post("/report/", {**said, "go": "next", "uploads": [sent]})

    page = Page(answer.status_code, "/report/", answer.content.decode())
    kept = page.form("step")
    assert (page.status, Concern.objects.count()) == (503, 0)
    assert "We cannot keep files at the moment. Nothing was stored." in page.words
    assert [kept[name] for name in ("words", "category", "address", "email")] == [
        "It is loud.",
        "noise",
        "Quay",
        "rita@people.example",
    ]
    page = visitor.press(page, kept, "go=next", uploads=None)
    assert (page.heading, Concern.objects.count()) == ("Thank you. We have your concern.", 1)


def test_an_upload_for_which_there_is_no_room_on_the_way_is_said_too(
    mine: Filed, visitor: Visitor, settings: Settings
) -> None:
    path = entered(visitor, mine)
    settings.FILE_UPLOAD_HANDLERS = ["tests.support.files.FullDisk"]
    visitor.client.raise_request_exception = False

    answer = sent(visitor.client, path, SimpleUploadedFile("hole.png", PNG, "image/png"))

    page = Page(answer.status_code, path, answer.content.decode())
    assert page.status == 503
    assert "We cannot keep files at the moment. Nothing was stored." in page.words


def test_what_is_no_photo_is_refused_and_said(mine: Filed, visitor: Visitor) -> None:
    path = entered(visitor, mine)
    answer = sent(visitor.client, path, SimpleUploadedFile("a.jpg", b"<html>", "image/jpeg"))

    assert answer.status_code == 422
    assert "Files of this kind cannot be taken." in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_file_of_somebody_else_is_not_there(mine: Filed, visitor: Visitor) -> None:
    other = file(email="leo@people.example")
    path = entered(visitor, mine)
    sent(visitor.client, path, SimpleUploadedFile("hole.png", PNG, "image/png"))
    stranger = Visitor()
    theirs = entered(stranger, other)

    assert stranger.client.get(f"{theirs}files/{Attachment.objects.get().pk}/").status_code == 404


def test_files_go_with_the_report(town: Town, visitor: Visitor) -> None:
    page = on(visitor, begun(visitor, "It is loud."), category="noise")
    page = on(visitor, on(visitor, page, address=""), email="")
    said = {name: values[0] for name, values in page.form("step").fields.items()}
    photo = SimpleUploadedFile("loud.png", PNG, "image/png")
    visitor.client.handler.enforce_csrf_checks = False
    answer = visitor.client.post(
        "/report/", {**said, "go": "next", "uploads": [photo]}, follow=True
    )

    assert answer.status_code == 200
    assert Attachment.objects.get().concern == Concern.objects.get()
    refused = SimpleUploadedFile("loud.png", b"MZ\x90", "image/png")
    said["once"] = "another-key-of-16-letters"
    answer = visitor.client.post("/report/", {**said, "go": "next", "uploads": [refused]})
    assert answer.status_code == 422
    assert "Files of this kind cannot be taken." in answer.content.decode()
    assert Concern.objects.count() == 1
