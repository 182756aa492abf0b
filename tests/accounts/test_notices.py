"""Letters about one's own account: in the person's language, without a secret until they leave the house."""

import pytest
from django.utils.http import base36_to_int

from accounts.actions.account import tell
from accounts.enums import AccountNews
from accounts.models import User
from accounts.notices import TOPIC, AccountWriter
from accounts.references import LINK_MARK, ResetTokens, reset_url
from notifications.models import Delivery, Envelope
from notifications.writers import Letter, writer_for
from tests.factories.organisation import UserFactory


@pytest.fixture
def carl(db: None) -> User:
    return UserFactory(name="Carl")


def letters_about(user: User, news: AccountNews) -> list[Letter]:
    tell(user=user, news=news)
    envelope = Envelope.objects.get(facts__news=news)
    return list(AccountWriter().letters(envelope, ""))


@pytest.mark.parametrize("news", AccountNews)
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_news_has_its_letter(carl: User, news: AccountNews, language: str) -> None:
    User.objects.filter(pk=carl.pk).update(language=language)

    (letter,) = letters_about(carl, news)

    assert (letter.recipient, letter.channel) == (f"user:{carl.pk}", "email")
    assert (letter.address, letter.language) == (carl.email, language)
    assert letter.text.startswith("Hello,\n" if language == "en" else "Guten Tag,\n")
    assert "Northmoor" in letter.text
    link = LINK_MARK if news == AccountNews.NEW_PASSWORD else "/workspace/password/\n"
    assert [one in letter.text for one in (link, LINK_MARK)] == [True, link == LINK_MARK]
    assert letter.subject != ""


def test_no_two_news_read_the_same(carl: User) -> None:
    texts = {letters_about(carl, news)[0].text for news in AccountNews}
    subjects = {letters_about_kept(news).subject for news in AccountNews}

    assert (len(texts), len(subjects)) == (len(AccountNews), len(AccountNews))


def letters_about_kept(news: AccountNews) -> Letter:
    (letter,) = AccountWriter().letters(Envelope.objects.get(facts__news=news), "")
    return letter


def test_a_closed_account_gets_no_letter(carl: User) -> None:
    User.objects.filter(pk=carl.pk).update(is_active=False)

    assert letters_about(carl, AccountNews.NEW_PASSWORD) == []


def test_a_letter_is_written_once(carl: User) -> None:
    tell(user=carl, news=AccountNews.CODES_RENEWED)

    assert list(AccountWriter().letters(Envelope.objects.get(), f"user:{carl.pk}")) == []


def test_the_link_is_filled_in_for_its_person_at_delivery(carl: User, settings) -> None:
    filled = writer_for(TOPIC).fill(f"user:{carl.pk}", f"Here: {LINK_MARK}")

    start = f"Here: {settings.PUBLIC_URL}/workspace/password/"
    assert filled.startswith(start)
    person, _dash, key = filled.removeprefix(start).removesuffix("/").partition("-")
    assert base36_to_int(person) == carl.pk
    assert ResetTokens().check_token(carl, key)


def test_other_letters_need_no_link(carl: User, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert writer_for(TOPIC).fill(f"user:{carl.pk}", "Hello") == "Hello"


def test_no_stored_letter_holds_a_link(carl: User) -> None:
    tell(user=carl, news=AccountNews.NEW_PASSWORD)

    assert "password/" not in str(list(Envelope.objects.values_list("facts", flat=True)))
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"password": "!x"}, {"email": "c@x.example"}]
)
def test_a_link_ends_when_the_account_changes(carl: User, change: dict[str, object]) -> None:
    key = reset_url(carl).rstrip("/").rpartition("/")[2].partition("-")[2]
    User.objects.filter(pk=carl.pk).update(**change)
    carl.refresh_from_db()

    assert not ResetTokens().check_token(carl, key)
