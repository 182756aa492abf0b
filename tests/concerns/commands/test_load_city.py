# ruff: noqa: E501 - the tables hold whole sentences
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from concerns.models import Category
from departments.models import Department
from tests.support.city_folder import CityFolder

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> CityFolder:
    monkeypatch.chdir(tmp_path)
    return CityFolder(tmp_path)


def load(*arguments: object) -> str:
    printed = StringIO()
    call_command("load_city", *map(str, arguments), stdout=printed)
    return printed.getvalue()


TABLE = [
    "                      new  changed  retired  deleted  unchanged",
    "calendars               2        0        0        0          0",
    "departments            13        0        0        0          0",
    "areas                   6        0        0        0          0",
    "circles                 1        0        0        0          0",
    "circle members          3        0        0        0          0",
    "causes                  3        0        0        0          0",
    "partners                2        0        0        0          0",
    "categories             18        0        0        0          0",
    "rules                  12        0        0        0          0",
    "addresses               8        0        0        0          0",
]


def test_load_city_prints_what_it_did(folder: CityFolder) -> None:
    assert load(folder.path).splitlines() == ["northmoor: loaded", *TABLE]


def test_a_dry_run_prints_what_a_talkative_load_prints(folder: CityFolder) -> None:
    tried = load(folder.path, "--dry-run").splitlines()
    assert not Category.objects.exists()
    done = load(folder.path, "-v", "2").splitlines()

    assert (tried[0], done[0]) == (
        "northmoor: would change; nothing is loaded yet",
        "northmoor: loaded",
    )
    assert tried[1:] == done[1:]
    assert tried[1:12] == TABLE
    assert tried[12:14] == [
        "calendars, new: office, depot",
        "departments, new: town, contact-centre, public-works, streets, parks, waste, harbour-office, order,",
    ]


def test_a_dry_run_names_keys_and_fields(folder: CityFolder) -> None:
    load(folder.path)
    folder.replace("departments.yaml", 'number: "21"', 'number: "2.1"')
    folder.replace("rules.yaml", "keywords: [rubbish, litter, müll]", "keywords: [rubbish]")
    whole = folder.read("causes.yaml")
    folder.write("causes.yaml", whole[: whole.index("- key: storm")])
    folder.replace("addresses.csv", "Mill Lane", "Mill Road")

    assert load(folder.path, "--dry-run").splitlines()[12:] == [
        "departments, changed: streets (number)",
        "causes, deleted: storm",
        "rules, changed: park-rubbish (keywords, version)",
        "addresses, new: Mill Road",
        "addresses, deleted: Mill Lane",
    ]


def test_load_city_a_second_time_says_unchanged(folder: CityFolder) -> None:
    load(folder.path)

    assert load(folder.path) == "northmoor: unchanged\n"
    assert load(folder.path, "--dry-run") == "northmoor: unchanged\n"


def test_load_city_without_a_folder_loads_the_city_of_the_settings(
    folder: CityFolder, settings
) -> None:
    settings.CITY_FOLDER = folder.path

    assert load().startswith("northmoor: loaded\n")
    assert Category.objects.filter(slug="pothole").exists()


def test_load_city_lists_what_to_correct_and_loads_nothing(folder: CityFolder) -> None:
    folder.replace("categories.yaml", "default_department: waste", "default_department: wast")
    folder.replace("rules.yaml", "district: harbour", "district: harber")

    with pytest.raises(CommandError) as refusal:
        load(folder.path)

    assert str(refusal.value).splitlines() == [
        "Nothing was loaded. To correct (2):",
        "  northmoor/categories.yaml: category 'missed-bin': default_department 'wast' is not in departments.yaml. Did you mean 'waste'?",
        "  northmoor/rules.yaml: rule 'street-light-harbour': district 'harber' is not in districts.geojson. Did you mean 'harbour'?",
    ]
    assert not Department.objects.exists()
