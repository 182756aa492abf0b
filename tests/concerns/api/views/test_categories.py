"""What can be filed, in the reader's language, for whom it is."""

import pytest

from concerns.models import Category
from tests.factories.matters import CategoryFactory
from tests.support.rest import Rest, problem_in, program_of
from tests.support.sql import budget
from tests.support.town import file

LIGHT = {
    "key": "lamp",
    "type": "text",
    "labels": {"en": "Which number?", "de": "Welche Nummer?"},
}
REDIRECT = {"words": {"en": "Ask them.", "de": "Fragen Sie dort."}, "body": "water-company"}


@pytest.fixture
def tree(town):
    Category.objects.update(retired=True)
    streets = CategoryFactory(
        slug="streets", position=1, descriptions={"en": "Holes.", "de": "Löcher."}, icon="road"
    )
    CategoryFactory(slug="light", parent=streets, position=2, questions=[LIGHT], needs_place=True)
    CategoryFactory(slug="tap", position=3, kind="request", redirect=REDIRECT)
    CategoryFactory(slug="it", position=4, kind="incident", audience="internal")
    CategoryFactory(slug="gone", position=5, retired=True)


def slugs(answer):
    return [one["slug"] for one in answer.json()["results"]]


def test_the_tree_is_listed_in_the_citys_order_without_what_is_internal_or_retired(tree):
    with budget(1):
        answer = Rest().get("categories/")

    assert slugs(answer) == ["streets", "light", "tap"]
    assert [one["parent"] for one in answer.json()["results"]] == [None, "streets", None]


def test_employees_also_see_what_is_internal(tree, town):
    program = program_of(town.people["norman"], scopes=[])

    with budget(2):
        answer = program.get("categories/")

    assert slugs(answer) == ["streets", "light", "tap", "it"]


def test_a_category_says_everything_a_form_needs(tree):
    with budget(1):
        answer = Rest().get("categories/light/", Accept_Language="de")

    said = answer.json()
    schema = said.pop("questions_schema")
    assert said == {
        "slug": "light",
        "parent": "streets",
        "name": "Light",
        "description": "",
        "icon": "",
        "kind": "defect",
        "audience": "public",
        "needs_place": True,
        "redirect": None,
    }
    assert schema["properties"]["lamp"]["title"] == "Welche Nummer?"
    assert "Accept-Language" in answer["Vary"]


def test_a_redirect_says_whom_to_turn_to(tree):
    assert Rest().get("categories/tap/").json()["redirect"] == {
        "words": "Ask them.",
        "body": {
            "name": "Mere Water",
            "phone": "01632 960100",
            "website": "https://water.example/",
        },
    }


def test_one_that_is_not_for_this_person_does_not_exist(tree, town):
    staff = program_of(town.people["norman"])

    for door, slug in ((Rest(), "it"), (Rest(), "gone"), (Rest(), "no-such"), (staff, "gone")):
        assert problem_in(door.get(f"categories/{slug}/"))[:2] == (404, "not_found")
    assert staff.get("categories/it/").json()["audience"] == "internal"


def test_what_is_listed_can_be_filed_and_what_is_redirected_cannot(tree, town):
    filed = Rest().file(category="light", answers={"lamp": "17"})
    stopped = Rest().file(category="tap")

    assert filed.status_code == 201
    assert problem_in(stopped) == (422, "stopped", "Ask them.")


def test_the_list_costs_one_statement_whatever_the_number(town):
    for _nth in range(20):
        CategoryFactory(questions=[LIGHT])
    file()

    with budget(1):
        assert len(slugs(Rest().get("categories/"))) == 26
