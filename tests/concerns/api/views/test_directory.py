import pytest

from accounts.enums import Scope
from concerns.models import Cause
from departments.enums import Capability
from departments.models import Department, Membership
from tests.factories.matters import CircleFactory, CircleMemberFactory, RoutingRuleFactory
from tests.factories.organisation import MembershipFactory, UserFactory
from tests.support.rest import Rest, browser_of, pointers_in, problem_in, program_of
from tests.support.sql import budget

ADDRESSES = ("departments/", "members/", "rules/", "causes/", "circles/")


@pytest.fixture
def carl(town):
    return program_of(town.people["carl"])


def results(program, path):
    answer = program.get(path)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


@pytest.mark.parametrize("path", ADDRESSES)
def test_any_employee_may_look_it_up(town, path):
    assert browser_of(town.people["norman"]).get(path).status_code == 200
    assert program_of(town.people["norman"], scopes=[Scope.DIRECTORY]).get(path).status_code == 200


@pytest.mark.parametrize("path", ADDRESSES)
def test_nobody_else_may(town, path):
    others = [scope for scope in Scope if scope != Scope.DIRECTORY]
    program = program_of(town.people["alma"], scopes=others)

    assert problem_in(Rest().get(path))[:2] == (401, "unauthenticated")
    assert problem_in(program.get(path))[:2] == (403, "not_allowed")


@pytest.mark.parametrize("path", ADDRESSES)
def test_it_costs_the_same_however_many_there_are(town, path):
    browser = browser_of(town.people["alma"])
    for _ in range(20):
        person = UserFactory()
        MembershipFactory(user=person, department=town.office("parks"), capability=Capability.CLERK)
        CircleMemberFactory(circle=CircleFactory(key=f"circle-{person.pk}"), user=person)
        RoutingRuleFactory(department=town.office("parks"))

    with budget(5):
        assert browser.get(path).status_code == 200


def test_departments_stand_behind_the_one_above_them(town, carl):
    Department.objects.filter(key="parks").update(number="66.1")
    Department.objects.filter(key="streets").update(
        number="66.2", valid_until="2020-01-31", successor=town.office("parks")
    )

    found = results(carl, "departments/")

    assert [one["key"] for one in found] == [
        *("town", "it", "order", "public-works", "parks", "streets")
    ]
    assert found[-1] == {
        "key": "streets",
        "number": "66.2",
        "name": "Streets",
        "parent": "public-works",
        "mailbox": "",
        "valid_from": None,
        "valid_until": "2020-01-31",
        "retired": True,
        "successor": "parks",
    }
    assert [one["key"] for one in found if one["retired"]] == ["streets"]


def test_members_have_their_duties_of_today(town, carl):
    MembershipFactory(
        user=town.people["carl"], department=town.office("parks"), capability=Capability.APPROVER
    )
    Membership.objects.filter(user=town.people["clara"]).update(valid_until="2020-01-31")
    town.people["tess"].is_active = False
    town.people["tess"].save()

    found = {one["name"]: one["memberships"] for one in results(carl, "members/")}

    assert found["Carl"] == [
        {"department": "parks", "capability": "approver"},
        {"department": "streets", "capability": "clerk"},
    ]
    assert found.keys() == {
        *("Dora", "Dirk", "Carl", "Paul", "Ada", "Hanna", "Max", "Alma", "Iris")
    }


def test_members_are_found_by_department_and_capability(town, carl):
    def names(query):
        return [one["name"] for one in results(carl, f"members/?{query}")]

    assert names("department=streets") == ["Carl", "Clara", "Tess", "Ada"]
    assert names("department=streets&capability=clerk") == ["Carl", "Clara"]
    assert names("capability=dispatcher") == ["Dora", "Dirk"]
    assert names("department=parks&capability=approver") == []


def test_members_come_page_by_page(town, carl):
    first = carl.get("members/?limit=8").json()
    last = carl.get(first["next"].partition("/api/v1/")[2]).json()

    assert [len(first["results"]), len(last["results"])] == [8, 3]
    assert (first["previous"], last["next"]) == (None, None)
    assert carl.get(last["previous"].partition("/api/v1/")[2]).json() == first


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("department=no-such", "/department", "invalid"),
        ("capability=king", "/capability", "invalid_choice"),
        ("name=carl", "/name", "unknown_field"),
        ("cursor=x", "/cursor", "invalid"),
        ("limit=0", "/limit", "min_value"),
    ],
)
def test_parameters_that_cannot_be_used_are_pointed_at(carl, query, pointer, code):
    answer = carl.get(f"members/?{query}")

    assert problem_in(answer)[:2] == (422, "invalid")
    assert pointers_in(answer) == [(pointer, code)]


def test_rules_say_when_and_what(town, carl):
    RoutingRuleFactory(
        key="dark",
        kind="defect",
        audience="public",
        district=town.districts["harbour"],
        channel="phone",
        keywords=["lamp"],
        answers={"lit": [False]},
        weekdays=[5, 6],
        hours=["22:00", "06:00"],
        ticket_priority=1,
        department=town.office("streets"),
        priority=3,
        active=False,
    )

    found = {one["key"]: one for one in results(carl, "rules/")}

    assert found["dark"] == {
        "key": "dark",
        "version": 1,
        "active": False,
        "priority": 3,
        "conditions": {
            "category": None,
            "kind": "defect",
            "audience": "public",
            "district": "harbour",
            "area": None,
            "channel": "phone",
            "keywords": ["lamp"],
            "answers": {"lit": [False]},
            "weekdays": [5, 6],
            "hours": ["22:00", "06:00"],
        },
        "effect": {
            "department": "streets",
            "confidential": False,
            "circle": None,
            "priority": 1,
        },
    }
    assert found["potholes"]["conditions"] == {
        "category": "pothole",
        "kind": "",
        "audience": "",
        "district": None,
        "area": None,
        "channel": "",
        "keywords": [],
        "answers": {},
        "weekdays": [],
        "hours": [],
    }


def test_which_circle_a_rule_names_only_those_see_whom_it_admits(town):
    RoutingRuleFactory(key="hush", department=town.office("streets"), circle=town.circle)

    def effect(name):
        (rule,) = (
            one for one in results(program_of(town.people[name]), "rules/") if one["key"] == "hush"
        )
        return rule["effect"]["confidential"], rule["effect"]["circle"]

    assert {name: effect(name) for name in ("carl", "petra", "max", "alma")} == {
        "carl": (True, None),
        "petra": (True, "personnel"),
        "max": (True, "personnel"),
        "alma": (True, "personnel"),
    }


def test_causes_say_which_are_given_no_longer(town, carl):
    Cause.objects.create(key="wear", names={"en": "Wear", "de": "Verschleiß"})
    Cause.objects.create(key="imps", names={"en": "Imps"}, retired=True)

    assert results(carl, "causes/") == [
        {"key": "imps", "name": "Imps", "retired": True},
        {"key": "wear", "name": "Wear", "retired": False},
    ]
    assert carl.get("causes/", Accept_Language="de").json()["results"][1]["name"] == "Verschleiß"


def test_circles_are_known_to_those_they_admit_and_to_administrators(town):
    CircleMemberFactory(circle=CircleFactory(key="audit"), user=town.people["iris"])

    found = {
        name: [one["key"] for one in results(program_of(town.people[name]), "circles/")]
        for name in ("carl", "petra", "max", "iris", "norman", "alma")
    }

    assert found == {
        "carl": [],
        "petra": ["personnel"],
        "max": ["personnel"],
        "iris": ["audit"],
        "norman": [],
        "alma": ["audit", "personnel"],
    }


def test_a_circle_names_its_members_but_nobody_who_has_left(town):
    gone = UserFactory(name="Gone", is_active=False)
    CircleMemberFactory(circle=town.circle, user=gone)

    (circle,) = results(program_of(town.people["petra"]), "circles/")

    petra = town.people["petra"]
    assert circle == {
        "key": "personnel",
        "name": "Personnel",
        "members": [
            {"person": None, "capability": "manager", "department": "town"},
            {
                "person": {"id": petra.pk, "name": "Petra"},
                "capability": None,
                "department": None,
            },
        ],
    }
