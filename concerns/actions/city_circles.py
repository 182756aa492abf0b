"""Circles and causes from a city's files. Reading reports problems; writing supposes there were none."""

from collections.abc import Iterable, Mapping

from common.city_files import Problems, Record, Sheet, read_sheet
from common.city_rows import Tally, clear_out, put
from common.city_schema import Field, anything, listing, one_of, read_fields, slug, words
from concerns.models import Cause, Circle, CircleMember
from departments.actions.loading_departments import check_department
from departments.enums import Capability
from departments.models import Department

MEMBER_FIELDS = {"capability": Field(one_of(Capability.values)), "department": Field(slug)}


def read_circles(problems: Problems, departments: Sheet, languages: tuple[str, ...]) -> Sheet:
    fields = {
        "key": Field(slug),
        "names": Field(words(languages)),
        "members": Field(listing(anything)),
    }
    sheet = read_sheet(problems, "circles.yaml", "circle", fields)
    for record in sheet.records.values():
        if record.values["members"] == []:
            sheet.refuse(
                record.key,
                "members: nobody would see its tickets. Name a capability in a department.",
            )
        for raw in record.values["members"] or []:
            _check_member(sheet, record.key, raw, departments)
    return sheet


def _check_member(sheet: Sheet, key: str, raw: object, departments: Sheet) -> None:
    values = read_fields(raw, MEMBER_FIELDS, lambda what: sheet.refuse(key, f"members: {what}"))
    check_department(sheet, Record(key, values), "department", departments)


def read_causes(problems: Problems, languages: tuple[str, ...]) -> Sheet:
    fields = {"key": Field(slug), "names": Field(words(languages))}
    return read_sheet(problems, "causes.yaml", "cause", fields)


def write_circles(sheet: Sheet) -> tuple[Tally, Tally]:
    """Only members by capability stand in the file; people are admitted in the workspace and stay."""
    circles, members = Tally("circles"), Tally("circle members")
    departments = dict(Department.objects.values_list("key", "pk"))
    rows = {row.key: row for row in Circle.objects.all()}
    for key, record in sheet.records.items():
        row = rows.setdefault(key, Circle(key=key))
        put(row, key, {"names": record.values["names"]}, circles)
        _admit(row, record, departments, members)
    return circles, members


def retire_circles(sheet: Sheet, tally: Tally) -> None:
    """A circle that left the file goes when nothing is confidential by it.

    Else it stays with its members: its tickets must neither open to others nor be lost to those who work on them.
    """
    vanished = Circle.objects.exclude(key__in=sheet.records)
    clear_out({row.key: row for row in vanished}, tally, besides=CircleMember)


def _admit(circle: Circle, record: Record, departments: Mapping[str, int], tally: Tally) -> None:
    wanted = {(raw["capability"], raw["department"]) for raw in record.values["members"]}
    by_capability = circle.members.filter(user__isnull=True).select_related("department")
    present = {(m.capability, m.department.key): m for m in by_capability if m.department}
    for capability, key in sorted(wanted - present.keys()):
        circle.members.create(capability=capability, department_id=departments[key])
    for gone in present.keys() - wanted:
        present[gone].delete()
    tally.created += _named(circle, wanted - present.keys())
    tally.deleted += _named(circle, present.keys() - wanted)
    tally.unchanged += len(wanted & present.keys())


def _named(circle: Circle, members: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{circle.key}: {capability} of {key}" for capability, key in sorted(members)]


def write_causes(sheet: Sheet) -> Tally:
    tally = Tally("causes")
    rows = {row.key: row for row in Cause.objects.all()}
    for key, record in sheet.records.items():
        row = rows.get(key) or Cause(key=key)
        put(row, key, {"names": record.values["names"], "retired": False}, tally)
    return tally


def retire_causes(sheet: Sheet, tally: Tally) -> None:
    """Causes that left the file go, unless a ticket ended for one: then it stays, and nobody chooses it again."""
    vanished = Cause.objects.exclude(key__in=sheet.records)
    clear_out({row.key: row for row in vanished}, tally, lambda _row: {"retired": True})
