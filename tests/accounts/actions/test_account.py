"""What people change about their accounts."""

import logging

import pytest
from allauth.mfa.models import Authenticator

from accounts.actions.account import choose, reset_second_factor, set_password, tell
from accounts.enums import AccountNews, NoticeChoice
from accounts.models import User
from notifications.models import Envelope
from tests.factories.organisation import UserFactory
from tests.support.second_factor import set_up


@pytest.fixture
def carl(db: None) -> User:
    return UserFactory(name="Carl")


def news() -> list[tuple[str, int]]:
    facts = Envelope.objects.filter(topic="accounts").values_list("facts", flat=True)
    return [(one["news"], one["user"]) for one in facts]


def test_language_and_notices_are_chosen(carl: User) -> None:
    choose(user=carl, language="de", notices=NoticeChoice.DAILY)

    carl.refresh_from_db()
    assert (carl.language, carl.notices) == ("de", "daily")


def test_a_new_password_replaces_the_old_one_and_nothing_else(carl: User) -> None:
    stale = User.objects.get(pk=carl.pk)
    User.objects.filter(pk=carl.pk).update(language="de")

    set_password(user=stale, password="three-unusual-words")

    carl.refresh_from_db()
    assert carl.check_password("three-unusual-words")
    assert carl.language == "de"


def test_what_people_are_told_is_posted_not_sent(carl: User, mailoutbox) -> None:
    tell(user=carl, news=AccountNews.NEW_PASSWORD)

    assert news() == [("new_password", carl.pk)]
    assert mailoutbox == []


def test_a_reset_takes_app_and_codes_and_is_logged_without_a_name(carl: User, caplog) -> None:
    set_up(carl)
    other = UserFactory(name="Clara")
    set_up(other)

    with caplog.at_level(logging.WARNING, logger="accounts"):
        assert reset_second_factor(user=carl)

    assert set(Authenticator.objects.values_list("user", flat=True)) == {other.pk}
    assert news() == [("second_factor_reset", carl.pk)]
    assert caplog.messages == [f"the second factor of {carl.ref_id} was reset by an administrator"]


def test_nothing_to_reset_tells_nobody(carl: User, caplog) -> None:
    assert not reset_second_factor(user=carl)

    assert (news(), caplog.messages) == ([], [])
