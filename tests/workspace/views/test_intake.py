"""An employee files: for somebody on the phone, or an internal matter of their own."""

import re

import pytest

from concerns.models import Category, Concern, Ticket
from concerns.references import pin, tracking_token
from geography.gazetteer import fold
from geography.models import Address
from tests.support.pages import Page, Visitor
from tests.support.town import Town, file
from tests.workspace.conftest import Desk

WORDS = "The caller says:\n\n  a deep hole, “nearly fell”.  "


def begun(desk: Desk, name: str = "carl") -> tuple[Visitor, Page]:
    visitor = desk(name)
    return visitor, visitor.open("/workspace/new/")


def filed(visitor: Visitor, page: Page, **said: str) -> Page:
    """Fill in and press the one button until nothing more is asked."""
    page = visitor.press(page, page.form("once"), **said)
    if page.status == 200 and page.url == "/workspace/new/":
        page = visitor.press(page, page.form("once"))
    return page


def test_a_call_is_filed_with_its_channel_and_the_callers_words(town: Town, desk: Desk) -> None:
    visitor, page = begun(desk)
    page = filed(
        visitor, page, words=WORDS, category="pothole", address="Quay Street 5",
        name="Rita Roe", phone="01632 960123", language="de",
    )  # fmt: skip

    concern = Concern.objects.get()
    assert (concern.words, concern.channel, concern.language) == (WORDS, "phone", "de")
    assert (concern.category, concern.author) == (town.categories["pothole"], None)
    assert concern.reporter is not None
    assert page.heading == "The concern has been filed"
    assert concern.reference in page.words
    assert pin(concern.pk, concern.generation) in page.words
    ticket = Ticket.objects.get()
    assert page.links["To the ticket"] == f"/workspace/tickets/{ticket.pk}/"


def test_a_ticket_of_another_office_is_not_linked(town: Town, desk: Desk) -> None:
    visitor, page = begun(desk, "paul")
    page = filed(visitor, page, words="A hole.", category="pothole", address="Quay Street 5")

    assert Concern.objects.count() == 1
    assert "To the ticket" not in page.links


def test_the_pin_is_shown_to_whoever_filed_it_alone(town: Town, desk: Desk) -> None:
    visitor, page = begun(desk)
    filed(visitor, page, words="A hole.", category="noise")
    session = desk("paul").client.session
    other = desk("paul")
    session = other.client.session
    session["just-filed"] = Concern.objects.get().pk
    session.save()

    assert other.open("/workspace/new/done/").url == "/workspace/new/"


@pytest.fixture
def asking(town: Town) -> Town:
    """A town that asks one question about trees."""
    labels = {"en": "Does it block a road?", "de": "Versperrt er eine Straße?"}
    questions = [{"key": "blocks-road", "type": "yes_no", "labels": labels, "required": True}]
    Category.objects.filter(slug="tree").update(questions=questions)
    return town


def test_questions_are_asked_once_the_category_is_known(asking: Town, desk: Desk) -> None:
    visitor, page = begun(desk)
    assert "Questions about this category" not in page.words
    page = visitor.press(page, page.form("once"), words="Down.", category="tree", address="Hill 2")

    assert (page.status, "Questions about this category" in page.words) == (200, True)
    assert not Concern.objects.exists()
    page = visitor.press(page, page.form("once"), **{"answer-blocks-road": "yes"})
    assert Concern.objects.get().answers == {"blocks-road": True}


def test_another_category_asks_its_own_questions(asking: Town, desk: Desk) -> None:
    visitor, page = begun(desk)
    page = visitor.press(page, page.form("once"), words="Down.", category="tree")
    page = visitor.press(page, page.form("once"), category="noise")

    assert page.status == 200
    page = visitor.press(page, page.form("once"))
    assert Concern.objects.get().category == asking.categories["noise"]


def test_an_address_the_gazetteer_knows_brings_its_point(town: Town, desk: Desk) -> None:
    Address.objects.create(
        label="Quay Street 5", search=fold("Quay Street 5"), postcode="X1", lat=54.05, lon=-0.95
    )
    visitor, page = begun(desk)
    filed(visitor, page, words="Loud.", category="noise", address="quay street 5")

    concern = Concern.objects.get()
    assert (concern.address, concern.lat, concern.lon) == ("Quay Street 5", 54.05, -0.95)


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"words": " "}, "words", "Please write something."),
        ({"words": "A hole.", "category": "pothole"}, "address", "Please tell us where it is"),
        (
            {"words": "Loud.", "category": "noise", "email": "no@"},
            "email",
            "This is no complete",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    town: Town, desk: Desk, said: dict[str, str], field: str, words: str
) -> None:
    visitor, page = begun(desk)
    page = filed(visitor, page, name="Rita Roe", **said)

    assert page.status == 422
    assert page.error(field).startswith(words)
    assert page.form("once")["name"] == "Rita Roe"
    assert not Concern.objects.exists()


def test_an_answer_that_stops_is_not_filed(town: Town, desk: Desk) -> None:
    questions = [
        {
            "key": "danger",
            "type": "yes_no",
            "labels": {"en": "Danger?", "de": "Gefahr?"},
            "stops": [{"is": True, "words": {"en": "Call 112.", "de": "112."}}],
        }
    ]
    Category.objects.filter(slug="noise").update(questions=questions)
    visitor, page = begun(desk)
    page = visitor.press(page, page.form("once"), words="Help.", category="noise")
    page = visitor.press(page, page.form("once"), **{"answer-danger": "yes"})

    assert (page.status, "Call 112." in page.words) == (422, True)
    assert page.form("once")["words"] == "Help."
    assert not Concern.objects.exists()


def test_pressed_twice_it_is_filed_once(town: Town, desk: Desk) -> None:
    visitor, page = begun(desk)
    page = visitor.press(page, page.form("once"), words="Loud.", category="noise")
    for _press in range(2):
        visitor.press(page, page.form("once"))

    assert Concern.objects.count() == 1


def test_an_internal_matter_is_the_employees_own(town: Town, desk: Desk) -> None:
    visitor, page = begun(desk, "norman")
    page = visitor.press(page, page.form("once"), words="Black screen.", category="it-incident")
    assert "phone" not in page.form("once").fields
    page = visitor.press(page, page.form("once"))

    concern = Concern.objects.get()
    assert (concern.author, concern.reporter) == (town.people["norman"], None)
    assert (concern.audience, concern.channel) == ("internal", "portal")
    assert "PIN" not in page.words
    own = visitor.open("/workspace/own/")
    assert own.links["Black screen."] == f"/concerns/{concern.reference}/"
    status = visitor.open(own.links["Black screen."])
    assert (status.status, status.heading) == (200, "In progress with It.")


def test_the_author_follows_an_internal_matter_signed_in(town: Town, desk: Desk) -> None:
    concern = file(category="it-incident", actor=town.actor("norman")).concern
    visitor = desk("norman")
    page = visitor.open(f"/concerns/{concern.reference}/")
    visitor.press(page, page.form("message"), **{"message-text": "It came back."})

    assert concern.messages.get().text == "It came back."


@pytest.mark.parametrize("name", ["carl", "iris", "alma"])
def test_nobody_else_follows_it_by_being_signed_in(town: Town, desk: Desk, name: str) -> None:
    concern = file(category="it-incident", actor=town.actor("norman")).concern

    page = desk(name).open(f"/concerns/{concern.reference}/")

    assert page.url.startswith("/concerns/?reference=")
    assert concern.reference not in re.sub(r"reference=[\w-]+|value=\"[\w-]+\"", "", page.html)


def test_a_public_concern_needs_its_proof_whoever_is_signed_in(town: Town, desk: Desk) -> None:
    filed_one = file(email="rita@people.example")
    visitor = desk("carl")
    reference = filed_one.concern.reference

    assert visitor.open(f"/concerns/{reference}/").url.startswith("/concerns/?")
    token = tracking_token(filed_one.concern.pk, filed_one.concern.generation)
    assert visitor.open(f"/concerns/{reference}/t/{token}/").status == 200


def test_nobody_unknown_files_here(town: Town) -> None:
    page = Visitor().open("/workspace/new/")

    assert page.url.startswith("/workspace/sign-in/")
