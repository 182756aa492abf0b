import pytest

from accounts.enums import Scope
from common.models import ViewLog
from concerns.actions.joining import join
from concerns.actions.safeguarding import encircle
from tests.factories.crowd import crowd
from tests.support.rest import Rest, browser_of, pointers_in, problem_in, program_of
from tests.support.sql import budget
from tests.support.town import file

RITA = {"name": "Rita Roe", "email": "rita@people.example"}


@pytest.fixture
def filed(town):
    return file(**RITA)


def contact(program, filed, *, ticket=None, query="purpose=call_back"):
    pk = (ticket or filed.ticket).pk
    return program.get(f"tickets/{pk}/contact/{filed.concern.reference}/?{query}")


def looks():
    return list(ViewLog.objects.values_list("actor_ref", "subject_kind", "subject_id", "purpose"))


def test_who_works_on_the_ticket_reads_it_and_that_is_on_record(town, filed):
    answer = contact(program_of(town.people["carl"]), filed)

    assert answer.json() == {"name": "Rita Roe", "email": "rita@people.example", "phone": None}
    assert answer["Cache-Control"] == "no-store"
    assert looks() == [
        (town.people["carl"].ref_id, "reporter", filed.concern.reporter_id, "call_back")
    ]


def test_who_gave_nothing_is_nobody_and_nothing_is_recorded(town):
    answer = contact(program_of(town.people["carl"]), file())

    assert answer.json() == {"name": None, "email": None, "phone": None}
    assert looks() == []


def test_a_program_needs_the_scope_for_it(town, filed):
    others = [scope for scope in Scope if scope != Scope.CONTACT]

    refused = contact(program_of(town.people["carl"], scopes=others), filed)

    assert problem_in(refused)[:2] == (403, "not_allowed")
    assert "contact:read" in problem_in(refused)[2]
    assert (
        contact(program_of(town.people["carl"], scopes=[Scope.CONTACT]), filed).status_code == 200
    )
    assert problem_in(contact(Rest(), filed))[:2] == (401, "unauthenticated")


@pytest.mark.parametrize("name", ["paul", "iris", "norman"])
def test_who_does_not_see_the_ticket_sees_no_person(town, filed, name):
    assert problem_in(contact(program_of(town.people[name]), filed))[:2] == (404, "not_found")
    assert looks() == []


def test_outside_the_circle_nobody_is_named(town, filed):
    encircle(actor=town.actor("dora"), ticket_id=filed.ticket.pk, circle_key="personnel")

    assert contact(program_of(town.people["carl"]), filed).status_code == 404
    assert contact(program_of(town.people["petra"]), filed).status_code == 200


def test_the_concern_must_be_on_that_ticket_now(town, filed):
    lead = file()
    program = program_of(town.people["carl"])
    assert contact(program, filed, ticket=lead.ticket).status_code == 404

    join(actor=town.actor("dora"), ticket_id=filed.ticket.pk, lead_id=lead.ticket.pk)

    assert contact(program, filed, ticket=lead.ticket).json()["name"] == "Rita Roe"
    assert contact(program, filed).status_code == 404


@pytest.mark.parametrize("reference", ["K7M-4QX-9R1", "nobody", "%20"])
def test_a_reference_of_nothing_is_404(town, filed, reference):
    path = f"tickets/{filed.ticket.pk}/contact/{reference}/?purpose=letter"

    assert problem_in(program_of(town.people["carl"]).get(path))[:2] == (404, "not_found")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [("/purpose", "required")]),
        ("purpose=curiosity", [("/purpose", "invalid_choice")]),
        ("purpose=letter&why=so", [("/why", "unknown_field")]),
    ],
)
def test_it_must_be_said_what_for(town, filed, query, expected):
    answer = contact(program_of(town.people["carl"]), filed, query=query)

    assert problem_in(answer)[:2] == (422, "invalid")
    assert pointers_in(answer) == expected
    assert looks() == []


def test_it_costs_the_same_in_company(town, filed):
    browser = browser_of(town.people["carl"])

    with budget(6) as alone:
        contact(browser, filed)
    crowd(filed.ticket, 99)
    with budget(6) as among:
        contact(browser, filed)

    assert len(among) == len(alone)
