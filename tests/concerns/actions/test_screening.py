"""Spam: proposed by a clerk, decided by a dispatcher, undone to the last concern."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine

from concerns.actions.correcting import publish
from concerns.actions.filing import Filed
from concerns.actions.joining import join
from concerns.actions.screening import (
    discard,
    dismiss_discard,
    mark_spam,
    propose_discard,
    restore,
    unmark_spam,
)
from concerns.actions.voicing import object_to_result, withdraw
from concerns.actions.words import reply
from concerns.enums import Outcome, Standing, State, Verb, Verdict
from concerns.errors import Invalid, NotFound, Refused
from concerns.models import Event, Objection, Publication
from tests.support.stages import (
    assigned,
    closed,
    discarded,
    in_progress,
    pending_approval,
    reopen_requested,
    resolved,
    scheduled,
    waiting_external,
)
from tests.support.town import Town, file, fresh

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def last_event() -> Event:
    return Event.objects.latest("pk")


def standings(people: list[Filed]) -> list[str]:
    for filed in people:
        filed.concern.refresh_from_db()
    return [filed.concern.standing for filed in people]


@pytest.fixture
def four(town: Town) -> list[Filed]:
    """On one ticket: two active, one withdrawn, one marked as spam before."""
    people = [file(email=f"p{n}@people.example") for n in range(4)]
    for filed in people[1:]:
        join(actor=town.actor("dora"), ticket_id=filed.ticket.pk, lead_id=people[0].ticket.pk)
    withdraw(concern_id=people[2].concern.pk)
    mark_spam(actor=town.actor("dora"), concern_id=people[3].concern.pk)
    return people


def test_a_clerk_proposes_and_a_dispatcher_dismisses(town: Town) -> None:
    filed = assigned(town)
    with time_machine.travel(MONDAY, tick=False):
        propose_discard(actor=town.actor("carl"), ticket_id=filed.ticket.pk, reason="Advertising.")
    proposed = fresh(filed.ticket)
    dismiss_discard(actor=town.actor("dora"), ticket_id=filed.ticket.pk, reason="It is not.")

    assert (proposed.discard_proposed_at, proposed.state) == (MONDAY, State.ASSIGNED)
    ticket = fresh(filed.ticket)
    assert (ticket.discard_proposed_at, ticket.state) == (None, State.ASSIGNED)
    assert [note.text for note in ticket.notes.order_by("pk")] == ["Advertising.", "It is not."]
    assert last_event().data == {"note": ticket.notes.latest("pk").pk}


def test_what_is_proposed_or_ended_is_not_proposed_again(town: Town) -> None:
    filed = assigned(town)
    propose_discard(actor=town.actor("carl"), ticket_id=filed.ticket.pk, reason="Advertising.")

    for one in (filed, closed(town), resolved(town)):
        with pytest.raises(Refused):
            propose_discard(actor=town.actor("carl"), ticket_id=one.ticket.pk, reason="Spam.")


def test_only_a_proposal_is_dismissed(town: Town) -> None:
    filed = assigned(town)

    with pytest.raises(Refused):
        dismiss_discard(actor=town.actor("dora"), ticket_id=filed.ticket.pk, reason="It is not.")


@pytest.mark.parametrize("act", [propose_discard, discard])
def test_spam_is_called_so_with_a_reason(town: Town, act: Callable[..., object]) -> None:
    filed = assigned(town)

    with pytest.raises(Invalid) as refusal:
        act(actor=town.actor("dirk" if act is discard else "carl"), **on(filed), reason=" ")

    assert refusal.value.field == "reason"
    assert fresh(filed.ticket).state == State.ASSIGNED


def on(filed: Filed) -> dict[str, int]:
    return {"ticket_id": filed.ticket.pk}


def test_discarding_takes_every_active_concern_along(town: Town, four: list[Filed]) -> None:
    propose_discard(actor=town.actor("carl"), **on(four[0]), reason="Advertising.")
    reply(concern_id=four[0].concern.pk, text="Buy!")
    with time_machine.travel(MONDAY, tick=False):
        discard(actor=town.actor("dora"), **on(four[0]), reason="Advertising indeed.")

    ticket = fresh(four[0].ticket)
    assert (ticket.state, ticket.outcome, ticket.closed_at) == (
        State.DISCARDED,
        Outcome.ABUSE_SPAM,
        MONDAY,
    )
    assert (ticket.discard_proposed_at, ticket.unanswered_since) == (None, None)
    assert standings(four) == ["spam", "spam", "withdrawn", "spam"]
    assert last_event().data == {
        "note": ticket.notes.latest("pk").pk,
        "concerns": [four[0].concern.pk, four[1].concern.pk],
    }


def test_restoring_frees_exactly_those_whom_discarding_had_marked(
    town: Town, four: list[Filed]
) -> None:
    discard(actor=town.actor("dora"), **on(four[0]), reason="Advertising.")

    restore(actor=town.actor("dora"), **on(four[0]), reason="It was none.")

    ticket = fresh(four[0].ticket)
    assert (ticket.state, ticket.outcome, ticket.closed_at) == (State.IN_TRIAGE, "", None)
    assert standings(four) == ["active", "active", "withdrawn", "spam"]


def test_a_second_round_restores_what_the_second_discarding_marked(
    town: Town, four: list[Filed]
) -> None:
    dora = town.actor("dora")
    discard(actor=dora, **on(four[0]), reason="Advertising.")
    restore(actor=dora, **on(four[0]), reason="It was none.")
    mark_spam(actor=dora, concern_id=four[1].concern.pk)
    discard(actor=dora, **on(four[0]), reason="It was, after all.")

    restore(actor=dora, **on(four[0]), reason="It was none.")

    assert standings(four) == ["active", "spam", "withdrawn", "spam"]


@pytest.mark.parametrize("stage", [scheduled, waiting_external, pending_approval])
def test_discarding_drops_what_was_under_way(town: Town, stage: Callable[[Town], Filed]) -> None:
    filed = stage(town)

    discard(actor=town.actor("dora"), **on(filed), reason="Advertising.")

    ticket = fresh(filed.ticket)
    assert (ticket.wait_until, ticket.scheduled_for, ticket.partner) == (None, None, "")
    assert ticket.answer_message is None


def test_discarding_ends_a_review_and_takes_back_what_was_published(town: Town) -> None:
    reviewed, published = reopen_requested(town), assigned(town)
    publish(actor=town.actor("carl"), **on(published))

    for filed in (reviewed, published):
        discard(actor=town.actor("dora"), **on(filed), reason="Advertising.")

    assert Objection.objects.get().verdict == Verdict.UPHELD
    assert Publication.objects.get().withdrawn_at is not None


def test_an_ended_ticket_is_not_discarded_nor_restored(town: Town) -> None:
    with pytest.raises(Refused):
        discard(actor=town.actor("dora"), **on(closed(town)), reason="Advertising.")
    with pytest.raises(Refused):
        restore(actor=town.actor("dora"), **on(assigned(town)), reason="It was none.")


def test_one_spam_among_others_moves_nothing(town: Town, four: list[Filed]) -> None:
    marked = mark_spam(actor=town.actor("dora"), concern_id=four[1].concern.pk)

    event = last_event()
    assert (event.verb, event.concern_ref, event.data) == (Verb.MARK_SPAM, marked.pk, {})
    assert fresh(four[0].ticket).state == State.ASSIGNED
    assert standings(four) == ["active", "spam", "withdrawn", "spam"]


def test_a_mark_is_taken_off_again(town: Town, four: list[Filed]) -> None:
    unmark_spam(actor=town.actor("dora"), concern_id=four[3].concern.pk)

    assert standings(four) == ["active", "active", "withdrawn", "active"]
    assert last_event().verb == Verb.UNMARK_SPAM


def test_marks_are_set_on_active_and_taken_off_spam_only(town: Town, four: list[Filed]) -> None:
    dora = town.actor("dora")
    for concern in (four[2].concern, four[3].concern):
        with pytest.raises(Refused):
            mark_spam(actor=dora, concern_id=concern.pk)
    for concern in (four[0].concern, four[2].concern):
        with pytest.raises(Refused):
            unmark_spam(actor=dora, concern_id=concern.pk)
    with pytest.raises(NotFound):
        mark_spam(actor=dora, concern_id=10**9)

    assert standings(four) == ["active", "active", "withdrawn", "spam"]


def test_a_concern_of_a_discarded_ticket_is_freed_with_the_ticket(town: Town) -> None:
    filed = discarded(town)

    with pytest.raises(Refused):
        unmark_spam(actor=town.actor("dora"), concern_id=filed.concern.pk)

    filed.concern.refresh_from_db()
    assert filed.concern.standing == Standing.SPAM


def test_spam_objects_to_nothing(town: Town) -> None:
    filed = resolved(town)
    object_to_result(concern_id=filed.concern.pk, text="Buy!")

    mark_spam(actor=town.actor("dora"), concern_id=filed.concern.pk)

    assert Objection.objects.get().verdict == Verdict.UPHELD


def test_work_goes_on_though_the_only_concern_is_spam(town: Town) -> None:
    """A pothole is there whoever reported it; a clerk closes the ticket if it is none."""
    filed = in_progress(town)

    mark_spam(actor=town.actor("dora"), concern_id=filed.concern.pk)

    assert fresh(filed.ticket).state == State.IN_PROGRESS
