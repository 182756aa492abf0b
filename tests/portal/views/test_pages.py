"""Pages of words: the city's own, in the reader's language, and an honest sentence where there are none."""

import pytest

from common.city import city
from concerns.models import Concern
from tests.support.pages import Visitor
from tests.support.town import Town


@pytest.mark.parametrize(
    ("language", "page", "heading", "said"),
    [
        ("en", "imprint", "Imprint", "Northmoor is an invented city. Nobody lives here."),
        ("de", "imprint", "Impressum", "Northmoor ist eine erfundene Stadt. Hier wohnt niemand."),
        ("en", "privacy", "Privacy", "Northmoor keeps as little as it can."),
        ("en", "sign-language", "Sign language", "The city has not written this page yet."),
    ],
)
def test_page_shows_the_words_of_the_city(
    town: Town, language: str, page: str, heading: str, said: str
) -> None:
    found = Visitor(language).open(f"/pages/{page}/")

    assert found.heading == heading
    assert said in found.words


def test_languages_can_be_chosen_and_stay(town: Town, visitor: Visitor) -> None:
    page = visitor.open("/pages/languages/")
    form = [one for one in page.forms if one.action == "/language/"][-1]

    page = visitor.press(page, form, "language=de")

    assert (page.url, page.heading) == ("/pages/languages/", "Sprachen")
    assert visitor.open("/").heading == "Was möchten Sie der Stadt mitteilen?"


def test_language_never_leads_to_another_host(town: Town, visitor: Visitor) -> None:
    page = visitor.open("/")
    form = next(one for one in page.forms if one.action == "/language/")

    page = visitor.press(page, form, "language=de", next="https://evil.example/")

    assert page.url == "/"


def test_a_barrier_told_of_becomes_a_concern(town: Town, visitor: Visitor) -> None:
    page = visitor.open("/pages/accessibility/")
    form = page.form("once")
    page = visitor.press(page, form, "go=next", words="The ramp at the town hall is too steep.")

    assert page.title == "Step 1 of 4: What – Northmoor"
    assert page.form("step")["category"] == "other"
    for _step in ("what", "where", "contact", "check"):
        page = visitor.press(page, page.form("step"), "go=next")
    concern = Concern.objects.get()
    assert (concern.words, concern.category) == (
        "The ramp at the town hall is too steep.",
        town.categories["other"],
    )


def test_an_empty_barrier_is_asked_for_again(town: Town, visitor: Visitor) -> None:
    page = visitor.open("/pages/accessibility/")
    page = visitor.press(page, page.form("once"), "go=next")

    assert (page.status, page.form("once")["category"]) == (422, "other")


def test_the_privacy_notice_says_its_version(town: Town, visitor: Visitor) -> None:
    page = visitor.open("/pages/privacy/")

    assert f"Version {city().privacy_version}; it is noted with every concern." in page.words


@pytest.mark.parametrize("path", ["/pages/nothing/", "/nowhere/", "/concerns/a/b/c/"])
def test_unknown_page_says_what_to_do(town: Town, visitor: Visitor, path: str) -> None:
    page = visitor.open(path)

    assert (page.status, page.heading) == (404, "This page does not exist")
    assert page.links["Go to the first page"] == "/"
