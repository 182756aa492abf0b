"""What a value in a city's files must be. A check answers with a complaint, or "" when the value is fine.

A complaint is the end of a sentence that names file and key, and says what to write instead.
"""

import datetime as dt
import difflib
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

REQUIRED: Final = object()
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 50
LONGEST_NAME = 200
SLUG_FORM = "small letters, digits and single hyphens, at most 50 characters"

Check = Callable[[object], str]


@dataclass(frozen=True, slots=True)
class Field:
    """A key of a record: what its value must be, and what stands when it is left out (REQUIRED: it must not be).

    Where the default is None, an explicit null means the same as leaving it out.
    """

    check: Check
    default: object = REQUIRED


def did_you_mean(word: object, known: Collection[str]) -> str:
    """A hint at the known word that comes nearest, with a space before it; "" when none comes near."""
    near = difflib.get_close_matches(str(word), known, n=1)
    return f" Did you mean '{near[0]}'?" if near else ""


def slug(value: object) -> str:
    if isinstance(value, str) and len(value) <= LONGEST_SLUG and SLUG.fullmatch(value):
        return ""
    return f"must be {SLUG_FORM}."


def text(longest: int, *, may_be_empty: bool = False) -> Check:
    def check(value: object) -> str:
        if not isinstance(value, str):
            return "must be text. Put it in quotation marks."
        if not value.strip() and not may_be_empty:
            return "must not be empty."
        return "" if len(value) <= longest else f"is longer than {longest} characters. Shorten it."

    return check


def flag(value: object) -> str:
    return "" if isinstance(value, bool) else "must be true or false."


def whole(least: int, most: int) -> Check:
    def check(value: object) -> str:
        fits = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return "" if fits else f"must be a whole number from {least} to {most}."

    return check


def one_of(known: Collection[str]) -> Check:
    def check(value: object) -> str:
        if isinstance(value, str) and value in known:
            return ""
        return f"'{value}' is not one of {', '.join(known)}.{did_you_mean(value, known)}"

    return check


def words(languages: Iterable[str], longest: int = LONGEST_NAME) -> Check:
    """A map by language that has a text in every language of the city and in no other."""
    wanted = tuple(languages)

    def check(value: object) -> str:
        if not isinstance(value, Mapping):
            return f"must be a map by language: {', '.join(wanted)}."
        if missing := [language for language in wanted if language not in value]:
            return f"the text in {', '.join(missing)} is missing. Add it."
        if strange := [str(language) for language in value if language not in wanted]:
            return f"{', '.join(strange)} is no language of this city. Remove it, or add it to languages in city.yaml."
        return next((c for language in wanted if (c := text(longest)(value[language]))), "")

    return check


def listing(check: Check) -> Check:
    """A list whose every entry passes `check`."""

    def check_all(value: object) -> str:
        if not isinstance(value, list):
            return "must be a list, one entry a line, each after a hyphen."
        return next((f"entry {entry!r} {c}" for entry in value if (c := check(entry))), "")

    return check_all


def day(value: object) -> str:
    try:
        dt.date.fromisoformat(str(value))
    except ValueError:
        return "must be a date like 2026-12-31."
    return ""


def anything(_value: object) -> str:
    """For values that are looked at elsewhere."""
    return ""


def read_fields(
    raw: object, fields: Mapping[str, Field], refuse: Callable[[str], None]
) -> dict[str, Any]:
    """The values of one record, with defaults; `refuse` hears of each that is missing, unknown or wrong.

    A refused value stands as its default (None for a required one), so that whoever looks at the record further
    finds what they expect and can report more.
    """
    if not isinstance(raw, Mapping):
        refuse("must be lines of the form key: value.")
        return {name: _default(field) for name, field in fields.items()}
    for name in raw:
        if name not in fields:
            refuse(f"'{name}' is not known here.{did_you_mean(name, fields)}")
    return {name: _value(raw, name, field, refuse) for name, field in fields.items()}


def _value(
    raw: Mapping[str, Any], name: str, field: Field, refuse: Callable[[str], None]
) -> object:
    if name not in raw:
        if field.default is REQUIRED:
            refuse(f"'{name}' is missing. Add it.")
        return _default(field)
    value = raw[name]
    if value is None and field.default is None:
        return None
    if complaint := field.check(value):
        refuse(f"{name}: {complaint}")
        return _default(field)
    return value


def _default(field: Field) -> object:
    return None if field.default is REQUIRED else field.default
