"""Loading a city: its files become rows, all or nothing, and the same files a second time change nothing."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q

from common.city import City, read_city, zone_mismatch
from common.city_files import Problems, Sheet
from common.city_rows import Tally
from concerns.actions.city_categories import read_categories, write_categories
from concerns.actions.city_circles import read_causes, read_circles, write_causes, write_circles
from concerns.actions.city_rules import read_rules, write_rules
from concerns.enums import OPEN_STATES
from departments.actions.loading_calendars import read_calendars, write_calendars
from departments.actions.loading_departments import is_over, read_departments, write_departments
from departments.models import Department
from geography.actions.loading import read_districts, write_districts

# Two loads at once would each see rows the other is about to write; the number means nothing else.
LOCK = 7_032_011


@dataclass(frozen=True, slots=True)
class CityFiles:
    """Everything a city's folder holds, checked."""

    calendars: Sheet
    departments: Sheet
    districts: Sheet
    circles: Sheet
    causes: Sheet
    categories: Sheet
    rules: Sheet


@transaction.atomic
def load_city(*, folder: Path) -> list[Tally]:
    """Bring calendars, departments, areas, circles, categories, causes and rules into line with the folder.

    Tickets are never touched. Raises common.city_files.CityDataRefused with every problem found; nothing is
    written then.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    problems = Problems(folder)
    files = read_files(problems)
    check_open_work(files.departments)
    problems.raise_any()
    return [
        write_calendars(files.calendars),
        write_departments(files.departments),
        write_districts(files.districts),
        *write_circles(files.circles),
        write_causes(files.causes),
        write_categories(files.categories),
        write_rules(files.rules),
    ]


def read_files(problems: Problems) -> CityFiles:
    """Read and check all files, across each other too. Writes nothing; problems are added to `problems`."""
    languages = languages_of(read_city(problems), problems)
    calendars = read_calendars(problems)
    departments = read_departments(problems, calendars, languages)
    districts = read_districts(problems, languages)
    circles = read_circles(problems, departments, languages)
    categories = read_categories(problems, departments, circles, languages)
    return CityFiles(
        calendars=calendars,
        departments=departments,
        districts=districts,
        circles=circles,
        causes=read_causes(problems, languages),
        categories=categories,
        rules=read_rules(
            problems,
            categories=categories,
            departments=departments,
            districts=districts,
            circles=circles,
        ),
    )


def languages_of(city: City | None, problems: Problems) -> tuple[str, ...]:
    if city is None:
        return tuple(code for code, _ in settings.LANGUAGES)
    if city.zone and (mismatch := zone_mismatch(city.zone)):
        problems.add("city.yaml", "zone", mismatch)
    return city.languages


def check_open_work(departments: Sheet) -> None:
    """A department that ends while tickets are open needs a successor, else its work would be lost to view."""
    is_open = Q(tickets__state__in=OPEN_STATES)
    rows = Department.objects.annotate(open_tickets=Count("tickets", filter=is_open))
    for row in rows.filter(open_tickets__gt=0):
        record = departments.records.get(row.key)
        ends = is_over(record) if record else departments.complete
        heir = record.values["successor"] if record else row.successor_id
        if ends and not heir:
            departments.refuse(
                row.key,
                f"ends while tickets are open with it ({row.open_tickets}). Keep it in the file, "
                "with the last day as valid_until and the department that takes over as successor.",
            )
