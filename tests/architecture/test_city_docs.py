"""docs/city-data.md names every key a city's files use."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from common.city_files import Problems, read_yaml
from tests.architecture.source import ROOT

FOLDERS = [ROOT / "tests/city", *sorted(path.parent for path in ROOT.glob("cities/*/city.yaml"))]
FILES = ("city", "calendars", "departments", "circles", "causes", "categories", "rules")
# What is a name of the city's, a language or a weekday says itself.
SAYS_ITSELF = {"de", "en"} | {
    f"{day}day" for day in ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
}


def keys_in(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        yield from (key for key in content if isinstance(key, str))  # a number is a priority
    for part in content.values() if isinstance(content, dict) else content:
        if isinstance(part, dict | list):
            yield from keys_in(part)


def read(folder: Path, name: str) -> Any:
    """A file of the city; which questions a rule's answers are to are keys of the city's own."""
    content = read_yaml(Problems(folder), f"{name}.yaml")
    return [{**one, "answers": []} for one in content] if name == "rules" else content


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_key_of_a_city_is_described(folder: Path) -> None:
    page = (ROOT / "docs/city-data.md").read_text(encoding="utf-8")
    described = set(re.findall(r"[a-z_-]+", " ".join(re.findall(r"`([^`]+)`", page))))
    used = {key for name in FILES for key in keys_in(read(folder, name))}

    assert sorted(used - described - SAYS_ITSELF) == []
