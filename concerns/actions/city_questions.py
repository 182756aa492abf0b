"""The questions of a category, checked as the city wrote them (their shape: concerns/parsing.py)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from common.city_schema import (
    Field,
    anything,
    did_you_mean,
    flag,
    listing,
    one_of,
    read_fields,
    slug,
    words,
)
from concerns.parsing import QUESTION_TYPES, TYPES_WITH_OPTIONS

WHEN_FIELDS = {"question": Field(slug), "is": Field(anything)}
TWICE = "stands here twice. Give one of them another key."

Question = Mapping[str, Any]
Refuse = Callable[[str], None]


def check_questions(raws: Sequence[object], languages: tuple[str, ...], refuse: Refuse) -> None:
    """Tell `refuse` of every question that could not be asked as it stands."""
    asked: dict[str, Question] = {}
    for nth, raw in enumerate(raws, start=1):
        refuse_this = _about(raw, nth, refuse)
        question = _read(raw, languages, refuse_this)
        if question["key"] in asked:
            refuse_this(TWICE)
        if question["when"] is not None:
            _check_when(question["when"], asked, refuse_this)
        asked[str(question["key"])] = question


def _about(raw: object, nth: int, refuse: Refuse) -> Refuse:
    name = raw.get("key", nth) if isinstance(raw, Mapping) else nth
    return lambda what: refuse(f"question '{name}': {what}")


def _read(raw: object, languages: tuple[str, ...], refuse: Refuse) -> dict[str, Any]:
    fields = {
        "key": Field(slug),
        "type": Field(one_of(QUESTION_TYPES)),
        "labels": Field(words(languages)),
        "required": Field(flag, default=False),
        "options": Field(listing(anything), default=[]),
        "when": Field(anything, default=None),
    }
    option_fields = {"key": Field(slug), "labels": fields["labels"]}
    question = read_fields(raw, fields, refuse)
    question["options"] = [read_fields(o, option_fields, refuse) for o in question["options"]]
    if question["type"] and (question["type"] in TYPES_WITH_OPTIONS) != bool(question["options"]):
        refuse(f"options: {' and '.join(TYPES_WITH_OPTIONS)} need some, other types have none.")
    keys = [option["key"] for option in question["options"]]
    for key in {key for key in keys if keys.count(key) > 1}:
        refuse(f"option '{key}' {TWICE}")
    return question


def _check_when(raw: object, asked: Mapping[str, Question], refuse: Refuse) -> None:
    """The condition names a question that stands further up, and an answer it can have."""
    when = read_fields(raw, WHEN_FIELDS, lambda what: refuse(f"when: {what}"))
    if when["question"] is None:
        return
    earlier = asked.get(when["question"])
    if earlier is None:
        hint = did_you_mean(when["question"], asked)
        refuse(f"when: '{when['question']}' is no question further up.{hint}")
        return
    possible = _possible_answers(earlier)
    if when["is"] not in possible:
        shown = (
            ", ".join(str(answer).lower() for answer in possible)
            or "none that can be known beforehand"
        )
        refuse(f"when: '{when['is']}' is no answer to '{when['question']}'. Possible: {shown}.")


def _possible_answers(question: Question) -> list[str | bool]:
    if question["type"] == "yes_no":
        return [True, False]
    return [option["key"] for option in question["options"]]
