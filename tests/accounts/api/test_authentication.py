import datetime as dt

import pytest
import time_machine

from accounts.actions.keys import issue_api_key, revoke_api_key
from accounts.enums import Scope
from accounts.models import User
from common.clock import now
from tests.support.rest import Rest, problem_in, program_of
from tests.support.sql import statements

NOT_VALID = (
    "This API key is not valid: it is unknown, revoked or expired, or its account is closed. "
    "Please ask for a new one."
)
DAY = dt.timedelta(days=1)


def key_for(user, **more):
    return issue_api_key(user=user, label="Test", **{"days": 1, "scopes": list(Scope), **more})[1]


def tried(text, *, scheme="Api-Key"):
    return Rest({"Authorization": f"{scheme} {text}"}).get("tickets/")


def test_a_valid_key_acts_with_the_rights_of_its_person(town):
    response = tried(key_for(town.people["carl"]))

    assert response.status_code == 200
    assert response.json()["results"] == []


def test_the_scheme_may_be_written_in_any_case(town):
    assert tried(key_for(town.people["carl"]), scheme="API-KEY").status_code == 200


def test_a_key_costs_one_statement(town):
    program = program_of(town.people["carl"])

    with statements() as said:
        program.get("tickets/?limit=0")

    assert len([sql for sql in said if "accounts_" in sql]) == 1


def test_without_any_proof_the_answer_is_401_and_says_how_to_prove_oneself(town):
    response = Rest().get("tickets/")

    assert problem_in(response)[:2] == (401, "unauthenticated")
    assert response["WWW-Authenticate"] == "Api-Key"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"),
        lambda text: "0000000000." + text.partition(".")[2],
        lambda text: text.partition(".")[0],
        lambda text: text.partition(".")[0] + ".",
        lambda text: text.replace(".", " "),
        lambda text: text + "\0",
        lambda _text: "",
        lambda _text: "x" * 5000,
    ],
    ids=["secret", "prefix", "no-secret", "empty-secret", "no-dot", "nul", "empty", "long"],
)
def test_a_wrong_key_is_refused_with_the_same_words_whatever_is_wrong(town, spoil):
    response = tried(spoil(key_for(town.people["carl"])))

    assert problem_in(response) == (401, "unauthenticated", NOT_VALID)


def test_an_expired_key_is_refused(town):
    text = key_for(town.people["carl"], days=1)

    with time_machine.travel(now() + DAY + dt.timedelta(seconds=5)):
        response = tried(text)

    assert problem_in(response) == (401, "unauthenticated", NOT_VALID)


def test_the_key_of_a_closed_account_is_refused(town):
    text = key_for(town.people["carl"])
    User.objects.filter(pk=town.people["carl"].pk).update(is_active=False)

    assert problem_in(tried(text)) == (401, "unauthenticated", NOT_VALID)


def test_a_wrong_key_is_refused_also_where_nobody_needs_one(town):
    assert problem_in(Rest({"Authorization": "Api-Key abc.def"}).file())[:2] == (
        401,
        "unauthenticated",
    )


def test_a_revoked_key_is_refused(town):
    key, text = issue_api_key(user=town.people["carl"], label="Test", days=1, scopes=list(Scope))
    revoke_api_key(key=key)

    assert problem_in(tried(text)) == (401, "unauthenticated", NOT_VALID)


def test_a_key_reads_within_its_scope(town):
    program = program_of(town.people["carl"], scopes=[Scope.READ])

    assert program.get("tickets/").status_code == 200


@pytest.mark.parametrize("scopes", [[Scope.READ], [Scope.READ, Scope.WRITE]])
def test_a_key_does_nothing_out_of_its_scope(town, scopes):
    response = program_of(town.people["carl"], scopes=scopes).file()

    words = "This API key does not reach so far. Please ask for one with the scope concerns:file."
    assert problem_in(response) == (403, "not_allowed", words)


def test_a_key_that_only_files_reads_no_ticket(town):
    program = program_of(town.people["carl"], scopes=[Scope.FILE])

    assert program.file().status_code == 201
    assert problem_in(program.get("tickets/"))[:2] == (403, "not_allowed")


def test_a_session_reads(town):
    browser = Rest()
    browser.client.force_login(town.people["carl"])

    assert browser.get("tickets/").status_code == 200


def test_a_session_changes_nothing_without_the_csrf_token(town):
    browser = Rest()
    browser.client.handler.enforce_csrf_checks = True
    browser.client.force_login(town.people["carl"])

    assert problem_in(browser.file())[:2] == (403, "not_allowed")


def test_a_session_with_the_csrf_token_may_change(town):
    browser = Rest(headers={"X-CSRFToken": "a" * 32})
    browser.client.handler.enforce_csrf_checks = True
    browser.client.force_login(town.people["carl"])
    browser.client.cookies["csrftoken"] = "a" * 32

    assert browser.file().status_code == 201
