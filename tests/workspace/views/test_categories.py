"""Administrators change what a week may ask for; tickets keep what they were promised."""

import pytest

from concerns.models import Category
from concerns.models.category import default_targets
from departments.enums import Capability
from tests.factories.organisation import MembershipFactory, UserFactory
from tests.support.calendars import owed
from tests.support.town import Town, file, fresh
from tests.workspace.conftest import Desk

NOISE = "/workspace/categories/noise/"


@pytest.mark.parametrize("name", ["carl", "tess", "dora", "max", "norman"])
@pytest.mark.parametrize("path", ["/workspace/categories/", NOISE])
def test_only_administrators_see_them(town: Town, desk: Desk, name: str, path: str) -> None:
    assert desk(name).open(path).status == 403


def test_department_targets_and_offer_are_changed(town: Town, desk: Desk) -> None:
    targets = owed("2 working days", "4 working days", {1: {"resolution": "1 month"}})
    Category.objects.filter(slug="noise").update(targets=targets)
    before = file(category="noise")
    due = before.ticket.resolution_due
    parks = str(town.office("parks").pk)
    alma = desk("alma")
    page = alma.open(NOISE)
    page = alma.press(
        page,
        page.form("resolution_amount"),
        department_id=parks,
        first_response_amount="6",
        first_response_unit="working_hours",
        resolution_amount="3",
        resolution_unit="months",
        resolution_roll_forward="on",
        needs_approval="on",
        offered=None,
    )

    assert "The category has been changed." in page.words
    noise = Category.objects.get(slug="noise")
    assert noise.default_department == town.office("parks")
    rolled = {"amount": 3, "unit": "months", "roll_forward": True}
    assert noise.targets == owed("6 working hours", rolled, {1: {"resolution": "1 month"}})
    assert (noise.needs_approval, noise.retired) == (True, True)
    assert fresh(before.ticket).resolution_due == due


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"resolution_amount": "0"}, "resolution_amount", "A result takes time."),
        (
            {"resolution_amount": "121", "resolution_unit": "months"},
            "resolution_amount",
            "Please enter a number of months from 1 to 120.",
        ),
        (
            {"first_response_amount": "0", "first_response_unit": "working_hours"},
            "first_response_amount",
            "Please enter a number of working hours from 1 to 20000.",
        ),
        ({"resolution_amount": "x"}, "resolution_amount", "Enter a whole number."),
        (
            {"first_response_amount": "9", "resolution_amount": "8"},
            "first_response_amount",
            "The first answer cannot be due after the result.",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    town: Town, desk: Desk, said: dict[str, str], field: str, words: str
) -> None:
    alma = desk("alma")
    page = alma.open(NOISE)
    page = alma.press(page, page.form("resolution_amount"), **said)

    assert page.status == 422
    assert page.error(field).startswith(words)
    assert Category.objects.get(slug="noise").targets == default_targets()


def test_working_time_rolls_over_no_free_day(town: Town, desk: Desk) -> None:
    """A tick that means nothing for the unit chosen is no reason to be refused."""
    alma = desk("alma")
    page = alma.open(NOISE)
    alma.press(page, page.form("resolution_amount"), resolution_roll_forward="on")

    assert Category.objects.get(slug="noise").targets == default_targets()


def test_the_list_says_what_is_owed_in_words(town: Town, desk: Desk) -> None:
    rolled = {"amount": 1, "unit": "months", "roll_forward": True}
    Category.objects.filter(slug="noise").update(targets=owed("1 working hour", rolled))

    page = desk("alma").open("/workspace/categories/")

    assert "1 working hour" in page.words
    assert "1 month, never ending on a Saturday, Sunday or public holiday" in page.words


def test_an_administrator_of_one_department_takes_no_category_of_another(
    town: Town, desk: Desk
) -> None:
    town.people["loretta"] = UserFactory(name="Loretta")
    MembershipFactory(
        user=town.people["loretta"], department=town.office("parks"), capability=Capability.ADMIN
    )
    visitor = desk("loretta")
    listed = visitor.open("/workspace/categories/")
    page = visitor.open(NOISE)
    page = visitor.press(
        page, page.form("resolution_amount"), department_id=str(town.office("parks").pk)
    )

    assert "Noise" not in listed.links
    assert page.status == 422
    assert Category.objects.get(slug="noise").default_department == town.office("order")


def test_an_unknown_category_is_not_found(town: Town, desk: Desk) -> None:
    assert desk("alma").open("/workspace/categories/nothing/").status == 404
