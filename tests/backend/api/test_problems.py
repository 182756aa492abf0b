import json
import logging

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from django.test import Client, RequestFactory
from django.test.client import FakePayload
from rest_framework import exceptions as drf

from backend.api.kinds import KINDS, TITLES
from backend.api.problems import errors_in, frames_of, names_of, outside, pointer_of, problem_of
from common import storing
from common.idempotency import AlreadyInProgress, KeyUsedOtherwise
from common.limits import TooManyAttempts
from concerns import errors as domain
from tests.support.rest import Rest, problem_in, program_of

GIVEN = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.mark.parametrize(
    ("exc", "status", "code"),
    [
        (domain.NotFound(), 404, "not_found"),
        (domain.NotAllowed(), 403, "not_allowed"),
        (domain.Refused(), 409, "refused"),
        (domain.Conflict(), 412, "conflict"),
        (domain.Invalid(field="place"), 422, "invalid"),
        (TooManyAttempts(7), 429, "too_many"),
        (AlreadyInProgress(), 409, "in_progress"),
        (KeyUsedOtherwise(), 422, "key_reused"),
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "not_allowed"),
        (SuspiciousOperation(), 400, "malformed"),
        (OperationalError(), 503, "unavailable"),
        (InterfaceError(), 503, "unavailable"),
        (IntegrityError(), 500, "error"),
        (ZeroDivisionError(), 500, "error"),
        (drf.ParseError(), 400, "malformed"),
        (drf.NotAuthenticated(), 401, "unauthenticated"),
        (drf.PermissionDenied(), 403, "not_allowed"),
        (drf.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (drf.NotAcceptable(), 406, "not_acceptable"),
        (drf.UnsupportedMediaType("text/plain"), 415, "unsupported_media_type"),
        (drf.ValidationError({}), 422, "invalid"),
        (drf.Throttled(wait=9), 429, "too_many"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_problem_of_knows_every_kind_of_exception(exc, status, code):
    problem = problem_of(exc)

    assert (problem.status, problem.code) == (status, code)


def test_every_kind_has_a_title():
    assert KINDS.keys() == TITLES.keys()


@pytest.mark.parametrize(
    ("exc", "headers"),
    [
        (TooManyAttempts(7), {"Retry-After": "7"}),
        (drf.Throttled(wait=9), {"Retry-After": "9"}),
        (AlreadyInProgress(), {"Retry-After": "1"}),
        (OperationalError(), {"Retry-After": "5"}),
        (domain.Refused(), {}),
    ],
)
def test_problem_of_says_when_to_come_back(exc, headers):
    assert problem_of(exc).headers == headers


@pytest.mark.parametrize(
    ("field", "pointer"),
    [
        ("place", "/place"),
        ("contact.email", "/contact/email"),
        ("", ""),
        ("answers.a/b~c", "/answers/a~1b~0c"),
    ],
)
def test_a_refused_value_of_the_domain_is_pointed_at(field, pointer):
    (error,) = problem_of(domain.Invalid("No.", field=field)).errors

    assert (error.pointer, error.code, error.detail) == (pointer, "invalid", "No.")


def test_errors_in_points_at_every_leaf():
    detail = drf.ValidationError(
        {
            "place": {
                "lat": [drf.ErrorDetail("A", code="a")],
                "non_field_errors": [drf.ErrorDetail("B", code="b")],
            },
            "to": {3: [drf.ErrorDetail("C", code="c")]},
            "list": [{}, {"x": [drf.ErrorDetail("D", code="d")]}],
        }
    ).detail

    found = [(one.pointer, one.code, one.detail) for one in errors_in(detail, [])]

    assert found == [
        ("/place/lat", "a", "A"),
        ("/place", "b", "B"),
        ("/to/3", "c", "C"),
        ("/list/1/x", "d", "D"),
    ]


def test_pointer_of_nothing_is_the_whole_body():
    assert pointer_of([]) == ""


def quote(words):
    raise IntegrityError(words) from ValueError(words)


def test_names_of_tells_kinds_and_causes_and_no_text():
    with pytest.raises(IntegrityError) as caught:
        quote("Rita lives in Quay Street 5")

    assert names_of(caught.value) == "IntegrityError from ValueError"
    assert "raise IntegrityError(words) from ValueError(words)" in frames_of(caught.value)
    assert "Rita" not in names_of(caught.value)


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("nothing/", "GET"),
        ("nothing/", "POST"),
        ("concerns", "POST"),
        ("", "GET"),
        ("../v2/", "GET"),
        ("%00/", "GET"),
    ],
)
def test_an_address_where_nothing_stands_is_a_problem(db, path, method):
    response = Rest().send(method, path)

    assert problem_in(response) == (
        404,
        "not_found",
        "There is nothing at this address. Please check it.",
    )


def test_a_problem_says_all_that_rfc_9457_asks_for(db, settings):
    settings.PUBLIC_URL = "https://city.example"

    told = Rest().get("nothing/", X_Request_ID=GIVEN).json()

    assert told == {
        "type": "https://city.example/api/docs/#problem-not_found",
        "title": "Nothing was found",
        "status": 404,
        "detail": "There is nothing at this address. Please check it.",
        "instance": "/api/v1/nothing/",
        "request_id": GIVEN,
    }


def test_a_method_that_is_not_there_is_405_and_says_which_are(town):
    response = program_of(town.people["carl"]).send("DELETE", "tickets/")

    assert problem_in(response)[:2] == (405, "method_not_allowed")
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_an_answer_that_is_not_there_is_406(town):
    response = program_of(town.people["carl"]).get("tickets/", Accept="text/html")

    assert problem_in(response)[:2] == (406, "not_acceptable")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/octet-stream"]
)
def test_a_request_in_another_form_is_415(town, kind):
    response = Rest().send("POST", "concerns/", b"description=x", kind=kind, Idempotency_Key="one")

    assert problem_in(response)[:2] == (415, "unsupported_media_type")


def test_a_body_in_pieces_without_a_length_is_411(town):
    body = FakePayload(b'{"description": "A hole."}')
    request = {
        "wsgi.input": body,
        "CONTENT_TYPE": "application/json",
        "HTTP_TRANSFER_ENCODING": "chunked",
    }
    keyed = {
        "HTTP_IDEMPOTENCY_KEY": "one",
        "PATH_INFO": "/api/v1/concerns/",
        "REQUEST_METHOD": "POST",
    }

    response = Client().request(**request, **keyed)

    assert problem_in(response)[:2] == (411, "length_missing")


@pytest.mark.parametrize(
    ("language", "code"), [("en", "en"), ("de-DE,de;q=0.9,en;q=0.5", "de"), ("tr", "en")]
)
def test_problems_name_their_language(db, language, code):
    assert Rest().get("nothing/", Accept_Language=language)["Content-Language"] == code


def test_answers_about_people_are_kept_by_nobody(town):
    assert Rest().get("tickets/")["Cache-Control"] == "no-store"


@pytest.fixture
def broken(town, monkeypatch):
    """Something no door foresees: the database refuses what nobody checked, and quotes the row."""
    monkeypatch.setattr(storing, "insert_new", _quoting)


def _quoting(rows):
    raise ZeroDivisionError(f"Failing row contains ({rows[0].words})")


def test_a_failure_of_ours_is_500_without_a_stack_and_logged_without_words(broken, caplog):
    with caplog.at_level(logging.ERROR, logger="backend.api.problems"):
        response = Rest().file()

    told = response.json()
    (record,) = [one for one in caplog.records if one.name == "backend.api.problems"]
    assert problem_in(response)[:2] == (500, "error")
    assert set(told) == {"type", "title", "status", "detail", "instance", "request_id"}
    assert record.getMessage().startswith(
        f"request {told['request_id']} failed: ZeroDivisionError\n"
    )
    assert "hole in the road" not in record.getMessage() + response.content.decode()


def test_what_goes_wrong_before_any_endpoint_is_reached_is_a_problem_too(db):
    response = Rest().get("tickets/", Host="elsewhere.example")

    words = "We cannot read this request. Please check how it is built."
    assert problem_in(response) == (400, "malformed", words)


def test_outside_tells_our_failures_apart():
    told = json.loads(outside(RequestFactory().get("/api/v1/tickets/"), 500).content)

    assert (told["status"], told["instance"], "request_id" in told) == (
        500,
        "/api/v1/tickets/",
        True,
    )
