"""Who has it: routed by a person, given away, handed back — counted, with its reason, and nothing old under way."""

import datetime as dt

import pytest
import time_machine

from common.clock import today
from concerns.actions.responsibility import hand_back, route, transfer
from concerns.actions.voicing import object_to_result
from concerns.actions.working import release
from concerns.enums import State, Verb, Verdict
from concerns.errors import Invalid, Refused
from concerns.models import Event, Objection
from departments.models import Department
from tests.support.stages import (
    assigned,
    in_progress,
    in_triage,
    pending_approval,
    reopen_requested,
    resolved,
    scheduled,
    waiting_external,
    waiting_reporter,
)
from tests.support.town import Town, file, fresh

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def last_event() -> Event:
    return Event.objects.latest("pk")


def test_a_dispatcher_routes_from_triage(town: Town) -> None:
    filed = in_triage(town)

    route(
        actor=town.actor("dora"), ticket_id=filed.ticket.pk, department_id=town.office("order").pk
    )

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.department) == (State.ASSIGNED, town.office("order"))
    assert not ticket.involvements.exists()
    assert last_event().data == {"department": town.office("order").pk, "why": {"by": "person"}}


@pytest.mark.parametrize("verb", ["route", "transfer"])
@pytest.mark.parametrize("what", ["unknown", "retired"])
def test_only_a_department_that_exists_today_takes_it(town: Town, verb: str, what: str) -> None:
    filed = in_triage(town)
    to = town.office("order")
    Department.objects.filter(pk=to.pk).update(valid_until=today() - dt.timedelta(days=1))
    where = {"actor": town.actor("dora"), "ticket_id": filed.ticket.pk}
    where["department_id"] = to.pk if what == "retired" else 10**9

    with pytest.raises(Invalid) as refusal:
        route(**where) if verb == "route" else transfer(**where, reason="Theirs.")

    assert refusal.value.field == "department"
    assert fresh(filed.ticket).state == State.IN_TRIAGE


def test_a_transfer_is_counted_explained_and_remembered(town: Town) -> None:
    filed = in_progress(town)
    order = town.office("order")

    transfer(
        actor=town.actor("carl"),
        ticket_id=filed.ticket.pk,
        department_id=order.pk,
        reason="It is about noise.",
    )

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.department, ticket.assignee) == (State.ASSIGNED, order, None)
    assert (ticket.transfers, ticket.hand_backs) == (1, 0)
    assert [one.department.key for one in ticket.involvements.all()] == ["streets"]
    note = ticket.notes.get()
    assert (note.text, note.author) == ("It is about noise.", town.people["carl"])
    assert last_event().data == {
        "from_department": town.office("streets").pk,
        "department": order.pk,
        "note": note.pk,
    }


def test_a_transfer_back_leaves_one_trace_each(town: Town) -> None:
    filed = assigned(town)
    for office in ("order", "streets"):
        transfer(
            actor=town.actor("dora"),
            ticket_id=filed.ticket.pk,
            department_id=town.office(office).pk,
            reason="Theirs.",
        )

    ticket = fresh(filed.ticket)
    assert (ticket.transfers, ticket.involvements.count()) == (2, 2)


def test_how_long_it_lay_is_counted_for_each_department(town: Town) -> None:
    monday = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
    lay = []
    with time_machine.travel(monday, tick=False) as clock:
        ticket = assigned(town).ticket
        for office in ("order", "streets"):
            clock.shift(dt.timedelta(hours=2))
            transfer(
                actor=town.actor("dora"),
                ticket_id=ticket.pk,
                department_id=town.office(office).pk,
                reason="Theirs.",
            )
            lay.append((last_event().worked_seconds, fresh(ticket).state_since))

    hours = [monday + dt.timedelta(hours=count) for count in (2, 4)]
    assert lay == [(7200, hours[0]), (7200, hours[1])]


def test_a_transfer_to_where_it_is_is_none(town: Town) -> None:
    filed = assigned(town)

    with pytest.raises(Invalid) as refusal:
        transfer(
            actor=town.actor("carl"),
            ticket_id=filed.ticket.pk,
            department_id=town.office("streets").pk,
            reason="Ours.",
        )

    assert refusal.value.field == "department"
    assert fresh(filed.ticket).transfers == 0


@pytest.mark.parametrize("reason", ["", "  \n", "\u200b", "x" * 10_001])
def test_giving_away_needs_a_reason(town: Town, reason: str) -> None:
    filed = in_progress(town)
    where = {"actor": town.actor("carl"), "ticket_id": filed.ticket.pk, "reason": reason}

    for act in (
        lambda: transfer(**where, department_id=town.office("order").pk),
        lambda: hand_back(**where),
    ):
        with pytest.raises(Invalid) as refusal:
            act()
        assert refusal.value.field == "reason"

    assert fresh(filed.ticket).state == State.IN_PROGRESS


def test_handing_back_keeps_the_department_noted_and_nobody_on_it(town: Town) -> None:
    filed = in_progress(town)

    hand_back(actor=town.actor("carl"), ticket_id=filed.ticket.pk, reason="Not ours.")

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.department) == (State.IN_TRIAGE, town.office("streets"))
    assert (ticket.assignee, ticket.hand_backs, ticket.transfers) == (None, 1, 0)
    note = ticket.notes.get()
    assert last_event().data == {
        "department": town.office("streets").pk,
        "count": 1,
        "note": note.pk,
    }


def test_every_hand_back_is_counted(town: Town) -> None:
    filed = assigned(town)
    for office in ("streets", "order"):
        hand_back(actor=town.actor("dora"), ticket_id=filed.ticket.pk, reason="Not ours.")
        route(
            actor=town.actor("dora"),
            ticket_id=filed.ticket.pk,
            department_id=town.office(office).pk,
        )

    assert fresh(filed.ticket).hand_backs == 2


@pytest.mark.parametrize(
    ("stage", "sums"), [(waiting_reporter, (7200, 0)), (waiting_external, (0, 7200))]
)
@pytest.mark.parametrize("act", ["transfer", "hand_back"])
def test_a_wait_is_cancelled_and_its_time_is_kept(
    town: Town, stage: object, sums: tuple[int, int], act: str
) -> None:
    assert callable(stage)
    with time_machine.travel(MONDAY, tick=False):
        filed = stage(town)
        due = fresh(filed.ticket).resolution_due
    with time_machine.travel(MONDAY + dt.timedelta(hours=2), tick=False):
        where = {"actor": town.actor("carl"), "ticket_id": filed.ticket.pk, "reason": "Theirs."}
        if act == "transfer":
            transfer(**where, department_id=town.office("order").pk)
        else:
            hand_back(**where)

    ticket = fresh(filed.ticket)
    assert (ticket.reporter_wait_seconds, ticket.external_wait_seconds) == sums
    assert (ticket.wait_until, ticket.reminded_at, ticket.partner) == (None, None, "")
    # Two hours of work, given back after the end of the tenth working day.
    assert due == dt.datetime(2026, 3, 16, 16, 0, tzinfo=dt.UTC)
    assert ticket.resolution_due == dt.datetime(2026, 3, 17, 10, 0, tzinfo=dt.UTC)
    assert (last_event().worked_seconds, last_event().waited_seconds) == (0, 7200)


@pytest.mark.parametrize("act", ["transfer", "hand_back"])
def test_a_promised_date_and_an_unreleased_answer_do_not_go_along(town: Town, act: str) -> None:
    planned, proposed = scheduled(town), pending_approval(town)
    for filed in (planned, proposed):
        where = {"actor": town.actor("carl"), "ticket_id": filed.ticket.pk, "reason": "Theirs."}
        if act == "transfer":
            transfer(**where, department_id=town.office("order").pk)
        else:
            hand_back(**where)

    assert fresh(planned.ticket).scheduled_for is None
    ticket = fresh(proposed.ticket)
    assert (ticket.outcome, ticket.answer_message) == ("", None)
    assert ticket.messages.get().released_at is None


@pytest.mark.parametrize("act", ["transfer", "hand_back"])
def test_giving_away_what_is_under_review_grants_the_objection(town: Town, act: str) -> None:
    filed = reopen_requested(town)
    where = {"actor": town.actor("tess"), "ticket_id": filed.ticket.pk, "reason": "Theirs."}

    if act == "transfer":
        transfer(**where, department_id=town.office("order").pk)
    else:
        hand_back(**where)

    objection = Objection.objects.get()
    assert (objection.verdict, objection.decided_by) == (Verdict.REOPENED, town.people["tess"])
    ticket = fresh(filed.ticket)
    assert (ticket.review_due, ticket.outcome, ticket.answered_at) == (None, "", None)


def test_what_was_answered_is_not_given_away(town: Town) -> None:
    filed = resolved(town)

    with pytest.raises(Refused):
        hand_back(actor=town.actor("carl"), ticket_id=filed.ticket.pk, reason="Not ours.")


def test_routing_back_to_the_same_department_keeps_no_assignee(town: Town) -> None:
    filed = in_progress(town)
    hand_back(actor=town.actor("carl"), ticket_id=filed.ticket.pk, reason="Not ours.")

    route(
        actor=town.actor("dora"), ticket_id=filed.ticket.pk, department_id=town.office("streets").pk
    )

    ticket = fresh(filed.ticket)
    assert (ticket.department, ticket.assignee) == (town.office("streets"), None)


def test_without_a_department_dates_are_counted_in_the_citys_calendar(town: Town) -> None:
    with time_machine.travel(MONDAY, tick=False):
        filed = file(category="other")

    assert fresh(filed.ticket).first_response_due == dt.datetime(2026, 3, 5, 16, 0, tzinfo=dt.UTC)
    assert fresh(filed.ticket).resolution_due == dt.datetime(2026, 3, 16, 16, 0, tzinfo=dt.UTC)


def test_an_objection_elsewhere_does_not_move_with_a_transfer(town: Town) -> None:
    """Only the review of the ticket that is given away ends."""
    other, filed = resolved(town), in_progress(town)
    object_to_result(concern_id=other.concern.pk, text="No.")
    release(actor=town.actor("carl"), ticket_id=filed.ticket.pk)

    transfer(
        actor=town.actor("carl"),
        ticket_id=filed.ticket.pk,
        department_id=town.office("order").pk,
        reason="Theirs.",
    )

    assert Objection.objects.get().verdict == ""
    assert last_event().verb == Verb.TRANSFER
