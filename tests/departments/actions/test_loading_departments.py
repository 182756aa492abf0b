# ruff: noqa: E501 - the tables hold whole sentences
import datetime as dt

import pytest

from common.city_files import Problems, Record, Sheet
from common.city_rows import Tally
from common.clock import today
from departments.actions.loading_departments import (
    check_department,
    read_departments,
    retire_departments,
    write_departments,
)
from departments.models import Calendar, Department
from tests.factories.organisation import MembershipFactory, UserFactory

LANGUAGES = ("en", "de")
TOWN = """
- key: town
  names: {en: Town, de: Stadt}
  calendar: office
  children:
    - key: lighting
      names: {en: Lighting, de: Beleuchtung}
      valid_until: "2025-12-31"
      successor: streets
    - key: works
      number: "20"
      names: {en: Works, de: Stadtbetrieb}
      mailbox: works@northmoor.example
      children:
        - key: streets
          names: {en: Streets, de: Straßen}
          calendar: depot
          valid_from: "2024-01-01"
    - key: people
      names: {en: People, de: Soziales}
"""


@pytest.fixture
def problems(tmp_path) -> Problems:
    return Problems(tmp_path)


@pytest.fixture
def calendars(db: None) -> None:
    for key in ("office", "depot"):
        Calendar.objects.create(key=key, country="GB")


def read(problems: Problems, content: str) -> Sheet:
    calendars = Sheet(problems, "calendars.yaml", "calendar")
    calendars.records = {key: Record(key, {}) for key in ("office", "depot")}
    (problems.folder / "departments.yaml").write_text(content, encoding="utf-8")
    return read_departments(problems, calendars, LANGUAGES)


def load(problems: Problems, content: str) -> Tally:
    sheet = read(problems, content)
    problems.raise_any()
    tally = write_departments(sheet)
    retire_departments(sheet, tally)
    return tally


def somebody_works_in(key: str) -> None:
    MembershipFactory(user=UserFactory(), department=row(key), capability="clerk")


def row(key: str) -> Department:
    return Department.objects.get(key=key)


@pytest.mark.usefixtures("calendars")
def test_write_departments_stores_the_tree(problems: Problems) -> None:
    assert load(problems, TOWN) == Tally(
        "departments", created=["town", "lighting", "works", "streets", "people"]
    )

    town, works, streets = row("town"), row("works"), row("streets")
    assert town.path == f"/{town.pk}/"
    assert streets.path == f"/{town.pk}/{works.pk}/{streets.pk}/"
    assert streets.ancestor_ids == [works.pk, town.pk]
    assert (streets.parent, streets.calendar.key, works.calendar.key) == (works, "depot", "office")
    assert (works.number, works.mailbox) == ("20", "works@northmoor.example")
    assert streets.names == {"en": "Streets", "de": "Straßen"}
    assert streets.valid_from == dt.date(2024, 1, 1)
    assert (row("lighting").successor, row("lighting").is_retired) == (streets, True)


@pytest.mark.usefixtures("calendars")
def test_write_departments_a_second_time_changes_nothing(problems: Problems) -> None:
    load(problems, TOWN)

    assert load(problems, TOWN) == Tally("departments", unchanged=5)


@pytest.mark.usefixtures("calendars")
def test_write_departments_moves_a_unit_with_all_below_it(problems: Problems) -> None:
    load(problems, TOWN)
    whole = TOWN.split("    - key: works")
    works, people = whole[1].split("    - key: people")
    indented = "    - key: works" + works
    below = "\n".join(f"    {line}" for line in indented.splitlines())

    moved = f"{whole[0]}    - key: people{people}      children:\n{below}\n"
    assert load(problems, moved) == Tally("departments", changed={"works": ["parent"]}, unchanged=4)

    line = [row(key).pk for key in ("town", "people", "works", "streets")]
    assert row("streets").path == "/" + "/".join(map(str, line)) + "/"


@pytest.mark.usefixtures("calendars")
def test_write_departments_ends_what_left_the_file_yesterday(problems: Problems) -> None:
    load(problems, TOWN)
    somebody_works_in("people")
    shorter = TOWN[: TOWN.index("    - key: people")]

    assert load(problems, shorter) == Tally("departments", retired=["people"], unchanged=4)
    assert row("people").valid_until == today() - dt.timedelta(days=1)
    assert load(problems, shorter) == Tally("departments", unchanged=4)


@pytest.mark.usefixtures("calendars")
def test_retire_departments_deletes_a_branch_nobody_ever_worked_in(problems: Problems) -> None:
    load(problems, TOWN)
    alone = "- key: town\n  names: {en: Town, de: Stadt}\n  calendar: office\n"

    tally = load(problems, alone)

    assert sorted(tally.deleted) == ["lighting", "people", "streets", "works"]
    assert list(Department.objects.values_list("key", flat=True)) == ["town"]


@pytest.mark.usefixtures("calendars")
def test_write_departments_keeps_the_path_of_ended_units_true(problems: Problems) -> None:
    load(problems, TOWN)
    without_streets = TOWN[: TOWN.index("      children:\n        - key: streets")]
    without_streets = without_streets.replace(
        '      valid_until: "2025-12-31"\n      successor: streets\n', ""
    )
    below_lighting = without_streets.replace(
        "    - key: works", "      children:\n        - key: works"
    ).replace(
        '\n      number: "20"\n      names: {en: Works, de: Stadtbetrieb}\n      mailbox:',
        '\n          number: "20"\n          names: {en: Works, de: Stadtbetrieb}\n          mailbox:',
    )

    somebody_works_in("streets")
    load(problems, below_lighting)

    line = [row(key).pk for key in ("town", "lighting", "works", "streets")]
    assert row("streets").path == "/" + "/".join(map(str, line)) + "/"


@pytest.mark.usefixtures("calendars")
def test_write_departments_revives_what_comes_back(problems: Problems) -> None:
    load(problems, TOWN)
    somebody_works_in("people")
    load(problems, TOWN[: TOWN.index("    - key: people")])

    assert load(problems, TOWN) == Tally(
        "departments", changed={"people": ["valid_until"]}, unchanged=4
    )
    assert row("people").valid_until is None


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("calendar: depot", "calendar: depott", "department 'streets': calendar 'depott' is not in calendars.yaml. Did you mean 'depot'?"),
        ("successor: streets", "successor: street", "department 'lighting': successor 'street' is not in departments.yaml. Did you mean 'streets'?"),
        ("successor: streets", "successor: lighting", "department 'lighting': successor: the line lighting → lighting ends nowhere. Name one that still works."),
        ('"2025-12-31"', "31.12.2025", "department 'lighting': valid_until: must be a date like 2026-12-31."),
        ("mailbox: works@northmoor.example", "mailbox: works", "department 'works': mailbox: 'works' is no e-mail address (An email address must have an @-sign.)"),
        ("  calendar: office\n", "", "department 'town': 'calendar' is missing. Add it."),
        ("- key: town", "- {key: village, names: {en: V, de: D}, calendar: office}\n- key: town", "the file: must have one entry that holds all others as children; it has 2."),
    ],
)  # fmt: skip
def test_read_departments_refuses_with_key_and_remedy(
    problems: Problems, old: str, new: str, problem: str
) -> None:
    assert TOWN.count(old) == 1

    read(problems, TOWN.replace(old, new))

    assert f"{problems.folder}/departments.yaml: {problem}" in problems.found


def test_read_departments_refuses_successors_in_a_ring(problems: Problems) -> None:
    read(
        problems,
        TOWN.replace(
            "      names: {en: People", "      successor: lighting\n      names: {en: People"
        ).replace("successor: streets", "successor: people"),
    )

    where = f"{problems.folder}/departments.yaml: department"
    assert problems.found == [
        f"{where} 'lighting': successor: the line lighting → people → lighting ends nowhere. Name one that still works.",
        f"{where} 'people': successor: the line people → lighting → people ends nowhere. Name one that still works.",
    ]


def test_check_department_refuses_one_that_works_no_more(problems: Problems) -> None:
    departments = read(problems, TOWN)
    rules = Sheet(problems, "rules.yaml", "rule")

    for nth, name in enumerate(("lighting", "streets", "nobody")):
        check_department(rules, Record(f"r{nth}", {"department": name}), "department", departments)

    assert problems.found == [
        f"{problems.folder}/rules.yaml: rule 'r0': department 'lighting' was valid until 2025-12-31. Name 'streets', its successor.",
        f"{problems.folder}/rules.yaml: rule 'r2': department 'nobody' is not in departments.yaml.",
    ]
