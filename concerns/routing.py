"""Who is responsible: the most specific rule that matches, and why.

Specificity counts the conditions of a rule (concerns/conditions.py); each step down the tree of categories and from
district to quarter counts one more. Equal specificity is decided by priority. A tie between departments, or no match
and no default, goes to triage: a guess nobody can explain is worse than a person who decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from concerns.conditions import Matter, keyword_found, specificity
from concerns.models import Circle, RoutingRule
from departments.models import Department

# The points of a rule that matches, and the rule.
Ranked = tuple[int, RoutingRule]


@dataclass(frozen=True, slots=True)
class Decision:
    """The department found (None: triage), what else its rule demands, and the reasons an event keeps."""

    department: Department | None
    circle: Circle | None
    why: dict[str, Any]
    # None: as it is.
    ticket_priority: int | None = None
    # The rules it follows from, by key.
    winners: tuple[RoutingRule, ...] = field(default=(), compare=False)


def decide(matter: Matter, rules: Iterable[RoutingRule]) -> Decision:
    """The department for a matter, with the reasons as codes and ids (stored in the event)."""
    return among(matter, rank(matter, rules))


def rank(matter: Matter, rules: Iterable[RoutingRule]) -> list[Ranked]:
    """The rules that match, each with its points."""
    pointed = ((specificity(rule, matter), rule) for rule in rules)
    return [(points, rule) for points, rule in pointed if points is not None]


def among(matter: Matter, ranked: Sequence[Ranked]) -> Decision:
    """The decision among rules that match."""
    if not ranked:
        return by_default(matter)
    best = max((points, rule.priority) for points, rule in ranked)
    # By key, so that the same rules always tell the same story.
    winners = sorted(
        (rule for points, rule in ranked if (points, rule.priority) == best),
        key=lambda rule: rule.key,
    )
    if len({rule.department_id for rule in winners}) > 1:
        return undecided(matter, winners)
    rule = winners[0]
    why = {"by": "rule", "rule": rule.key, "version": rule.version, "inputs": inputs_of(matter)}
    if keyword := keyword_found(rule, matter):
        why["keyword"] = keyword
    return decided(matter, winners, why, rule.department)


def decided(
    matter: Matter, winners: list[RoutingRule], why: dict[str, Any], department: Department | None
) -> Decision:
    circle = circle_of(matter, winners)
    return Decision(department, circle, why, priority_of(winners), tuple(winners))


def undecided(matter: Matter, winners: list[RoutingRule]) -> Decision:
    """Several departments with equal right: a person decides among them, named in the order of their rules."""
    why = {
        "by": "tie",
        "candidates": [f"{rule.key} v{rule.version}" for rule in winners],
        "departments": list(dict.fromkeys(rule.department_id for rule in winners)),
        "inputs": inputs_of(matter),
    }
    return decided(matter, winners, why, None)


def by_default(matter: Matter) -> Decision:
    department = matter.category.default_department if matter.category else None
    by = "category" if department else "nothing"
    return Decision(department, circle_of(matter, []), {"by": by, "inputs": inputs_of(matter)})


def inputs_of(matter: Matter) -> dict[str, Any]:
    """What was looked at, without any word or answer of the person: those are erased one day, events are not."""
    return {
        "category": matter.category.slug if matter.category else None,
        "kind": matter.kind,
        "audience": matter.audience,
        "areas": list(matter.area_ids),
        "channel": matter.channel,
        "at": f"{matter.at:%a %H:%M}",
    }


def circle_of(matter: Matter, rules: list[RoutingRule]) -> Circle | None:
    """Confidentiality is never lost among equals: the circle of any winning rule, else the category's."""
    circles = [rule.circle for rule in rules if rule.circle] + (
        [matter.category.circle] if matter.category else []
    )
    return next((circle for circle in circles if circle), None)


def priority_of(rules: list[RoutingRule]) -> int | None:
    """The highest that a winning rule demands."""
    return max(
        (rule.ticket_priority for rule in rules if rule.ticket_priority is not None), default=None
    )
