"""Administrators change what a week may ask for; tickets keep what they were promised."""

import pytest

from concerns.models import Category
from departments.enums import Capability
from tests.factories.organisation import MembershipFactory, UserFactory
from tests.support.town import Town, file, fresh
from tests.workspace.conftest import Desk

NOISE = "/workspace/categories/noise/"


@pytest.mark.parametrize("name", ["carl", "tess", "dora", "max", "norman"])
@pytest.mark.parametrize("path", ["/workspace/categories/", NOISE])
def test_only_administrators_see_them(town: Town, desk: Desk, name: str, path: str) -> None:
    assert desk(name).open(path).status == 403


def test_department_targets_and_offer_are_changed(town: Town, desk: Desk) -> None:
    before = file(category="noise")
    due = before.ticket.resolution_due
    parks = str(town.office("parks").pk)
    alma = desk("alma")
    page = alma.open(NOISE)
    page = alma.press(
        page,
        page.form("resolution_days"),
        department_id=parks,
        first_response_days="2",
        resolution_days="9",
        needs_approval="on",
        offered=None,
    )

    assert "The category has been changed." in page.words
    noise = Category.objects.get(slug="noise")
    assert noise.default_department == town.office("parks")
    assert (noise.first_response_days, noise.resolution_days) == (2, 9)
    assert (noise.needs_approval, noise.retired) == (True, True)
    assert fresh(before.ticket).resolution_due == due


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"resolution_days": "0"}, "resolution_days", "Please enter a number of working days"),
        ({"resolution_days": "367"}, "resolution_days", "Please enter a number of working days"),
        ({"resolution_days": "x"}, "resolution_days", "Enter a whole number."),
        (
            {"first_response_days": "9", "resolution_days": "8"},
            "first_response_days",
            "The first answer cannot be due after the result.",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    town: Town, desk: Desk, said: dict[str, str], field: str, words: str
) -> None:
    alma = desk("alma")
    page = alma.open(NOISE)
    page = alma.press(page, page.form("resolution_days"), **said)

    assert page.status == 422
    assert page.error(field).startswith(words)
    assert Category.objects.get(slug="noise").resolution_days != 8


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
        page, page.form("resolution_days"), department_id=str(town.office("parks").pk)
    )

    assert "Noise" not in listed.links
    assert page.status == 422
    assert Category.objects.get(slug="noise").default_department == town.office("order")


def test_an_unknown_category_is_not_found(town: Town, desk: Desk) -> None:
    assert desk("alma").open("/workspace/categories/nothing/").status == 404
