"""Pages by the place of the last row: there and back, with rows that come and go meanwhile."""

import pytest
from django.db.models import F

from accounts.models import User
from common.paging import Order, Page, Place, page_of
from tests.factories.organisation import UserFactory
from tests.support.sql import budget

BY_LANGUAGE = Order([F("language"), F("pk")])


@pytest.fixture
def five(db):
    """The ids of five people, two of whom speak German."""
    return [UserFactory(language=language).pk for language in ("en", "de", "en", "de", "en")]


def read(order: Order, size: int, place: Place | None = None) -> Page:
    with budget(1):
        return page_of(User.objects.values("id"), order, size=size, place=place)


def ids(page: Page) -> list[int]:
    return [row["id"] for row in page.rows]


@pytest.mark.parametrize("falling", [False, True])
def test_pages_follow_each_other_there_and_back(five, falling):
    order = Order([F("pk")], falling=falling)
    whole = five[::-1] if falling else five

    first = read(order, 2)
    second = read(order, 2, first.following)
    third = read(order, 2, second.following)

    assert [ids(first), ids(second), ids(third)] == [whole[:2], whole[2:4], whole[4:]]
    assert (first.previous, third.following) == (None, None)
    assert read(order, 2, third.previous).rows == second.rows
    assert read(order, 2, second.previous) == first


def test_rows_with_equal_keys_are_told_apart_by_the_next_key(five):
    whole = [five[1], five[3], five[0], five[2], five[4]]

    first = read(BY_LANGUAGE, 3)

    assert ids(first) == whole[:3]
    assert ids(read(BY_LANGUAGE, 3, first.following)) == whole[3:]


def test_what_comes_before_the_place_moves_nothing(five):
    order = Order([F("pk")], falling=True)
    first = read(order, 2)

    UserFactory()

    assert ids(read(order, 2, first.following)) == [five[2], five[1]]


def test_a_row_that_goes_takes_no_other_along(five):
    order = Order([F("pk")])
    first = read(order, 2)

    User.objects.filter(pk=five[1]).delete()

    assert ids(read(order, 2, first.following)) == five[2:4]


def test_exactly_full_is_the_last_page(five):
    assert read(Order([F("pk")]), 5).following is None


def test_behind_the_last_there_is_nothing(five):
    assert read(Order([F("pk")]), 2, Place((five[4],))) == Page([], None, None)
