"""Pages of words: the city's own, in the reader's language, and an honest sentence where there are none."""

import pytest

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


@pytest.mark.parametrize("path", ["/pages/nothing/", "/nowhere/", "/concerns/a/b/c/"])
def test_unknown_page_says_what_to_do(town: Town, visitor: Visitor, path: str) -> None:
    page = visitor.open(path)

    assert (page.status, page.heading) == (404, "This page does not exist")
    assert page.links["Go to the first page"] == "/"
