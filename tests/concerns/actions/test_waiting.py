"""Waiting for somebody else: who is asked, how long, and how each wait ends — never by closing silently."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine

from concerns.actions.contact import note_bounce
from concerns.actions.filing import Filed
from concerns.actions.joining import join
from concerns.actions.referring import refer, report_back
from concerns.actions.voicing import withdraw
from concerns.actions.waiting import ask, recall, record_answer, remind_or_expire
from concerns.actions.words import reply
from concerns.actions.working import accept
from concerns.enums import Direction, MessageKind, State, Verb
from concerns.errors import Invalid, NotFound, Refused
from concerns.models import Event, Message, Note
from tests.support.stages import (
    assigned,
    in_progress,
    scheduled,
    waiting_external,
    waiting_reporter,
)
from tests.support.town import Town, file, fresh

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def last_event() -> Event:
    return Event.objects.latest("pk")


@pytest.fixture
def three(town: Town) -> list[Filed]:
    """Rita and Rob can be reached; Nick left no address. All on Rita's ticket, which Carl has."""
    people = [file(email="rita@people.example"), file(email="rob@people.example"), file()]
    for filed in people[1:]:
        join(actor=town.actor("dora"), ticket_id=filed.ticket.pk, lead_id=people[0].ticket.pk)
    accept(actor=town.actor("carl"), ticket_id=people[0].ticket.pk)
    return people


def asked() -> list[int | None]:
    questions = Message.objects.filter(kind=MessageKind.QUESTION, direction=Direction.OUT)
    return sorted(questions.values_list("concern", flat=True))


def test_a_question_goes_to_all_who_can_be_reached(town: Town, three: list[Filed]) -> None:
    ids = [filed.concern.pk for filed in three[:2]]

    ask(actor=town.actor("carl"), ticket_id=three[0].ticket.pk, text="Which side?")

    assert asked() == ids
    assert last_event().data == {"to": ids}


def test_a_question_goes_to_those_named(town: Town, three: list[Filed]) -> None:
    rob = three[1].concern.pk

    ask(
        actor=town.actor("carl"),
        ticket_id=three[0].ticket.pk,
        text="Which side?",
        concern_ids=[rob],
    )

    assert asked() == [rob]


def test_a_question_to_somebody_out_of_reach_is_refused(town: Town, three: list[Filed]) -> None:
    """Also when others of those named could be asked: the clerk must know who will not hear."""
    ids = [filed.concern.pk for filed in three]
    for named in ([ids[2]], ids, [ids[0], 10**9], []):
        with pytest.raises(Refused):
            ask(
                actor=town.actor("carl"),
                ticket_id=three[0].ticket.pk,
                text="Which side?",
                concern_ids=named,
            )

    assert asked() == []
    assert fresh(three[0].ticket).state == State.IN_PROGRESS


def test_who_withdrew_or_cannot_be_delivered_to_is_not_asked(
    town: Town, three: list[Filed]
) -> None:
    withdraw(concern_id=three[0].concern.pk)
    note_bounce(concern_id=three[1].concern.pk, code="5.1.1")

    with pytest.raises(Refused):
        ask(actor=town.actor("carl"), ticket_id=three[0].ticket.pk, text="Which side?")


def test_a_question_starts_a_wait_and_answers_what_was_open(town: Town) -> None:
    filed = scheduled(town)
    reply(concern_id=filed.concern.pk, text="Hello?")
    with time_machine.travel(MONDAY, tick=False):
        ask(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text="Which side?")

    ticket = fresh(filed.ticket)
    assert ticket.state == State.WAITING_REPORTER
    assert (ticket.wait_until, ticket.reminded_at) == (MONDAY + 14 * DAY, None)
    assert (ticket.scheduled_for, ticket.unanswered_since) == (None, None)
    assert ticket.first_responded_at is not None
    message = Message.objects.get(kind=MessageKind.QUESTION)
    assert (message.text, message.author) == ("Which side?", town.people["carl"])
    assert message.released_at == MONDAY


@pytest.mark.parametrize(
    ("stage", "act", "verb", "sums"),
    [
        (waiting_reporter, lambda **on: record_answer(**on, text="Left."), "record_answer", (1, 0)),
        (waiting_reporter, lambda **on: recall(**on, reason="No need."), "recall", (1, 0)),
        (waiting_external, lambda **on: recall(**on, reason="No need."), "recall", (0, 1)),
        (waiting_external, lambda **on: report_back(**on, text="Done."), "report_back", (0, 1)),
    ],
)
def test_a_clerk_ends_a_wait_with_a_note(
    town: Town,
    stage: Callable[[Town], Filed],
    act: Callable[..., object],
    verb: str,
    sums: tuple[int, int],
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        filed = stage(town)
        due = fresh(filed.ticket).resolution_due
        notes = Note.objects.count()
    with time_machine.travel(MONDAY + HOUR, tick=False):
        act(actor=town.actor("carl"), ticket_id=filed.ticket.pk)

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.wait_until, ticket.reminded_at) == (State.IN_PROGRESS, None, None)
    waits = (ticket.reporter_wait_seconds, ticket.external_wait_seconds)
    assert waits == (sums[0] * 3600, sums[1] * 3600)
    # An hour of work, given back after the end of the tenth working day.
    assert due == dt.datetime(2026, 3, 16, 16, 0, tzinfo=dt.UTC)
    assert ticket.resolution_due == dt.datetime(2026, 3, 17, 9, 0, tzinfo=dt.UTC)
    event = last_event()
    assert (event.verb, event.waited_seconds, event.worked_seconds) == (verb, 3600, 0)
    assert event.data == {"note": Note.objects.latest("pk").pk}
    assert Note.objects.count() == notes + 1


def test_two_waits_add_up(town: Town) -> None:
    carl = town.actor("carl")
    with time_machine.travel(MONDAY, tick=False) as clock:
        filed = waiting_reporter(town)
        on = {"actor": carl, "ticket_id": filed.ticket.pk}
        due = fresh(filed.ticket).resolution_due
        clock.shift(HOUR)
        record_answer(**on, text="Left.")
        clock.shift(5 * HOUR)  # with us: moves nothing
        ask(**on, text="Sure?")
        clock.shift(2 * HOUR)
        reply(concern_id=filed.concern.pk, text="Sure.")

    ticket = fresh(filed.ticket)
    assert due == dt.datetime(2026, 3, 16, 16, 0, tzinfo=dt.UTC)
    assert ticket.reporter_wait_seconds == 3 * 3600
    # The second wait began at 15 and ended at 17: an hour of it was worked.
    assert ticket.resolution_due == dt.datetime(2026, 3, 17, 10, 0, tzinfo=dt.UTC)


def test_a_referral_names_the_partner_and_starts_its_own_wait(town: Town) -> None:
    filed = in_progress(town)
    with time_machine.travel(MONDAY, tick=False):
        refer(
            actor=town.actor("carl"),
            ticket_id=filed.ticket.pk,
            partner=" Moor Water ",
            text="Their pipe.",
        )

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.partner) == (State.WAITING_EXTERNAL, "Moor Water")
    assert (ticket.wait_until, ticket.reminded_at) == (MONDAY + 14 * DAY, None)
    note = ticket.notes.get()
    assert (note.text, last_event().data) == ("Their pipe.", {"note": note.pk})


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"partner": " ", "text": "Theirs."}, "partner"),
        ({"partner": "x" * 201, "text": "Theirs."}, "partner"),
        ({"partner": "Moor Water", "text": ""}, "text"),
        ({"partner": "Moor Water", "text": "a\x00b"}, "text"),
    ],
)
def test_a_referral_without_partner_or_words_is_refused(
    town: Town, given: dict[str, str], field: str
) -> None:
    filed = in_progress(town)

    with pytest.raises(Invalid) as refusal:
        refer(actor=town.actor("carl"), ticket_id=filed.ticket.pk, **given)

    assert refusal.value.field == field
    assert fresh(filed.ticket).state == State.IN_PROGRESS


@pytest.mark.parametrize("text", ["", " ", "x" * 10_001])
def test_an_empty_question_and_an_empty_note_are_refused(town: Town, text: str) -> None:
    working, waiting = in_progress(town), waiting_reporter(town)
    carl = town.actor("carl")

    with pytest.raises(Invalid):
        ask(actor=carl, ticket_id=working.ticket.pk, text=text)
    with pytest.raises(Invalid):
        record_answer(actor=carl, ticket_id=waiting.ticket.pk, text=text)

    assert fresh(waiting.ticket).state == State.WAITING_REPORTER


@pytest.mark.parametrize("stage", [waiting_reporter, waiting_external])
def test_a_wait_is_reminded_of_and_then_expires(town: Town, stage: Callable[[Town], Filed]) -> None:
    with time_machine.travel(MONDAY, tick=False):
        filed = stage(town)
    ticket_id = filed.ticket.pk

    with time_machine.travel(MONDAY + 14 * DAY - HOUR, tick=False), pytest.raises(Refused):
        remind_or_expire(ticket_id=ticket_id)
    with time_machine.travel(MONDAY + 14 * DAY, tick=False):
        remind_or_expire(ticket_id=ticket_id)
    reminded = fresh(filed.ticket)
    with time_machine.travel(MONDAY + 21 * DAY - HOUR, tick=False), pytest.raises(Refused):
        remind_or_expire(ticket_id=ticket_id)
    with time_machine.travel(MONDAY + 21 * DAY, tick=False):
        remind_or_expire(ticket_id=ticket_id)
    expired = fresh(filed.ticket)

    assert reminded.state == State.WAITING_REPORTER or stage is waiting_external
    assert (reminded.reminded_at, reminded.wait_until) == (MONDAY + 14 * DAY, MONDAY + 21 * DAY)
    assert (expired.state, expired.wait_until, expired.reminded_at) == (
        State.IN_PROGRESS,
        None,
        None,
    )
    # Only the person who was asked can have failed to reply; a partner's silence is another matter.
    assert expired.no_reply is (stage is waiting_reporter)
    verbs = list(Event.objects.order_by("-pk").values_list("verb", "actor_kind")[:2])
    assert verbs == [(Verb.EXPIRE, "system"), (Verb.REMIND, "system")]


def test_nothing_is_reminded_of_where_nobody_is_waited_for(town: Town) -> None:
    filed = assigned(town)

    with pytest.raises(Refused):
        remind_or_expire(ticket_id=filed.ticket.pk)
    with pytest.raises(NotFound):
        remind_or_expire(ticket_id=10**9)


def test_an_answer_after_the_reminder_ends_the_wait_like_any(town: Town) -> None:
    with time_machine.travel(MONDAY, tick=False):
        filed = waiting_reporter(town)
    with time_machine.travel(MONDAY + 14 * DAY, tick=False):
        remind_or_expire(ticket_id=filed.ticket.pk)
    with time_machine.travel(MONDAY + 15 * DAY, tick=False):
        reply(concern_id=filed.concern.pk, text="The left side.")

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.no_reply, ticket.reminded_at) == (State.IN_PROGRESS, False, None)
    assert ticket.reporter_wait_seconds == 15 * 24 * 3600
