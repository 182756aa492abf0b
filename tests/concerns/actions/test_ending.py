"""After the answer: it closes by time or consent, comes back with a new clock, and objections are decided by others."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine

from common.clock import today
from concerns.actions.deciding import decline, resolve
from concerns.actions.ending import (
    close_when_over,
    close_withdrawn,
    decide_objection,
    reopen,
    uphold,
)
from concerns.actions.filing import Filed
from concerns.actions.joining import join
from concerns.actions.screening import mark_spam
from concerns.actions.voicing import confirm, object_to_result, withdraw
from concerns.actions.words import reply
from concerns.actions.working import accept, release
from concerns.enums import MessageKind, Outcome, State, Verb, Verdict
from concerns.errors import Invalid, NotAllowed, NotFound, Refused
from concerns.models import Event, Message, Objection
from departments.enums import Capability
from departments.models import Department, Membership
from tests.support.stages import (
    CANNOT,
    FIXED,
    closed,
    declined,
    in_progress,
    in_triage,
    merged,
    reopen_requested,
    resolved,
    upheld_and_objected_again,
    waiting_reporter,
)
from tests.support.town import Town, file, fresh

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
NO = "It is not right."


def last_event() -> Event:
    return Event.objects.latest("pk")


def company_of(town: Town, size: int) -> list[Filed]:
    """People on one ticket that Carl has, all with an address."""
    people = [file(email=f"p{n}@people.example") for n in range(size)]
    for filed in people[1:]:
        join(actor=town.actor("dora"), ticket_id=filed.ticket.pk, lead_id=people[0].ticket.pk)
    accept(actor=town.actor("carl"), ticket_id=people[0].ticket.pk)
    return people


def answered(town: Town, size: int) -> list[Filed]:
    people = company_of(town, size)
    resolve(actor=town.actor("carl"), ticket_id=people[0].ticket.pk, answer=FIXED)
    return people


@pytest.mark.parametrize("stage", [resolved, declined])
def test_a_ticket_closes_two_weeks_after_its_answer_and_not_before(
    town: Town, stage: object
) -> None:
    assert callable(stage)
    with time_machine.travel(MONDAY, tick=False):
        ticket = stage(town).ticket
    with time_machine.travel(MONDAY + 14 * DAY - HOUR, tick=False), pytest.raises(Refused):
        close_when_over(ticket_id=ticket.pk)
    with time_machine.travel(MONDAY + 14 * DAY, tick=False):
        close_when_over(ticket_id=ticket.pk)

    found = fresh(ticket)
    assert (found.state, found.closed_at) == (State.CLOSED, MONDAY + 14 * DAY)
    assert found.outcome in (Outcome.FIXED, Outcome.CANNOT_DO)
    assert last_event().data == {"by": "time_out"}


def test_a_ticket_closes_when_all_who_can_be_reached_have_confirmed(town: Town) -> None:
    people = answered(town, 3)
    silent = file()
    join(actor=town.actor("dora"), ticket_id=silent.ticket.pk, lead_id=people[0].ticket.pk)
    states = []
    for filed in people:
        confirm(concern_id=filed.concern.pk)
        states.append(fresh(people[0].ticket).state)

    assert states == [State.RESOLVED, State.RESOLVED, State.CLOSED]
    assert last_event().data == {"by": "confirmed"}


def test_nobody_reachable_is_no_consent(town: Town) -> None:
    filed = file()
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    resolve(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=FIXED)

    confirm(concern_id=filed.concern.pk)

    assert fresh(filed.ticket).state == State.RESOLVED


def test_who_withdrew_or_is_spam_is_not_waited_for(town: Town) -> None:
    people = company_of(town, 3)
    withdraw(concern_id=people[1].concern.pk)
    mark_spam(actor=town.actor("dora"), concern_id=people[2].concern.pk)
    resolve(actor=town.actor("carl"), ticket_id=people[0].ticket.pk, answer=FIXED)

    confirm(concern_id=people[0].concern.pk)

    assert fresh(people[0].ticket).state == State.CLOSED


def test_an_objection_that_waits_keeps_the_ticket_open(town: Town) -> None:
    with time_machine.travel(MONDAY, tick=False):
        people = answered(town, 2)
        objection = object_to_result(concern_id=people[1].concern.pk, text=NO)
        confirm(concern_id=people[0].concern.pk)
    still = fresh(people[0].ticket).state
    with time_machine.travel(MONDAY + 20 * DAY, tick=False):
        with pytest.raises(Refused):
            close_when_over(ticket_id=people[0].ticket.pk)
        decide_objection(
            actor=town.actor("tess"), objection_id=objection.pk, verdict=Verdict.UPHELD, text="Yes."
        )
        close_when_over(ticket_id=people[0].ticket.pk)

    assert (still, fresh(people[0].ticket).state) == (State.RESOLVED, State.CLOSED)


def test_closing_is_for_answered_tickets(town: Town) -> None:
    for filed in (in_progress(town), closed(town), reopen_requested(town)):
        with pytest.raises(Refused):
            close_when_over(ticket_id=filed.ticket.pk)


def test_what_nobody_wants_any_more_is_closed_by_a_clerk_who_says_so(town: Town) -> None:
    filed = waiting_reporter(town)
    withdraw(concern_id=filed.concern.pk)
    with time_machine.travel(MONDAY, tick=False):
        close_withdrawn(actor=town.actor("carl"), ticket_id=filed.ticket.pk, reason="It is done.")

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.outcome, ticket.closed_at) == ("closed", "withdrawn", MONDAY)
    assert (ticket.wait_until, ticket.unanswered_since, ticket.answer_message) == (None, None, None)
    note = ticket.notes.get()
    assert (note.text, last_event().data) == (
        "It is done.",
        {"note": note.pk, "outcome": "withdrawn"},
    )


def test_while_somebody_waits_nothing_is_closed_as_withdrawn(town: Town) -> None:
    people = company_of(town, 2)
    withdraw(concern_id=people[0].concern.pk)
    where = {"actor": town.actor("carl"), "ticket_id": people[0].ticket.pk, "reason": "Done."}

    with pytest.raises(Refused):
        close_withdrawn(**where)
    mark_spam(actor=town.actor("dora"), concern_id=people[1].concern.pk)
    close_withdrawn(**where)

    assert fresh(people[0].ticket).state == State.CLOSED


@pytest.mark.parametrize("stage", [resolved, declined, closed, reopen_requested])
def test_reopening_voids_the_answer_and_starts_a_new_clock(town: Town, stage: object) -> None:
    assert callable(stage)
    with time_machine.travel(MONDAY, tick=False):
        filed = stage(town)
        first_response = fresh(filed.ticket).first_response_due
        first_due = fresh(filed.ticket).resolution_due
    with time_machine.travel(MONDAY + 7 * DAY, tick=False):
        reopen(actor=town.actor("dora"), ticket_id=filed.ticket.pk, reason="Once more.")

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.assignee, ticket.reopenings) == (
        State.IN_PROGRESS,
        town.people["carl"],
        1,
    )
    assert (ticket.outcome, ticket.answer_message, ticket.decided_by) == ("", None, None)
    assert (ticket.answered_at, ticket.closed_at, ticket.review_due) == (None, None, None)
    # Ten working days from the reopening; what was owed first stays as it was.
    assert ticket.resolution_due == dt.datetime(2026, 3, 23, 16, 0, tzinfo=dt.UTC)
    assert ticket.first_response_due == first_response
    note = ticket.notes.latest("pk")
    assert last_event().data == {
        "department": town.office("streets").pk,
        "note": note.pk,
        "former_due": first_due.isoformat(),
    }
    assert not Objection.objects.filter(verdict="").exists()


def test_without_anybody_on_it_the_department_takes_it_up_afresh(town: Town) -> None:
    filed = in_progress(town)
    release(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    resolve(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=FIXED)

    reopen(actor=town.actor("carl"), ticket_id=filed.ticket.pk, reason="Once more.")

    assert fresh(filed.ticket).state == State.ASSIGNED


def retire(town: Town, office: str, successor: str | None = None) -> None:
    Department.objects.filter(pk=town.office(office).pk).update(
        valid_until=today() - DAY, successor=town.office(successor) if successor else None
    )


def test_a_retired_departments_work_goes_to_the_last_of_its_successors(town: Town) -> None:
    filed = closed(town)
    retire(town, "streets", "parks")
    retire(town, "parks", "order")

    reopen(actor=town.actor("dora"), ticket_id=filed.ticket.pk, reason="Once more.")

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.department, ticket.assignee) == (
        State.ASSIGNED,
        town.office("order"),
        None,
    )


def test_without_a_successor_a_department_must_be_named(town: Town) -> None:
    filed = closed(town)
    retire(town, "streets")
    where = {"actor": town.actor("dora"), "ticket_id": filed.ticket.pk, "reason": "Once more."}
    for wrong in (None, town.office("streets").pk, 10**9):
        with pytest.raises(Invalid) as refusal:
            reopen(**where, department_id=wrong)
        assert refusal.value.field == "department"

    reopen(**where, department_id=town.office("order").pk)

    assert fresh(filed.ticket).department == town.office("order")


def test_what_was_declined_in_triage_comes_back_with_a_department(town: Town) -> None:
    from_triage = in_triage(town)
    decline_it(town, from_triage)
    where = {"actor": town.actor("dora"), "ticket_id": from_triage.ticket.pk, "reason": "Ours."}

    with pytest.raises(Invalid) as refusal:
        reopen(**where)
    reopen(**where, department_id=town.office("order").pk)

    assert refusal.value.field == "department"
    ticket = fresh(from_triage.ticket)
    assert (ticket.state, ticket.department) == (State.ASSIGNED, town.office("order"))


def decline_it(town: Town, filed: Filed) -> None:
    decline(actor=town.actor("dora"), ticket_id=filed.ticket.pk, answer=CANNOT)


def test_reopening_needs_a_reason(town: Town) -> None:
    filed = resolved(town)

    with pytest.raises(Invalid) as refusal:
        reopen(actor=town.actor("carl"), ticket_id=filed.ticket.pk, reason="")

    assert refusal.value.field == "reason"
    assert fresh(filed.ticket).state == State.RESOLVED


def test_reopening_grants_every_objection_that_waits(town: Town) -> None:
    people = answered(town, 3)
    for filed in people[1:]:
        object_to_result(concern_id=filed.concern.pk, text=NO)

    reopen(actor=town.actor("tess"), ticket_id=people[0].ticket.pk, reason="They are right.")

    verdicts = list(Objection.objects.values_list("verdict", "decided_by"))
    assert verdicts == [(Verdict.REOPENED, town.people["tess"].pk)] * 2


def test_upholding_closes_and_tells_who_objected(town: Town) -> None:
    filed = reopen_requested(town)
    with time_machine.travel(MONDAY, tick=False):
        uphold(actor=town.actor("tess"), ticket_id=filed.ticket.pk, text="It is filled.")

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.closed_at, ticket.review_due) == (State.CLOSED, MONDAY, None)
    assert (ticket.outcome, ticket.answer_message.text) == (Outcome.FIXED, FIXED.text)
    decision = Message.objects.get(kind=MessageKind.DECISION)
    assert (decision.concern, decision.text) == (filed.concern, "It is filled.")
    objection = Objection.objects.get()
    assert (objection.verdict, objection.decided_at) == (Verdict.UPHELD, MONDAY)
    assert last_event().data == {"to": [filed.concern.pk]}


def test_upholding_needs_words(town: Town) -> None:
    filed = reopen_requested(town)

    with pytest.raises(Invalid):
        uphold(actor=town.actor("tess"), ticket_id=filed.ticket.pk, text="")

    assert fresh(filed.ticket).state == State.REOPEN_REQUESTED


def decide(town: Town, objection: Objection, verdict: Verdict, name: str = "tess") -> None:
    decide_objection(
        actor=town.actor(name), objection_id=objection.pk, verdict=verdict, text="We looked."
    )


def test_of_many_only_the_objector_hears_and_the_ticket_stays(town: Town) -> None:
    people = answered(town, 3)
    objection = object_to_result(concern_id=people[1].concern.pk, text=NO)

    decide(town, objection, Verdict.UPHELD)

    objection.refresh_from_db()
    assert (objection.verdict, objection.decided_by) == (Verdict.UPHELD, town.people["tess"])
    decisions = Message.objects.filter(kind=MessageKind.DECISION).values_list("concern", flat=True)
    assert list(decisions) == [people[1].concern.pk]
    assert fresh(people[0].ticket).state == State.RESOLVED
    event = last_event()
    assert (event.verb, event.concern_ref) == (Verb.DECIDE_OBJECTION, people[1].concern.pk)
    assert event.data == {"objection": objection.pk, "verdict": "upheld"}


def test_of_two_objections_the_second_still_waits(town: Town) -> None:
    people = answered(town, 3)
    first, second = (object_to_result(concern_id=one.concern.pk, text=NO) for one in people[1:])

    decide(town, first, Verdict.UPHELD)

    second.refresh_from_db()
    assert second.verdict == ""


def test_the_whole_ticket_is_reopened_for_all(town: Town) -> None:
    people = answered(town, 3)
    first, second = (object_to_result(concern_id=one.concern.pk, text=NO) for one in people[1:])

    decide(town, first, Verdict.REOPENED)

    second.refresh_from_db()
    ticket = fresh(people[0].ticket)
    assert (ticket.state, second.verdict) == (State.IN_PROGRESS, Verdict.REOPENED)
    assert last_event().data == {
        "department": town.office("streets").pk,
        "objection": first.pk,
        "former_due": people[0].ticket.resolution_due.isoformat(),
    }


def test_the_objector_gets_a_ticket_of_their_own(town: Town) -> None:
    people = answered(town, 3)
    objection = object_to_result(concern_id=people[1].concern.pk, text=NO)

    decide(town, objection, Verdict.DETACHED)

    assert fresh(people[0].ticket).state == State.RESOLVED
    assert fresh(people[1].ticket).state == State.IN_TRIAGE
    objection.refresh_from_db()
    assert objection.verdict == Verdict.DETACHED


def test_who_is_alone_on_the_ticket_cannot_be_detached_from_it(town: Town) -> None:
    filed = reopen_requested(town)

    with pytest.raises(Refused):
        decide(town, Objection.objects.get(), Verdict.DETACHED)

    assert Objection.objects.get().verdict == ""
    assert fresh(filed.ticket).state == State.REOPEN_REQUESTED
    assert not Message.objects.filter(kind=MessageKind.DECISION).exists()


def test_when_the_only_active_objector_leaves_the_review_is_over(town: Town) -> None:
    """Rob withdrew before the answer; Rita objects alone, gets her own ticket, and nobody is left under review."""
    people = company_of(town, 2)
    withdraw(concern_id=people[0].concern.pk)
    resolve(actor=town.actor("carl"), ticket_id=people[0].ticket.pk, answer=FIXED)
    objection = object_to_result(concern_id=people[1].concern.pk, text=NO)
    reviewed = fresh(people[0].ticket).state

    decide(town, objection, Verdict.DETACHED)

    assert (reviewed, fresh(people[0].ticket).state) == (State.REOPEN_REQUESTED, State.CLOSED)


def test_an_objection_is_decided_once(town: Town) -> None:
    people = answered(town, 2)
    objection = object_to_result(concern_id=people[1].concern.pk, text=NO)
    decide(town, objection, Verdict.UPHELD)

    with pytest.raises(NotFound):
        decide(town, objection, Verdict.REOPENED)
    with pytest.raises(NotFound):
        decide_objection(
            actor=town.actor("tess"), objection_id=10**9, verdict=Verdict.UPHELD, text="Yes."
        )


OTHER_EYES = (
    "You have decided on an objection of this person before. "
    "Please leave this one to somebody else."
)


@pytest.mark.parametrize(
    "review",
    [
        lambda **on: uphold(**on, text="It is level."),
        lambda **on: reopen(**on, reason="Once more."),
        lambda ticket_id, **on: decide_objection(
            **on,
            objection_id=Objection.objects.get(verdict="").pk,
            verdict=Verdict.UPHELD,
            text="It is level.",
        ),
    ],
    ids=["uphold", "reopen", "decide"],
)
def test_who_upheld_the_answer_does_not_decide_on_the_same_persons_next_objection(
    town: Town, review: Callable[..., object]
) -> None:
    filed = upheld_and_objected_again(town, by="tess")

    with pytest.raises(NotAllowed) as refusal:
        review(actor=town.actor("tess"), ticket_id=filed.ticket.pk)
    waiting = Objection.objects.get(verdict="")
    review(actor=town.actor("dora"), ticket_id=filed.ticket.pk)

    assert str(refusal.value.message) == OTHER_EYES
    waiting.refresh_from_db()
    assert waiting.decided_by == town.people["dora"]


def test_never_nobody_decides(town: Town) -> None:
    """Tess upheld; the dispatchers are gone: then she decides once more, for the person must not wait for ever."""
    filed = upheld_and_objected_again(town, by="tess")
    Membership.objects.filter(capability=Capability.DISPATCHER).delete()

    uphold(actor=town.actor("tess"), ticket_id=filed.ticket.pk, text="It is level.")

    assert fresh(filed.ticket).state == State.CLOSED


def test_who_granted_an_objection_may_decide_on_the_next(town: Town) -> None:
    filed = reopen_requested(town)
    decide(town, Objection.objects.get(), Verdict.REOPENED)
    resolve(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=FIXED)
    object_to_result(concern_id=filed.concern.pk, text=NO)

    decide(town, Objection.objects.get(verdict=""), Verdict.UPHELD)

    assert fresh(filed.ticket).state == State.CLOSED


def test_of_two_people_each_is_somebody_new(town: Town) -> None:
    """Tess said no to one; the other's objection is theirs, and she has not looked at it yet."""
    people = answered(town, 3)
    first, second = (object_to_result(concern_id=one.concern.pk, text=NO) for one in people[1:])

    decide(town, first, Verdict.UPHELD)
    decide(town, second, Verdict.UPHELD)

    assert not Objection.objects.filter(verdict="").exists()


def test_a_team_lead_cannot_reopen_what_is_closed_by_way_of_an_objection(town: Town) -> None:
    """Reopening a closed ticket is the dispatchers'; the decision is theirs then, whole or not at all."""
    filed = closed(town)
    objection = object_to_result(concern_id=filed.concern.pk, text=NO)

    with pytest.raises(NotAllowed):
        decide(town, objection, Verdict.REOPENED)
    objection.refresh_from_db()
    undecided = objection.verdict
    decide(town, objection, Verdict.REOPENED, name="dora")

    assert undecided == ""
    assert fresh(filed.ticket).state == State.IN_PROGRESS


def test_an_upheld_objection_to_a_closed_ticket_leaves_it_closed(town: Town) -> None:
    filed = closed(town)
    objection = object_to_result(concern_id=filed.concern.pk, text=NO)

    decide(town, objection, Verdict.UPHELD)

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.unanswered_since) == (State.CLOSED, None)


def test_a_joined_ticket_is_not_reopened_but_detached(town: Town) -> None:
    filed = merged(town)

    with pytest.raises(Refused):
        reopen(actor=town.actor("dora"), ticket_id=filed.ticket.pk, reason="Once more.")


def test_somebodys_unanswered_words_survive_the_reopening(town: Town) -> None:
    """A reply that nobody has dealt with must not vanish from the queue because another had the ticket reopened."""
    people = answered(town, 2)
    reply(concern_id=people[1].concern.pk, text="And my fence?")

    reopen(actor=town.actor("carl"), ticket_id=people[0].ticket.pk, reason="Once more.")

    assert fresh(people[0].ticket).unanswered_since is not None
