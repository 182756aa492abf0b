# ruff: noqa: E501 - the tables hold whole sentences
import pytest

from common.city_files import Problems
from common.city_rows import Tally
from departments.actions.loading_calendars import (
    read_calendars,
    retire_calendars,
    write_calendars,
)
from departments.models import Calendar, Department

OFFICE = """
- key: office
  country: GB
  subdivision: ENG
  hours:
    monday: ["09:00-12:30", "13:30-17:00"]
    saturday: ["20:00-24:00"]
    sunday: []
  closed_days: ["12-24", "2027-03-19"]
"""


@pytest.fixture
def problems(tmp_path) -> Problems:
    return Problems(tmp_path)


def load(problems: Problems, content: str) -> Tally:
    (problems.folder / "calendars.yaml").write_text(content, encoding="utf-8")
    sheet = read_calendars(problems)
    problems.raise_any()
    tally = write_calendars(sheet)
    retire_calendars(sheet, tally)
    return tally


@pytest.mark.django_db
def test_write_calendars_stores_hours_by_number_of_the_weekday(problems: Problems) -> None:
    assert load(problems, OFFICE) == Tally("calendars", created=["office"])

    calendar = Calendar.objects.get()
    assert (calendar.key, calendar.country, calendar.subdivision) == ("office", "GB", "ENG")
    assert calendar.weekly_hours == {
        "0": [["09:00", "12:30"], ["13:30", "17:00"]],
        "5": [["20:00", "24:00"]],
    }
    assert calendar.closed_days == ["12-24", "2027-03-19"]


@pytest.mark.django_db
def test_write_calendars_changes_only_what_differs(problems: Problems) -> None:
    load(problems, OFFICE)

    assert load(problems, OFFICE) == Tally("calendars", unchanged=1)
    assert load(problems, OFFICE.replace("12-24", "12-31")) == Tally(
        "calendars", changed={"office": ["closed_days"]}
    )
    assert Calendar.objects.get().closed_days == ["12-31", "2027-03-19"]


@pytest.mark.django_db
def test_write_calendars_deletes_what_left_the_file_unless_a_department_keeps_it(
    problems: Problems,
) -> None:
    load(
        problems,
        OFFICE
        + OFFICE.replace("key: office", "key: depot")
        + OFFICE.replace("key: office", "key: spare"),
    )
    Department.objects.create(key="streets", calendar=Calendar.objects.get(key="depot"))

    assert load(problems, OFFICE) == Tally("calendars", deleted=["spare"], unchanged=1)
    assert sorted(Calendar.objects.values_list("key", flat=True)) == ["depot", "office"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("monday:", "monday1:", "hours: 'monday1' is no weekday. Did you mean 'monday'?"),
        ('"09:00-12:30"', '"9-12"', 'hours: monday must be a list of hours like ["08:00-12:00", "13:00-16:00"].'),
        ('"09:00-12:30"', '"09:00-25:00"', 'hours: monday must be a list of hours like ["08:00-12:00", "13:00-16:00"].'),
        ('["20:00-24:00"]', "20:00-24:00", 'hours: saturday must be a list of hours like ["08:00-12:00", "13:00-16:00"].'),
        ('"09:00-12:30"', '"09:00-14:00"', "hours: monday: hours must follow each other without overlapping."),
        ('"20:00-24:00"', '"20:00-20:00"', "hours: saturday: hours must follow each other without overlapping."),
        ('"12-24"', '"24-12"', "closed_days: entry '24-12' must be a day like \"2026-12-24\", or \"12-24\" for every year."),
        ('"12-24"', '"1224"', "closed_days: entry '1224' must be a day like \"2026-12-24\", or \"12-24\" for every year."),
        ("subdivision: ENG", "subdivision: XYZ", "country 'GB', subdivision 'XYZ': public holidays are not known. Use ISO 3166 codes like DE and NW."),
        ("country: GB", "country: XX", "country 'XX', subdivision 'ENG': public holidays are not known. Use ISO 3166 codes like DE and NW."),
        ("  country: GB\n", "", "'country' is missing. Add it."),
    ],
)  # fmt: skip
def test_read_calendars_refuses_with_key_and_remedy(
    problems: Problems, old: str, new: str, problem: str
) -> None:
    assert OFFICE.count(old) == 1
    (problems.folder / "calendars.yaml").write_text(OFFICE.replace(old, new), encoding="utf-8")

    read_calendars(problems)

    assert problems.found == [f"{problems.folder}/calendars.yaml: calendar 'office': {problem}"]


def test_read_calendars_refuses_a_calendar_that_never_works(problems: Problems) -> None:
    content = "- {key: office, country: GB, hours: {monday: []}}"
    (problems.folder / "calendars.yaml").write_text(content, encoding="utf-8")

    read_calendars(problems)

    wanted = 'hours: must name hours for at least one weekday, like monday: ["08:00-16:00"].'
    assert problems.found == [f"{problems.folder}/calendars.yaml: calendar 'office': {wanted}"]
