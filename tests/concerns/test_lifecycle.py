"""The machine against a table written by hand from design.md §3: what may follow what, and nothing else."""

import datetime as dt
from typing import Any

import pytest
from django_fsm import TransitionNotAllowed

from common.clock import today
from concerns.enums import OPEN_STATES, OWNED_STATES, Outcome, State
from concerns.models import Ticket

# What a ticket of any state may have so that no guard stands in the way.
READY: dict[str, Any] = {
    "department_id": 1,
    "answer_message_id": 1,
    "outcome": Outcome.FIXED,
    "partner": "Moor Water",
    "merged_into_id": 2,
}
DECLINING = {"outcome": Outcome.CANNOT_DO}
TAKEN = {"assignee_id": 7}

# From every open state; the transition and where it leads.
FROM_EVERY_OPEN_STATE = {
    "transfer": "assigned",
    "hand_back": "in_triage",
    "join": "merged",
    "discard": "discarded",
    "close_withdrawn": "closed",
}
OPEN_ROWS: dict[str, dict[str, str]] = {
    "received": {"route": "assigned", "start_triage": "in_triage"},
    "in_triage": {"route": "assigned", "decline": "declined"},
    "assigned": {"accept": "in_progress"},
    "in_progress": {
        "ask": "waiting_reporter",
        "refer": "waiting_external",
        "schedule": "scheduled",
        "submit": "pending_approval",
        "resolve": "resolved",
        "decline": "declined",
    },
    "waiting_reporter": {
        "answer": "in_progress",
        "record_answer": "in_progress",
        "recall": "in_progress",
        "expire": "in_progress",
        "resolve": "resolved",
    },
    "waiting_external": {
        "report_back": "in_progress",
        "recall": "in_progress",
        "expire": "in_progress",
    },
    "scheduled": {
        "start": "in_progress",
        "reschedule": "scheduled",
        "ask": "waiting_reporter",
        "resolve": "resolved",
        "decline": "declined",
    },
    "pending_approval": {
        "approve": "resolved or declined",
        "reject": "in_progress",
        "retract": "in_progress",
    },
    "reopen_requested": {"reopen": "in_progress or assigned", "uphold": "closed"},
}
ENDED_ROWS: dict[str, dict[str, str]] = {
    "resolved": {
        "close": "closed",
        "reopen": "in_progress or assigned",
        "review": "reopen_requested",
    },
    "declined": {
        "close": "closed",
        "reopen": "in_progress or assigned",
        "review": "reopen_requested",
    },
    "merged": {"detach": "in_triage"},
    "closed": {"reopen": "in_progress or assigned"},
    "discarded": {"restore": "in_triage"},
}
TABLE = {
    **{state: row | FROM_EVERY_OPEN_STATE for state, row in OPEN_ROWS.items()},
    **ENDED_ROWS,
}
TRANSITIONS = sorted({name for row in TABLE.values() for name in row})
ALLOWED = [(state, name, target) for state, row in TABLE.items() for name, target in row.items()]
REFUSED = [(state, name) for state, row in TABLE.items() for name in TRANSITIONS if name not in row]


def ticket_in(state: str, **facts: Any) -> Ticket:
    """A ticket of that state which no guard refuses, not stored: transitions need no database."""
    return Ticket(pk=1, state=state, **{"scheduled_for": today(), **READY, **facts})


def facts_for(name: str) -> dict[str, Any]:
    return DECLINING if name == "decline" else {}


def test_the_table_has_a_row_for_every_state() -> None:
    assert sorted(TABLE) == sorted(State.values)


def test_the_open_states_are_those_where_somebody_must_act() -> None:
    assert sorted(OPEN_ROWS) == sorted(OPEN_STATES)


def test_the_owned_states_are_the_open_ones_past_triage_and_before_the_answer() -> None:
    without_owner = {"received", "in_triage", "reopen_requested"}
    assert sorted(OWNED_STATES) == sorted(set(OPEN_ROWS) - without_owner)


def test_the_machine_has_the_transitions_of_the_table_and_no_other() -> None:
    machine = {
        (source, move.name): written(move.target)
        for move in Ticket._meta.get_field("state").get_all_transitions(Ticket)
        for source in [move.source]
    }

    assert machine == {(state, name): target for state, name, target in ALLOWED}


def written(target: Any) -> str:
    """A target as the table writes it; the two that depend on the ticket name both states."""
    return " or ".join(target.allowed_states) if hasattr(target, "allowed_states") else str(target)


@pytest.mark.parametrize(("state", "name", "target"), ALLOWED)
def test_a_transition_moves_to_its_target(state: str, name: str, target: str) -> None:
    ticket = ticket_in(state, **facts_for(name))

    getattr(ticket, name)()

    expected = {"resolved or declined": "resolved", "in_progress or assigned": "assigned"}
    assert ticket.state == expected.get(target, target)


@pytest.mark.parametrize(("state", "name"), REFUSED)
def test_every_other_transition_is_refused(state: str, name: str) -> None:
    ticket = ticket_in(state, **facts_for(name))

    with pytest.raises(TransitionNotAllowed):
        getattr(ticket, name)()

    assert ticket.state == state


def test_approving_a_negative_answer_declines() -> None:
    ticket = ticket_in(State.PENDING_APPROVAL, **DECLINING)

    ticket.approve()

    assert ticket.state == State.DECLINED


@pytest.mark.parametrize("state", ["resolved", "declined", "reopen_requested", "closed"])
def test_reopening_goes_back_to_the_person_who_had_it(state: str) -> None:
    ticket = ticket_in(state, **TAKEN)

    ticket.reopen()

    assert ticket.state == State.IN_PROGRESS


YESTERDAY = today() - dt.timedelta(days=1)
NO_DEPARTMENT = {"department_id": None}
NO_WORDS = {"answer_message_id": None}
NO_OUTCOME = {"outcome": ""}
GUARDS: list[tuple[str, str, dict[str, Any]]] = [
    ("received", "route", NO_DEPARTMENT),
    ("in_triage", "route", NO_DEPARTMENT),
    *[(state, "transfer", NO_DEPARTMENT) for state in OPEN_ROWS],
    ("assigned", "accept", NO_DEPARTMENT),
    ("in_progress", "schedule", {"scheduled_for": None}),
    ("in_progress", "schedule", {"scheduled_for": YESTERDAY}),
    ("scheduled", "reschedule", {"scheduled_for": None}),
    ("scheduled", "reschedule", {"scheduled_for": YESTERDAY}),
    ("in_progress", "refer", {"partner": ""}),
    ("in_progress", "submit", NO_WORDS),
    ("in_progress", "submit", NO_OUTCOME),
    ("in_progress", "submit", {"outcome": Outcome.WITHDRAWN}),
    ("pending_approval", "approve", NO_WORDS),
    ("pending_approval", "approve", NO_OUTCOME),
    *[
        (state, "resolve", fault)
        for state in ("in_progress", "scheduled", "waiting_reporter")
        for fault in (
            NO_DEPARTMENT,
            NO_WORDS,
            NO_OUTCOME,
            DECLINING,
            {"outcome": Outcome.WITHDRAWN},
            {"outcome": Outcome.ABUSE_SPAM},
        )
    ],
    *[
        (state, "decline", fault)
        for state in ("in_triage", "in_progress", "scheduled")
        for fault in (
            DECLINING | NO_WORDS,
            NO_OUTCOME,
            {"outcome": Outcome.FIXED},
            {"outcome": Outcome.ABUSE_SPAM},
        )
    ],
    *[
        (state, "reopen", NO_DEPARTMENT)
        for state in ("resolved", "declined", "reopen_requested", "closed")
    ],
    *[(state, "join", {"merged_into_id": None}) for state in OPEN_ROWS],
    *[(state, "join", {"merged_into_id": 1}) for state in OPEN_ROWS],
]


@pytest.mark.parametrize(("state", "name", "fault"), GUARDS)
def test_a_guard_refuses_what_is_missing(state: str, name: str, fault: dict[str, Any]) -> None:
    ticket = ticket_in(state, **fault)

    with pytest.raises(TransitionNotAllowed):
        getattr(ticket, name)()

    assert ticket.state == state


def test_every_guard_of_the_machine_has_a_refusal_here() -> None:
    guarded = {
        (move.source, move.name)
        for move in Ticket._meta.get_field("state").get_all_transitions(Ticket)
        if move.conditions
    }

    assert {(state, name) for state, name, _ in GUARDS} == guarded


def test_a_triaged_ticket_is_declined_without_a_department() -> None:
    """«Not the city's business» needs no office that says so."""
    ticket = ticket_in("in_triage", **DECLINING, **NO_DEPARTMENT)

    ticket.decline()

    assert ticket.state == State.DECLINED


def test_a_date_of_today_is_not_past() -> None:
    ticket = ticket_in("in_progress", scheduled_for=today())

    ticket.schedule()

    assert ticket.state == State.SCHEDULED


def test_the_state_cannot_be_assigned() -> None:
    ticket = ticket_in("in_progress")

    with pytest.raises(AttributeError, match="Direct state modification is not allowed"):
        ticket.state = State.CLOSED

    assert ticket.state == State.IN_PROGRESS
