"""Only people of the city come in, and nobody by guessing."""

import uuid

import pytest
from allauth.account.models import EmailAddress
from django.urls import NoReverseMatch, get_resolver, reverse

from concerns.references import tracking_token
from tests.support.entering import PASSWORD, signed_in
from tests.support.pages import Visitor
from tests.support.town import Town, file

WRONG = "E-mail address and password do not belong together. Please check both."
EXAMPLES = {"verb": "accept", "name": "mine"}
NOBODY_ANSWERS = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
    }
}
OF_KIND = {"int": 1, "uuid": uuid.UUID(int=1), "slug": "example"}


def pages_of_the_desk() -> list[str]:
    """An address for every page of the workspace."""
    patterns = get_resolver("workspace.urls").url_patterns
    names = [(one.name, one.pattern.converters) for one in patterns]
    return [
        reverse(
            f"workspace:{name}",
            kwargs={
                key: EXAMPLES.get(key, OF_KIND[kind_of(one)]) for key, one in converters.items()
            },
        )
        for name, converters in names
    ]


def kind_of(converter: object) -> str:
    return type(converter).__name__.removesuffix("Converter").lower()


def test_right_password_opens_the_queue(town: Town, visitor: Visitor) -> None:
    page = signed_in(visitor, " Carl@Northmoor.Example ")

    assert (page.url, page.heading) == ("/workspace/", "Assigned to me")
    assert "Carl" in page.words


def test_sign_in_leads_to_where_one_wanted_to_go(town: Town, visitor: Visitor) -> None:
    page = signed_in(visitor, "carl@northmoor.example", path="/workspace/queues/department/")

    assert (page.url, page.heading) == ("/workspace/queues/department/", "My department")


def test_sign_in_leads_to_no_other_host(town: Town, visitor: Visitor) -> None:
    path = "/workspace/sign-in/?next=https://evil.example/"

    assert signed_in(visitor, "carl@northmoor.example", path=path).url == "/workspace/"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("carl@northmoor.example", "wrong"),
        ("nobody@northmoor.example", PASSWORD),
        ("inactive@northmoor.example", PASSWORD),
        ("carl@northmoor.example", f"{PASSWORD}\0"),
    ],
)
def test_wrong_pair_does_not_say_which(
    town: Town, visitor: Visitor, email: str, password: str
) -> None:
    left = town.people["norman"]
    left.email, left.is_active = "inactive@northmoor.example", False
    left.save()

    page = signed_in(visitor, email, password)

    assert page.heading == "Sign in"
    assert WRONG in page.words or "Null characters are not allowed." in page.words
    assert page.form("login")["login"] == email
    assert page.form("login")["password"] == ""


def test_ten_wrong_passwords_lock_the_right_one_out(town: Town) -> None:
    for attempt in range(10):
        spelled = "Carl@northmoor.example" if attempt % 2 else "carl@northmoor.example "
        signed_in(Visitor(), spelled, "wrong")

    page = signed_in(Visitor(), "carl@northmoor.example")

    assert page.status == 429
    assert "There were too many attempts. Please try again in an hour." in page.words
    assert signed_in(Visitor(), "clara@northmoor.example").url == "/workspace/"


def test_success_starts_the_count_afresh(town: Town) -> None:
    for _round in range(2):
        for _attempt in range(6):
            signed_in(Visitor(), "carl@northmoor.example", "wrong")
        assert signed_in(Visitor(), "carl@northmoor.example").url == "/workspace/"


@pytest.mark.parametrize("path", pages_of_the_desk())
def test_nothing_is_shown_to_people_who_are_not_signed_in(
    town: Town, visitor: Visitor, path: str
) -> None:
    file()

    page = visitor.open(path)

    if page.status != 405:  # a button's address has no page of its own
        assert (page.heading, page.url) == ("Sign in", f"/workspace/sign-in/?next={path}")


def test_proof_of_a_concern_opens_no_desk(town: Town, visitor: Visitor) -> None:
    filed = file()
    token = tracking_token(filed.concern.pk, filed.concern.generation)
    visitor.open(f"/concerns/{filed.concern.reference}/t/{token}/")

    page = visitor.open(f"/workspace/tickets/{filed.ticket.pk}/")

    assert page.heading == "Sign in"


def test_leaving_ends_it(town: Town, visitor: Visitor) -> None:
    page = signed_in(visitor, "carl@northmoor.example")
    form = next(one for one in page.forms if one.action == "/workspace/sign-out/")

    left = visitor.press(page, form)

    assert left.url == "/workspace/sign-in/"
    assert visitor.open("/workspace/").heading == "Sign in"


def test_somebody_deactivated_is_out_at_once(town: Town, visitor: Visitor) -> None:
    signed_in(visitor, "carl@northmoor.example")
    town.people["carl"].is_active = False
    town.people["carl"].save()

    assert visitor.open("/workspace/").heading == "Sign in"


def test_pages_of_the_desk_are_never_kept(town: Town, visitor: Visitor) -> None:
    signed_in(visitor, "carl@northmoor.example")

    visitor.open("/workspace/")

    assert "no-store" in visitor.answer["Cache-Control"]
    assert visitor.answer["X-Frame-Options"] == "DENY"
    assert "default-src 'self'" in visitor.answer["Content-Security-Policy"]


def test_a_right_password_is_not_looked_at_over_the_limit(town: Town) -> None:
    for _attempt in range(10):
        signed_in(Visitor(), "carl@northmoor.example", "wrong")

    right = signed_in(Visitor(), "carl@northmoor.example")
    wrong = signed_in(Visitor(), "carl@northmoor.example", "wrong")

    assert (right.status, right.words) == (wrong.status, wrong.words)
    assert WRONG not in right.words


def test_one_network_tries_only_so_often(town: Town, settings) -> None:
    settings.SIGN_IN_ATTEMPTS_PER_NETWORK = 3
    for number in range(3):
        signed_in(Visitor(network="2001:db8::7"), f"somebody-{number}@northmoor.example")

    assert signed_in(Visitor(network="2001:db8::9"), "carl@northmoor.example").status == 429
    assert signed_in(Visitor(), "carl@northmoor.example").status == 200


def test_a_limit_holds_without_the_cache(town: Town, settings) -> None:
    settings.SIGN_IN_ATTEMPTS_PER_ACCOUNT = 1
    settings.CACHES = NOBODY_ANSWERS
    signed_in(Visitor(), "carl@northmoor.example", "wrong")

    assert signed_in(Visitor(), "carl@northmoor.example").status == 429


def test_a_sign_in_leaves_no_copy_of_the_address_with_allauth(town: Town, visitor: Visitor) -> None:
    signed_in(visitor, "carl@northmoor.example")

    assert EmailAddress.objects.count() == 0


def test_nobody_signs_up() -> None:
    assert [name for name in SIGN_UPS if exists(name)] == []


SIGN_UPS = ("account_signup", "account_email", "account_confirm_email", "socialaccount_signup")


def exists(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


def test_signing_out_is_never_done_by_a_link(town: Town, visitor: Visitor) -> None:
    signed_in(visitor, "carl@northmoor.example")

    assert visitor.client.get("/workspace/sign-out/").status_code == 405
    assert visitor.open("/workspace/").heading == "Assigned to me"


def test_who_is_signed_in_needs_no_sign_in_page(town: Town, visitor: Visitor) -> None:
    signed_in(visitor, "carl@northmoor.example")

    assert visitor.open("/workspace/sign-in/").url == "/workspace/"
