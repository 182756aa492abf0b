"""Routing: the most specific rule wins, a tie goes to a person, and the why is kept."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from shapely.geometry import Point

from common.clock import today
from concerns.conditions import Matter
from concerns.enums import Audience, Channel, Kind, Priority, State, Verb
from concerns.keywords import Text
from concerns.models import Category, Circle, Event, RoutingRule, Ticket
from concerns.routing import Decision, decide
from departments.models import Department
from geography.models import District
from tests.factories.matters import CategoryFactory, CircleFactory, RoutingRuleFactory
from tests.factories.organisation import DistrictFactory
from tests.support.town import HARBOUR, Place, Town, file

# roads (1) > damage (2) > pothole (3); lamp (4) hangs beside damage. Nothing here is stored.
ROADS = Category(pk=1, slug="roads", path="/1/")
DAMAGE = Category(pk=2, slug="damage", path="/1/2/")
POTHOLE = Category(pk=3, slug="pothole", path="/1/2/3/")
LAMP = Category(pk=4, slug="lamp", path="/1/4/")
# A Wednesday.
NOON = dt.datetime(2026, 7, 15, 12, 0, tzinfo=dt.UTC)
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[-1, 54], [-0.9, 54], [-0.9, 54.1], [-1, 54.1], [-1, 54]]],
}
INPUTS = {
    "category": "pothole",
    "kind": "defect",
    "audience": "public",
    "areas": [21, 22],
    "channel": "portal",
    "at": "Wed 12:00",
}
HARBOUR_DISTRICT, DOCKS_QUARTER, HILL_DISTRICT = 21, 22, 23
SECRET, OTHER_SECRET = Circle(pk=31, key="secret"), Circle(pk=32, key="other-secret")


def office(number: int) -> Department:
    return Department(pk=number, key=f"office-{number}")


def rule(key: str, to: int, **conditions: Any) -> RoutingRule:
    return RoutingRule(key=key, department=office(to), **conditions)


def matter(text: str = "A deep hole.", **facts: Any) -> Matter:
    known = {
        "category": POTHOLE,
        "kind": Kind.DEFECT,
        "audience": Audience.PUBLIC,
        "area_ids": (HARBOUR_DISTRICT, DOCKS_QUARTER),
        "at": NOON,
        "channel": Channel.PORTAL,
        "point": Point(-0.95, 54.05),
        "answers": {"surface": "road", "broken": ["swing", "slide"], "wet": True},
    }
    return Matter(text=Text(text), **(known | facts))


def winner(*rules: RoutingRule, **facts: Any) -> str | None:
    """The key of the rule that decided, whatever the order the rules come in; None without one."""
    one_way = decide(matter(**facts), rules)
    other_way = decide(matter(**facts), rules[::-1])
    assert one_way.why.get("rule") == other_way.why.get("rule")
    return one_way.why.get("rule")


ANYTHING = rule("anything", 9)


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        (ANYTHING, rule("root", 2, category=ROADS)),
        (rule("root", 1, category=ROADS), rule("branch", 2, category=DAMAGE)),
        (rule("branch", 1, category=DAMAGE), rule("leaf", 2, category=POTHOLE)),
        (ANYTHING, rule("district", 2, district_id=HARBOUR_DISTRICT)),
        (
            rule("district", 1, district_id=HARBOUR_DISTRICT),
            rule("quarter", 2, district_id=DOCKS_QUARTER),
        ),
        (ANYTHING, rule("kind", 2, kind=Kind.DEFECT)),
        (ANYTHING, rule("audience", 2, audience=Audience.PUBLIC)),
        (ANYTHING, rule("keyword", 2, keywords=["hole"])),
        (ANYTHING, rule("channel", 2, channel=Channel.PORTAL)),
        (ANYTHING, rule("weekday", 2, weekdays=[2])),
        (ANYTHING, rule("hours", 2, hours=["08:00", "16:00"])),
        (ANYTHING, rule("answers", 2, answers={"surface": ["road", "footpath"]})),
        (
            rule("one-answer", 1, answers={"surface": ["road"]}),
            rule("two-answers", 2, answers={"surface": ["road"], "broken": ["slide"]}),
        ),
        (rule("district", 1, district_id=HARBOUR_DISTRICT), rule("drawn", 2, area=SQUARE)),
        (
            rule("branch", 1, category=DAMAGE),
            rule("branch-kind", 2, category=DAMAGE, kind=Kind.DEFECT),
        ),
        # Three conditions of one sort or another beat two, whatever they are about.
        (
            rule("branch", 1, category=DAMAGE),
            rule("mix", 2, kind=Kind.DEFECT, audience=Audience.PUBLIC, keywords=["hole"]),
        ),
    ],
    ids=lambda one: one.key,
)
def test_the_more_specific_rule_wins(weaker: RoutingRule, stronger: RoutingRule) -> None:
    weaker.priority = 100

    assert winner(weaker, stronger) == stronger.key

    weaker.priority = 0


@pytest.mark.parametrize(
    "no_match",
    [
        rule("beside", 1, category=LAMP),
        rule("other-district", 1, district_id=HILL_DISTRICT),
        rule("other-kind", 1, kind=Kind.IDEA),
        rule("other-audience", 1, audience=Audience.INTERNAL),
        rule("other-words", 1, keywords=["tree"]),
        rule("other-channel", 1, channel=Channel.PHONE),
        rule("other-days", 1, weekdays=[0, 1, 3, 4, 5, 6]),
        rule("not-yet", 1, hours=["12:01", "16:00"]),
        rule("no-longer", 1, hours=["08:00", "12:00"]),
        rule("by-night", 1, hours=["22:00", "06:00"]),
        rule("other-answer", 1, answers={"surface": ["footpath"]}),
        rule("unanswered", 1, answers={"depth": [3]}),
        rule("yes-is-no-word", 1, answers={"wet": ["true"]}),
        rule("one-of-two-answers", 1, answers={"surface": ["road"], "broken": ["bench"]}),
        rule("one-of-two", 1, kind=Kind.DEFECT, keywords=["tree"]),
    ],
    ids=lambda one: one.key,
)
def test_a_rule_with_one_condition_unmet_does_not_match(no_match: RoutingRule) -> None:
    assert winner(no_match, ANYTHING) == "anything"


def test_a_rule_with_an_area_needs_a_place_in_it() -> None:
    drawn = rule("drawn", 1, area=SQUARE)

    assert winner(drawn, point=Point(-0.9, 54.0)) == "drawn"
    assert winner(drawn, point=Point(-0.89, 54.0)) is None
    assert winner(drawn, point=None) is None


@pytest.mark.parametrize(
    ("clock", "matches"),
    [
        *(("21:59", False), ("22:00", True), ("23:59", True)),
        *(("00:00", True), ("05:59", True), ("06:00", False)),
    ],
)
def test_hours_go_over_midnight(clock: str, *, matches: bool) -> None:
    moment = dt.datetime.combine(NOON, dt.time.fromisoformat(clock), dt.UTC)

    assert winner(rule("by-night", 1, hours=["22:00", "06:00"]), at=moment) == (
        "by-night" if matches else None
    )


def test_the_highest_priority_among_equals_counts() -> None:
    low = rule("low", 1, ticket_priority=Priority.LOW)
    high = rule("high", 1, ticket_priority=Priority.HIGH)
    deeper = rule("deeper", 1, category=ROADS)

    assert decide(matter(), [low, high]).ticket_priority == Priority.HIGH
    assert decide(matter(), [low, high, deeper]).ticket_priority is None
    assert decide(matter(), []).ticket_priority is None


def test_a_rule_about_a_category_needs_one() -> None:
    assert winner(rule("root", 1, category=ROADS), category=None) is None


def test_a_rule_about_a_district_needs_a_place() -> None:
    assert winner(rule("district", 1, district_id=HARBOUR_DISTRICT), area_ids=()) is None


def test_a_rule_below_the_matter_does_not_match() -> None:
    assert winner(rule("leaf", 1, category=POTHOLE), category=DAMAGE) is None


def test_among_equally_specific_rules_priority_decides() -> None:
    low, high = rule("low", 1, category=DAMAGE), rule("high", 2, category=DAMAGE, priority=1)

    assert winner(low, high) == "high"


def test_a_tie_between_departments_goes_to_triage_with_its_candidates() -> None:
    one, other = rule("one", 1, category=DAMAGE), rule("other", 2, category=DAMAGE, version=4)

    decision = decide(matter(), [one, other, ANYTHING])

    assert decision == Decision(
        None,
        None,
        {
            "by": "tie",
            "candidates": ["one v1", "other v4"],
            "departments": [1, 2],
            "inputs": INPUTS,
        },
    )


def test_a_tie_is_told_the_same_whatever_order_the_rules_come_in() -> None:
    one, other = rule("one", 1, category=DAMAGE), rule("other", 2, category=DAMAGE)

    assert decide(matter(), [one, other]) == decide(matter(), [other, one])


def test_two_rules_for_one_department_are_no_tie() -> None:
    one, other = rule("one", 1, category=DAMAGE), rule("other", 1, category=DAMAGE)

    assert decide(matter(), [one, other]).department == office(1)
    assert winner(one, other) == "one"


def test_the_why_names_rule_version_inputs_and_the_citys_own_keyword() -> None:
    decision = decide(
        matter("Öl auf der Straße"), [rule("oil", 5, version=3, keywords=["gas", "öl"])]
    )

    assert decision.department == office(5)
    assert decision.why == {
        "by": "rule",
        "rule": "oil",
        "version": 3,
        "keyword": "öl",
        "inputs": INPUTS,
    }


@pytest.mark.parametrize(
    ("keyword", "text", "found"),
    [
        ("öl", "Öl auf der Straße", True),
        ("öl", "Da ist ein Ölfleck.", True),
        ("öl", "Geröll auf dem Weg", False),
        ("öl", "Kanalöl", False),
        ("öl", "O\u0308l auf der Straße", True),  # as some telephones write it
        ("ÄSTE", "abgebrochene äste", True),
        ("straße", "STRASSE kaputt", True),
        ("ratte", "überall Ratten!", True),
        ("ratte", "Krawatte verloren", False),
        ("tote taube", "Eine tote Taube", True),
        ("c++", "Mein c++ Kurs", True),
        ("c+", "ccc", False),
        ("#müll", "Hier #Müll überall", True),
        ("öl", "", False),
        # Other forms of the word.
        ("ast", "Äste auf dem Weg", True),
        ("schlagloch", "Lauter SCHLAGLÖCHER!", True),
        ("ast", "Krasta", False),
        ("tote tauben", "eine tote Taube", True),
        ("c++", "Ein C im Namen", False),
        ("!!", "Hilfe", False),
    ],
)
def test_a_keyword_begins_a_word(keyword: str, text: str, *, found: bool) -> None:
    decision = decide(matter(text), [rule("words", 5, keywords=[keyword])])

    assert (decision.department is not None) is found


def test_without_a_rule_the_categorys_department_takes_it() -> None:
    category = Category(pk=5, slug="noise", path="/5/", default_department=office(8))

    decision = decide(matter(category=category), [rule("root", 1, category=ROADS)])

    assert (decision.department, decision.why["by"]) == (office(8), "category")


def test_without_rule_and_default_a_person_decides() -> None:
    decision = decide(matter(category=None), [])

    assert (decision.department, decision.why) == (
        None,
        {
            "by": "nothing",
            "inputs": {**INPUTS, "category": None},
        },
    )


@pytest.mark.parametrize(
    ("rules", "of_category", "expected"),
    [
        ([rule("a", 1, circle=SECRET)], None, SECRET),
        ([rule("a", 1, circle=SECRET)], OTHER_SECRET, SECRET),
        ([rule("a", 1)], OTHER_SECRET, OTHER_SECRET),
        ([], OTHER_SECRET, OTHER_SECRET),
        ([rule("a", 1)], None, None),
        # A tie between departments, and two rules of one department: secrecy is never lost.
        ([rule("a", 1), rule("b", 2, circle=SECRET)], None, SECRET),
        ([rule("a", 1), rule("b", 1, circle=SECRET)], None, SECRET),
        ([rule("b", 1, circle=SECRET), rule("a", 1)], None, SECRET),
    ],
)
def test_confidentiality_comes_from_the_rule_or_else_the_category(
    rules: list[RoutingRule], of_category: Circle | None, expected: Circle | None
) -> None:
    category = Category(pk=6, slug="staff", path="/6/", circle=of_category)

    assert decide(matter(category=category), rules).circle == expected


# From here on through filing, with stored rules.


def why() -> dict[str, Any]:
    return Event.objects.get(verb__in=[Verb.ROUTE, Verb.START_TRIAGE]).data


@time_machine.travel(NOON, tick=False)
def test_filing_stores_why_a_rule_sent_it_there(town: Town) -> None:
    file("A deep hole.")

    assert why() == {
        "department": town.office("streets").pk,
        "why": {
            "by": "rule",
            "rule": "potholes",
            "version": 1,
            "inputs": {
                "category": "pothole",
                "kind": "defect",
                "audience": "public",
                "areas": [town.districts["harbour"].pk],
                "channel": "portal",
                "at": "Wed 13:00",
            },
        },
    }


def test_filing_takes_the_district_of_the_point(town: Town) -> None:
    RoutingRuleFactory(
        key="hill-holes",
        category=town.categories["pothole"],
        district=town.districts["hill"],
        department=town.office("parks"),
    )

    offices = [
        file(place=place).ticket.department.key
        for place in (HARBOUR, Place(address="Hill Road 1", lat=54.05, lon=-0.85))
    ]

    assert offices == ["streets", "parks"]


def test_filing_takes_the_quarter_before_its_district(town: Town) -> None:
    docks = DistrictFactory(
        key="docks",
        level=District.Level.QUARTER,
        parent=town.districts["harbour"],
        box=(-1.0, 54.0, -0.9, 54.06),
    )
    for key, area, to in (("d", town.districts["harbour"], "order"), ("q", docks, "parks")):
        RoutingRuleFactory(key=key, district=area, department=town.office(to))

    filed = file(category="other")

    assert filed.ticket.department == town.office("parks")
    assert filed.ticket.district == docks
    assert why()["why"]["inputs"]["areas"] == [town.districts["harbour"].pk, docks.pk]


def test_filing_routes_a_subcategory_by_the_rule_of_its_parent(town: Town) -> None:
    CategoryFactory(slug="pothole-deep", parent=town.categories["pothole"])

    assert file(category="pothole-deep").ticket.department == town.office("streets")


def test_filing_by_a_keyword_needs_no_category(town: Town) -> None:
    RoutingRuleFactory(key="oil", keywords=["öl"], department=town.office("order"))

    filed = file("Überall Ölflecken!", category="")

    assert filed.ticket.department == town.office("order")
    assert why()["why"]["keyword"] == "öl"


def test_filing_gives_the_ticket_the_rules_priority(town: Town) -> None:
    RoutingRule.objects.filter(key="potholes").update(ticket_priority=Priority.URGENT)

    assert file().ticket.priority == Priority.URGENT
    assert file(category="tree").ticket.priority == Priority.NORMAL


@pytest.mark.parametrize(("channel", "office"), [("portal", "streets"), ("phone", "parks")])
def test_filing_looks_at_the_channel(town: Town, channel: str, office: str) -> None:
    RoutingRuleFactory(
        key="told",
        category=town.categories["pothole"],
        channel="phone",
        department=town.office("parks"),
    )

    assert file(channel=channel).ticket.department == town.office(office)


def test_filing_looks_at_area_day_and_hour_of_the_city(town: Town) -> None:
    RoutingRuleFactory(
        key="by-night",
        area=SQUARE,
        weekdays=[2],
        hours=["12:30", "13:30"],
        department=town.office("order"),
    )

    with time_machine.travel(NOON, tick=False):
        inside = file(category="other").ticket
        beside = file(
            category="other", place=Place(address="Hill Road 1", lat=54.05, lon=-0.85)
        ).ticket
    with time_machine.travel(NOON + dt.timedelta(hours=1), tick=False):
        later = file(category="other").ticket

    assert inside.department == town.office("order")
    assert (beside.department, later.department) == (None, None)


def test_a_rule_switched_off_decides_nothing(town: Town) -> None:
    RoutingRule.objects.filter(key="potholes").update(active=False)

    assert file().ticket.state == State.IN_TRIAGE


def test_a_tie_lands_in_triage(town: Town) -> None:
    RoutingRuleFactory(
        key="potholes-too", category=town.categories["pothole"], department=town.office("parks")
    )

    ticket = file().ticket

    assert (ticket.state, ticket.department) == (State.IN_TRIAGE, None)
    reasons = why()["why"]
    assert reasons["candidates"] == ["potholes v1", "potholes-too v1"]
    assert reasons["departments"] == [town.office(key).pk for key in ("streets", "parks")]


def test_the_categorys_department_takes_what_no_rule_knows(town: Town) -> None:
    assert file(category="noise").ticket.department == town.office("order")
    assert why()["why"]["by"] == "category"


@pytest.mark.parametrize("category", ["pothole", "noise"])
def test_a_retired_department_gets_nothing_new(town: Town, category: str) -> None:
    yesterday = today() - dt.timedelta(days=1)
    Department.objects.filter(key__in=["streets", "order"]).update(valid_until=yesterday)

    ticket = file(category=category).ticket

    found = (ticket.state, ticket.department, ticket.involvements.count())
    assert found == (State.IN_TRIAGE, None, 0)
    gone = {"pothole": "streets", "noise": "order"}[category]
    assert why()["why"]["retired"] == town.office(gone).pk


def test_a_department_works_until_its_last_day(town: Town) -> None:
    Department.objects.filter(key="streets").update(valid_until=today())

    assert file().ticket.department == town.office("streets")


def test_a_confidential_category_closes_the_circle_at_once(town: Town) -> None:
    filed = file(category="staff")

    assert Ticket.objects.get().circle == town.circle
    assert filed.ticket.department == town.office("streets")


def test_a_confidential_rule_closes_the_circle_at_once(town: Town) -> None:
    secret = CircleFactory(key="secret")
    RoutingRuleFactory(
        key="corruption", keywords=["bribe"], department=town.office("order"), circle=secret
    )

    file("They took a bribe.", category="")

    assert Ticket.objects.get().circle == secret


def test_an_internal_rule_does_not_catch_citizens(town: Town) -> None:
    RoutingRuleFactory(
        key="it", audience=Audience.INTERNAL, keywords=["printer"], department=town.office("it")
    )

    ticket = file("The printer in the library is broken.", category="").ticket

    assert ticket.state == State.IN_TRIAGE
