"""Conditions of routing rules that take more than a look at one value: answers, areas, weekdays, hours of the day."""

import re
from collections.abc import Mapping
from typing import Any

from shapely.geometry import shape

from common.city_files import Record, Sheet
from common.city_schema import did_you_mean
from concerns.actions.city_questions import possible_answers
from concerns.actions.city_signposts import Refuse, not_an_answer
from geography.models import District

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def weekday(value: object) -> str:
    return "" if value in WEEKDAYS else f"must be one of {', '.join(WEEKDAYS)}."


def hours(value: object) -> str:
    """[from, until]; the same time twice would be never or always, nobody knows which."""
    if not isinstance(value, list) or len(value) not in {0, 2}:
        return 'must be two times of day, from and until: ["22:00", "06:00"].'
    if strange := [one for one in value if not (isinstance(one, str) and CLOCK.fullmatch(one))]:
        return f'{strange[0]!r} is no time of day. Write hours and minutes, like "06:30".'
    if value and value[0] == value[1]:
        return "begin and end at the same time. Leave them out: a rule without hours holds all day."
    return ""


def answers(value: object) -> str:
    """{question: answer, or a list of them}; whether they exist is seen with the category."""
    if isinstance(value, Mapping) and all(listed(given) for given in value.values()):
        return ""
    return "must be lines of the form question: answer, or question: [answer, answer]."


def listed(given: object) -> list[Any]:
    return given if isinstance(given, list) else [given]


def by_number(weekdays: list[str]) -> list[int]:
    return sorted({WEEKDAYS.index(day) for day in weekdays})


def check_answers(sheet: Sheet, record: Record, categories: Sheet) -> None:
    """What a rule asks for must be an answer that somebody can give: else it never matches, and nobody sees why."""
    wanted: Mapping[str, Any] = record.values["answers"]
    category = categories.records.get(record.values["category"])
    if not wanted or not categories.complete:
        return
    if category is None:
        sheet.refuse(record.key, "answers: name the category whose questions these are, too.")
        return
    questions = {
        one["key"]: one
        for one in category.values["questions"]
        if isinstance(one, Mapping) and "key" in one
    }
    for key, given in wanted.items():
        if key not in questions:
            what = f"'{key}' is no question of category '{category.key}'."
            sheet.refuse(record.key, f"answers: {what}{did_you_mean(key, questions)}")
            continue
        check_given(listed(given), questions[key], lambda what: sheet.refuse(record.key, what))


def check_given(given: list[Any], question: Mapping[str, Any], refuse: Refuse) -> None:
    possible = possible_answers(question)
    for one in given:
        if complaint := not_an_answer(one, possible, f"'{question['key']}'"):
            refuse(f"answers: {complaint}")


def check_area(sheet: Sheet, record: Record, districts: Sheet) -> None:
    drawn = record.values["area"]
    cities = [
        shape(one.values["geometry"])
        for one in districts.records.values()
        if one.values["level"] == District.Level.CITY
    ]
    if drawn and cities and not any(shape(drawn).intersects(city) for city in cities):
        what = "lies outside the city. Is it [longitude, latitude], in this order?"
        sheet.refuse(record.key, f"area: {what}")
