"""What a replay comes to, in numbers; of the reports nothing but ids."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from bench.replay.filing import Outcome, Way
from bench.replay.names import Names
from bench.replay.reports import Report


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    count: int

    @property
    def ratio(self) -> float:
        return self.hits / self.count if self.count else 0.0

    def shown(self) -> dict[str, float]:
        return {"hits": self.hits, "of": self.count, "share": round(self.ratio, 4)}


def figures(way: Way, outcomes: Sequence[Outcome], names: Names) -> dict[str, Any]:
    """Of one run, ready for JSON."""
    filed = [one for one in outcomes if not one.refusal]
    seconds = sorted(one.seconds for one in filed)
    return {
        "categories": str(way),
        "reports": len(outcomes),
        "filed": len(filed),
        "to_an_office": sum(bool(one.office) for one in filed),
        "to_triage": sum(not one.office for one in filed),
        "refused": dict(Counter(one.refusal for one in outcomes if one.refusal).most_common()),
        "refused_ids": [one.report.id for one in outcomes if one.refusal],
        "changed_ids": [one.report.id for one in filed if not one.same],
        "seconds": {name: round(at(seconds, part), 3) for name, part in PARTS.items()},
        "reached": {name: reached(part, names) for name, part in parts_of(outcomes).items()},
        "category_found": category_found(outcomes, names).shown(),
    }


PARTS = {"median": 0.5, "p95": 0.95}


def at(ordered: Sequence[float], part: float) -> float:
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else 0.0


def parts_of(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    """Everything, and the half that whoever wrote the rules did not look at."""
    return {
        "all": list(outcomes),
        "held_out": [one for one in outcomes if one.report.held_out],
    }


def reached(outcomes: Sequence[Outcome], names: Names) -> dict[str, Any]:
    """How many came to the office that really dealt with them, beside what the file's own habits would reach.

    The baselines know the answers: each names the commonest office of the very reports it is measured on.
    """
    hits = sum(one.office != "" and one.office == names.office_of(one.report) for one in outcomes)
    reports = [one.report for one in outcomes]
    known = sum(bool(report.office) for report in reports)
    by_category = commonest(reports, lambda one: (one.group, one.category))
    by_district = commonest(reports, lambda one: (one.group, one.category, one.district))
    return {
        "of_all": Share(hits, len(reports)).shown(),
        "of_known": Share(hits, known).shown(),
        "baseline_category": Share(by_category, len(reports)).shown(),
        "baseline_category_district": Share(by_district, len(reports)).shown(),
    }


def commonest(reports: Sequence[Report], group: Callable[[Report], Hashable]) -> int:
    """How many reports the commonest office of their group dealt with."""
    counted: defaultdict[Hashable, Counter[str]] = defaultdict(Counter)
    for report in reports:
        counted[group(report)][report.office] += bool(report.office)
    return sum(max(offices.values()) for offices in counted.values())


def category_found(outcomes: Sequence[Outcome], names: Names) -> Share:
    """How often the category filed under is the one the person chose then."""
    known = [one for one in outcomes if names.category_of(one.report)]
    return Share(sum(one.category == names.category_of(one.report) for one in known), len(known))


def mail_figures(counts: Sequence[int], filed: int) -> dict[str, int]:
    return {"addresses": filed, "reached": len(counts), "mails": sum(counts)}
