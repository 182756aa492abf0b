"""What the file calls a category or an office, and what the city calls it. What has no like is told, never guessed."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bench.replay.errors import CannotReplay
from bench.replay.reports import Report

LANGUAGE = "de"


def plain(name: str) -> str:
    """A name by its words alone: «Schilder/Wegweiser» and «schilder, Wegweiser» are one."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", name).casefold()))


@dataclass(frozen=True, slots=True)
class Names:
    """The city's slugs of categories and keys of offices, by their plain German names."""

    categories: Mapping[str, str]
    offices: Mapping[str, str]
    needing_a_place: frozenset[str] = frozenset()

    def category_of(self, report: Report) -> str:
        return self.categories.get(plain(report.category), "")

    def office_of(self, report: Report) -> str:
        return self.offices.get(plain(report.office), "")

    def unknown(self, reports: Iterable[Report]) -> "Unknown":
        found = Unknown()
        for report in reports:
            if not self.category_of(report):
                found.categories[report.category] += 1
            if report.office and not self.office_of(report):
                found.offices[report.office] += 1
        return found


@dataclass(frozen=True, slots=True)
class Unknown:
    """Names of the file the city does not know, with how many reports carry them."""

    categories: Counter[str] = field(default_factory=Counter)
    offices: Counter[str] = field(default_factory=Counter)

    def shown(self) -> dict[str, dict[str, int]]:
        return {"categories": dict(self.categories), "offices": dict(self.offices)}


def names_of(listed: Iterable[Mapping[str, Any]], folder: Path) -> Names:
    """From the categories as the public door lists them in German, and the offices of the city's folder."""
    rows = list(listed)
    parents = {row["parent"] for row in rows}
    # The leaf wins where a group is called the same.
    rows.sort(key=lambda row: row["slug"] not in parents)
    categories = {plain(row["name"]): str(row["slug"]) for row in rows}
    offices = {plain(name): key for key, name in offices_in(folder)}
    return Names(categories, offices, frozenset(row["slug"] for row in rows if row["needs_place"]))


def offices_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Key and German name of every office. Raises CannotReplay for a folder that is no city's."""
    file = folder / "departments.yaml"
    try:
        said = yaml.safe_load(file.read_text(encoding="utf-8"))
        yield from _offices(said)
    except (OSError, yaml.YAMLError, TypeError, KeyError) as problem:
        raise CannotReplay(
            f"{file} does not list a city's offices ({type(problem).__name__})."
        ) from None


def _offices(nodes: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        yield node["key"], node["names"][LANGUAGE]
        yield from _offices(node.get("children", ()))
