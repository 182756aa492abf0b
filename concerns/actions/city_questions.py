"""The questions of a category, checked as the city wrote them (their shape: concerns/parsing.py)."""

from collections.abc import Mapping, Sequence
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
from concerns.actions.city_signposts import Refuse, Terms, check_stops, not_an_answer, shown
from concerns.parsing import QUESTION_TYPES, TYPES_WITH_OPTIONS

LONGEST_HINT = 300
WHEN_FIELDS = {"question": Field(slug), "is": Field(anything)}
TWICE = "stands here twice. Give one of them another key."

Question = Mapping[str, Any]


def check_questions(raws: Sequence[object], terms: Terms, refuse: Refuse) -> None:
    """Tell `refuse` of every question that could not be asked as it stands."""
    asked: dict[str, Question] = {}
    for nth, raw in enumerate(raws, start=1):
        refuse_this = _about(raw, nth, refuse)
        question = _read(raw, terms.languages, refuse_this)
        if question["key"] in asked:
            refuse_this(TWICE)
        if question["when"] is not None:
            _check_when(question["when"], asked, refuse_this)
        check_stops(question["stops"], possible_answers(question), terms, refuse_this)
        asked[str(question["key"])] = question


def _about(raw: object, nth: int, refuse: Refuse) -> Refuse:
    name = raw.get("key", nth) if isinstance(raw, Mapping) else nth
    return lambda what: refuse(f"question '{name}': {what}")


def _read(raw: object, languages: tuple[str, ...], refuse: Refuse) -> dict[str, Any]:
    fields = {
        "key": Field(slug),
        "type": Field(one_of(QUESTION_TYPES)),
        "labels": Field(words(languages)),
        "hints": Field(words(languages, LONGEST_HINT), default={}),
        "required": Field(flag, default=False),
        "options": Field(listing(anything), default=[]),
        "when": Field(anything, default=None),
        "stops": Field(listing(anything), default=[]),
    }
    question = read_fields(raw, fields, refuse)
    option_fields = {"key": Field(slug), "labels": fields["labels"]}
    question["options"] = [read_fields(o, option_fields, refuse) for o in question["options"]]
    if question["type"] and (question["type"] in TYPES_WITH_OPTIONS) != bool(question["options"]):
        refuse(f"options: {' and '.join(TYPES_WITH_OPTIONS)} need some, other types have none.")
    keys = [option["key"] for option in question["options"]]
    for key in {key for key in keys if keys.count(key) > 1}:
        refuse(f"option '{key}' {TWICE}")
    return question


def _check_when(raw: object, asked: Mapping[str, Question], refuse: Refuse) -> None:
    """The condition names a question that stands further up, and an answer after which the questions go on."""
    when = read_fields(raw, WHEN_FIELDS, lambda what: refuse(f"when: {what}"))
    if when["question"] is None:
        return
    earlier = asked.get(when["question"])
    if earlier is None:
        hint = did_you_mean(when["question"], asked)
        refuse(f"when: '{when['question']}' is no question further up.{hint}")
        return
    to = f"'{when['question']}'"
    if complaint := not_an_answer(when["is"], possible_answers(earlier), to):
        refuse(f"when: {complaint}")
    elif any(isinstance(s, Mapping) and s.get("is") == when["is"] for s in earlier["stops"]):
        answer = f"'{shown(when['is'])}' to {to}"
        refuse(f"when: the answer {answer} stops the report, so nobody is asked this. Remove one.")


def possible_answers(question: Question) -> list[str | bool]:
    """What can be said to a question as it stands in the file; nothing for one that is answered freely."""
    if question.get("type") == "yes_no":
        return [True, False]
    return [option["key"] for option in question.get("options") or ()]
