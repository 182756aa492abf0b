"""A new password: by mail, or by whoever knows the present one."""

import pytest

from accounts.models import User
from accounts.references import reset_url
from notifications.models import Envelope
from tests.support.entering import PASSWORD, signed_in, with_code
from tests.support.pages import Page, Visitor
from tests.support.second_factor import set_up
from tests.support.town import Town

EMAIL = "carl@northmoor.example"
NEW = "three-unusual-words"
SENT = "If there is an account with this address, a link is on its way to it and works for an hour."
TOO_MANY = "There were too many attempts. Please try again in an hour."


@pytest.fixture
def carl(town: Town) -> User:
    return town.people["carl"]


def asked_for(visitor: Visitor, email: str) -> Page:
    page = visitor.open("/workspace/password/")
    return visitor.press(page, page.form("email"), email=email)


def link_for(user: User, settings) -> str:
    return reset_url(user).removeprefix(settings.PUBLIC_URL)


def choose(visitor: Visitor, page: Page, first: str = NEW, second: str = NEW) -> Page:
    return visitor.press(page, page.form("password1"), password1=first, password2=second)


def news() -> list[str]:
    return [one["news"] for one in Envelope.objects.values_list("facts", flat=True)]


@pytest.mark.parametrize(
    ("email", "told"),
    [
        (EMAIL, ["new_password"]),
        (" Carl@Northmoor.Example", ["new_password"]),
        ("nobody@northmoor.example", []),
        ("closed@northmoor.example", []),
    ],
)
def test_only_the_mail_knows_whether_there_is_an_account(
    town: Town, visitor: Visitor, email: str, told: list[str]
) -> None:
    User.objects.filter(name="Norman").update(email="closed@northmoor.example", is_active=False)

    page = asked_for(visitor, email)

    assert (page.url, page.heading) == ("/workspace/password/sent/", "Look into your e-mails")
    assert SENT in page.words
    assert news() == told


@pytest.mark.parametrize("email", [EMAIL, "nobody@northmoor.example"])
def test_asking_is_limited_alike_for_everybody(town: Town, settings, email: str) -> None:
    settings.SIGN_IN_ATTEMPTS_PER_ACCOUNT = 2
    for _attempt in range(2):
        asked_for(Visitor(), email)

    page = asked_for(Visitor(), email)

    assert (page.status, page.error("email")) == (429, TOO_MANY)


def test_the_link_lets_its_person_choose_once(carl: User, visitor: Visitor, settings) -> None:
    link = link_for(carl, settings)
    page = visitor.open(link)
    assert page.url.endswith("-set-password/")
    assert page.heading == "Choose a new password"

    done = choose(visitor, page)

    assert (done.url, done.heading) == ("/workspace/sign-in/", "Sign in")
    assert "Your password has been changed." in done.words
    assert news() == ["password_changed"]
    assert visitor.open(link).heading == "This link no longer works"
    assert signed_in(visitor, EMAIL, PASSWORD).status == 200
    assert signed_in(visitor, EMAIL, NEW).url == "/workspace/"


def test_the_link_does_not_sign_in_and_spares_nobody_the_code(
    carl: User, visitor: Visitor, settings
) -> None:
    secret = set_up(carl)
    choose(visitor, visitor.open(link_for(carl, settings)))

    assert visitor.open("/workspace/").heading == "Sign in"
    page = signed_in(visitor, EMAIL, NEW)
    assert page.heading == "Enter your code"
    assert with_code(visitor, page, secret).url == "/workspace/"


def test_who_reads_the_mails_need_not_wait_for_the_count_to_end(
    carl: User, visitor: Visitor, settings
) -> None:
    settings.SIGN_IN_ATTEMPTS_PER_ACCOUNT = 1
    for _attempt in range(3):
        signed_in(Visitor(), EMAIL, "wrong")

    choose(visitor, visitor.open(link_for(carl, settings)))

    assert signed_in(visitor, EMAIL, NEW).url == "/workspace/"


@pytest.mark.parametrize(
    "link", ["/workspace/password/1-abc-def/", "/workspace/password/zz-set-password/"]
)
def test_an_invented_link_opens_nothing(town: Town, visitor: Visitor, link: str) -> None:
    page = visitor.open(link)

    assert page.heading == "This link no longer works"
    assert [form for form in page.forms if "password1" in form.fields] == []


def test_a_link_given_before_the_account_was_closed_is_void(
    carl: User, visitor: Visitor, settings
) -> None:
    link = link_for(carl, settings)
    User.objects.filter(pk=carl.pk).update(is_active=False)

    assert visitor.open(link).heading == "This link no longer works"


@pytest.mark.parametrize(
    ("first", "second", "field", "said"),
    [
        (
            "short",
            "short",
            "password1",
            "This password is too short. It must contain at least 12 characters.",
        ),
        ("password1234", "password1234", "password1", "This password is too common."),
        (
            NEW,
            "something-else",
            "password2",
            "The two new passwords differ. Please type the same one twice.",
        ),
        ("", "", "password1", "Please enter a password."),
    ],
)
def test_a_bad_password_is_not_taken(
    carl: User, visitor: Visitor, settings, first: str, second: str, field: str, said: str
) -> None:
    page = choose(visitor, visitor.open(link_for(carl, settings)), first, second)

    assert page.error(field) == said
    carl.refresh_from_db()
    assert carl.check_password(PASSWORD)


def changed(visitor: Visitor, old: str = PASSWORD) -> Page:
    page = visitor.open("/workspace/account/password/")
    return visitor.press(
        page, page.form("oldpassword"), oldpassword=old, password1=NEW, password2=NEW
    )


def test_changing_it_signs_out_everywhere_else(carl: User, visitor: Visitor) -> None:
    elsewhere = Visitor()
    signed_in(elsewhere, EMAIL)
    signed_in(visitor, EMAIL)

    page = changed(visitor)

    assert (page.url, page.heading) == ("/workspace/account/", "My account")
    assert "Your password has been changed." in page.words
    assert elsewhere.open("/workspace/").heading == "Sign in"
    assert visitor.open("/workspace/").heading == "Assigned to me"
    assert news() == ["password_changed"]


def test_changing_it_takes_the_present_one(carl: User, visitor: Visitor) -> None:
    signed_in(visitor, EMAIL)

    page = changed(visitor, old="wrong")

    assert page.error("oldpassword") == "This is not your present password. Please try again."
    carl.refresh_from_db()
    assert carl.check_password(PASSWORD)


def test_guessing_the_present_one_is_limited(carl: User, visitor: Visitor, settings) -> None:
    signed_in(visitor, EMAIL)
    settings.SIGN_IN_ATTEMPTS_PER_ACCOUNT = 2
    for _attempt in range(2):
        changed(visitor, old="wrong")

    page = changed(visitor)

    assert (page.status, page.error("oldpassword")) == (429, TOO_MANY)


def test_no_password_comes_back_in_a_page(carl: User, visitor: Visitor) -> None:
    signed_in(visitor, EMAIL)

    page = changed(visitor, old="wrong-and-secret")

    assert "wrong-and-secret" not in page.html
    assert NEW not in page.html
