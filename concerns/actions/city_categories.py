"""Circles, causes and categories from a city's files. Reading reports problems; writing supposes there were none."""

from collections.abc import Mapping
from typing import Any

from common.city_files import Problems, Record, Sheet, read_sheet
from common.city_rows import Tally, is_referred_to, put, rebuild_paths
from common.city_schema import (
    Field,
    anything,
    did_you_mean,
    flag,
    listing,
    one_of,
    read_fields,
    slug,
    text,
    whole,
    words,
)
from concerns.enums import Audience, Kind
from concerns.models import Category, Cause, Circle, CircleMember
from concerns.parsing import QUESTION_TYPES, TYPES_WITH_OPTIONS
from departments.actions.loading_departments import is_over
from departments.enums import Capability
from departments.models import Department

LONGEST_DESCRIPTION = 500
# What a category takes over from the one above it where it says nothing itself.
INHERITED = (
    "kind",
    "audience",
    "default_department",
    "circle",
    "needs_approval",
    "needs_place",
    "first_response_days",
    "resolution_days",
)
MEMBER_FIELDS = {"capability": Field(one_of(Capability.values)), "department": Field(slug)}


def read_causes(problems: Problems, languages: tuple[str, ...]) -> Sheet:
    fields = {"key": Field(slug), "names": Field(words(languages))}
    return read_sheet(problems, "causes.yaml", "cause", fields)


def read_circles(problems: Problems, departments: Sheet, languages: tuple[str, ...]) -> Sheet:
    fields = {
        "key": Field(slug),
        "names": Field(words(languages)),
        "members": Field(listing(anything)),
    }
    sheet = read_sheet(problems, "circles.yaml", "circle", fields)
    for record in sheet.records.values():
        if record.values["members"] == []:
            sheet.refuse(record.key, "members: nobody would see its tickets. Name a capability in a department.")
        for raw in record.values["members"] or []:
            _check_member(sheet, record.key, raw, departments)
    return sheet


def _check_member(sheet: Sheet, key: str, raw: object, departments: Sheet) -> None:
    member = Record(key, read_fields(raw, MEMBER_FIELDS, lambda what: sheet.refuse(key, f"members: {what}")))
    check_department(sheet, member, "department", departments)


def check_department(sheet: Sheet, record: Record, name: str, departments: Sheet) -> None:
    """Report a department that does not exist or works no more."""
    department = sheet.check_reference(record, name, departments)
    if department and is_over(department):
        heir = department.values["successor"]
        remedy = f" Name '{heir}', its successor." if heir else " Name one that works."
        until = department.values["valid_until"]
        sheet.refuse(record.key, f"{name} '{department.key}' was valid until {until}.{remedy}")


def read_categories(
    problems: Problems, departments: Sheet, circles: Sheet, languages: tuple[str, ...]
) -> Sheet:
    fields = {
        "key": Field(slug),
        "names": Field(words(languages)),
        "descriptions": Field(words(languages, LONGEST_DESCRIPTION), default={}),
        "icon": Field(text(40), default=""),
        "kind": Field(one_of(Kind.values), default=Kind.DEFECT.value),
        "audience": Field(one_of(Audience.values), default=Audience.PUBLIC.value),
        "questions": Field(listing(anything), default=[]),
        "default_department": Field(slug, default=None),
        "circle": Field(slug, default=None),
        "needs_approval": Field(flag, default=False),
        "needs_place": Field(flag, default=False),
        "first_response_days": Field(whole(0, 365), default=3),
        "resolution_days": Field(whole(1, 1000), default=10),
    }
    sheet = read_sheet(problems, "categories.yaml", "category", fields, inherited=INHERITED)
    for record in sheet.records.values():
        check_department(sheet, record, "default_department", departments)
        sheet.check_reference(record, "circle", circles)
        _check_questions(sheet, record, languages)
    return sheet


def write_circles(sheet: Sheet) -> Tally:
    """Only members by capability stand in the file; people are admitted in the workspace and stay.

    A circle that left the file goes when nothing is confidential by it; else it stays with its members, for its
    tickets must neither open to others nor be lost to those who work on them.
    """
    tally = Tally("circles")
    departments = dict(Department.objects.values_list("key", "pk"))
    rows = {row.key: row for row in Circle.objects.prefetch_related("members")}
    for key, record in sheet.records.items():
        row = rows.setdefault(key, Circle(key=key))
        before = tally.unchanged
        put(row, {"names": record.values["names"]}, tally)
        if _admit(row, record, departments) and tally.unchanged > before:
            tally.unchanged -= 1
            tally.changed += 1
    _remove_unused(rows, sheet, tally)
    return tally
