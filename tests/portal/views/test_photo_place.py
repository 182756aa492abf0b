"""The place stored in a photo: read only when asked to, shown before it is used, kept nowhere else."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from concerns.models import Attachment, Concern
from geography.models import District
from tests.portal.views.test_filing import begun, on, step_of
from tests.support.files import HTML, PDF, PNG, photo
from tests.support.pages import Page, Visitor
from tests.support.photos import SCHWEBEBAHN, exif_at
from tests.support.town import Town

# On the hill of Northmoor.
HERE = (54.0512, -0.8531)


def at_where(visitor: Visitor, category: str = "tree") -> Page:
    return on(visitor, begun(visitor, "A tree has fallen."), category=category)


def shown(
    visitor: Visitor, page: Page, content: bytes | None, name: str = "tree.jpg", **said: str
) -> Page:
    """Choose a photo and go on, as a browser sends it."""
    fields = {name: values[-1] for name, values in page.form("step").fields.items()}
    fields.pop("place_photo")
    parts = {**fields, **said, "go": "next"}
    if content is not None:
        parts["place_photo"] = SimpleUploadedFile(name, content, "image/jpeg")
    answer = visitor.client.post("/report/", parts, headers={"referer": "http://testserver/"})
    return Page(answer.status_code, "/report/", answer.content.decode())


def taken_at(*place: float) -> bytes:
    return photo(exif=exif_at(*place))


def test_the_place_is_shown_and_used_only_after_a_second_look(
    asking: Town, visitor: Visitor
) -> None:
    page = shown(visitor, at_where(visitor), taken_at(*HERE), use_place="on")

    form = page.form("step")
    assert (page.status, step_of(page)) == (200, "where")
    assert (form["latitude"], form["longitude"]) == ("54.05120", "-0.85310")
    assert "The photo was taken here: 54.05120, -0.85310, in Hill. Please check it" in page.words
    assert "Borders are drawn roughly so far." not in page.words
    assert Concern.objects.count() == 0

    page = on(visitor, page)
    assert step_of(page) == "details"


def test_the_place_of_a_photo_says_when_borders_are_drawn_roughly(
    asking: Town, visitor: Visitor
) -> None:
    District.objects.update(schematic=True)

    page = shown(visitor, at_where(visitor), taken_at(*HERE), use_place="on")

    assert "change it below. Borders are drawn roughly so far." in page.words


def test_the_person_may_correct_it(asking: Town, visitor: Visitor) -> None:
    page = shown(visitor, at_where(visitor, "noise"), taken_at(*HERE), use_place="on")
    page = on(visitor, page, latitude="54.0600")
    page = on(visitor, on(visitor, page, email=""))

    assert page.heading == "Thank you. We have your concern."
    concern = Concern.objects.get()
    assert (concern.lat, concern.lon) == (54.06, -0.8531)
    assert Attachment.objects.count() == 0


def test_a_german_point_has_a_comma_and_is_understood(asking: Town) -> None:
    visitor = Visitor("de")
    page = shown(visitor, at_where(visitor), taken_at(*HERE), use_place="on")

    assert page.form("step")["latitude"] == "54,05120"
    assert step_of(on(visitor, page)) == "details"


def test_the_box_is_never_ticked_beforehand(asking: Town, visitor: Visitor) -> None:
    page = at_where(visitor)
    assert "use_place" not in page.form("step").fields
    page = shown(visitor, page, taken_at(*HERE), use_place="on")
    assert "use_place" not in page.form("step").fields
    page = on(visitor, on(visitor, page), "go=back")

    assert step_of(page) == "where"
    assert "use_place" not in page.form("step").fields
    assert page.form("step")["latitude"] == "54.05120"


def test_a_photo_without_the_tick_is_not_read(
    asking: Town, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.photographed.place_in", lambda *_given: pytest.fail("read"))

    page = shown(visitor, at_where(visitor), taken_at(*HERE))

    assert (page.status, page.form("step")["latitude"]) == (422, "")
    assert page.error("use_place").startswith("Please tick this if we may read the place.")
    assert list(page.errors) == ["id_use_place"]


def test_a_tick_without_a_photo_asks_for_it(asking: Town, visitor: Visitor) -> None:
    page = shown(visitor, at_where(visitor), None, use_place="on", address="Quay Street 5")

    assert (page.status, page.error("place_photo")) == (422, "Please choose the photo.")
    assert page.form("step")["address"] == "Quay Street 5"


NOT_THERE = {
    "no place": (photo(), "No place is stored in this photo;"),
    "a drawing": (PNG, "No place is stored in this photo;"),
    "a plan": (PDF, "No place is stored in this photo;"),
    "a page": (HTML, "Files of this kind cannot be taken."),
    "half a photo": (taken_at(*HERE)[:-40], "This photo is incomplete or damaged."),
    "another city": (taken_at(*SCHWEBEBAHN), "This place lies outside the city."),
    "nothing": (b"", "This file is empty."),
}


@pytest.mark.parametrize(("content", "words"), NOT_THERE.values(), ids=NOT_THERE)
def test_what_holds_no_place_of_ours_says_so_and_loses_nothing(
    asking: Town, visitor: Visitor, content: bytes, words: str
) -> None:
    page = shown(visitor, at_where(visitor), content, use_place="on", address="Quay Street 5")

    assert (page.status, page.error("place_photo").startswith(words)) == (422, True)
    assert page.form("step")["address"] == "Quay Street 5"
    assert page.form("step")["words"] == "A tree has fallen."


def test_the_days_limit_of_a_network_counts_it(asking: Town, visitor: Visitor, settings) -> None:
    settings.FILES_PER_NETWORK_PER_DAY = 1
    page = shown(visitor, at_where(visitor), taken_at(*HERE), use_place="on")
    assert page.status == 200

    page = shown(visitor, page, taken_at(*HERE), use_place="on")

    assert page.error("place_photo").startswith("Many files came from your network today.")


def test_a_place_nobody_agreed_to_is_stored_nowhere(asking: Town, visitor: Visitor) -> None:
    """The photo goes with the report, its place does not: in no row, and not in the file once it is drawn."""
    page = on(visitor, begun(visitor, "It is loud."), category="noise")
    page = on(visitor, on(visitor, page, address=""), email="")
    said = {name: values[0] for name, values in page.form("step").fields.items()}
    sent = SimpleUploadedFile("loud.jpg", taken_at(*HERE), "image/jpeg")
    visitor.client.post(
        "/report/",
        {**said, "go": "next", "uploads": [sent]},
        headers={"referer": "http://testserver/"},
    )

    concern = Concern.objects.get()
    assert (concern.lat, concern.lon, concern.attachments.count()) == (None, None, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text || e::text FROM concerns_concern c, concerns_event e")
        rows = " ".join(row[0] for row in cursor.fetchall())
    assert ("54.05" in rows, "0.853" in rows) == (False, False)
