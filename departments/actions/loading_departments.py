"""Departments from a city's departments.yaml. Reading reports problems; writing supposes there were none."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from common.city import mail_address
from common.city_files import Problems, Record, Sheet, read_sheet
from common.city_rows import Tally, clear_out, put, rebuild_paths
from common.city_schema import Field, anything, day, slug, text, words
from common.clock import today
from departments.models import Calendar, Department


def read_departments(problems: Problems, calendars: Sheet, languages: tuple[str, ...]) -> Sheet:
    fields = {
        "key": Field(slug),
        "number": Field(text(20), default=""),
        "names": Field(words(languages)),
        "mailbox": Field(mailbox, default=""),
        "calendar": Field(slug),
        "valid_from": Field(day, default=None),
        "valid_until": Field(day, default=None),
        "successor": Field(anything, default=None),
    }
    sheet = read_sheet(problems, "departments.yaml", "department", fields, inherited=["calendar"])
    roots = [record.key for record in sheet.records.values() if record.parent is None]
    if sheet.complete and len(roots) != 1:
        what = f"must have one entry that holds all others as children; it has {len(roots)}."
        problems.add(sheet.file, "the file", what)
    for record in sheet.records.values():
        sheet.check_reference(record, "calendar", calendars)
        sheet.check_reference(record, "successor", sheet)
        _check_succession(sheet, record)
    return sheet


def mailbox(value: object) -> str:
    """A mail address. Names in .invalid stand for mailboxes a trial must not write to (RFC 6761)."""
    return mail_address(re.sub(r"\.invalid$", ".test", str(value)))


def _check_succession(sheet: Sheet, record: Record) -> None:
    seen = [record.key]
    while (key := sheet.records[seen[-1]].values["successor"]) in sheet.records:
        if key in seen:
            line = " → ".join([*seen, key])
            sheet.refuse(
                record.key, f"successor: the line {line} ends nowhere. Name one that still works."
            )
            return
        seen.append(key)


def check_department(sheet: Sheet, record: Record, name: str, departments: Sheet) -> None:
    """Report that the value `name` of another file's record is no department, or one that works no more."""
    department = sheet.check_reference(record, name, departments)
    if department and is_over(department) and not sheet.is_taken_over(record, name):
        heir = department.values["successor"]
        until = department.values["valid_until"]
        remedy = f"Name '{heir}', its successor." if heir else "Name one that works."
        sheet.refuse(record.key, f"{name} '{department.key}' was valid until {until}. {remedy}")


def is_over(record: Record) -> bool:
    """Whether the department has ceased to work."""
    until = day_of(record.values["valid_until"])
    return until is not None and until < today()


def day_of(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def write_departments(sheet: Sheet) -> Tally:
    tally = Tally("departments")
    rows = {row.key: row for row in Department.objects.all()}
    calendars = dict(Calendar.objects.values_list("key", "pk"))
    # First all rows, then what they say: a successor may stand further down in the file.
    for key, record in sheet.records.items():
        if key not in rows:
            rows[key] = Department(key=key)
            put(rows[key], key, {"calendar_id": calendars[record.values["calendar"]]}, tally)
    for key, record in sheet.records.items():
        put(rows[key], key, _values(record, rows, calendars), tally)
    rebuild_paths(Department)
    return tally


def retire_departments(sheet: Sheet, tally: Tally) -> None:
    """Departments that left the file go; those that ever had work or people stay, valid until yesterday."""
    yesterday = today() - dt.timedelta(days=1)
    vanished = Department.objects.exclude(key__in=sheet.records)
    clear_out(
        {row.key: row for row in vanished},
        tally,
        lambda row: {} if row.is_retired else {"valid_until": yesterday},
    )


def _values(
    record: Record, rows: Mapping[str, Department], calendars: Mapping[str, int]
) -> dict[str, Any]:
    said = record.values
    return {
        "number": said["number"],
        "names": said["names"],
        "parent_id": rows[record.parent].pk if record.parent else None,
        "mailbox": said["mailbox"],
        "calendar_id": calendars[said["calendar"]],
        "valid_from": day_of(said["valid_from"]),
        "valid_until": day_of(said["valid_until"]),
        "successor_id": rows[said["successor"]].pk if said["successor"] else None,
    }
