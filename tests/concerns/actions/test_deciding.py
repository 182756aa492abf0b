"""The answer: what it must say, who hears it when, and four eyes where the matter asks for them."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
import time_machine

from common.actor import Actor
from concerns.actions.deciding import Answer, approve, decline, reject, resolve, retract, submit
from concerns.actions.filing import Filed
from concerns.actions.words import reply
from concerns.actions.working import accept
from concerns.enums import MessageKind, Outcome, State, Verb
from concerns.errors import Invalid, NotAllowed, Refused
from concerns.models import Cause, CircleMember, Event, Exclusion, Message
from concerns.queries.own import standing
from departments.enums import Capability
from departments.models import Membership
from tests.factories.matters import CircleMemberFactory
from tests.factories.organisation import MembershipFactory
from tests.support.stages import (
    CANNOT,
    FIXED,
    in_progress,
    in_triage,
    pending_approval,
    scheduled,
    waiting_reporter,
)
from tests.support.town import Town, file, fresh

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
ELSEWHERE = Answer(Outcome.NOT_RESPONSIBLE, "That is a motorway.", "National Highways")
RESOLVING = ["fixed", "answered", "advice_given", "no_fault_found", "already_planned", "no_reply"]
DECLINING = ["not_responsible", "cannot_do"]
NEITHER = ["withdrawn", "abuse_spam", "", "nonsense"]


def last_event() -> Event:
    return Event.objects.latest("pk")


def on(town: Town, name: str, filed: Filed) -> dict[str, Any]:
    return {"actor": town.actor(name), "ticket_id": filed.ticket.pk}


def test_an_answer_resolves_and_is_told(town: Town) -> None:
    Cause.objects.create(key="frost")
    filed = in_progress(town)
    reply(concern_id=filed.concern.pk, text="Hello?")
    with time_machine.travel(MONDAY, tick=False):
        resolve(**on(town, "carl", filed), answer=replace(FIXED, cause="frost"))

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.outcome, ticket.cause.key) == ("resolved", "fixed", "frost")
    assert (ticket.answered_at, ticket.first_responded_at) == (MONDAY, MONDAY)
    assert (ticket.decided_by, ticket.unanswered_since) == (town.people["carl"], None)
    message = ticket.answer_message
    assert (message.kind, message.text, message.concern) == (MessageKind.ANSWER, FIXED.text, None)
    assert (message.author, message.released_at) == (town.people["carl"], MONDAY)
    assert last_event().data == {
        "outcome": "fixed",
        "answer": message.pk,
        "cause": ticket.cause.pk,
    }


def test_the_first_answer_is_the_first_response_only_once(town: Town) -> None:
    with time_machine.travel(MONDAY, tick=False):
        filed = waiting_reporter(town)
    with time_machine.travel(MONDAY + HOUR, tick=False):
        resolve(**on(town, "carl", filed), answer=FIXED)

    ticket = fresh(filed.ticket)
    assert (ticket.first_responded_at, ticket.answered_at) == (MONDAY, MONDAY + HOUR)


@pytest.mark.parametrize("stage", [scheduled, waiting_reporter])
def test_an_answer_ends_what_was_waited_or_planned_for(
    town: Town, stage: Callable[[Town], Filed]
) -> None:
    filed = stage(town)

    resolve(**on(town, "carl", filed), answer=FIXED)

    ticket = fresh(filed.ticket)
    ended = (ticket.wait_until, ticket.reminded_at, ticket.scheduled_for)
    assert (ticket.state, ended) == (State.RESOLVED, (None, None, None))


def test_a_refusal_names_who_is_responsible(town: Town) -> None:
    filed = in_progress(town)

    decline(**on(town, "carl", filed), answer=ELSEWHERE)

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.outcome) == (State.DECLINED, Outcome.NOT_RESPONSIBLE)
    assert (ticket.responsible_body, ticket.cause) == ("National Highways", None)


def test_a_dispatcher_declines_from_triage_without_a_department(town: Town) -> None:
    filed = in_triage(town)

    decline(**on(town, "dora", filed), answer=ELSEWHERE)

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.department) == (State.DECLINED, None)
    assert ticket.decided_by == town.people["dora"]


@pytest.mark.parametrize("outcome", [*RESOLVING, *DECLINING, *NEITHER])
def test_each_way_of_ending_has_its_own_outcomes(town: Town, outcome: str) -> None:
    """Withdrawal and spam have acts of their own; nobody can answer with them."""
    answer = replace(ELSEWHERE, outcome=outcome)
    taken = {}
    for act in (resolve, decline, submit):
        filed = in_progress(town)
        with suppress(Invalid):
            act(**on(town, "carl", filed), answer=answer)
        taken[act.__name__] = fresh(filed.ticket).outcome == outcome != ""

    assert taken == {
        "resolve": outcome in RESOLVING,
        "decline": outcome in DECLINING,
        "submit": outcome in RESOLVING + DECLINING,
    }


@pytest.mark.parametrize(
    ("flaw", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n"}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"responsible_body": ""}, "responsible_body"),
        ({"responsible_body": "   "}, "responsible_body"),
        ({"responsible_body": "x" * 201}, "responsible_body"),
        ({"cause": "nonsense"}, "cause"),
        ({"cause": "gone"}, "cause"),
    ],
)
@pytest.mark.parametrize("act", [decline, submit])
def test_an_answer_that_lacks_something_is_refused_by_its_field(
    town: Town, act: Callable[..., object], flaw: dict[str, str], field: str
) -> None:
    Cause.objects.create(key="gone", retired=True)
    filed = in_progress(town)

    with pytest.raises(Invalid) as refusal:
        act(**on(town, "carl", filed), answer=replace(ELSEWHERE, **flaw))

    assert refusal.value.field == field
    assert fresh(filed.ticket).state == State.IN_PROGRESS
    assert Message.objects.count() == 0


@pytest.mark.parametrize("act", [resolve, decline])
def test_where_four_eyes_are_asked_for_nobody_answers_alone(
    town: Town, act: Callable[..., object]
) -> None:
    filed = in_progress(town, category="appeal")

    with pytest.raises(Refused) as refusal:
        act(**on(town, "carl", filed), answer=FIXED if act is resolve else CANNOT)

    assert str(refusal.value.message) == "This answer needs approval. Please submit it instead."
    assert fresh(filed.ticket).state == State.IN_PROGRESS


def test_a_submitted_answer_is_no_answer_yet(town: Town) -> None:
    filed = pending_approval(town)

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.outcome) == (State.PENDING_APPROVAL, Outcome.FIXED)
    assert (ticket.answered_at, ticket.first_responded_at) == (None, None)
    assert (ticket.answer_message.released_at, ticket.decided_by) == (None, None)


@pytest.mark.parametrize(("answer", "state"), [(FIXED, State.RESOLVED), (CANNOT, State.DECLINED)])
def test_approval_releases_the_answer_at_that_moment(
    town: Town, answer: Answer, state: State
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        filed = in_progress(town, category="appeal")
        submit(**on(town, "carl", filed), answer=answer)
    with time_machine.travel(MONDAY + HOUR, tick=False):
        approve(**on(town, "ada", filed))

    ticket = fresh(filed.ticket)
    message = ticket.answer_message
    assert (ticket.state, ticket.answered_at) == (state, MONDAY + HOUR)
    assert (message.created_at, message.released_at) == (MONDAY, MONDAY + HOUR)
    assert (message.author, ticket.decided_by) == (town.people["carl"], town.people["ada"])
    assert last_event().worked_seconds == 3600


def test_the_author_never_approves_even_as_the_only_approver(town: Town) -> None:
    """Ada, clerk and only approver: her own answer goes to Hanna above her."""
    MembershipFactory(
        user=town.people["ada"], department=town.office("streets"), capability=Capability.CLERK
    )
    filed = pending_approval(town, worker="ada")

    with pytest.raises(NotAllowed):
        approve(**on(town, "ada", filed))
    approve(**on(town, "hanna", filed))

    assert fresh(filed.ticket).decided_by == town.people["hanna"]


def test_with_no_approver_at_all_a_dispatcher_approves(town: Town) -> None:
    filed = pending_approval(town)
    Membership.objects.filter(capability=Capability.APPROVER).delete()

    approve(**on(town, "dirk", filed))

    assert fresh(filed.ticket).state == State.RESOLVED


def in_a_circle(town: Town, *people: str) -> Filed:
    """Petra works on a confidential matter; the circle is she and these people."""
    CircleMember.objects.all().delete()
    for name in ("petra", *people):
        CircleMemberFactory(circle=town.circle, user=town.people[name])
    return in_progress(town, category="staff", worker="petra")


@pytest.mark.parametrize("excluded", [False, True])
def test_what_nobody_else_of_the_circle_could_approve_is_not_submitted(
    town: Town, *, excluded: bool
) -> None:
    """Alone in the circle, or alone with the person the matter is about: it would wait for ever."""
    filed = in_a_circle(town, *(["max"] if excluded else []))
    if excluded:
        Exclusion.objects.create(ticket=filed.ticket, user=town.people["max"])

    with pytest.raises(Refused) as refusal:
        submit(**on(town, "petra", filed), answer=FIXED)

    assert str(refusal.value.message) == (
        "Nobody else in the circle can approve this. "
        "Please ask the administrator to add a second person to the circle."
    )
    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.outcome, ticket.answer_message) == (State.IN_PROGRESS, "", None)
    assert Message.objects.count() == 0


def test_a_second_person_in_the_circle_is_enough(town: Town) -> None:
    filed = in_a_circle(town, "norman")

    submit(**on(town, "petra", filed), answer=FIXED)
    approve(**on(town, "norman", filed))

    assert fresh(filed.ticket).state == State.RESOLVED


def test_where_nobody_of_the_city_could_approve_an_appointment_is_asked_for(town: Town) -> None:
    filed = in_progress(town, category="appeal")
    Membership.objects.filter(capability__in=[Capability.APPROVER, Capability.DISPATCHER]).delete()

    with pytest.raises(Refused) as refusal:
        submit(**on(town, "carl", filed), answer=FIXED)

    assert str(refusal.value.message) == (
        "Nobody else can approve this. Please ask the administrator to appoint an approver."
    )


@pytest.mark.parametrize("act", [approve, lambda **on: reject(**on, reason="No.")])
def test_only_what_was_submitted_is_decided(town: Town, act: Callable[..., object]) -> None:
    filed = in_progress(town)

    with pytest.raises(Refused):
        act(**on(town, "ada", filed))


def test_a_rejected_answer_goes_back_with_a_reason_and_is_never_read(town: Town) -> None:
    filed = pending_approval(town)

    reject(**on(town, "ada", filed), reason="Too short.")

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.assignee) == (State.IN_PROGRESS, town.people["carl"])
    assert (ticket.outcome, ticket.answer_message, ticket.decided_by) == ("", None, None)
    note = ticket.notes.get()
    assert (note.text, last_event().data) == ("Too short.", {"note": note.pk})
    assert ticket.messages.get().released_at is None


def test_a_rejection_needs_a_reason(town: Town) -> None:
    filed = pending_approval(town)

    with pytest.raises(Invalid) as refusal:
        reject(**on(town, "ada", filed), reason=" ")

    assert refusal.value.field == "reason"
    assert fresh(filed.ticket).state == State.PENDING_APPROVAL


def test_the_author_takes_it_back_and_submits_anew(town: Town) -> None:
    filed = pending_approval(town)

    retract(**on(town, "carl", filed))
    retracted = fresh(filed.ticket)
    submit(**on(town, "carl", filed), answer=CANNOT)
    approve(**on(town, "ada", filed))

    assert (retracted.state, retracted.outcome, retracted.answer_message) == (
        State.IN_PROGRESS,
        "",
        None,
    )
    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.answer_message.text) == (State.DECLINED, CANNOT.text)
    read = [message.text for message in standing(Actor.citizen(filed.concern.pk)).messages]
    assert read == [CANNOT.text]


def test_only_what_was_submitted_is_taken_back(town: Town) -> None:
    """The author of an answer that is out already is no longer its master."""
    filed = in_progress(town)
    resolve(**on(town, "carl", filed), answer=FIXED)

    with pytest.raises(Refused):
        retract(**on(town, "carl", filed))


def test_words_are_stored_as_they_were_typed(town: Town) -> None:
    typed = "  Two lines,\r\nan umlaut: ü, and O\u0308.  "
    filed = file(email="rita@people.example")
    accept(**on(town, "carl", filed))

    resolve(**on(town, "carl", filed), answer=replace(FIXED, text=typed))

    assert fresh(filed.ticket).answer_message.text == typed
    assert last_event().verb == Verb.RESOLVE
