"""The routing rules in the workspace: copied, changed, tried, put in force, taken up again."""

import datetime as dt

import pytest

from common.clock import now, today
from concerns.actions.rule_sets import LONGEST_SOURCE, draft_rules, keep_loaded
from concerns.models import RuleSet
from departments.enums import Capability
from departments.models import Department
from tests.factories.organisation import MembershipFactory
from tests.support.pages import Page, Visitor
from tests.support.sql import budget
from tests.support.town import Town, file
from tests.workspace.conftest import Desk

STREETS = "- {key: potholes, category: pothole, department: streets}\n"
PARKS = "- {key: potholes, category: pothole, department: parks}\n"
WRONG = "- {key: potholes, category: pothole, department: street}\n"


@pytest.fixture
def alma(town: Town, desk: Desk) -> Visitor:
    keep_loaded(STREETS)
    return desk("alma")


def drafted(visitor: Visitor) -> Page:
    """A draft made of the set in force."""
    page = visitor.open("/workspace/rules/1/")
    return visitor.press(page, page.form("number"))


def pressed(visitor: Visitor, page: Page, go: str, **said: str) -> Page:
    return visitor.press(page, page.form("source"), f"go={go}", **said)


def elsewhere(visitor: Visitor, page: Page, path: str, **said: str) -> Page:
    """What a form of the page would send if it were another one."""
    form = next(one for one in page.forms if one.method == "post")
    form.action = path
    return visitor.press(page, form, **said)


def states() -> list[str]:
    return list(RuleSet.objects.order_by("number").values_list("state", flat=True))


def test_the_list_says_what_holds_and_who_wrote_it(town: Town, alma: Visitor) -> None:
    draft_rules(actor=town.actor("alma"), source=PARKS, note="Parks mends holes")

    page = alma.open("/workspace/rules/")

    assert page.heading == "Routing rules"
    assert page.links["Set 2"] == "/workspace/rules/2/"
    assert page.words.index("Set 2") < page.words.index("Set 1")
    for words in ("Parks mends holes", "Draft", "Alma", "In force", "From the city's files"):
        assert words in page.words


def test_a_copy_is_tried_before_it_decides(town: Town, alma: Visitor) -> None:
    tickets = [file().ticket.pk for _ in range(2)]
    page = drafted(alma)
    assert (page.heading, page.form("source")["note"]) == ("Set 2: Draft", "Copy of set 1")

    page = pressed(alma, page, "try", source=PARKS)

    assert page.status == 200
    assert "Saved. Nothing is wrong with it." in page.words
    assert "Tried with the newest 2 tickets of this time." in page.words
    streets, parks = town.office("streets").name, town.office("parks").name
    assert f"2: {streets} → {parks}" in page.words
    assert page.links[str(tickets[0])] == f"/workspace/tickets/{tickets[0]}/"
    assert RuleSet.objects.get(number=2).source == PARKS
    assert file().ticket.department == town.office("streets")


def test_put_in_force_it_decides_and_is_taken_back(town: Town, alma: Visitor) -> None:
    page = pressed(alma, drafted(alma), "activate", source=PARKS)

    assert page.heading == "Routing rules"
    assert "Set 2 is in force. It decides on what is filed from now on." in page.words
    assert file().ticket.department == town.office("parks")

    page = alma.open("/workspace/rules/1/")
    assert page.heading == "Set 1: Replaced"
    page = alma.press(page, page.form("go"))

    assert "Set 3 is in force. It decides on what is filed from now on." in page.words
    assert states() == ["replaced", "replaced", "active"]
    assert file().ticket.department == town.office("streets")


def test_what_is_wrong_is_said_and_kept(alma: Visitor) -> None:
    page = pressed(alma, drafted(alma), "activate", source=WRONG)

    assert page.status == 422
    assert page.error("source") == (
        "rules.yaml: rule 'potholes': department 'street' is not in departments. Did you mean 'streets'?"
    )
    assert page.form("source")["source"] == WRONG
    assert states() == ["active", "draft"]
    assert RuleSet.objects.get(number=2).source == WRONG


def test_it_can_wait_for_its_day(alma: Visitor) -> None:
    day = today() + dt.timedelta(days=3)

    page = pressed(alma, drafted(alma), "activate", source=PARKS, valid_from=day.isoformat())

    assert "Set 2 will be in force from that day." in page.words
    assert states() == ["active", "planned"]
    assert RuleSet.objects.get(number=2).valid_from > now()
    page = alma.open("/workspace/rules/2/")
    assert "A change takes that back." in page.words


@pytest.mark.parametrize("day", [today(), dt.date(2020, 1, 1), "tomorrow"])
def test_a_day_that_has_come_is_refused(alma: Visitor, day: object) -> None:
    page = pressed(alma, drafted(alma), "activate", source=PARKS, valid_from=str(day))

    assert (page.status, list(page.errors)) == (422, ["id_valid_from"])
    assert states() == ["active", "draft"]


def test_what_held_and_fits_no_longer_says_why(town: Town, alma: Visitor) -> None:
    pressed(alma, drafted(alma), "activate", source=PARKS)
    Department.objects.filter(key="streets").update(valid_until=dt.date(2020, 1, 1))
    page = alma.open("/workspace/rules/1/")

    page = alma.press(page, page.form("go"))

    assert page.status == 422
    assert "department 'streets' was valid until 2020-01-01." in page.words
    assert states() == ["replaced", "active"]


def test_who_administers_one_department_reads_alone(town: Town, alma: Visitor, desk: Desk) -> None:
    MembershipFactory(
        user=town.people["tess"], department=town.office("streets"), capability=Capability.ADMIN
    )
    draft_rules(actor=town.actor("alma"), source=PARKS)
    tess = desk("tess")

    for number in (1, 2):
        page = tess.open(f"/workspace/rules/{number}/")
        assert page.status == 200
        assert "Make a draft of it" not in page.words
        assert "Put in force" not in page.words
    page = tess.open("/workspace/rules/2/")
    said = {"number": "1", "go": "activate", "source": "[]", "days": "90"}
    assert elsewhere(tess, page, "/workspace/rules/draft/", **said).status == 403
    assert elsewhere(tess, page, "/workspace/rules/2/", **said).status == 403
    assert states() == ["active", "draft"]
    assert RuleSet.objects.get(number=2).source == PARKS


@pytest.mark.parametrize("name", ["dora", "max", "carl", "norman"])
def test_others_are_shown_nothing(desk: Desk, alma: Visitor, name: str) -> None:
    visitor = desk(name)

    for path in ("/workspace/rules/", "/workspace/rules/1/"):
        assert visitor.open(path).status == 403


@pytest.mark.parametrize("number", ["", "x", "-1", "4711", "9" * 40])
def test_a_draft_of_nothing_is_not_found(alma: Visitor, number: str) -> None:
    page = alma.open("/workspace/rules/1/")

    assert alma.press(page, page.form("number"), number=number).status == 404


def test_too_long_a_text_is_refused(alma: Visitor) -> None:
    page = pressed(alma, drafted(alma), "save", source="#" * (LONGEST_SOURCE + 1))

    assert (page.status, list(page.errors)) == (422, ["id_source"])


def test_trying_costs_the_same_with_few_and_many_tickets(town: Town, alma: Visitor) -> None:
    page = drafted(alma)
    for _each in range(3):
        file()
    pressed(alma, page, "try", source=PARKS)

    with budget(30):
        pressed(alma, page, "try", source=PARKS)
