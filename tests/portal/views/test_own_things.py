"""One's own contact data and files, for their author alone."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common.actor import Actor
from common.models import ViewLog
from concerns.actions.contact import correct_contact
from concerns.actions.filing import Filed
from concerns.models import Attachment, Concern
from concerns.queries.contact import contact_of
from concerns.references import tracking_token
from tests.portal.views.test_filing import begun, on
from tests.support.pages import Visitor
from tests.support.town import Town, file

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4"
    b"\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


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


def test_a_photo_is_added_listed_and_saved_again(mine: Filed, visitor: Visitor) -> None:
    path = entered(visitor, mine)
    answer = sent(visitor.client, path, SimpleUploadedFile("hole.png", PNG, "image/png"))

    stored = Attachment.objects.get()
    assert (answer.status_code, stored.name, stored.media_type) == (200, "hole.png", "image/png")
    link = f"{path}files/{stored.pk}/"
    assert visitor.open(path).links["hole.png"] == link
    saved = visitor.client.get(link)
    assert b"".join(saved.streaming_content) == PNG
    assert saved["Content-Disposition"] == 'attachment; filename="hole.png"'
    assert saved["X-Content-Type-Options"] == "nosniff"


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
