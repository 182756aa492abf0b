"""What other rules would have done: counted, nothing stored."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from concerns.conditions import Matter
from concerns.enums import Audience, Channel, Kind, Priority
from concerns.keywords import Text
from concerns.models import Category, Circle, RoutingRule
from concerns.simulation import Past, Simulation, never_matched, never_won, simulate
from departments.models import Department

STREETS = Department(pk=1, key="streets")
PARKS = Department(pk=2, key="parks")
GONE = Department(pk=3, key="gone", valid_until=dt.date(2020, 1, 1))
POTHOLE = Category(pk=3, slug="pothole", path="/3/")
NOISE = Category(pk=4, slug="noise", path="/4/", default_department=PARKS)
NOON = dt.datetime(2026, 7, 15, 12, 0, tzinfo=dt.UTC)


def past(
    number: int, text: str = "A hole.", category: Category | None = POTHOLE, ended: str = ""
) -> Past:
    matter = Matter(
        category=category,
        kind=Kind.DEFECT,
        audience=Audience.PUBLIC,
        area_ids=(),
        text=Text(text),
        at=NOON,
        channel=Channel.PORTAL,
    )
    return Past(number, matter, ended)


def rule(key: str, to: Department, **said: Any) -> RoutingRule:
    return RoutingRule(key=key, department=to, **said)


HOLES = rule("holes", STREETS, category=POTHOLE)
OF_TREES = rule("trees", PARKS, category=POTHOLE, keywords=["baum"])


def outcome(matters: Iterable[Past], *rules: RoutingRule) -> Simulation:
    return simulate(matters, [HOLES], list(rules))


def test_a_draft_that_says_the_same_moves_nothing() -> None:
    found = outcome([past(1), past(2, category=NOISE)], HOLES)

    assert (found.tickets, found.moves) == (2, {})
    assert found.before == found.after
    assert found.after.departments == {"streets": 1, "parks": 1}


def test_moves_are_counted_with_the_newest_examples() -> None:
    matters = [past(number, "Bäume im Weg") for number in (9, 8, 7, 6)] + [past(5)]

    found = outcome(matters, HOLES, OF_TREES)

    assert found.moves == {("streets", "parks"): 4}
    assert found.examples == {("streets", "parks"): [9, 8, 7]}
    assert found.after.departments == {"parks": 4, "streets": 1}


def test_it_tells_how_many_went_where_they_are_today() -> None:
    matters = [past(1, "Ein Baum", ended="parks"), past(2, ended="streets"), past(3)]

    found = outcome(matters, HOLES, OF_TREES)

    assert (found.before.right, found.after.right) == (1, 2)


def test_rules_equally_sure_and_tickets_nobody_owns() -> None:
    clash = rule("clash", PARKS, category=POTHOLE)

    found = outcome([past(1), past(2, category=None)], HOLES, clash)

    assert found.after.ties == {("clash", "holes"): 1}
    assert (found.before.ownerless, found.after.ownerless) == (1, 1)
    assert found.moves == {("streets", ""): 1}


def test_a_department_that_ended_takes_nothing() -> None:
    found = outcome([past(1)], rule("holes", GONE, category=POTHOLE))

    assert found.moves == {("streets", ""): 1}


def test_dead_rules_are_those_no_ticket_meets_and_those_always_outdone() -> None:
    rules = [HOLES, rule("anything", PARKS), rule("phone", PARKS, channel=Channel.PHONE)]

    found = outcome([past(1), past(2)], *rules)

    assert never_matched(rules, found.after) == ["phone"]
    assert never_won(rules, found.after) == ["anything"]


def test_rules_for_one_department_decide_together() -> None:
    twin = rule("twin", STREETS, category=POTHOLE)

    found = outcome([past(1)], HOLES, twin)

    assert never_won([HOLES, twin], found.after) == []


def test_other_priorities_and_circles_are_counted() -> None:
    strict = rule(
        "holes", STREETS, category=POTHOLE, ticket_priority=Priority.HIGH, circle=Circle(pk=5)
    )

    found = outcome([past(1), past(2, category=NOISE)], strict)

    assert (found.other_priority, found.other_circle) == (1, 1)
