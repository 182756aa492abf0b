"""What the pages of administrators cost in statements, however much stands on them."""

from collections.abc import Callable

import pytest

from notifications.enums import DeliveryState
from tests.factories.matters import CategoryFactory
from tests.factories.organisation import MembershipFactory, UserFactory
from tests.support.sql import budget, statements
from tests.support.town import Town, file
from tests.workspace.conftest import Desk
from tests.workspace.views.test_deliveries import letter


def people(town: Town, count: int) -> None:
    for _one in range(count):
        user = UserFactory()
        for capability in ("clerk", "team_lead"):
            MembershipFactory(user=user, department=town.office("streets"), capability=capability)


def categories(town: Town, count: int) -> None:
    for _one in range(count):
        CategoryFactory(parent=town.categories["tree"])


def stuck(_town: Town, count: int) -> None:
    for _one in range(count):
        filed = file()
        letter(f"concern:{filed.concern.pk}", ticket=filed.ticket.pk, state=DeliveryState.DEAD)


@pytest.mark.parametrize(
    ("path", "fill", "most"),
    [
        ("/workspace/members/", people, 6),
        ("/workspace/categories/", categories, 6),
        # Four lists of two tables each, and how much of each sort there is.
        ("/workspace/deliveries/", stuck, 16),
    ],
)
def test_no_page_costs_more_with_more_on_it(
    town: Town, desk: Desk, path: str, fill: Callable[[Town, int], None], most: int
) -> None:
    visitor = desk("alma")
    fill(town, 1)
    visitor.open(path)
    with statements() as few:
        visitor.open(path)
    fill(town, 12)

    with budget(most) as many:
        assert visitor.open(path).status == 200

    assert len(many) == len(few)
