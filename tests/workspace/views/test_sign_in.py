"""Only people of the city come in, and nobody by guessing."""

import pytest
from django.urls import get_resolver, reverse

from concerns.references import tracking_token
from tests.support.pages import Page, Visitor
from tests.support.town import Town, file

PASSWORD = "northmoor-demo-pass"
WRONG = "E-mail address and password do not belong together. Please check both."
EXAMPLES = {"ticket_id": 1, "concern_id": 1, "objection_id": 1, "verb": "accept", "name": "mine"}


def signed_in(
    visitor: Visitor, email: str, password: str = PASSWORD, path: str = "/workspace/"
) -> Page:
    page = visitor.open(path)
    return visitor.press(page, page.form("login"), login=email, password=password)


def pages_of_the_desk() -> list[str]:
    """An address for every page of the workspace but the sign-in."""
    patterns = get_resolver("workspace.urls").url_patterns
    names = [(one.name, one.pattern.converters) for one in patterns if one.name != "sign-in"]
    return [
        reverse(f"workspace:{name}", kwargs={key: EXAMPLES[key] for key in converters})
        for name, converters in names
    ]


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

    assert page.heading in ("Sign in", "")
    if path != reverse("workspace:sign-out"):
        assert page.url == f"/workspace/sign-in/?next={path}"


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
