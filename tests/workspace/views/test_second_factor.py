"""A second factor: demanded where the settings say so, asked for at the door, changed by nobody but its owner."""

from collections.abc import Iterator

import pytest
import time_machine
from allauth.mfa.models import Authenticator

from accounts.models import User
from accounts.sign_in.second_factor import PENDING
from notifications.models import Envelope
from tests.support.entering import PASSWORD, signed_in, with_code
from tests.support.pages import Page, Visitor
from tests.support.second_factor import recovery_codes_of, set_up
from tests.support.town import Town, file

SET_UP = "/workspace/account/second-factor/"
REMOVE = f"{SET_UP}remove/"
CODES = "/workspace/account/recovery-codes/"
EMAIL = "carl@northmoor.example"
NO_FIT = "This code does not fit, or was used before. Please wait for the next one and enter that."
TOO_MANY = "There were too many attempts. Please try again in an hour."
DEMAND = (
    "You see personal data here, so a password alone is not enough. Please set up a second factor."
)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The middle of a half minute, so that none ends between two lines of a test."""
    with time_machine.travel("2026-03-02T09:00:15+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def carl(town: Town) -> User:
    return town.people["carl"]


def secret_on(page: Page) -> str:
    """The key as it stands on the page for people who type it."""
    start = page.words.index("type this key into it:") + len("type this key into it:")
    return page.words[start:].partition("Open the app")[0].replace(" ", "")


def news() -> list[str]:
    return [one["news"] for one in Envelope.objects.values_list("facts", flat=True)]


def test_signing_in_takes_password_and_code(carl: User, visitor: Visitor) -> None:
    secret = set_up(carl)

    asked = signed_in(visitor, EMAIL, path="/workspace/queues/department/")
    assert (asked.url, asked.heading) == ("/workspace/sign-in/code/", "Enter your code")
    assert visitor.client.get("/workspace/").status_code == 302
    page = with_code(visitor, asked, secret)

    assert (page.url, page.heading) == ("/workspace/queues/department/", "My department")


def test_a_wrong_code_opens_nothing(carl: User, visitor: Visitor) -> None:
    set_up(carl)
    asked = signed_in(visitor, EMAIL)

    page = visitor.press(asked, asked.form("code"), code="000000")

    assert (page.url, page.error("code")) == ("/workspace/sign-in/code/", NO_FIT)
    assert visitor.open("/workspace/").heading != "Assigned to me"


def test_a_code_works_in_one_browser_only(carl: User, visitor: Visitor) -> None:
    secret = set_up(carl)
    with_code(visitor, signed_in(visitor, EMAIL), secret)
    other = Visitor()

    page = with_code(other, signed_in(other, EMAIL), secret)

    assert page.error("code") == NO_FIT


def test_codes_are_tried_ten_times_an_hour_whatever_the_browser(carl: User) -> None:
    secret = set_up(carl)
    for _attempt in range(10):
        visitor = Visitor()
        asked = signed_in(visitor, EMAIL)
        visitor.press(asked, asked.form("code"), code="000000")
    visitor = Visitor()

    page = with_code(visitor, signed_in(visitor, EMAIL), secret)

    assert (page.status, page.error("code")) == (429, TOO_MANY)
    assert visitor.open("/workspace/").heading != "Assigned to me"


def test_a_recovery_code_takes_the_place_of_the_app_once(carl: User) -> None:
    set_up(carl)
    code = recovery_codes_of(carl)[0]
    first, second = Visitor(), Visitor()

    asked = signed_in(first, EMAIL)
    assert first.press(asked, asked.form("code"), code=code).url == "/workspace/"
    asked = signed_in(second, EMAIL)
    assert second.press(asked, asked.form("code"), code=code).error("code") == NO_FIT


def test_the_code_is_asked_for_without_the_cache(carl: User, visitor: Visitor, settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    secret = set_up(carl)

    assert with_code(visitor, signed_in(visitor, EMAIL), secret).url == "/workspace/"


def test_without_a_password_nobody_is_asked_for_a_code(carl: User, visitor: Visitor) -> None:
    set_up(carl)

    assert visitor.open("/workspace/sign-in/code/").heading == "Sign in"


def test_an_account_closed_between_password_and_code_stays_closed(
    carl: User, visitor: Visitor
) -> None:
    secret = set_up(carl)
    asked = signed_in(visitor, EMAIL)
    User.objects.filter(pk=carl.pk).update(is_active=False)

    assert with_code(visitor, asked, secret).heading == "Sign in"
    assert visitor.open("/workspace/").heading == "Sign in"


def test_one_may_begin_again_as_somebody_else(carl: User, visitor: Visitor) -> None:
    set_up(carl)
    asked = signed_in(visitor, EMAIL)
    (other,) = (form for form in asked.forms if form.action == "/workspace/sign-out/")

    page = visitor.press(asked, other)

    assert (page.url, page.heading) == ("/workspace/sign-in/", "Sign in")
    assert signed_in(visitor, "clara@northmoor.example").url == "/workspace/"


@pytest.mark.parametrize("path", ["/workspace/", "/workspace/account/", "/workspace/own/"])
def test_where_it_is_demanded_one_is_led_to_it_before_any_page(
    carl: User, visitor: Visitor, settings, path: str
) -> None:
    settings.STAFF_MFA_REQUIRED = True

    page = signed_in(visitor, EMAIL, path=path)

    assert (page.url.partition("?")[0], page.heading) == (SET_UP, "Set up a second factor")
    assert DEMAND in page.words


def test_where_it_is_demanded_nothing_is_done_before(
    carl: User, visitor: Visitor, settings
) -> None:
    signed_in(visitor, EMAIL)
    page = visitor.open("/workspace/account/")
    before = page.form("notices")["notices"]
    settings.STAFF_MFA_REQUIRED = True

    answer = visitor.press(page, page.form("notices"), notices="daily")

    assert answer.heading == "Set up a second factor"
    carl.refresh_from_db()
    assert carl.notices == before


def test_setting_up_leads_by_the_recovery_codes_to_where_one_wanted_to_go(
    carl: User, visitor: Visitor, settings, django_capture_on_commit_callbacks
) -> None:
    settings.STAFF_MFA_REQUIRED = True
    page = signed_in(visitor, EMAIL, path="/workspace/queues/department/")
    secret = secret_on(page)

    with django_capture_on_commit_callbacks(execute=True):
        codes = with_code(visitor, page, secret)

    assert codes.heading == "Recovery codes"
    assert all(code in codes.words for code in recovery_codes_of(carl))
    assert visitor.open(codes.links["I have kept them"]).heading == "My department"
    assert news() == ["second_factor_set_up"]
    assert PENDING not in visitor.client.session


def test_a_page_drawn_again_shows_the_same_key(carl: User, visitor: Visitor) -> None:
    signed_in(visitor, EMAIL)
    page = visitor.open(SET_UP)
    again = visitor.press(page, page.form("code"), code="000000")

    assert secret_on(again) == secret_on(page) == secret_on(visitor.open(SET_UP))
    assert again.error("code") == NO_FIT


def test_the_drawing_holds_no_script_and_no_style(carl: User, visitor: Visitor) -> None:
    signed_in(visitor, EMAIL)

    page = visitor.open(SET_UP)

    drawing = page.html[page.html.index("<svg") : page.html.index("</svg>")]
    assert "style" not in drawing
    assert "script" not in drawing
    assert 'href="otpauth://totp/carl%40northmoor.example?secret=' in page.html
    assert "issuer=Sachstand%20Northmoor" in page.html


def test_setting_up_after_a_while_takes_the_password_again(
    carl: User, visitor: Visitor, clock: time_machine.Traveller
) -> None:
    signed_in(visitor, EMAIL)
    clock.shift(301)

    asked = visitor.open(SET_UP)
    assert (asked.url.partition("?")[0], asked.heading) == (
        "/workspace/account/confirm/",
        "Is it you?",
    )
    wrong = visitor.press(asked, asked.form("password"), password="wrong")
    assert wrong.error("password") == "This is not your password. Please try again."
    page = visitor.press(asked, asked.form("password"), password=PASSWORD)

    assert page.heading == "Set up a second factor"


def test_guessing_the_password_again_is_limited_too(
    carl: User, visitor: Visitor, clock: time_machine.Traveller
) -> None:
    signed_in(visitor, EMAIL)
    clock.shift(301)
    asked = visitor.open(SET_UP)
    for _attempt in range(10):
        visitor.press(asked, asked.form("password"), password="wrong")

    page = visitor.press(asked, asked.form("password"), password=PASSWORD)

    assert (page.status, page.error("password")) == (429, TOO_MANY)


@pytest.mark.parametrize("path", [REMOVE, f"{CODES}new/"])
def test_who_has_one_changes_it_with_a_code_and_not_with_the_password(
    carl: User, visitor: Visitor, clock: time_machine.Traveller, path: str
) -> None:
    secret = set_up(carl)
    with_code(visitor, signed_in(visitor, EMAIL), secret)

    asked = visitor.open(path)

    assert asked.url.partition("?")[0] == "/workspace/account/confirm/code/"
    assert "password" not in asked.form("code").fields
    by_password = visitor.open(f"/workspace/account/confirm/?next={path}")
    assert by_password.url.partition("?")[0] == "/workspace/account/confirm/code/"


def test_removing_it_takes_a_code_and_tells_its_owner(
    carl: User, visitor: Visitor, clock: time_machine.Traveller
) -> None:
    secret = set_up(carl)
    with_code(visitor, signed_in(visitor, EMAIL), secret)
    clock.shift(30)

    page = with_code(visitor, visitor.open(REMOVE), secret)
    assert (page.url, page.heading) == (REMOVE, "Remove the second factor")
    assert Authenticator.objects.filter(user=carl).count() == 2
    page = visitor.press(page, page.forms[-1])

    assert (page.url, page.heading) == ("/workspace/account/", "My account")
    assert "Your second factor has been removed." in page.words
    assert Authenticator.objects.filter(user=carl).count() == 0
    assert news() == ["second_factor_removed"]


def test_just_set_up_it_is_not_removed_without_a_code(carl: User, visitor: Visitor) -> None:
    signed_in(visitor, EMAIL)
    page = visitor.open(SET_UP)
    with_code(visitor, page, secret_on(page))

    assert visitor.open(REMOVE).heading == "Is it you?"


def test_where_it_is_demanded_removing_it_leads_to_the_next_one(
    carl: User, visitor: Visitor, clock: time_machine.Traveller, settings
) -> None:
    settings.STAFF_MFA_REQUIRED = True
    secret = set_up(carl)
    with_code(visitor, signed_in(visitor, EMAIL), secret)
    clock.shift(30)
    page = with_code(visitor, visitor.open(REMOVE), secret)

    page = visitor.press(page, page.forms[-1])

    assert page.heading in ("Set up a second factor", "Is it you?")
    assert visitor.client.get("/workspace/").status_code == 302


def test_codes_are_seen_once_and_downloaded_meanwhile(
    carl: User, visitor: Visitor, clock: time_machine.Traveller
) -> None:
    signed_in(visitor, EMAIL)
    page = visitor.open(SET_UP)
    page = with_code(visitor, page, secret_on(page))
    codes = recovery_codes_of(carl)

    text = visitor.client.get(f"{CODES}text/")
    clock.shift(601)
    later = visitor.open(CODES)

    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert text["Content-Disposition"] == 'attachment; filename="sachstand-recovery-codes.txt"'
    assert [line for line in text.content.decode().splitlines() if line.isdigit()] == codes
    assert text.content.decode().startswith(f"Recovery codes for {EMAIL} in Northmoor's workspace")
    assert "You have 10 unused recovery codes." in later.words
    assert [code for code in codes if code in later.html] == []
    assert visitor.client.get(f"{CODES}text/").status_code == 404


def test_codes_are_never_shown_in_another_session(carl: User, visitor: Visitor) -> None:
    secret = set_up(carl)
    with_code(visitor, signed_in(visitor, EMAIL), secret)

    page = visitor.open(CODES)

    assert [code for code in recovery_codes_of(carl) if code in page.html] == []
    assert visitor.client.get(f"{CODES}text/").status_code == 404


def test_new_codes_end_the_old_ones(
    carl: User,
    visitor: Visitor,
    clock: time_machine.Traveller,
    django_capture_on_commit_callbacks,
) -> None:
    secret = set_up(carl)
    old = recovery_codes_of(carl)
    with_code(visitor, signed_in(visitor, EMAIL), secret)
    clock.shift(30)
    page = with_code(visitor, visitor.open(f"{CODES}new/"), secret)

    with django_capture_on_commit_callbacks(execute=True):
        page = visitor.press(page, page.forms[-1])

    assert all(code in page.words for code in recovery_codes_of(carl))
    assert set(old) & set(recovery_codes_of(carl)) == set()
    assert news() == ["codes_renewed"]


def test_without_a_second_factor_there_are_no_codes(carl: User, visitor: Visitor) -> None:
    signed_in(visitor, EMAIL)

    assert visitor.client.get(CODES).status_code == 404
    assert visitor.client.get(f"{CODES}text/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        SET_UP,
        REMOVE,
        CODES,
        f"{CODES}text/",
        f"{CODES}new/",
        "/workspace/account/password/",
        "/workspace/account/confirm/",
        "/workspace/account/confirm/code/",
    ],
)
def test_nobody_else_comes_to_these_pages(town: Town, visitor: Visitor, path: str) -> None:
    page = visitor.open(path)

    assert (page.heading, page.url.partition("?")[0]) == ("Sign in", "/workspace/sign-in/")


def test_pages_of_the_sign_in_are_never_kept(carl: User, visitor: Visitor) -> None:
    signed_in(visitor, EMAIL)
    for path in (SET_UP, "/workspace/account/password/", "/workspace/password/"):
        assert "no-store" in visitor.client.get(path)["Cache-Control"]


def test_a_reset_by_the_administrator_leads_to_a_new_one(
    carl: User, visitor: Visitor, settings
) -> None:
    settings.STAFF_MFA_REQUIRED = True
    secret = set_up(carl)
    with_code(visitor, signed_in(visitor, EMAIL), secret)
    Authenticator.objects.filter(user=carl).delete()

    assert visitor.client.get("/workspace/").status_code == 302


def test_where_it_is_demanded_ones_own_matter_stays_closed_too(
    town: Town, visitor: Visitor, settings
) -> None:
    concern = file(category="it-incident", actor=town.actor("carl")).concern
    signed_in(visitor, EMAIL)
    own = f"/concerns/{concern.reference}/"
    assert visitor.open(own).url == own

    settings.STAFF_MFA_REQUIRED = True

    assert visitor.open(own).url.partition("?")[0] == "/concerns/"
