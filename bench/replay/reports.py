"""The file: one report a row, with the office that really dealt with it."""

import csv
import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.replay.errors import CannotReplay

COLUMNS = (
    *("id", "description", "category_parent", "category_child", "address", "responsible_office"),
    *("lon", "lat", "district"),
)


@dataclass(frozen=True, slots=True)
class Report:
    """What one person said. `office` is who dealt with it, "" where nobody noted that; all by the names of then."""

    id: str
    words: str
    group: str
    category: str
    address: str
    lat: float | None
    lon: float | None
    district: str
    office: str
    reported: dt.date | None = None

    @property
    def held_out(self) -> bool:
        """Half of all reports, by their id alone: whoever writes rules looks at the other half."""
        return hashlib.sha256(self.id.encode()).digest()[0] % 2 == 1


def read(file: Path) -> list[Report]:
    """All reports, byte for byte as they stand there. Raises CannotReplay for a file of another kind."""
    try:
        # newline="": line ends within a text stay as they are.
        with file.open(encoding="utf-8-sig", newline="") as rows:
            table = csv.DictReader(rows, strict=True)
            missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
            if missing:
                raise CannotReplay(f"{file} lacks the columns {', '.join(missing)}.")
            found = [_report(row, number) for number, row in enumerate(table, start=1)]
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise CannotReplay(f"{file} cannot be read: {problem}") from None
    if len({report.id for report in found}) < len(found):
        raise CannotReplay(f"{file} has an id twice; reports are told apart by it.")
    return found


def _report(row: Mapping[str, str], number: int) -> Report:
    try:
        lat, lon = (float(row[name]) if row[name] else None for name in ("lat", "lon"))
    except ValueError:
        raise CannotReplay(f"Report {number}: lat and lon must be degrees, or empty.") from None
    return Report(
        id=row["id"],
        words=row["description"],
        group=row["category_parent"],
        category=row["category_child"],
        address=row["address"],
        lat=lat,
        lon=lon,
        district=row["district"],
        office=row["responsible_office"],
        reported=day_in(row.get("reported") or "", number),
    )


def day_in(text: str, number: int) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise CannotReplay(f"Report {number}: reported must be a day like 2026-01-31.") from None
