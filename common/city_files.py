"""Reading the files of a city's folder: strict YAML, records by key, every problem at once.

A city's data are kept by people who do not program. A mistake is answered with the file, the key and what to do,
and no mistake hides the next one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import yaml

from common.city_schema import SLUG_FORM, Field, did_you_mean, read_fields, slug

UNREADABLE: Final = object()


class CityDataRefused(Exception):
    """The city's files cannot be used; `problems` says why, one sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


class Problems:
    """What was found wrong in the files of one folder; `given` are files that come from somewhere else."""

    def __init__(self, folder: Path, given: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.given = given or {}
        self.found: list[str] = []

    def add(self, file: str, where: str, what: str) -> None:
        """`where` names the record or key in the file, `what` says what is wrong and what to do."""
        self.found.append(f"{shown(self.folder / file)}: {where}: {what}")

    def raise_any(self) -> None:
        if self.found:
            raise CityDataRefused(self.found)


def shown(path: Path) -> str:
    """The path as people at this machine would write it: from here, where it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


@dataclass(frozen=True, slots=True)
class Record:
    key: str
    values: Mapping[str, Any]
    parent: str | None = None


@dataclass(slots=True)
class Sheet:
    """The records of one file by key, parents before their children.

    `complete` is False when the file could not be read: then nobody can say that a key is not in it.
    """

    problems: Problems
    file: str
    noun: str
    records: dict[str, Record] = field(default_factory=dict)
    complete: bool = True

    def refuse(self, key: str, what: str) -> None:
        self.problems.add(self.file, f"{self.noun} '{key}'", what)

    def check_reference(self, record: Record, name: str, target: "Sheet") -> Record | None:
        """The record of `target` that the value `name` names; reported and None when there is none."""
        key = record.values[name]
        if key is None or not target.complete:
            return None
        if key not in target.records and not self.is_taken_over(record, name):
            hint = did_you_mean(key, target.records)
            self.refuse(record.key, f"{name} '{key}' is not in {target.file}.{hint}")
        return target.records.get(key)

    def is_taken_over(self, record: Record, name: str) -> bool:
        """Whether the record above has the same value, so that what is wrong with it was told there."""
        above = self.records.get(record.parent or "")
        return above is not None and above.values[name] == record.values[name]

    def add(
        self, raw: object, fields: Mapping[str, Field], *, nth: int, parent: str | None
    ) -> str | None:
        """Read one record; its key, or None when it has none or one that is taken."""
        key = raw.get("key") if isinstance(raw, Mapping) else None
        if not isinstance(key, str) or slug(key):
            under = f" under '{parent}'" if parent else ""
            self.problems.add(self.file, f"entry {nth}{under}", f"'key' must be {SLUG_FORM}.")
            return None
        if key in self.records:
            self.refuse(key, "stands here twice. Give one of them another key.")
            return None
        values = read_fields(raw, fields, partial(self.refuse, key))
        self.records[key] = Record(key, values, parent)
        return key


class CityLoader(yaml.SafeLoader):
    """YAML with the scalars of version 1.2: `no` is Norwegian, 16:00 a time of day, 2026-12-24 a text.

    A key that stands twice in a map is refused: YAML would silently drop the first.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        seen: set[object] = set()
        for name, _ in node.value:
            if name.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key '{name.value}' stands twice", name.start_mark
                )
            seen.add(name.value)
        return super().construct_mapping(node, deep)


CityLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("null", r"null|~|", ["n", "~", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"-?(0|[1-9][0-9]*)", list("-0123456789")),
    ("float", r"-?(0|[1-9][0-9]*)\.[0-9]+", list("-0123456789")),
):
    CityLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), first
    )


def read_text(problems: Problems, file: str) -> str | None:
    """The file's text; reported and None when it is missing or not UTF-8."""
    if file in problems.given:
        return problems.given[file]
    try:
        return (problems.folder / file).read_text(encoding="utf-8")
    except FileNotFoundError:
        problems.add(
            file, "the file", "is missing. Create it; another city's shows what belongs in it."
        )
    except (OSError, UnicodeDecodeError) as error:
        problems.add(file, "the file", f"cannot be read ({error}). Store it as UTF-8.")
    return None


def read_yaml(problems: Problems, file: str) -> object:
    """What the file holds, or UNREADABLE (then reported)."""
    content = read_text(problems, file)
    if content is None:
        return UNREADABLE
    try:
        return yaml.load(content, CityLoader)  # noqa: S506 - a SafeLoader with fewer types  # nosec B506
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "the file"
        what = getattr(error, "problem", None) or str(error)
        problems.add(file, where, f"{what}. Look at the indentation and the quotation marks there.")
        return UNREADABLE


def read_sheet(
    problems: Problems,
    file: str,
    noun: str,
    fields: Mapping[str, Field],
    *,
    inherited: Iterable[str] | None = None,
) -> Sheet:
    """The records of a YAML file that holds a list.

    With `inherited` (it may be empty) records may have `children`, and a child takes over those of these values
    that it does not give itself.
    """
    sheet = Sheet(problems, file, noun)
    raw = read_yaml(problems, file)
    if isinstance(raw, list):
        _take(sheet, raw, fields, None if inherited is None else tuple(inherited), None, {})
        return sheet
    sheet.complete = False
    if raw is not UNREADABLE:
        problems.add(file, "the file", "must be a list: each entry after a hyphen, or only [].")
    return sheet


def _take(
    sheet: Sheet,
    raws: list[Any],
    fields: Mapping[str, Field],
    inherited: tuple[str, ...] | None,
    parent: str | None,
    handed_down: Mapping[str, Any],
) -> None:
    for nth, raw in enumerate(raws, start=1):
        if inherited is None or not isinstance(raw, Mapping):
            sheet.add(raw, fields, nth=nth, parent=parent)
            continue
        own = {**handed_down, **raw}
        children = own.pop("children", [])
        key = sheet.add(own, fields, nth=nth, parent=parent)
        if not isinstance(children, list):
            sheet.problems.add(sheet.file, f"{sheet.noun} '{key}'", "children: must be a list.")
            continue
        values = sheet.records[key].values if key else {}
        heritage = {name: values[name] for name in inherited if name in own and name in values}
        # Below a record that was refused hang its children on the one above: they are no roots.
        _take(sheet, children, fields, inherited, key or parent, heritage)
