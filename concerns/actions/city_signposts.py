"""Where a city sends people instead of filing: the redirect of a category, the stops of a question."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common.city_schema import Field, anything, did_you_mean, read_fields, slug, words

LONGEST_DIRECTION = 1_000

Refuse = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the other files may say: the city's languages, and the keys of its bodies (None: nobody knows)."""

    languages: tuple[str, ...]
    bodies: Collection[str] | None


def check_redirect(raw: object, terms: Terms, refuse: Refuse) -> None:
    values = read_fields(raw, _fields(terms), lambda what: refuse(f"redirect: {what}"))
    _check_body(values["body"], terms, lambda what: refuse(f"redirect: {what}"))


def check_stops(
    raws: Sequence[object], possible: Sequence[str | bool], terms: Terms, refuse: Refuse
) -> None:
    """Tell `refuse` of every stop no answer leads to, or that says nothing; `possible` are the question's answers."""
    if raws and not possible:
        refuse("stops: only choice, choices and yes_no have answers known beforehand.")
        return
    seen: list[object] = []
    for raw in raws:
        values = read_fields(
            raw, {"is": Field(anything), **_fields(terms)}, lambda what: refuse(f"stops: {what}")
        )
        if isinstance(raw, Mapping) and "is" in raw:
            if complaint := not_an_answer(values["is"], possible):
                refuse(f"stops: {complaint}")
            elif values["is"] in seen:
                refuse(f"stops: '{shown(values['is'])}' stands here twice. Remove one.")
            seen.append(values["is"])
        _check_body(values["body"], terms, lambda what: refuse(f"stops: {what}"))


def not_an_answer(given: object, possible: Sequence[str | bool], to: str = "this question") -> str:
    """A complaint when nobody can give this answer. 1 is not true here, though Python thinks so."""
    if any(given == answer and type(given) is type(answer) for answer in possible):
        return ""
    known = ", ".join(shown(answer) for answer in possible) or "none that can be known beforehand"
    return f"'{shown(given)}' is no answer to {to}. Possible: {known}."


def shown(answer: object) -> str:
    """As it is written in YAML."""
    return str(answer).lower() if isinstance(answer, bool) else str(answer)


def _fields(terms: Terms) -> dict[str, Field]:
    return {
        "words": Field(words(terms.languages, LONGEST_DIRECTION)),
        "body": Field(slug, default=None),
    }


def _check_body(key: str | None, terms: Terms, refuse: Refuse) -> None:
    if key is not None and terms.bodies is not None and key not in terms.bodies:
        hint = did_you_mean(key, terms.bodies)
        refuse(f"body '{key}' is not among the bodies of city.yaml.{hint}")


def stored_redirect(raw: Mapping[str, Any] | None) -> dict[str, Any]:
    """As a category keeps it: {} for one that is filed."""
    return {"words": raw["words"], "body": raw.get("body") or ""} if raw else {}
