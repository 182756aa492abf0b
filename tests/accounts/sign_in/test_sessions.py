"""A session ends by the clock, with the account, and with the password."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.contrib.sessions.models import Session

from accounts.models import User
from tests.support.pages import Visitor
from tests.support.town import Town

BEGIN = dt.datetime(2026, 3, 2, 7, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
PATH = "/workspace/queues/all/"


@pytest.fixture
def clock(town: Town) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def carl(town: Town, clock: time_machine.Traveller) -> Visitor:
    visitor = Visitor()
    visitor.client.force_login(town.people["carl"])
    visitor.open(PATH)
    return visitor


def is_in(visitor: Visitor) -> bool:
    return visitor.client.get(PATH).status_code == 200


def test_a_session_ends_when_nobody_is_at_it(carl: Visitor, clock: time_machine.Traveller) -> None:
    clock.shift(59 * MINUTE)
    assert is_in(carl)
    clock.shift(59 * MINUTE)
    assert is_in(carl)
    clock.shift(60 * MINUTE)
    assert not is_in(carl)


def test_the_minutes_are_a_setting(carl: Visitor, clock: time_machine.Traveller, settings) -> None:
    settings.STAFF_IDLE_MINUTES = 1
    clock.shift(MINUTE)

    assert not is_in(carl)


def test_a_session_ends_after_ten_hours_however_busy(
    carl: Visitor, clock: time_machine.Traveller
) -> None:
    for _half_hour in range(19):
        clock.shift(30 * MINUTE)
        assert is_in(carl)
    clock.shift(30 * MINUTE)

    assert not is_in(carl)


def test_a_page_that_asks_by_itself_keeps_nobody_in(
    carl: Visitor, clock: time_machine.Traveller
) -> None:
    for _minute in range(11):
        clock.shift(5 * MINUTE)
        assert carl.client.get(PATH, headers={"HX-Request": "true"}).status_code == 200
    clock.shift(5 * MINUTE)

    assert carl.client.get(PATH, headers={"HX-Request": "true"}).status_code == 204
    assert not is_in(carl)


def test_an_ended_session_is_gone_from_the_database(
    carl: Visitor, clock: time_machine.Traveller
) -> None:
    key = carl.client.session.session_key
    clock.shift(61 * MINUTE)
    is_in(carl)

    assert not Session.objects.filter(pk=key).exists()


def test_that_somebody_is_there_is_noted_every_five_minutes_only(
    carl: Visitor, clock: time_machine.Traveller, django_assert_num_queries
) -> None:
    clock.shift(4 * MINUTE)
    with django_assert_num_queries(7, exact=False) as quiet:
        is_in(carl)
    clock.shift(MINUTE)
    with django_assert_num_queries(10, exact=False) as noted:
        is_in(carl)

    assert written(quiet) == []
    assert len(written(noted)) == 1


def written(said) -> list[str]:
    return [one["sql"] for one in said if one["sql"].startswith("UPDATE")]


def test_rest_ends_with_the_session(carl: Visitor, clock: time_machine.Traveller) -> None:
    assert carl.client.get("/api/v1/tickets/").status_code == 200
    clock.shift(60 * MINUTE)

    assert carl.client.get("/api/v1/tickets/").status_code == 401


def test_a_closed_account_is_out_at_once_everywhere(town: Town, carl: Visitor) -> None:
    User.objects.filter(pk=town.people["carl"].pk).update(is_active=False)

    assert not is_in(carl)
    assert carl.client.get("/api/v1/tickets/").status_code == 401


def test_a_session_does_not_revive_with_its_account(town: Town, carl: Visitor) -> None:
    User.objects.filter(pk=town.people["carl"].pk).update(is_active=False)
    is_in(carl)
    User.objects.filter(pk=town.people["carl"].pk).update(is_active=True)

    assert not is_in(carl)
