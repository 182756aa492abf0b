"""Sets of rules: what holds when, who may change it, and what is refused."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection

from common.actor import Actor
from common.city_files import CityDataRefused
from common.clock import now
from concerns.actions.rule_sets import (
    LONGEST_SOURCE,
    activate_due,
    activate_rules,
    change_draft,
    draft_rules,
    keep_loaded,
)
from concerns.enums import RuleSetState
from concerns.errors import Invalid, NotAllowed, NotFound, Refused
from concerns.models import Event, RoutingRule, RuleSet
from concerns.tasks import tend
from departments.enums import Capability
from departments.models import Department
from tests.factories.organisation import MembershipFactory
from tests.support.town import Town, build_town, file

STREETS = "- {key: potholes, category: pothole, department: streets}\n"
PARKS = "- {key: potholes, category: pothole, department: parks}\n"
ONE_DAY = dt.timedelta(days=1)


@pytest.fixture
def alma(town: Town) -> Actor:
    keep_loaded(STREETS)
    return town.actor("alma")


def states() -> list[tuple[int, str]]:
    return list(RuleSet.objects.order_by("number").values_list("number", "state"))


def test_a_draft_decides_nothing_until_it_is_in_force(town: Town, alma: Actor) -> None:
    made = draft_rules(actor=alma, source=PARKS, note="Parks mends holes now")

    assert (made.number, made.note, made.written_by) == (2, "Parks mends holes now", alma.ref)
    assert file().ticket.department == town.office("streets")

    activate_rules(actor=alma, number=2)

    assert file().ticket.department == town.office("parks")
    assert states() == [(1, "replaced"), (2, "active")]
    first, second = RuleSet.objects.order_by("number")
    assert first.replaced_at == second.activated_at


def test_rolled_back_the_old_rules_hold_with_a_version_of_their_own(
    town: Town, alma: Actor
) -> None:
    activate_rules(actor=alma, number=draft_rules(actor=alma, source=PARKS).number)

    again = activate_rules(actor=alma, number=1)

    assert (again.number, again.source, again.note) == (3, STREETS, "Set 1 again")
    assert states() == [(1, "replaced"), (2, "replaced"), (3, "active")]
    ticket = file().ticket
    assert ticket.department == town.office("streets")
    routed = Event.objects.get(ticket=ticket, verb="route").data["why"]
    assert (routed["rule"], routed["version"]) == ("potholes", 3)


def test_rules_that_are_not_in_the_set_decide_no_more(town: Town, alma: Actor) -> None:
    activate_rules(actor=alma, number=draft_rules(actor=alma, source="[]").number)

    assert RoutingRule.objects.filter(active=True).count() == 0
    assert file().ticket.department is None


def test_a_planned_set_holds_from_its_day_on(town: Town, alma: Actor) -> None:
    made = draft_rules(actor=alma, source=PARKS)
    activate_rules(actor=alma, number=made.number, valid_from=now() + ONE_DAY)

    assert activate_due() == 0
    assert file().ticket.department == town.office("streets")
    assert states() == [(1, "active"), (2, "planned")]
    with time_machine.travel(now() + ONE_DAY):
        tend()
        assert activate_due() == 0
        assert file().ticket.department == town.office("parks")
    assert states() == [(1, "replaced"), (2, "active")]


def test_of_two_whose_day_has_come_the_later_one_holds(alma: Actor) -> None:
    for source, days in ((PARKS, 2), (STREETS, 1)):
        made = draft_rules(actor=alma, source=source)
        activate_rules(actor=alma, number=made.number, valid_from=now() + days * ONE_DAY)

    with time_machine.travel(now() + 3 * ONE_DAY):
        assert activate_due() == 2

    assert states() == [(1, "replaced"), (2, "active"), (3, "replaced")]


def test_what_no_longer_fits_on_its_day_is_a_draft_again_and_says_why(
    town: Town, alma: Actor
) -> None:
    made = draft_rules(actor=alma, source=PARKS)
    activate_rules(actor=alma, number=made.number, valid_from=now() + ONE_DAY)
    Department.objects.filter(key="parks").update(valid_until=dt.date(2020, 1, 1))

    with time_machine.travel(now() + ONE_DAY):
        assert activate_due() == 1

    made.refresh_from_db()
    assert made.state == RuleSetState.DRAFT
    assert made.problem == (
        "rules.yaml: rule 'potholes': department 'parks' was valid until 2020-01-01. Name one that works."
    )
    assert states()[0] == (1, "active")
    assert file().ticket.department == town.office("streets")


def test_a_change_takes_a_plan_back(alma: Actor) -> None:
    made = draft_rules(actor=alma, source=PARKS)
    activate_rules(actor=alma, number=made.number, valid_from=now() + ONE_DAY)

    changed = change_draft(actor=alma, number=made.number, source="[]\r\n", note="None")

    assert (changed.state, changed.valid_from) == (RuleSetState.DRAFT, None)
    assert (changed.source, changed.note) == ("[]\n", "None")


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("- {key: a", "line 1: expected ',' or '}', but got '<stream end>'. "),
        ("hello", "the file: must be a list"),
        ("- {key: a, department: street}", "rule 'a': department 'street' is not in departments."),
        (
            "- {key: a, category: potholes, department: streets}",
            "rule 'a': category 'potholes' is not in categories. Did you mean 'pothole'?",
        ),
        ("- {key: a, district: mars, department: streets}", "district 'mars' is not in districts."),
        ("- {key: a, circle: mafia, department: streets}", "circle 'mafia' is not in circles."),
        (
            "- {key: a, district: northmoor, department: streets}",
            "district 'northmoor' is the whole city.",
        ),
        (
            "- {key: a, category: pothole, answers: {wet: true}, department: streets}",
            "answers: 'wet' is no question of category 'pothole'.",
        ),
        (
            "- {key: a, area: {type: Point, coordinates: [1, 2]}, department: streets}",
            "area: must be a Polygon or a MultiPolygon.",
        ),
    ],
)
def test_wrong_rules_are_never_put_in_force(alma: Actor, source: str, problem: str) -> None:
    made = draft_rules(actor=alma, source=source)

    with pytest.raises(CityDataRefused) as refusal:
        activate_rules(actor=alma, number=made.number)

    assert problem in str(refusal.value)
    assert states() == [(1, "active"), (2, "draft")]


def test_only_who_administers_the_whole_city_changes_rules(town: Town, alma: Actor) -> None:
    made = draft_rules(actor=alma, source=PARKS)
    MembershipFactory(
        user=town.people["tess"], department=town.office("streets"), capability=Capability.ADMIN
    )

    for name in ("tess", "dora", "max", "carl"):
        actor = town.actor(name)
        with pytest.raises(NotAllowed):
            draft_rules(actor=actor, source=PARKS)
        with pytest.raises(NotAllowed):
            change_draft(actor=actor, number=made.number, source="[]", note="")
        with pytest.raises(NotAllowed):
            activate_rules(actor=actor, number=made.number)
    assert states() == [(1, "active"), (2, "draft")]


def test_what_is_or_was_in_force_is_never_changed(alma: Actor) -> None:
    with pytest.raises(Refused):
        change_draft(actor=alma, number=1, source="[]", note="")
    with pytest.raises(Refused):
        activate_rules(actor=alma, number=1)
    with pytest.raises(NotFound):
        activate_rules(actor=alma, number=4711)


def test_too_many_rules_are_refused(alma: Actor) -> None:
    with pytest.raises(Invalid):
        draft_rules(actor=alma, source="#" * (LONGEST_SOURCE + 1))


def test_a_load_brings_its_rules_as_a_set_once(alma: Actor) -> None:
    keep_loaded(STREETS)
    assert states() == [(1, "active")]

    keep_loaded(PARKS)

    assert states() == [(1, "replaced"), (2, "active")]
    assert RuleSet.objects.get(number=2).note == "From the city's files"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_leave_one_set_in_force() -> None:
    alma = build_town().actor("alma")
    keep_loaded(STREETS)
    numbers = [draft_rules(actor=alma, source=source).number for source in (PARKS, "[]")]

    def put(number: int) -> None:
        try:
            activate_rules(actor=alma, number=number)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        list(both.map(put, numbers))

    assert sorted(state for _number, state in states()) == ["active", "replaced", "replaced"]
    active = RuleSet.objects.get(state=RuleSetState.ACTIVE)
    in_force = RoutingRule.objects.filter(active=True).count()
    assert in_force == (0 if active.source == "[]" else 1)
