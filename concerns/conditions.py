"""What a routing rule asks of a matter.

Each condition answers with its points: 0 when the rule does not ask, None when the matter does not meet it.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry import Point

from concerns.keywords import Text
from concerns.models import Category, RoutingRule
from geography.queries import outline

DRAWN_POINTS = 2


@dataclass(frozen=True, slots=True, repr=False)  # a repr would carry the words into tracebacks
class Matter:
    """What a rule may look at. `at` is when it was said, in the city's zone."""

    category: Category | None
    kind: str
    audience: str
    area_ids: tuple[int, ...]  # district, then quarter
    text: Text
    at: dt.datetime
    channel: str = ""
    point: Point | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)


def specificity(rule: RoutingRule, matter: Matter) -> int | None:
    """The points of all conditions together, or None when one is not met."""
    points = 0
    for condition in CONDITIONS:
        met = condition(rule, matter)
        if met is None:
            return None
        points += met
    return points


def category_depth(rule: RoutingRule, matter: Matter) -> int | None:
    """How deep the rule's category stands above the matter's or is it."""
    if rule.category_id is None:
        return 0
    line = ids_in(matter.category.path) if matter.category else []
    return line.index(rule.category_id) + 1 if rule.category_id in line else None


def ids_in(path: str) -> list[int]:
    return [int(part) for part in path.strip("/").split("/") if part]


def area_depth(rule: RoutingRule, matter: Matter) -> int | None:
    if rule.district_id is None:
        return 0
    areas = matter.area_ids
    return areas.index(rule.district_id) + 1 if rule.district_id in areas else None


def drawn_area(rule: RoutingRule, matter: Matter) -> int | None:
    """An area drawn for the rule counts as much as a quarter."""
    if rule.area is None:
        return 0
    inside = matter.point is not None and outline(json.dumps(rule.area)).covers(matter.point)
    return DRAWN_POINTS if inside else None


def kind(rule: RoutingRule, matter: Matter) -> int | None:
    return exactly(rule.kind, matter.kind)


def audience(rule: RoutingRule, matter: Matter) -> int | None:
    return exactly(rule.audience, matter.audience)


def channel(rule: RoutingRule, matter: Matter) -> int | None:
    return exactly(rule.channel, matter.channel)


def exactly(wanted: str, given: str) -> int | None:
    return 0 if not wanted else 1 if wanted == given else None


def answers(rule: RoutingRule, matter: Matter) -> int | None:
    """Each question named must have been answered with one of the rule's answers; each counts one."""
    for question, wanted in rule.answers.items():
        given = matter.answers.get(question)
        if not any(one in wanted for one in (given if isinstance(given, list) else [given])):
            return None
    return len(rule.answers)


def weekdays(rule: RoutingRule, matter: Matter) -> int | None:
    """Monday is 0."""
    return 0 if not rule.weekdays else 1 if matter.at.weekday() in rule.weekdays else None


def hours(rule: RoutingRule, matter: Matter) -> int | None:
    """From the first time of day up to, not including, the second; over midnight when that comes earlier."""
    if not rule.hours:
        return 0
    begin, end = rule.hours
    clock = f"{matter.at:%H:%M}"
    inside = begin <= clock < end if begin < end else clock >= begin or clock < end
    return 1 if inside else None


def keywords(rule: RoutingRule, matter: Matter) -> int | None:
    return 0 if not rule.keywords else None if keyword_found(rule, matter) is None else 1


# What many matters have in common, so that it can be looked up; and what each has to be asked.
SHARED = (kind, audience, channel, category_depth, area_depth)
# What costs most comes last.
CONDITIONS = (*SHARED, weekdays, hours, answers, drawn_area, keywords)


def may_match(rule: RoutingRule, matter: Matter) -> bool:
    """Whether the rule meets the matter in all that many have in common."""
    return all(condition(rule, matter) is not None for condition in SHARED)


def keyword_found(rule: RoutingRule, matter: Matter) -> str | None:
    """The first of the rule's keywords that stands in the text."""
    return matter.text.first(rule.keywords)
