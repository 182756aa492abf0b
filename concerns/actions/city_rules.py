"""Routing rules from a city's rules.yaml. Reading reports problems; writing supposes there were none."""

from collections.abc import Mapping
from typing import Any

from common.city_files import Problems, Sheet, read_sheet
from common.city_rows import Tally, put
from common.city_schema import Field, listing, one_of, slug, text, whole
from concerns.actions.city_conditions import (
    answers,
    by_number,
    check_answers,
    check_area,
    hours,
    listed,
    weekday,
)
from concerns.enums import Audience, Channel, Kind, Priority
from concerns.models import Category, Circle, RoutingRule
from departments.actions.loading_departments import check_department
from departments.models import Department
from geography.actions.loading import geometry
from geography.models import District

LONGEST_KEYWORD = 60
HIGHEST_PRIORITY = 1000
# What stands on the row as it stands in the file.
PLAIN = ("kind", "audience", "area", "channel", "keywords", "hours", "priority")
TICKET_PRIORITIES = {one.name.lower(): one for one in Priority}


def read_rules(
    problems: Problems, *, categories: Sheet, departments: Sheet, districts: Sheet, circles: Sheet
) -> Sheet:
    fields = {
        "key": Field(slug),
        "category": Field(slug, default=None),
        "kind": Field(one_of(Kind.values), default=""),
        "audience": Field(one_of(Audience.values), default=""),
        "district": Field(slug, default=None),
        "area": Field(geometry, default=None),
        "channel": Field(one_of(Channel.values), default=""),
        "keywords": Field(listing(keyword), default=[]),
        "answers": Field(answers, default={}),
        "weekdays": Field(listing(weekday), default=[]),
        "hours": Field(hours, default=[]),
        "department": Field(slug),
        "circle": Field(slug, default=None),
        "ticket_priority": Field(one_of(TICKET_PRIORITIES), default=None),
        "priority": Field(whole(-HIGHEST_PRIORITY, HIGHEST_PRIORITY), default=0),
    }
    sheet = read_sheet(problems, "rules.yaml", "rule", fields)
    for record in sheet.records.values():
        check_department(sheet, record, "department", departments)
        sheet.check_reference(record, "category", categories)
        sheet.check_reference(record, "circle", circles)
        check_answers(sheet, record, categories)
        check_area(sheet, record, districts)
        district = sheet.check_reference(record, "district", districts)
        if district and district.values["level"] == District.Level.CITY:
            what = "is the whole city. Leave it out: a rule without a district holds everywhere."
            sheet.refuse(record.key, f"district '{district.key}' {what}")
    return sheet


def keyword(value: object) -> str:
    """Rules compare without case; the city writes small letters, so that each word stands in one form."""
    if complaint := text(LONGEST_KEYWORD)(value):
        return complaint
    return (
        ""
        if str(value) == str(value).strip().lower()
        else "must be in small letters without spaces around."
    )


def write_rules(sheet: Sheet) -> Tally:
    """What a rule says is known by its version: it rises with a change."""
    tally = Tally("rules")
    rows = {row.key: row for row in RoutingRule.objects.all()}
    for key, content in contents(sheet).items():
        row = rows.get(key) or RoutingRule(key=key)
        put(row, key, {**content, "version": _version(row, content), "active": True}, tally)
    return tally


def contents(sheet: Sheet) -> dict[str, dict[str, Any]]:
    """What the rules say, as columns by name (four statements)."""
    keys = {
        "category": dict(Category.objects.values_list("slug", "pk")),
        "department": dict(Department.objects.values_list("key", "pk")),
        "district": dict(District.objects.values_list("key", "pk")),
        "circle": dict(Circle.objects.values_list("key", "pk")),
    }
    return {
        key: content_of(record.values)
        | {f"{name}_id": ids.get(record.values[name]) for name, ids in keys.items()}
        for key, record in sheet.records.items()
    }


def content_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a rule of the file says by itself, as its columns hold it."""
    return {
        **{name: said[name] for name in PLAIN},
        "answers": {question: listed(given) for question, given in said["answers"].items()},
        "weekdays": by_number(said["weekdays"]),
        "ticket_priority": TICKET_PRIORITIES.get(said["ticket_priority"]),
    }


def retire_rules(sheet: Sheet, tally: Tally) -> None:
    """Rules that left the file are switched off, never deleted: events name them by key and version."""
    for row in RoutingRule.objects.filter(active=True).exclude(key__in=sheet.records):
        row.active = False
        row.save(update_fields=["active"])
        tally.retired.append(row.key)


def _version(row: RoutingRule, content: dict[str, Any]) -> int:
    differs = any(getattr(row, name) != value for name, value in content.items())
    return row.version + 1 if row.pk and differs else row.version
