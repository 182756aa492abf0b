"""Words on a ticket: to whom they go, what waits unanswered, and that nobody's words die."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine

from concerns.actions.deciding import resolve
from concerns.actions.ending import decide_objection
from concerns.actions.filing import Filed
from concerns.actions.joining import join
from concerns.actions.screening import mark_spam
from concerns.actions.voicing import object_to_result, withdraw
from concerns.actions.waiting import ask, remind_or_expire
from concerns.actions.words import note, reply, send_message, settle
from concerns.actions.working import accept
from concerns.enums import Direction, MessageKind, State, Verb, Verdict
from concerns.errors import Invalid, NotFound, Refused
from concerns.models import Event, Message, Note
from tests.support.stages import (
    FIXED,
    STAGES,
    assigned,
    closed,
    discarded,
    in_progress,
    merged,
    resolved,
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
    people = [file(email=f"p{n}@people.example") for n in range(3)]
    for filed in people[1:]:
        join(actor=town.actor("dora"), ticket_id=filed.ticket.pk, lead_id=people[0].ticket.pk)
    accept(actor=town.actor("carl"), ticket_id=people[0].ticket.pk)
    return people


@pytest.mark.parametrize("state", STAGES)
def test_a_note_is_possible_in_every_state_and_moves_nothing(town: Town, state: State) -> None:
    filed = STAGES[state](town)

    written = note(actor=town.actor("dora"), ticket_id=filed.ticket.pk, text="Seen.")

    assert (written.text, written.author) == ("Seen.", town.people["dora"])
    assert fresh(filed.ticket).state == state
    assert last_event().data == {"note": written.pk}


def test_an_empty_note_is_refused(town: Town) -> None:
    filed = assigned(town)

    with pytest.raises(Invalid) as refusal:
        note(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text=" ")

    assert (refusal.value.field, Note.objects.count()) == ("text", 0)


def test_a_message_to_all_is_one_row(town: Town, three: list[Filed]) -> None:
    with time_machine.travel(MONDAY, tick=False):
        send_message(actor=town.actor("carl"), ticket_id=three[0].ticket.pk, text="Soon.")

    message = Message.objects.get()
    assert (message.concern, message.direction, message.kind) == (
        None,
        Direction.OUT,
        MessageKind.UPDATE,
    )
    assert (message.author, message.released_at) == (town.people["carl"], MONDAY)
    assert last_event().data == {"to": None}
    assert fresh(three[0].ticket).first_responded_at == MONDAY


def test_a_message_to_some_is_one_row_each(town: Town, three: list[Filed]) -> None:
    ids = [three[2].concern.pk, three[1].concern.pk, three[2].concern.pk]

    send_message(
        actor=town.actor("carl"), ticket_id=three[0].ticket.pk, text="Soon.", concern_ids=ids
    )

    to = sorted(set(ids))
    assert sorted(Message.objects.values_list("concern", flat=True)) == to
    assert last_event().data == {"to": to}


def test_a_message_to_somebody_placed_elsewhere_is_refused_whole(
    town: Town, three: list[Filed]
) -> None:
    stranger = file().concern.pk
    for named in ([stranger], [three[1].concern.pk, stranger], [], [10**9]):
        with pytest.raises(Invalid) as refusal:
            send_message(
                actor=town.actor("carl"),
                ticket_id=three[0].ticket.pk,
                text="Soon.",
                concern_ids=named,
            )
        assert refusal.value.field == "concerns"

    assert Message.objects.count() == 0


@pytest.mark.parametrize("stage", [merged, discarded])
def test_nobody_is_written_to_where_nobody_is_or_may_hear(
    town: Town, stage: Callable[[Town], Filed]
) -> None:
    filed = stage(town)

    with pytest.raises(Refused):
        send_message(actor=town.actor("dora"), ticket_id=filed.ticket.pk, text="Soon.")


@pytest.mark.parametrize("stage", [resolved, closed])
def test_a_message_after_the_end_is_possible(town: Town, stage: Callable[[Town], Filed]) -> None:
    filed = stage(town)
    state = fresh(filed.ticket).state

    send_message(actor=town.actor("dora"), ticket_id=filed.ticket.pk, text="One more thing.")

    assert fresh(filed.ticket).state == state


def test_the_first_reply_of_who_was_asked_ends_the_wait(town: Town) -> None:
    filed = waiting_reporter(town)

    reply(concern_id=filed.concern.pk, text="The left side.")

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.wait_until, ticket.unanswered_since) == ("in_progress", None, None)
    message = Message.objects.get(kind=MessageKind.REPLY)
    assert (message.direction, message.concern, message.author) == ("in", filed.concern, None)
    event = last_event()
    assert (event.verb, event.actor_kind, event.concern_ref) == (
        Verb.ANSWER,
        "citizen",
        filed.concern.pk,
    )
    assert event.data == {"message": message.pk}


@pytest.mark.parametrize(
    "state", sorted(set(STAGES) - {State.WAITING_REPORTER, State.MERGED, State.DISCARDED})
)
def test_a_reply_that_no_transition_takes_waits_unanswered(town: Town, state: State) -> None:
    filed = STAGES[state](town)
    with time_machine.travel(MONDAY, tick=False):
        reply(concern_id=filed.concern.pk, text="Hello?")
    with time_machine.travel(MONDAY + HOUR, tick=False):
        reply(concern_id=filed.concern.pk, text="Hello??")

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.unanswered_since) == (state, MONDAY)
    assert last_event().verb == Verb.REPLY


def test_a_reply_to_a_joined_ticket_lands_on_the_lead(town: Town) -> None:
    filed = merged(town)

    ticket = reply(concern_id=filed.concern.pk, text="Hello?")

    assert ticket != filed.ticket
    assert ticket.unanswered_since is not None


def test_a_reply_of_who_was_not_asked_does_not_end_the_wait(town: Town, three: list[Filed]) -> None:
    asked, other = three[0], three[1]
    ask(
        actor=town.actor("carl"),
        ticket_id=asked.ticket.pk,
        text="Which side?",
        concern_ids=[asked.concern.pk],
    )

    reply(concern_id=other.concern.pk, text="Hello?")

    ticket = fresh(asked.ticket)
    assert ticket.state == State.WAITING_REPORTER
    assert ticket.unanswered_since is not None


def test_a_reply_after_the_wait_expired_waits_unanswered_and_lifts_the_flag(town: Town) -> None:
    with time_machine.travel(MONDAY, tick=False):
        filed = waiting_reporter(town)
    for days in (14, 21):
        with time_machine.travel(MONDAY + days * DAY, tick=False):
            remind_or_expire(ticket_id=filed.ticket.pk)
    flagged = fresh(filed.ticket).no_reply

    reply(concern_id=filed.concern.pk, text="Sorry, I was away.")

    ticket = fresh(filed.ticket)
    assert (flagged, ticket.no_reply, ticket.state) == (True, False, State.IN_PROGRESS)
    assert ticket.unanswered_since is not None


def test_who_withdrew_or_is_spam_writes_no_more(town: Town) -> None:
    """Who is spam is not even told why; who withdrew is."""
    withdrawn, spam = assigned(town), assigned(town)
    withdraw(concern_id=withdrawn.concern.pk)
    mark_spam(actor=town.actor("dora"), concern_id=spam.concern.pk)

    with pytest.raises(Refused):
        reply(concern_id=withdrawn.concern.pk, text="Hello?")
    with pytest.raises(NotFound):
        reply(concern_id=spam.concern.pk, text="Hello?")

    assert Message.objects.count() == 0


@pytest.mark.parametrize("text", ["", "\u200b", "x" * 10_001, "a\x00b"])
def test_a_reply_must_be_words_the_database_can_hold(town: Town, text: str) -> None:
    filed = waiting_reporter(town)

    with pytest.raises(Invalid) as refusal:
        reply(concern_id=filed.concern.pk, text=text)

    assert refusal.value.field == "text"
    assert fresh(filed.ticket).state == State.WAITING_REPORTER


def test_dealing_with_what_is_unanswered_may_say_how(town: Town) -> None:
    silently, with_words = in_progress(town), in_progress(town)
    for filed in (silently, with_words):
        reply(concern_id=filed.concern.pk, text="Hello?")

    settle(actor=town.actor("carl"), ticket_id=silently.ticket.pk)
    without = last_event().data
    settle(actor=town.actor("carl"), ticket_id=with_words.ticket.pk, text="Called her.")

    assert (without, last_event().data) == ({}, {"note": Note.objects.get().pk})
    assert fresh(silently.ticket).unanswered_since is None
    assert fresh(with_words.ticket).unanswered_since is None


def test_there_is_nothing_to_deal_with_where_nobody_wrote(town: Town) -> None:
    filed = in_progress(town)

    with pytest.raises(Refused):
        settle(actor=town.actor("carl"), ticket_id=filed.ticket.pk)


def test_a_message_to_all_deals_with_all(town: Town, three: list[Filed]) -> None:
    for filed in three:
        reply(concern_id=filed.concern.pk, text="Hello?")

    send_message(actor=town.actor("carl"), ticket_id=three[0].ticket.pk, text="Soon.")

    assert fresh(three[0].ticket).unanswered_since is None


@pytest.mark.parametrize("how", ["message", "question", "decision"])
def test_what_one_is_told_does_not_answer_another(town: Town, three: list[Filed], how: str) -> None:
    """A citizen's reply must never die: the other's still waits, from when they wrote."""
    told, other = three[0], three[1]
    ticket = three[0].ticket.pk
    if how == "decision":
        resolve(actor=town.actor("carl"), ticket_id=ticket, answer=FIXED)
    with time_machine.travel(MONDAY, tick=False):
        reply(concern_id=told.concern.pk, text="Hello?")
    with time_machine.travel(MONDAY + HOUR, tick=False):
        reply(concern_id=other.concern.pk, text="My car was hit.")
    speak_to(town, told, how)

    between = fresh(told.ticket).unanswered_since
    send_message(
        actor=town.actor("carl"),
        ticket_id=ticket,
        text="Our insurance writes to you.",
        concern_ids=[other.concern.pk],
    )

    assert (between, fresh(told.ticket).unanswered_since) == (MONDAY + HOUR, None)


def speak_to(town: Town, filed: Filed, how: str) -> None:
    where = {"ticket_id": filed.ticket.pk, "actor": town.actor("carl")}
    to = [filed.concern.pk]
    if how == "message":
        send_message(**where, text="Soon.", concern_ids=to)
    elif how == "question":
        ask(**where, text="Which side?", concern_ids=to)
    else:
        objection = object_to_result(concern_id=filed.concern.pk, text="No.")
        decide_objection(
            actor=town.actor("tess"), objection_id=objection.pk, verdict=Verdict.UPHELD, text="Yes."
        )


def test_who_withdrew_after_writing_is_waited_for_no_more(town: Town, three: list[Filed]) -> None:
    for filed in three[:2]:
        reply(concern_id=filed.concern.pk, text="Hello?")
    withdraw(concern_id=three[1].concern.pk)

    speak_to(town, three[0], "message")

    assert fresh(three[0].ticket).unanswered_since is None
