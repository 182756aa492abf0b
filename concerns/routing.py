"""Who is responsible: the most specific rule that matches, and why.

Specificity counts the conditions of a rule; each step down the tree of categories and from district to quarter
counts one more. Equal specificity is decided by priority. A tie between departments, or no match and no default,
goes to triage: a guess nobody can explain is worse than a person who decides.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from concerns.models import Category, Circle, RoutingRule
from departments.models import Department


@dataclass(frozen=True, slots=True)
class Matter:
    """What a rule may look at."""

    category: Category | None
    kind: str
    audience: str
    area_ids: tuple[int, ...]  # district, then quarter
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The department found (None: triage), the circle it demands, and the reasons an event keeps."""

    department: Department | None
    circle: Circle | None
    why: dict[str, Any]


def ids_in(path: str) -> list[int]:
    return [int(part) for part in path.strip("/").split("/") if part]


def category_depth(rule: RoutingRule, matter: Matter) -> int | None:
    """How deep the rule's category stands above the matter's (0: no condition), None when it does not match."""
    if rule.category_id is None:
        return 0
    line = ids_in(matter.category.path) if matter.category else []
    return line.index(rule.category_id) + 1 if rule.category_id in line else None


def area_depth(rule: RoutingRule, matter: Matter) -> int | None:
    if rule.district_id is None:
        return 0
    return (
        matter.area_ids.index(rule.district_id) + 1 if rule.district_id in matter.area_ids else None
    )


def keyword_found(rule: RoutingRule, matter: Matter) -> str | None:
    """The first of the rule's keywords that begins a word of the text; "" for a rule without keywords."""
    return first_keyword(rule.keywords, matter.text) if rule.keywords else ""


def first_keyword(keywords: Iterable[str], text: str) -> str | None:
    """The first keyword that begins a word of the text, whatever the case; None when there is none."""
    said = folded(text)
    return next((word for word in keywords if _begins_a_word(folded(word), said)), None)


def _begins_a_word(word: str, said: str) -> bool:
    # Most words are nowhere in the text; to find that out without an expression is a hundred times faster.
    return word in said and re.search(rf"(?<!\w){re.escape(word)}", said) is not None


def folded(text: str) -> str:
    """Without case, and with each umlaut as one sign: some keyboards send the letter and its dots apart."""
    return unicodedata.normalize("NFC", text).casefold()


def specificity(rule: RoutingRule, matter: Matter) -> int | None:
    """The number of conditions met, or None when one is not."""
    depth, area, keyword = (
        category_depth(rule, matter),
        area_depth(rule, matter),
        keyword_found(rule, matter),
    )
    fits = rule.kind in ("", matter.kind) and rule.audience in ("", matter.audience)
    if depth is None or area is None or keyword is None or not fits:
        return None
    return depth + area + bool(rule.keywords) + bool(rule.kind) + bool(rule.audience)


def decide(matter: Matter, rules: Iterable[RoutingRule]) -> Decision:
    """The department for a matter, with the reasons as codes and ids (stored in the event)."""
    inputs = {
        "category": matter.category.slug if matter.category else None,
        "kind": matter.kind,
        "audience": matter.audience,
        "areas": list(matter.area_ids),
    }
    ranked = [
        (points, rule.priority, rule)
        for rule in rules
        if (points := specificity(rule, matter)) is not None
    ]
    if not ranked:
        return by_default(matter, inputs)
    best = max((points, priority) for points, priority, _ in ranked)
    # By key, so that the same rules always tell the same story.
    winners = sorted(
        (rule for points, priority, rule in ranked if (points, priority) == best),
        key=lambda rule: rule.key,
    )
    if len({rule.department_id for rule in winners}) > 1:
        tied = [f"{rule.key} v{rule.version}" for rule in winners]
        return Decision(
            None, circle_of(matter, winners), {"by": "tie", "candidates": tied, "inputs": inputs}
        )
    rule = winners[0]
    why = {"by": "rule", "rule": rule.key, "version": rule.version, "inputs": inputs}
    if keyword := keyword_found(rule, matter):
        why["keyword"] = keyword
    return Decision(rule.department, circle_of(matter, winners), why)


def by_default(matter: Matter, inputs: dict[str, Any]) -> Decision:
    department = matter.category.default_department if matter.category else None
    by = "category" if department else "nothing"
    return Decision(department, circle_of(matter, []), {"by": by, "inputs": inputs})


def circle_of(matter: Matter, rules: list[RoutingRule]) -> Circle | None:
    """Confidentiality is never lost among equals: the circle of any winning rule, else the category's."""
    circles = [rule.circle for rule in rules if rule.circle] + (
        [matter.category.circle] if matter.category else []
    )
    return next((circle for circle in circles if circle), None)
