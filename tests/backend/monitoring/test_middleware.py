"""Every request has a name, from the door into the log, the answer and the tasks it rings for."""

import json
import logging
from uuid import UUID

import pytest
from django.test import Client

from accounts.sign_in.second_factor import proven_by
from backend.celery import HEADER, Named, app
from backend.logs import JsonFormatter
from common import request_id
from tests.support.entering import signed_in
from tests.support.pages import Visitor
from tests.support.rest import Rest, browser_of
from tests.support.second_factor import code_of, set_up
from tests.support.town import Town

GIVEN = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.mark.parametrize("given", [GIVEN, GIVEN.replace("-", ""), GIVEN.upper()])
def test_an_id_a_proxy_gave_is_kept(given: str) -> None:
    assert Client().get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given", ["", "rita.marker@people.example", "42", f"{GIVEN}0", f"{GIVEN} x", "RitaMarker" * 4]
)
def test_any_other_is_replaced_by_one_of_ours(given: str) -> None:
    before = request_id.current()

    named = Client().get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"]

    assert UUID(named).version == 7
    assert request_id.current() == before


def test_a_problem_names_its_request(town: Town) -> None:
    response = Rest().get("nothing/", X_Request_ID=GIVEN)

    assert (response.json()["request_id"], response["X-Request-ID"]) == (GIVEN, GIVEN)


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    formatter = JsonFormatter()
    kept = [one for one in caplog.records if one.name == "backend.monitoring.middleware"]
    return [json.loads(formatter.format(record)) for record in kept]


def test_one_line_says_what_was_asked_and_how_it_ended(town: Town, caplog) -> None:
    with caplog.at_level(logging.INFO, logger="backend.monitoring.middleware"):
        Client().get("/concerns/?reference=K7M-4QX-9RT")

    (line,) = lines(caplog)
    said = {name: line[name] for name in ("level", "method", "route", "status")}
    assert said == {"level": "INFO", "method": "GET", "route": "portal:lookup", "status": 200}
    assert isinstance(line["duration_ms"], int)
    assert line["message"] == f"GET portal:lookup 200 in {line['duration_ms']} ms"


def test_what_leads_nowhere_has_no_path_and_no_made_up_method(town: Town, caplog) -> None:
    with caplog.at_level(logging.INFO, logger="backend.monitoring.middleware"):
        Client().generic("RITA", "/rita/")

    assert [(one["method"], one["route"], one["status"]) for one in lines(caplog)] == [
        ("other", "none", 404)
    ]


def test_machines_that_ask_all_the_time_leave_no_line(db: None, caplog) -> None:
    with caplog.at_level(logging.INFO, logger="backend.monitoring.middleware"):
        Client().get("/healthz")
        Client().get("/readyz")

    assert lines(caplog) == []


@app.task(name="backend.test_named")
def told() -> str:
    return request_id.current()


def test_a_task_works_under_the_id_of_the_request_that_rang_for_it(monkeypatch) -> None:
    sent = {}
    monkeypatch.setattr(
        Named.__mro__[1], "apply_async", lambda _self, **options: sent.update(options)
    )

    with request_id.named(GIVEN):
        told.apply_async()

    assert sent["headers"] == {HEADER: GIVEN}


def test_a_task_nobody_rang_for_has_an_id_of_its_own() -> None:
    with request_id.named(GIVEN):
        found = told.apply(task_id="01890a5d-ac96-774b-bcce-b302099a8058").get()

    assert found == "01890a5d-ac96-774b-bcce-b302099a8058"


def test_the_line_says_by_reference_who_asked(town: Town, caplog) -> None:
    clerk = browser_of(town.people["carl"]).client

    with caplog.at_level(logging.INFO, logger="backend.monitoring.middleware"):
        clerk.get("/workspace/")
        clerk.get("/healthz")
        Client().get("/workspace/")

    told = [(one["status"], one.get("actor")) for one in lines(caplog)]
    assert told == [(200, str(town.people["carl"].ref_id)), (302, None)]


def test_every_attempt_to_sign_in_has_a_line(town: Town, caplog) -> None:
    carl = town.people["carl"]
    with caplog.at_level(logging.INFO, logger="accounts.sign_in.attempts"):
        signed_in(Visitor(), carl.email, password="wrong")
        signed_in(Visitor(), carl.email.upper(), password="wrong")
        signed_in(Visitor(), carl.email)

    told = [one.fields for one in caplog.records if one.name == "accounts.sign_in.attempts"]
    marks = {one["account"] for one in told if one["sign_in"] == "password refused"}
    assert [one["sign_in"] for one in told] == [
        *("password refused", "password refused", "password accepted", "signed in"),
    ]
    assert len(marks) == 1
    assert {one["account"] for one in told[2:]} == {str(carl.ref_id)}
    assert carl.email not in caplog.text.lower()


def test_codes_that_fit_and_do_not_have_a_line_too(town: Town, caplog) -> None:
    carl = town.people["carl"]
    secret = set_up(carl)

    with caplog.at_level(logging.INFO, logger="accounts.sign_in.attempts"):
        proven_by(carl, "000000")
        proven_by(carl, code_of(secret))

    told = [one.fields for one in caplog.records if one.name == "accounts.sign_in.attempts"]
    assert told == [
        {"sign_in": "code refused", "account": str(carl.ref_id)},
        {"sign_in": "totp accepted", "account": str(carl.ref_id)},
    ]
