"""Loading a city: its files become rows, all or nothing, and the same files a second time change nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q

from common.city import City, read_city, zone_mismatch
from common.city_files import Problems, Sheet, read_text
from common.city_rows import Tally
from common.city_schema import did_you_mean
from concerns.actions.city_categories import read_categories, retire_categories, write_categories
from concerns.actions.city_circles import (
    read_causes,
    read_circles,
    retire_causes,
    retire_circles,
    write_causes,
    write_circles,
)
from concerns.actions.city_partners import read_partners, retire_partners, write_partners
from concerns.actions.city_rules import read_rules, retire_rules, write_rules
from concerns.actions.city_signposts import Terms
from concerns.actions.rule_sets import hold_city, keep_loaded
from concerns.enums import OPEN_STATES, Audience
from departments.actions.loading_calendars import (
    read_calendars,
    retire_calendars,
    write_calendars,
)
from departments.actions.loading_departments import (
    is_over,
    read_departments,
    retire_departments,
    write_departments,
)
from departments.models import Department
from geography.actions.addresses import place_all, read_gazetteer, write_gazetteer
from geography.actions.loading import read_districts, retire_districts, write_districts
from geography.models import Address

ENDS = (
    "ends while tickets are open with it ({count}); {heir} takes them over. Keep it in the file, with the last day as "
    "valid_until and, as successor, a department that goes on."
)


@dataclass(frozen=True, slots=True)
class CityFiles:
    """Everything a city's folder holds, checked."""

    calendars: Sheet
    departments: Sheet
    districts: Sheet
    circles: Sheet
    causes: Sheet
    partners: Sheet
    categories: Sheet
    rules: Sheet
    rules_source: str
    gazetteer: Sequence[Address]


@transaction.atomic
def load_city(*, folder: Path, dry_run: bool = False) -> list[Tally]:
    """Bring everything a city says of itself into line with the folder.

    Tickets are never touched. A dry run does all of it and takes it back, so that it tells exactly what would
    happen. Raises common.city_files.CityDataRefused with every problem found; nothing is written then.
    """
    hold_city()
    problems = Problems(folder)
    files = read_files(problems)
    check_open_work(files.departments)
    problems.raise_any()
    tallies = write_files(files)
    if dry_run:
        transaction.set_rollback(True)
    return tallies


def read_files(problems: Problems) -> CityFiles:
    """Read and check all files, across each other too. Writes nothing; problems are added to `problems`."""
    city = read_city(problems)
    terms = terms_of(city, problems)
    calendars = read_calendars(problems)
    departments = read_departments(problems, calendars, terms.languages)
    districts = read_districts(problems, terms.languages)
    circles = read_circles(problems, departments, terms.languages)
    categories = read_categories(problems, departments, circles, terms)
    check_feedback(city, categories)
    return CityFiles(
        calendars=calendars,
        departments=departments,
        districts=districts,
        circles=circles,
        causes=read_causes(problems, terms.languages),
        partners=read_partners(problems, terms.languages),
        categories=categories,
        rules=read_rules(
            problems,
            categories=categories,
            departments=departments,
            districts=districts,
            circles=circles,
        ),
        rules_source=read_text(Problems(problems.folder), "rules.yaml") or "",
        gazetteer=read_gazetteer(problems),
    )


def terms_of(city: City | None, problems: Problems) -> Terms:
    if city is None:
        return Terms(tuple(code for code, _ in settings.LANGUAGES), None)
    if city.zone and (mismatch := zone_mismatch(city.zone)):
        problems.add("city.yaml", "zone", mismatch)
    return Terms(city.languages, {body.key for body in city.bodies})


def check_feedback(city: City | None, categories: Sheet) -> None:
    """Whoever cannot use a page must be able to say so: the category for that must be one people can file under."""
    key = city.accessibility_category if city else ""
    record = categories.records.get(key)
    fits = record and record.values["audience"] == Audience.PUBLIC and not record.values["redirect"]
    if key and categories.complete and not fits:
        hint = "" if record else did_you_mean(key, categories.records)
        what = f"'{key}' is no category of categories.yaml that citizens can file under.{hint}"
        categories.problems.add("city.yaml", "accessibility_category", what)


def write_files(files: CityFiles) -> list[Tally]:
    """First what others point at, then the others; what left the files goes the other way round."""
    calendars = write_calendars(files.calendars)
    departments = write_departments(files.departments)
    districts = write_districts(files.districts)
    circles, members = write_circles(files.circles)
    causes = write_causes(files.causes)
    partners = write_partners(files.partners)
    categories = write_categories(files.categories)
    rules = write_rules(files.rules)
    retire_rules(files.rules, rules)
    keep_loaded(files.rules_source)
    retire_categories(files.categories, categories)
    retire_causes(files.causes, causes)
    retire_partners(files.partners, partners)
    retire_circles(files.circles, circles)
    retire_districts(files.districts, districts)
    retire_departments(files.departments, departments)
    retire_calendars(files.calendars, calendars)
    places = write_gazetteer(files.gazetteer)
    if not districts.is_quiet:
        place_all()
    people = [circles, members, causes, partners]
    return [calendars, departments, districts, *people, categories, rules, places]


def check_open_work(departments: Sheet) -> None:
    """A department that ends while tickets are open needs a successor, else its work would be lost to view."""
    is_open = Q(tickets__state__in=OPEN_STATES)
    rows = Department.objects.annotate(open_tickets=Count("tickets", filter=is_open))
    for row in rows.filter(open_tickets__gt=0).select_related("successor"):
        record = departments.records.get(row.key)
        ends = record.values["valid_until"] if record else departments.complete
        inherited = row.successor.key if row.successor else None
        heir = record.values["successor"] if record else inherited
        if ends and not _goes_on(departments, heir):
            departments.refuse(row.key, ENDS.format(count=row.open_tickets, heir=heir or "nobody"))


def _goes_on(departments: Sheet, key: str | None) -> bool:
    """Whether somebody works at the end of the line of successors; a line that goes in a circle is told elsewhere."""
    seen: set[str] = set()
    while key and key not in seen:
        seen.add(key)
        record = departments.records.get(key)
        if record is None or not is_over(record):
            return record is not None
        key = record.values["successor"]
    return key is not None
