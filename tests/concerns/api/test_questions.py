"""A category's questions as JSON Schema: what validates is what filing accepts, and nothing else."""

import unicodedata
from pathlib import Path

import pytest
import yaml
from django.utils import translation
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from concerns.api.questions import TEXT, questions_schema
from concerns.errors import Invalid
from concerns.parsing import clean_answers, is_asked, is_visible
from tests.architecture.source import ROOT

NORTHMOOR = ROOT / "tests" / "city"
WUPPERTAL = ROOT / "cities" / "wuppertal"
SURFACE = {
    "key": "surface",
    "type": "choice",
    "labels": {"en": "Where is it?", "de": "Wo ist es?"},
    "hints": {"en": "Look at the ground.", "de": "Sehen Sie auf den Boden."},
    "options": [
        {"key": "road", "labels": {"en": "Road", "de": "Fahrbahn"}},
        {"key": "path", "labels": {"en": "Footpath", "de": "Gehweg"}},
    ],
}
DANGER = {
    "key": "danger",
    "type": "yes_no",
    "labels": {"en": "Is anybody in danger?", "de": "Ist jemand in Gefahr?"},
    "when": {"question": "surface", "is": "road"},
    "required": True,
    "stops": [{"is": True, "words": {"en": "Call 999.", "de": "Rufen Sie 112."}, "body": "water"}],
}
SINCE = {
    "key": "since",
    "type": "date",
    "labels": {"en": "Since when?", "de": "Seit wann?"},
    "when": {"question": "danger", "is": False},
    "required": True,
}
PARTS = {
    "key": "parts",
    "type": "choices",
    "labels": {"en": "What?", "de": "Was?"},
    "required": True,
    "options": SURFACE["options"],
}
COLOUR = {
    "key": "colour",
    "type": "text",
    "labels": {"en": "Which colour?", "de": "Welche Farbe?"},
    "required": True,
    "when": {"question": "parts", "is": "path"},
}
DEPTH = {"key": "depth", "type": "number", "labels": {"en": "How deep?", "de": "Wie tief?"}}
ALL = [SURFACE, DANGER, SINCE, PARTS, COLOUR, DEPTH]


def questions_of(folder: Path) -> list[list[dict]]:
    """The questions of every category of a city that has some."""
    waiting = yaml.safe_load((folder / "categories.yaml").read_text(encoding="utf-8"))
    found = []
    while waiting:
        category = waiting.pop()
        waiting += category.get("children", [])
        if category.get("questions"):
            found.append(category["questions"])
    return found


CATEGORIES = [*questions_of(NORTHMOOR), *questions_of(WUPPERTAL), ALL]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=4),
    st.just(" \t\u200b"),
    st.lists(st.one_of(st.text(max_size=3), st.integers()), max_size=2),
    st.dictionaries(st.text(max_size=2), st.none(), max_size=1),
    st.sampled_from(["2026-02-30", "20261231", "2026-W10-1", "x" * 1001, "a\0b", 10**13]),
)


def answers_to(questions: list[dict]) -> st.SearchStrategy:
    """Answer sets as people, programs and mistakes make them."""
    fitting = {
        "text": st.text(min_size=1, max_size=6),
        "number": st.one_of(st.integers(-9, 99), st.floats(-1e12, 1e12)),
        "yes_no": st.booleans(),
        "date": st.dates().map(lambda day: day.isoformat()),
    }
    given = {}
    for question in questions:
        keys = st.sampled_from([one["key"] for one in question.get("options", [])] or [""])
        fits = {**fitting, "choice": keys, "choices": st.lists(keys, max_size=3)}[question["type"]]
        given[question["key"]] = st.one_of(fits, fits, fits, JUNK)
    return st.fixed_dictionaries({}, optional={**given, "unasked-for": st.just("?")})


def validates(questions: list[dict], answers: object) -> bool:
    schema = questions_schema(questions)
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(schema, format_checker=checker).is_valid(answers)


def accepted(questions: list[dict], answers: dict) -> bool:
    try:
        clean_answers(questions, answers)
    except Invalid:
        return False
    return True


def without_slack(questions: list[dict], answers: dict) -> dict:
    """Answers without what filing forgives: empty ones, and those to questions that are not asked."""
    known = {question["key"] for question in questions}
    kept = {key: value for key, value in answers.items() if key not in known}
    for question in questions:
        value = answers.get(question["key"])
        empty = value in (None, []) or (isinstance(value, str) and not value.strip())
        if not empty and is_asked(question, kept):
            kept[question["key"]] = value
    return kept


@given(st.sampled_from(CATEGORIES).flatmap(lambda one: st.tuples(st.just(one), answers_to(one))))
@example((ALL, {"surface": "road", "danger": False, "since": "2026-11-01", "parts": ["road"]}))
@example((ALL, {"surface": "road", "danger": False, "parts": ["road"]}))
@example((ALL, {"surface": "road", "danger": True, "parts": ["road"]}))
@example((ALL, {"surface": "path", "since": "2026-11-01", "parts": ["path"]}))
@example((ALL, {"parts": ["road", "path", "path"], "colour": "\u200b", "depth": 3}))
@hypothesis_settings(max_examples=600)
def test_an_answer_set_validates_if_and_only_if_filing_accepts_it(drawn) -> None:
    questions, answers = drawn

    assert validates(questions, without_slack(questions, answers)) == accepted(questions, answers)


@pytest.mark.parametrize("questions", CATEGORIES)
def test_every_schema_of_the_cities_is_one(questions: list[dict]) -> None:
    Draft202012Validator.check_schema(questions_schema(questions))


def test_what_is_drawn_is_sometimes_accepted_and_sometimes_not() -> None:
    """Else the rule above would hold of nothing."""
    fine = {"surface": "path", "parts": ["road"]}

    assert [accepted(ALL, fine), accepted(ALL, {**fine, "parts": []})] == [True, False]
    assert len(CATEGORIES) > 10


def test_a_question_carries_its_words_in_the_language_asked_for() -> None:
    with translation.override("de"):
        schema = questions_schema([SURFACE])

    assert schema == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "surface": {
                "title": "Wo ist es?",
                "description": "Sehen Sie auf den Boden.",
                "type": "string",
                "oneOf": [
                    {"const": "road", "title": "Fahrbahn"},
                    {"const": "path", "title": "Gehweg"},
                ],
            }
        },
        "required": [],
        "additionalProperties": False,
    }


def test_a_conditional_question_says_when_it_is_asked_and_what_stops_the_report() -> None:
    schema = questions_schema([SURFACE, DANGER, SINCE])

    assert schema["properties"]["danger"] == {
        "title": "Is anybody in danger?",
        "type": "boolean",
        "x-when": {"question": "surface", "is": "road"},
        "x-stops": [{"is": True, "words": "Call 999.", "body": None}],
        "not": {"anyOf": [{"const": True}]},
    }
    road = {"properties": {"surface": {"const": "road"}}, "required": ["surface"]}
    safe = {"properties": {"danger": {"const": False}}, "required": ["danger"]}
    assert (schema["required"], schema["allOf"]) == (
        [],
        [
            {"if": road, "then": {"required": ["danger"]}},
            {"if": {"allOf": [safe, road]}, "then": {"required": ["since"]}},
        ],
    )


def test_the_pattern_of_text_knows_every_sign_that_shows_nothing() -> None:
    pattern = Draft202012Validator({"pattern": TEXT})
    signs = [
        chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) not in ("Cs", "Cn")
    ]

    assert [sign for sign in signs if pattern.is_valid(sign) != is_visible(sign)] == []


def test_the_body_to_turn_to_is_named() -> None:
    stop = {"is": True, "words": {"en": "Not ours."}, "body": "water-company"}
    question = {"key": "tap", "type": "yes_no", "labels": {"en": "A tap?"}, "stops": [stop]}

    shown = questions_schema([question])["properties"]["tap"]["x-stops"]

    body = {"name": "Mere Water", "phone": "01632 960100", "website": "https://water.example/"}
    assert shown == [{"is": True, "words": "Not ours.", "body": body}]
