"""Invented reports of Northmoor, in the form of the real ones of a city."""

import csv
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from bench.replay.reports import COLUMNS
from tests.factories.matters import CategoryFactory
from tests.support.town import Town, build_town


def row(number: int, **said: object) -> dict[str, object]:
    """A pothole in Harbour district, dealt with by Streets, unless told otherwise."""
    usual = {
        "id": f"r{number}",
        "description": f"Tiefes Schlagloch ({number}).",
        "category_parent": "Straßen",
        "category_child": "Schlagloch",
        "address": "Quay Street 5",
        "responsible_office": "Tiefbau/Streets",
        "lon": "-0.95",
        "lat": "54.05",
        "district": "Harbour",
    }
    return usual | said


def write(file: Path, *rows: dict[str, object], columns: tuple[str, ...] = COLUMNS) -> Path:
    with file.open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return file


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return tmp_path / "reports.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A city whose offices are called otherwise than in the file, by signs alone."""
    (tmp_path / "departments.yaml").write_text(
        "- key: northmoor\n"
        "  names: {de: Northmoor}\n"
        "  children:\n"
        "    - {key: streets, names: {de: Tiefbau – Streets}}\n"
        "    - {key: parks, names: {de: Parks}}\n",
        encoding="utf-8",
    )
    return tmp_path


@pytest.fixture
def instance(transactional_db: None, live_server: LiveServer, settings) -> str:
    """A running instance of Northmoor with German names of two categories."""
    settings.PUBLIC_URL = live_server.url
    # All of them come from this machine.
    settings.FILINGS_PER_NETWORK_PER_HOUR = settings.REQUESTS_PER_MINUTE_PER_NETWORK = 100_000
    town: Town = build_town()
    for slug, name in (("pothole", "Schlagloch"), ("tree", "Baum")):
        category = town.categories[slug]
        category.names = {**category.names, "de": name}
        category.save()
    CategoryFactory(slug="hints", names={"en": "Hint", "de": "Hinweise"})
    return live_server.url
