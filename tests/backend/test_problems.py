"""Every refusal is a page that says what is wrong and what to do, in the frame of the door that was knocked at."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from backend.problems import DomainProblems, server_error
from common.limits import TooManyAttempts
from concerns.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, Refused
from concerns.references import BadReference, Fault
from tests.support.pages import Page
from tests.support.town import Town


def drawn(answer: HttpResponse | None, url: str = "/") -> Page:
    assert answer is not None
    return Page(answer.status_code, url, answer.content.decode())


def asked_by(user: object, path: str = "/workspace/tickets/1/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = user
    return request


@pytest.mark.parametrize(
    ("refusal", "status", "heading", "said"),
    [
        (NotFound(), 404, "This page does not exist", "We cannot find this."),
        (NotAllowed(), 403, "You may not see this page", "You may not do this."),
        (Refused(), 409, "Somebody else was faster", "not possible in the present state"),
        (Conflict(), 409, "Somebody else was faster", "Nothing was changed."),
        (
            BadReference(Fault.CHECK),
            404,
            "This page does not exist",
            "This reference does not exist",
        ),
        (Invalid("Too long."), 404, "This page does not exist", "Too long."),
        (TooManyAttempts(60), 429, "Too many attempts", "Please try again in an hour"),
    ],
)
@pytest.mark.django_db
def test_what_an_action_refused_is_a_page(
    refusal: DomainError, status: int, heading: str, said: str
) -> None:
    request = asked_by(AnonymousUser(), "/concerns/x/")
    door = DomainProblems(lambda _request: HttpResponse())

    with translation.override("en"):
        page = drawn(door.process_exception(request, refusal))

    assert (page.status, page.heading) == (status, heading)
    assert said in page.words


def test_what_is_no_refusal_is_left_alone() -> None:
    request = asked_by(AnonymousUser())

    assert DomainProblems(HttpResponse).process_exception(request, ValueError()) is None


@pytest.mark.parametrize("path", ["/nowhere/", "/workspace/nowhere/", "/concerns/x/y/z/"])
@pytest.mark.django_db
def test_unknown_address_is_a_page_with_a_way_out(path: str) -> None:
    page = drawn(Client(headers={"accept-language": "en"}).get(path))

    assert (page.status, page.heading) == (404, "This page does not exist")
    assert page.links["Go to the first page"] == "/"
    assert "Sign out" not in page.words


def test_people_of_the_city_stay_in_the_workspace(town: Town) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.people["carl"])

    page = drawn(client.get("/workspace/nowhere/"))

    assert (page.status, page.heading) == (404, "This page does not exist")
    assert page.links["Go to my queue"] == "/workspace/"


def test_page_of_a_failure_needs_no_database() -> None:
    def broken() -> object:
        raise OperationalError

    with translation.override("en"):
        page = drawn(server_error(asked_by(SimpleLazyObject(broken))))

    assert (page.status, page.heading) == (500, "Something went wrong on our side")
    assert "Please try again in a few minutes." in page.words


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
@pytest.mark.parametrize("path", ["/", "/workspace/tickets/1/", "/api/v1/concerns/"])
def test_who_asks_while_the_database_is_away_is_told_to_come_again(
    fault: type[Exception], path: str
) -> None:
    def view() -> None:
        raise fault

    try:
        view()
    except fault:
        answer = server_error(asked_by(AnonymousUser(), path))

    assert answer.status_code == 503


@pytest.mark.django_db
def test_form_without_its_token_can_be_sent_again() -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})

    page = drawn(client.post("/concerns/", {"reference": "K7M-4QX-9R1", "pin": "123456"}))

    assert (page.status, page.heading) == (400, "We could not read that")
    assert "reload the page and try again" in page.words


@pytest.mark.django_db
def test_body_that_is_too_large_is_refused_with_words() -> None:
    client = Client(headers={"accept-language": "en"})

    page = drawn(client.post("/report/", {"step": "start", "words": "x" * (2 * 1024 * 1024 + 1)}))

    assert (page.status, page.heading) == (400, "We could not read that")


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
@pytest.mark.django_db
def test_method_nobody_needs_is_refused(method: str) -> None:
    assert getattr(Client(), method)("/report/").status_code == 405
