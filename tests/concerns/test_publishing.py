"""What a citizen is told: a public state for every state, their own facts first, and never an exact place."""

import pytest

from concerns.enums import Outcome, PublicState, Standing, State
from concerns.models import Concern, Ticket
from concerns.publishing import coarsened, concern_state, public_state

# Written by hand from the last column of design.md §3.
TABLE = {
    "received": "received",
    "in_triage": "checking",
    "assigned": "in_progress",
    "in_progress": "in_progress",
    "waiting_reporter": "needs_reply",
    "waiting_external": "in_progress",
    "scheduled": "scheduled",
    "pending_approval": "in_progress",
    "resolved": "done",
    "declined": "not_possible",
    "reopen_requested": "checking",
    "merged": "in_progress",  # the lead's
    "closed": "done",
    "discarded": "not_possible",
}


def ticket_in(state: str, **facts: object) -> Ticket:
    return Ticket(state=state, **facts)


def test_the_table_has_a_row_for_every_state() -> None:
    assert sorted(TABLE) == sorted(State.values)


@pytest.mark.parametrize(("state", "expected"), TABLE.items())
def test_every_state_has_a_public_one(state: str, expected: str) -> None:
    lead = ticket_in("assigned") if state == "merged" else None

    assert public_state(ticket_in(state, merged_into=lead)) == expected


@pytest.mark.parametrize("outcome", Outcome)
def test_a_closed_ticket_says_how_it_ended(outcome: Outcome) -> None:
    refusals = (Outcome.NOT_RESPONSIBLE, Outcome.CANNOT_DO)
    expected = PublicState.NOT_POSSIBLE if outcome in refusals else PublicState.DONE

    assert public_state(ticket_in("closed", outcome=outcome)) == expected


def test_a_joined_ticket_has_the_state_at_the_end_of_the_chain() -> None:
    last = ticket_in("scheduled")
    middle = ticket_in("merged", merged_into=last)

    assert public_state(ticket_in("merged", merged_into=middle)) == PublicState.SCHEDULED


@pytest.mark.parametrize("state", State)
def test_spam_is_told_no_for_ever(state: State) -> None:
    ticket = ticket_in(state, merged_into=ticket_in("assigned"))

    told = concern_state(Concern(standing=Standing.SPAM), ticket, asked=True, objected=True)

    assert told == PublicState.NOT_POSSIBLE


OPEN = ["received", "in_triage", "assigned", "in_progress", "waiting_reporter", "waiting_external",
        "scheduled", "pending_approval", "reopen_requested"]  # fmt: skip


@pytest.mark.parametrize("state", OPEN)
def test_who_withdrew_is_done_while_the_matter_goes_on(state: str) -> None:
    told = concern_state(Concern(standing=Standing.WITHDRAWN), ticket_in(state), objected=True)

    assert told == PublicState.DONE


def test_who_withdrew_still_learns_how_it_ended() -> None:
    ticket = ticket_in("declined", outcome=Outcome.CANNOT_DO)

    assert concern_state(Concern(standing=Standing.WITHDRAWN), ticket) == PublicState.NOT_POSSIBLE


@pytest.mark.parametrize("state", ["resolved", "declined", "closed", "reopen_requested"])
def test_an_objection_is_being_checked_whatever_the_others_are_told(state: str) -> None:
    assert concern_state(Concern(), ticket_in(state), objected=True) == PublicState.CHECKING


def test_only_who_was_asked_needs_to_reply() -> None:
    ticket = ticket_in("waiting_reporter")

    told = [concern_state(Concern(), ticket, asked=asked) for asked in (True, False)]

    assert told == [PublicState.NEEDS_REPLY, PublicState.IN_PROGRESS]


@pytest.mark.parametrize(
    ("degrees", "published"), [(51.234567, 51.235), (-0.95049, -0.95), (None, None), (0.0, 0.0)]
)
def test_a_place_is_published_to_about_a_hundred_metres(
    degrees: float | None, published: float | None
) -> None:
    assert coarsened(degrees) == published
