"""What can be filed, in the reader's language, for whom it is."""

import pytest

from concerns.models import Category, Concern
from tests.factories.matters import CategoryFactory
from tests.support.rest import Rest, pointers_in, problem_in, program_of
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


@pytest.mark.parametrize(
    ("language", "detail", "name"),
    [("en", "Ask them.", "Mere Water"), ("de", "Fragen Sie dort.", "Wasserwerk Mere")],
)
def test_whoever_is_redirected_is_told_whom_to_call(tree, language, detail, name):
    stopped = Rest({"Accept-Language": language}).file(category="tap")

    assert problem_in(stopped) == (422, "stopped", detail)
    assert stopped.json()["body"] == {
        "name": name,
        "phone": "01632 960100",
        "website": "https://water.example/",
    }
    assert pointers_in(stopped) == [("/category", "stopped")]
    assert not Concern.objects.exists()


@pytest.mark.parametrize(
    ("key", "body"),
    [
        ("highways", {"name": "National Highways", "phone": "", "website": ""}),
        ("nobody-knows", None),
        (None, None),
    ],
)
def test_an_answer_that_stops_names_whom_to_call_as_far_as_it_is_known(town, key, body):
    stop = {"is": "yes", "words": {"en": "Call them."}} | ({"body": key} if key else {})
    options = [{"key": word, "labels": {"en": word}} for word in ("yes", "no")]
    labels = {"en": "On the motorway?"}
    question = {"key": "motorway", "type": "choice", "labels": labels, "options": options}
    CategoryFactory(slug="road", questions=[{**question, "stops": [stop]}])

    stopped = Rest().file(category="road", answers={"motorway": "yes"})

    assert problem_in(stopped) == (422, "stopped", "Call them.")
    assert stopped.json()["body"] == body
    assert pointers_in(stopped) == [("/answers/motorway", "stopped")]


def test_only_what_is_stopped_names_a_body(tree):
    refused = Rest().file(category="light", place={"lat": 54.05})

    assert (problem_in(refused)[1], "body" in refused.json()) == ("invalid", False)


def test_the_list_costs_one_statement_whatever_the_number(town):
    for _nth in range(20):
        CategoryFactory(questions=[LIGHT])
    file()

    with budget(1):
        assert len(slugs(Rest().get("categories/"))) == 26


SUGGESTIONS = "category-suggestions/"


def suggested(answer):
    return [(one["category"]["slug"], one["word"]) for one in answer.json()["results"]]


def test_words_point_to_categories_with_the_word_that_does(town):
    CategoryFactory(slug="bin", names={"en": "Litter bin", "de": "Abfallkorb"})

    answer = Rest().post(SUGGESTIONS, {"description": "A pothole beside a litter bin."})

    assert answer.json() == {
        "results": [
            {"category": {"slug": "bin", "name": "Litter bin"}, "word": "Litter bin"},
            {"category": {"slug": "pothole", "name": "Pothole"}, "word": "Pothole"},
        ]
    }


def test_suggestions_are_asked_for_in_any_language_and_answered_in_the_readers(town):
    CategoryFactory(slug="bin", names={"en": "Litter bin", "de": "Abfallkorb"})

    answer = Rest().post(SUGGESTIONS, {"description": "A litter bin."}, Accept_Language="de")

    assert answer.json()["results"] == [
        {"category": {"slug": "bin", "name": "Abfallkorb"}, "word": "Litter bin"}
    ]


def test_words_that_point_nowhere_suggest_nothing_and_can_be_filed_all_the_same(town):
    words = "Moin."

    assert suggested(Rest().post(SUGGESTIONS, {"description": words})) == []
    assert Rest().file({"description": words}).status_code == 201


def test_only_leaves_that_this_person_may_choose_are_suggested(tree, town):
    program = program_of(town.people["norman"])
    words = {"description": "it gone streets light tap"}

    assert suggested(Rest().post(SUGGESTIONS, words)) == [("light", "Light"), ("tap", "Tap")]
    assert suggested(program.post(SUGGESTIONS, words)) == [
        ("light", "Light"),
        ("tap", "Tap"),
        ("it", "It"),
    ]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/description"),
        ({"description": " \n"}, "/description"),
        ({"description": "x" * 10_001}, "/description"),
        ({"description": 7}, "/description"),
        ({"description": "A pothole.", "words": "x"}, "/words"),
    ],
)
def test_suggestions_refuse_what_no_report_could_say(town, body, pointer):
    refused = Rest().post(SUGGESTIONS, body)

    assert refused.status_code == 422
    assert [where for where, _code in pointers_in(refused)] == [pointer]


def test_a_key_that_may_not_file_gets_no_suggestions(town):
    reader = program_of(town.people["carl"], scopes=["tickets:read"])

    refused = reader.post(SUGGESTIONS, {"description": "A pothole."})

    assert refused.status_code == 403


def test_suggesting_costs_one_statement_and_stores_nothing(town):
    with budget(1):
        Rest().post(SUGGESTIONS, {"description": "A pothole."})

    assert not Concern.objects.exists()
