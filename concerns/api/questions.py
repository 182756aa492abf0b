"""A category's questions as JSON Schema 2020-12, for programs that ask them: what validates is what filing accepts.

Filing forgives two things a form cannot help sending, which the schema does not describe: an empty value counts as
not given, and an answer to a question that is not asked is dropped. What is left then validates.

| keyword of ours | meaning |
|---|---|
| `x-when` | `{question, is}`: asked only when that question, itself asked, has this answer |
| `x-stops` | `[{is, words, body}]`: answers after which nothing is filed; people are told these words instead |
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from common.city import city
from common.words import in_language
from concerns.parsing import LARGEST_NUMBER, LONGEST_ANSWER, Question

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
# Signs that show nothing: controls, white space, and format signs (`concerns/parsing.py:is_visible`).
INVISIBLE = (
    "\\u0000-\\u0020\\u007f-\\u00a0\\u00ad\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u1680\\u180e"
    "\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u2064\\u2066-\\u206f\\u3000\\ufeff\\ufff9-\\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001"
    "\U000e0020-\U000e007f"
)
# At least one visible sign, and no NUL, which cannot be stored.
TEXT = f"^[^\\u0000]*[^{INVISIBLE}][^\\u0000]*$"


def questions_schema(questions: Sequence[Question]) -> Schema:
    """The schema of `answers` when filing under a category with these questions, texts in the active language."""
    by_key = {question["key"]: question for question in questions}
    schema: Schema = {
        "$schema": DIALECT,
        "type": "object",
        "properties": {key: property_for(question) for key, question in by_key.items()},
        "required": [
            one["key"] for one in questions if one.get("required") and not one.get("when")
        ],
        "additionalProperties": False,
    }
    conditional = [one for one in questions if one.get("required") and one.get("when")]
    if conditional:
        schema["allOf"] = [
            {"if": asked(one, by_key), "then": {"required": [one["key"]]}} for one in conditional
        ]
    return schema


def property_for(question: Question) -> Schema:
    """One question: its texts, what its answer may be, when it is asked, and which answers stop."""
    found: Schema = {"title": in_language(question["labels"])}
    if hint := in_language(question.get("hints", {})):
        found["description"] = hint
    found |= TYPES[question["type"]](question)
    if when := question.get("when"):
        found["x-when"] = dict(when)
    if stops := question.get("stops"):
        found["x-stops"] = [stop_shown(stop) for stop in stops]
        found["not"] = {"anyOf": [has(question, stop["is"]) for stop in stops]}
    return found


def asked(question: Question, by_key: Mapping[str, Question]) -> Schema:
    """What the answers must look like for a conditional question to be asked: so for every question it hangs on."""
    conditions = []
    while when := question.get("when"):
        question = by_key[when["question"]]
        key = question["key"]
        conditions.append({"properties": {key: has(question, when["is"])}, "required": [key]})
    return conditions[0] if len(conditions) == 1 else {"allOf": conditions}


def has(question: Question, answer: object) -> Schema:
    """That this is the question's answer, or one of its answers."""
    return {"contains": {"const": answer}} if question["type"] == "choices" else {"const": answer}


def stop_shown(stop: Mapping[str, Any]) -> Schema:
    return {
        "is": stop["is"],
        "words": in_language(stop["words"]),
        "body": body_shown(stop.get("body", "")),
    }


def body_shown(key: str) -> Schema | None:
    """Who is responsible instead of the city, by their key in city.yaml."""
    body = city().body(key)
    return {"name": body.name, "phone": body.phone, "website": body.website} if body else None


def _text(_question: Question) -> Schema:
    return {"type": "string", "maxLength": LONGEST_ANSWER, "pattern": TEXT}


def _choice(question: Question) -> Schema:
    offered = [
        {"const": option["key"], "title": in_language(option["labels"])}
        for option in question["options"]
    ]
    return {"type": "string", "oneOf": offered}


def _choices(question: Question) -> Schema:
    return {"type": "array", "items": _choice(question), "minItems": 1}


def _number(_question: Question) -> Schema:
    return {"type": "number", "minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER}


def _yes_no(_question: Question) -> Schema:
    return {"type": "boolean"}


def _date(_question: Question) -> Schema:
    return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


TYPES: Mapping[str, Callable[[Question], Schema]] = {
    "text": _text,
    "choice": _choice,
    "choices": _choices,
    "number": _number,
    "yes_no": _yes_no,
    "date": _date,
}
