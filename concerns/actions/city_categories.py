"""Categories from a city's categories.yaml. Reading reports problems; writing supposes there were none."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from common.city_files import Problems, Record, Sheet, read_sheet
from common.city_rows import Tally, clear_out, put, rebuild_paths
from common.city_schema import Field, anything, flag, listing, one_of, slug, text, words
from common.icons import CATEGORY_ICONS
from concerns.actions.city_questions import check_questions
from concerns.actions.city_signposts import Terms, check_redirect, stored_redirect
from concerns.actions.city_targets import (
    TARGETS,
    by_priority,
    resolution,
    stored_targets,
    target,
)
from concerns.enums import Audience, Kind
from concerns.models import Category, Circle
from departments.actions.loading_departments import check_department
from departments.models import Department

LONGEST_DESCRIPTION = 500
LONGEST_KEYWORD = 60
# What a category takes over from the one above it where it says nothing itself.
INHERITED = (
    "kind",
    "audience",
    "icon",
    "redirect",
    "default_department",
    "circle",
    "needs_approval",
    "needs_place",
    *TARGETS,
)
# What stands on the row as it stands in the file.
PLAIN = (
    "names",
    "descriptions",
    "icon",
    "kind",
    "audience",
    "keywords",
    "questions",
    "needs_approval",
    "needs_place",
)


def read_categories(problems: Problems, departments: Sheet, circles: Sheet, terms: Terms) -> Sheet:
    sheet = read_sheet(
        problems, "categories.yaml", "category", _fields(terms.languages), inherited=INHERITED
    )
    for record in sheet.records.values():
        check_department(sheet, record, "default_department", departments)
        sheet.check_reference(record, "circle", circles)
        _check_audience(sheet, record)
        _check_redirect(sheet, record, terms)
        check_questions(record.values["questions"], terms, partial(sheet.refuse, record.key))
    return sheet


def _fields(languages: tuple[str, ...]) -> dict[str, Field]:
    return {
        "key": Field(slug),
        "names": Field(words(languages)),
        "descriptions": Field(words(languages, LONGEST_DESCRIPTION), default={}),
        "icon": Field(icon, default=""),
        "kind": Field(one_of(Kind.values), default=Kind.DEFECT.value),
        "audience": Field(one_of(Audience.values), default=Audience.PUBLIC.value),
        "keywords": Field(listing(keyword), default=[]),
        "questions": Field(listing(anything), default=[]),
        "redirect": Field(anything, default=None),
        "default_department": Field(slug, default=None),
        "circle": Field(slug, default=None),
        "needs_approval": Field(flag, default=False),
        "needs_place": Field(flag, default=False),
        "first_response": Field(target, default="3 working days"),
        "resolution": Field(resolution, default="10 working days"),
        "by_priority": Field(by_priority, default={}),
    }


def keyword(value: object) -> str:
    """As people read it: «you wrote Loch». Text is compared without case."""
    if complaint := text(LONGEST_KEYWORD)(value):
        return complaint
    return "" if str(value) == str(value).strip() else "must not have spaces around."


def icon(value: object) -> str:
    """A child without one of its own is handed down the "" of a category whose icon was refused."""
    return "" if value == "" else one_of(CATEGORY_ICONS)(value)


def _check_audience(sheet: Sheet, record: Record) -> None:
    """One subtree has one audience: what citizens see must not hang below what they must not see."""
    above = sheet.records[record.parent].values["audience"] if record.parent else None
    if above and record.values["audience"] != above:
        sheet.refuse(
            record.key, f"audience: must be '{above}' like that of '{record.parent}' above it."
        )


def _check_redirect(sheet: Sheet, record: Record, terms: Terms) -> None:
    if record.values["redirect"] is None:
        return
    if not sheet.is_taken_over(record, "redirect"):
        check_redirect(record.values["redirect"], terms, partial(sheet.refuse, record.key))
    if record.values["questions"]:
        what = "questions: nobody answers them, because redirect sends people elsewhere. Remove one of the two."
        sheet.refuse(record.key, what)


def write_categories(sheet: Sheet) -> Tally:
    tally = Tally("categories")
    departments = dict(Department.objects.values_list("key", "pk"))
    circles = dict(Circle.objects.values_list("key", "pk"))
    rows = {row.slug: row for row in Category.objects.all()}
    for position, (key, record) in enumerate(sheet.records.items(), start=1):
        row = rows.setdefault(key, Category(slug=key))
        values = _values(record, departments, circles) | {"position": position}
        values["parent_id"] = rows[record.parent].pk if record.parent else None
        put(row, key, values, tally)
    rebuild_paths(Category)
    return tally


def retire_categories(sheet: Sheet, tally: Tally) -> None:
    """Categories that left the file go; those with tickets stay for them, and nobody chooses them any more."""
    vanished = Category.objects.exclude(slug__in=sheet.records)
    clear_out({row.slug: row for row in vanished}, tally, lambda _row: {"retired": True})


def _values(
    record: Record, departments: Mapping[str, int], circles: Mapping[str, int]
) -> dict[str, Any]:
    said = record.values
    return {
        **{name: said[name] for name in PLAIN},
        "default_department_id": departments.get(said["default_department"]),
        "circle_id": circles.get(said["circle"]),
        "redirect": stored_redirect(said["redirect"]),
        "targets": stored_targets(said),
        "retired": False,
    }
