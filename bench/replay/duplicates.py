"""How well the score tells the same matter from another one, by pairs that a person labelled or decided."""

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.replay.errors import CannotReplay
from bench.replay.reports import Report
from concerns.duplicates import Matter, likeness
from concerns.enums import Finding
from concerns.models import Comparison

SAME, DIFFERENT = "same", "different"
LABELS = (SAME, DIFFERENT)
STEPS = [step / 20 for step in range(6, 20)]
# Whoever is asked needlessly loses a moment, whoever is not asked files the matter a second time: a person looks at
# each, so two in five may be wrong, and within that the more is found, the better.
LEAST_PRECISION = 0.6


@dataclass(frozen=True, slots=True)
class Pair:
    """Two matters, how alike they score, and whether a person says that they are one."""

    score: float
    same: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """What happens if everything from `threshold` on is shown as perhaps the same."""

    threshold: float
    shown: int
    right: int
    same: int

    @property
    def precision(self) -> float:
        """The share of what is shown that is the same; 1 where nothing is shown."""
        return self.right / self.shown if self.shown else 1.0

    @property
    def recall(self) -> float:
        """The share of the same that is shown."""
        return self.right / self.same if self.same else 1.0


def judged(pairs: Sequence[Pair]) -> list[Judged]:
    """A row for each threshold, rising."""
    same = sum(pair.same for pair in pairs)
    rows = []
    for threshold in STEPS:
        shown = [pair for pair in pairs if pair.score >= threshold]
        rows.append(Judged(threshold, len(shown), sum(pair.same for pair in shown), same))
    return rows


def proposed(rows: Sequence[Judged]) -> Judged | None:
    """The lowest threshold that is precise enough from there on; None where none is."""
    good = [row for row in rows if row.shown and row.precision >= LEAST_PRECISION]
    return min(good, key=lambda row: row.threshold, default=None)


def labelled(reports: Iterable[Report], file: Path) -> list[Pair]:
    """The pairs of a file of labels. Raises CannotReplay naming the line of what is wrong."""
    known = {report.id: report for report in reports}
    return [
        Pair(likeness(matter(one), matter(other)).score, same)
        for one, other, same in read_labels(file, known)
    ]


def read_labels(file: Path, known: Mapping[str, Report]) -> Iterable[tuple[Report, Report, bool]]:
    try:
        with file.open(encoding="utf-8", newline="") as rows:
            table = list(csv.DictReader(rows, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise CannotReplay(f"{file} cannot be read: {problem}") from None
    seen: set[frozenset[str]] = set()
    for line, row in enumerate(table, start=2):
        ids = [row.get("first") or "", row.get("second") or ""]
        if row.get("label") not in LABELS or len(set(ids)) < 2:  # noqa: PLR2004 - of a pair
            raise CannotReplay(
                f"{file}, line {line}: write first,second,label with two ids and one of {', '.join(LABELS)}."
            )
        if unknown := [one for one in ids if one not in known]:
            raise CannotReplay(
                f"{file}, line {line}: the reports have no id {unknown[0]}. Remove the line, or name the file of"
                " reports that it was labelled from."
            )
        if frozenset(ids) in seen:
            raise CannotReplay(f"{file}, line {line}: this pair is labelled twice. Keep one.")
        seen.add(frozenset(ids))
        yield known[ids[0]], known[ids[1]], row["label"] == SAME


def matter(report: Report) -> Matter:
    """What is compared of a report; its category's names serve as a path."""
    if report.reported is None:
        raise CannotReplay(f"Report {report.id} has no day in the column reported.")
    return Matter(
        at=dt.datetime.combine(report.reported, dt.time(), dt.UTC),
        category=f"/{report.group}/{report.category}/",
        lat=report.lat,
        lon=report.lon,
        words=report.words,
    )


def decided() -> list[Pair]:
    """What people decided here, with the scores of then."""
    clear = Comparison.objects.exclude(finding=Finding.LATER).order_by("pk")
    return [
        Pair(score, finding == Finding.SAME)
        for score, finding in clear.values_list("score", "finding")
    ]
