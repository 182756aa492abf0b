"""One's own contact data at the REST door."""

import json

import pytest

from common.models import ViewLog
from concerns.models import Reporter
from concerns.references import tracking_token
from tests.support.rest import Rest, pointers_in, problem_in, program_of
from tests.support.sql import budget
from tests.support.stages import RITA
from tests.support.town import file


def owner_of(concern):
    return Rest({"Authorization": f"Concern {tracking_token(concern.pk, concern.generation)}"})


def contact(filed):
    return f"concerns/{filed.concern.reference}/contact/"


def put(door, filed, body, tag):

    headers = {} if tag is None else {"If_Match": tag}
    return door.send("PUT", contact(filed), json.dumps(body), **headers)


def test_it_is_shown_to_its_person_and_the_look_is_written_down(town):
    filed = file(email=RITA, name="Rita Roe")

    with budget(4):
        answer = owner_of(filed.concern).get(contact(filed))

    assert answer.json() == {
        "name": "Rita Roe",
        "email": RITA,
        "phone": "",
        "wants_mail": True,
        "confirmed": False,
        "undeliverable": False,
    }
    looks = ViewLog.objects.values_list("actor_kind", "subject_kind", "subject_id", "purpose")
    assert list(looks) == [("citizen", "reporter", filed.concern.reporter_id, "own")]


def test_an_anonymous_person_has_none(town):
    filed = file()

    answer = owner_of(filed.concern).get(contact(filed))

    assert (answer.json()["email"], answer["ETag"]) == ("", '"none"')
    assert ViewLog.objects.count() == 0


def test_it_is_replaced_by_who_saw_it(town):
    filed = file(email=RITA)
    door = owner_of(filed.concern)
    tag = door.get(contact(filed))["ETag"]

    with budget(19):
        answer = put(door, filed, {"email": "rita@new.example", "wants_mail": False}, tag)

    assert (answer.status_code, answer.content) == (204, b"")
    said = door.get(contact(filed)).json()
    assert (said["email"], said["wants_mail"]) == ("rita@new.example", False)


def test_an_anonymous_person_may_give_an_address_later(town):
    filed = file()
    door = owner_of(filed.concern)

    answer = put(door, filed, {"email": RITA}, '"none"')

    assert answer.status_code == 204
    assert door.get(contact(filed)).json()["email"] == RITA


@pytest.mark.parametrize(
    ("tag", "status", "code"),
    [(None, 428, "precondition_required"), ('"0"', 412, "conflict"), ('W/"none"', 412, "conflict")],
)
def test_without_the_version_seen_nothing_changes(town, tag, status, code):
    filed = file(email=RITA)
    before = bytes(Reporter.objects.get().sealed)

    answer = put(owner_of(filed.concern), filed, {"email": "rita@new.example"}, tag)

    assert problem_in(answer)[:2] == (status, code)
    assert bytes(Reporter.objects.get().sealed) == before


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"email": "no address"}, ("/contact/email", "invalid")),
        ({"phone": "12"}, ("/contact/phone", "invalid")),
        ({"email": f"{RITA}\r\nBcc: all@people.example"}, ("/contact/email", "invalid")),
        ({"email": RITA, "name": "Rita\r\nBcc: all@x.example"}, ("/contact/name", "invalid")),
        ({}, ("/contact", "invalid")),
        ({"wants_mail": "no"}, ("/wants_mail", "invalid")),
        ({"fax": "1"}, ("/fax", "unknown_field")),
    ],
)
def test_what_cannot_be_used_is_named(town, body, pointer):
    filed = file(email=RITA)

    answer = put(owner_of(filed.concern), filed, body, "*")

    assert problem_in(answer)[0] == 422
    assert pointers_in(answer) == [pointer]


def test_nobody_else_sees_or_changes_it(town):
    filed, other = file(email=RITA), file()

    for door in (Rest(), owner_of(other.concern), program_of(town.people["carl"])):
        assert door.get(contact(filed)).status_code in (401, 404)
        assert put(door, filed, {"email": "x@y.example"}, "*").status_code in (401, 404)
    assert owner_of(filed.concern).get(contact(filed)).json()["email"] == RITA
