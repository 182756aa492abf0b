"""Calendars from a city's calendars.yaml. Reading reports problems; writing supposes there were none."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from common.city_files import Problems, Record, Sheet, read_sheet
from common.city_rows import Tally, clear_out, put
from common.city_schema import Field, day, did_you_mean, listing, slug, text
from common.clock import today
from departments.calendars import public_holidays
from departments.models import Calendar

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
HOURS = re.compile(rf"({CLOCK})-({CLOCK}|24:00)")
# A leap year, so that 02-29 is a day.
SOME_YEAR = "2028"


def read_calendars(problems: Problems) -> Sheet:
    fields = {
        "key": Field(slug),
        "country": Field(text(2)),
        "subdivision": Field(text(10), default=""),
        "hours": Field(weekly_hours),
        "closed_days": Field(listing(closed_day), default=[]),
    }
    sheet = read_sheet(problems, "calendars.yaml", "calendar", fields)
    for record in sheet.records.values():
        _check_holidays(sheet, record)
    return sheet


def weekly_hours(value: object) -> str:
    """Complains of anything but a map of weekdays to rising, separate hours like "08:00-16:00"."""
    if not isinstance(value, Mapping) or not any(value.values()):
        return 'must name hours for at least one weekday, like monday: ["08:00-16:00"].'
    for weekday, hours in value.items():
        if weekday not in WEEKDAYS:
            return f"'{weekday}' is no weekday.{did_you_mean(weekday, WEEKDAYS)}"
        if not isinstance(hours, list) or not all(HOURS.fullmatch(str(entry)) for entry in hours):
            return f'{weekday} must be a list of hours like ["08:00-12:00", "13:00-16:00"].'
        clocks = [clock for begin_and_end in _clocks(hours) for clock in begin_and_end]
        if any(later <= earlier for earlier, later in pairwise(clocks)):
            return f"{weekday}: hours must follow each other without overlapping."
    return ""


def closed_day(value: object) -> str:
    if isinstance(value, str) and not day(
        value if len(value) > len("12-31") else f"{SOME_YEAR}-{value}"
    ):
        return ""
    return 'must be a day like "2026-12-24", or "12-24" for every year.'


def _clocks(hours: list[str]) -> list[list[str]]:
    return [entry.split("-") for entry in hours]


def _check_holidays(sheet: Sheet, record: Record) -> None:
    country, subdivision = record.values["country"], record.values["subdivision"]
    if country is None:
        return
    try:
        public_holidays(country, subdivision, today().year)
    except NotImplementedError:
        where = f"country '{country}', subdivision '{subdivision}'"
        sheet.refuse(
            record.key,
            f"{where}: public holidays are not known. Use ISO 3166 codes like DE and NW.",
        )


def write_calendars(sheet: Sheet) -> Tally:
    tally = Tally("calendars")
    rows = {row.key: row for row in Calendar.objects.all()}
    for key, record in sheet.records.items():
        put(rows.get(key) or Calendar(key=key), key, _calendar_values(record), tally)
    return tally


def retire_calendars(sheet: Sheet, tally: Tally) -> None:
    """Calendars that left the file go when no department, living or retired, keeps its hours by them."""
    vanished = Calendar.objects.exclude(key__in=sheet.records)
    clear_out({row.key: row for row in vanished}, tally)


def _calendar_values(record: Record) -> dict[str, Any]:
    hours = record.values["hours"]
    return {
        "country": record.values["country"],
        "subdivision": record.values["subdivision"],
        "weekly_hours": {
            str(number): _clocks(hours[weekday])
            for number, weekday in enumerate(WEEKDAYS)
            if hours.get(weekday)
        },
        "closed_days": record.values["closed_days"],
    }
