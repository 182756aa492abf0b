"""Stories of waiting: for the person, for a partner, for a day."""

import datetime as dt

import pytest
import time_machine
from django.utils import translation

from common.clock import now, today
from concerns.actions.referring import refer, report_back
from concerns.actions.responsibility import transfer
from concerns.actions.tending import tend
from concerns.actions.voicing import withdraw
from concerns.actions.waiting import ask, record_answer
from concerns.actions.words import note, reply, send_message, settle
from concerns.actions.working import accept, schedule, start
from concerns.enums import PublicState, State, Verb
from concerns.errors import Invalid, Refused
from concerns.queries.tickets import queue
from departments.calendars import working_seconds
from tests.support.stories import course, joined, may, reads, sees, timeline, told
from tests.support.town import Town, file, fresh

ONE_DAY = dt.timedelta(days=1)


def test_answer_after_expiry(town: Town, clock: time_machine.Traveller) -> None:
    """Carl asks; nobody answers for three weeks; he works on; then the answer comes and does not die."""
    rita = file(email="rita@people.example")
    carl = town.actor("carl")
    accept(actor=carl, ticket_id=rita.ticket.pk)
    ask(actor=carl, ticket_id=rita.ticket.pk, text="Which side of the road?")
    assert (sees(rita).state, sees(rita).must_reply) == (PublicState.NEEDS_REPLY, True)

    clock.shift(15 * ONE_DAY)
    assert tend() == {"waits": 1, "starts": 0, "closings": 0}
    assert sees(rita).must_reply
    clock.shift(8 * ONE_DAY)
    assert tend()["waits"] == 1

    ticket = fresh(rita.ticket)
    assert (ticket.state, ticket.no_reply) == (State.IN_PROGRESS, True)
    assert ticket.reporter_wait_seconds == pytest.approx(23 * 86400, abs=60)
    assert (sees(rita).state, sees(rita).must_reply) == (PublicState.IN_PROGRESS, False)

    clock.shift(ONE_DAY)
    reply(concern_id=rita.concern.pk, text="The left side, sorry.")

    ticket = fresh(rita.ticket)
    assert (ticket.state, ticket.no_reply) == (State.IN_PROGRESS, False)
    assert ticket.unanswered_since == pytest.approx(now(), abs=dt.timedelta(minutes=1))
    assert list(queue(carl, "unanswered")) == [ticket]
    assert Verb.SETTLE in may(town, "carl", ticket)
    assert timeline(ticket)[-4:] == [Verb.ASK, Verb.REMIND, Verb.EXPIRE, Verb.REPLY]
    assert reads(rita) == ["Which side of the road?", "The left side, sorry."]

    send_message(actor=carl, ticket_id=ticket.pk, text="Thank you, that helps.")
    assert list(queue(carl, "unanswered")) == []


def test_reminder_goes_to_those_who_were_asked_alone(
    town: Town, clock: time_machine.Traveller
) -> None:
    one, two, three = joined(town, 3)
    carl = town.actor("carl")
    accept(actor=carl, ticket_id=one.ticket.pk)

    with told() as letters:
        ask(
            actor=carl,
            ticket_id=one.ticket.pk,
            text="Is it still there?",
            concern_ids=[two.concern.pk],
        )
        clock.shift(15 * ONE_DAY)
        tend()

    assert letters == [(Verb.ASK, [two.concern.pk]), (Verb.REMIND, [two.concern.pk])]
    assert [sees(each).must_reply for each in (one, two, three)] == [False, True, False]
    assert [sees(each).state for each in (one, three)] == [PublicState.IN_PROGRESS] * 2
    assert reads(one) == []


def test_clerk_asks_an_anonymous_reporter(town: Town) -> None:
    """Nobody can be asked: the button is not there, the act says what to do instead, the visit's answer is noted."""
    nobody = file()
    carl = town.actor("carl")
    accept(actor=carl, ticket_id=nobody.ticket.pk)

    with translation.override("en"), pytest.raises(Refused) as refusal:
        ask(actor=carl, ticket_id=nobody.ticket.pk, text="Which side?")

    assert "Nobody who could be asked left an address" in str(refusal.value)
    assert Verb.ASK not in may(town, "carl", nobody.ticket)
    assert fresh(nobody.ticket).state == State.IN_PROGRESS
    note(actor=carl, ticket_id=nobody.ticket.pk, text="Went there: the left side.")
    assert reads(nobody) == []

    known = file(email="rita@people.example")
    accept(actor=carl, ticket_id=known.ticket.pk)
    ask(actor=carl, ticket_id=known.ticket.pk, text="Which side?")
    assert sees(known).must_reply


def test_anonymous_reporter_still_can_answer_by_the_status_page(town: Town) -> None:
    nobody = file()

    reply(concern_id=nobody.concern.pk, text="It is on the left side.")

    assert fresh(nobody.ticket).unanswered_since is not None
    settle(actor=town.actor("carl"), ticket_id=nobody.ticket.pk, text="Read, thank you.")
    assert fresh(nobody.ticket).unanswered_since is None
    assert reads(nobody) == ["It is on the left side."]


def test_answer_known_by_phone(town: Town) -> None:
    """The person rings up instead of writing."""
    rita = file(email="rita@people.example")
    carl = town.actor("carl")
    accept(actor=carl, ticket_id=rita.ticket.pk)
    ask(actor=carl, ticket_id=rita.ticket.pk, text="Which side?")

    record_answer(actor=carl, ticket_id=rita.ticket.pk, text="By phone: the left side.")

    assert sees(rita).state == PublicState.IN_PROGRESS
    assert not sees(rita).must_reply
    assert reads(rita) == ["Which side?"]


def test_partners_work_known_by_phone(town: Town, clock: time_machine.Traveller) -> None:
    """The water works have no integration; their foreman rings Carl, who notes it, and the ticket is his again."""
    rita = file(email="rita@people.example")
    carl = town.actor("carl")
    accept(actor=carl, ticket_id=rita.ticket.pk)
    due, referred_at = fresh(rita.ticket).resolution_due, now()
    refer(actor=carl, ticket_id=rita.ticket.pk, partner="Water works", text="A broken pipe below.")
    assert sees(rita).state == PublicState.IN_PROGRESS
    assert sees(rita).ticket.partner == "Water works"

    clock.shift(3 * ONE_DAY)
    report_back(actor=carl, ticket_id=rita.ticket.pk, text="By phone: the pipe is mended.")

    ticket = fresh(rita.ticket)
    assert (ticket.state, ticket.assignee) == (State.IN_PROGRESS, town.people["carl"])
    assert ticket.external_wait_seconds == pytest.approx(3 * 86400, abs=60)
    office = town.office("streets").calendar
    given_back = working_seconds(office, due, ticket.resolution_due)
    assert given_back == pytest.approx(working_seconds(office, referred_at, now()), abs=60)
    assert course(rita)[-2:] == [Verb.REFER, Verb.REPORT_BACK]
    assert reads(rita) == []
    assert Verb.RESOLVE in may(town, "carl", ticket)


def test_partner_silent(town: Town, clock: time_machine.Traveller) -> None:
    """Two weeks, a reminder, another week: then the ticket is Carl's again; the person is not blamed."""
    rita = file(email="rita@people.example")
    carl = town.actor("carl")
    accept(actor=carl, ticket_id=rita.ticket.pk)
    refer(actor=carl, ticket_id=rita.ticket.pk, partner="Water works", text="A broken pipe below.")

    with told() as letters:
        clock.shift(14 * ONE_DAY + dt.timedelta(minutes=1))
        tend()
        clock.shift(7 * ONE_DAY + dt.timedelta(minutes=1))
        tend()

    ticket = fresh(rita.ticket)
    assert timeline(ticket)[-3:] == [Verb.REFER, Verb.REMIND, Verb.EXPIRE]
    assert (ticket.state, ticket.no_reply) == (State.IN_PROGRESS, False)
    assert letters == []
    assert (sees(rita).state, sees(rita).must_reply) == (PublicState.IN_PROGRESS, False)
    assert list(queue(carl, "mine")) == [ticket]


def test_transfer_while_waiting_for_a_partner(town: Town, clock: time_machine.Traveller) -> None:
    """Streets waits for the water works when it turns out to be a root: the wait ends, its time stays on the books."""
    rita = file(email="rita@people.example")
    carl = town.actor("carl")
    accept(actor=carl, ticket_id=rita.ticket.pk)
    refer(actor=carl, ticket_id=rita.ticket.pk, partner="Water works", text="A broken pipe below.")
    clock.shift(2 * ONE_DAY)

    with told() as letters:
        transfer(
            actor=carl,
            ticket_id=rita.ticket.pk,
            department_id=town.office("parks").pk,
            reason="It is a root.",
        )

    ticket = fresh(rita.ticket)
    assert (ticket.state, ticket.department, ticket.assignee) == (
        State.ASSIGNED,
        town.office("parks"),
        None,
    )
    assert (ticket.partner, ticket.wait_until, ticket.transfers) == ("", None, 1)
    assert ticket.external_wait_seconds == pytest.approx(2 * 86400, abs=60)
    assert letters == [(Verb.TRANSFER, [rita.concern.pk])]
    assert sees(rita).ticket.department == town.office("parks")
    assert Verb.ACCEPT in may(town, "paul", ticket)
    assert may(town, "carl", ticket) == []

    clock.shift(30 * ONE_DAY)
    assert tend() == {"waits": 0, "starts": 0, "closings": 0}


def test_transfer_while_scheduled(town: Town) -> None:
    """The day Streets promised binds Parks to nothing: the person no longer sees it."""
    rita = file(email="rita@people.example")
    carl = town.actor("carl")
    accept(actor=carl, ticket_id=rita.ticket.pk)
    schedule(actor=carl, ticket_id=rita.ticket.pk, date=today() + 3 * ONE_DAY)
    assert (sees(rita).state, sees(rita).next_date) == (
        PublicState.SCHEDULED,
        today() + 3 * ONE_DAY,
    )

    transfer(
        actor=carl,
        ticket_id=rita.ticket.pk,
        department_id=town.office("parks").pk,
        reason="It is a root.",
    )

    assert fresh(rita.ticket).scheduled_for is None
    assert sees(rita).state == PublicState.IN_PROGRESS
    assert sees(rita).next_date == fresh(rita.ticket).resolution_due.date()
    assert tend()["starts"] == 0


def test_scheduled_in_the_past(town: Town, clock: time_machine.Traveller) -> None:
    rita = file()
    accept(actor=town.actor("carl"), ticket_id=rita.ticket.pk)

    with pytest.raises(Invalid) as refusal:
        schedule(actor=town.actor("carl"), ticket_id=rita.ticket.pk, date=today() - ONE_DAY)

    assert refusal.value.field == "date"
    assert fresh(rita.ticket).state == State.IN_PROGRESS
    schedule(actor=town.actor("carl"), ticket_id=rita.ticket.pk, date=today())
    assert sees(rita).state == PublicState.SCHEDULED


def test_scheduled_and_slipped(town: Town, clock: time_machine.Traveller) -> None:
    """The frost comes: Carl moves the day with a reason, all are told; then the day comes and the clock starts work."""
    rita = file(email="rita@people.example")
    carl = town.actor("carl")
    accept(actor=carl, ticket_id=rita.ticket.pk)
    schedule(actor=carl, ticket_id=rita.ticket.pk, date=today() + 3 * ONE_DAY)

    with pytest.raises(Invalid) as refusal:
        schedule(actor=carl, ticket_id=rita.ticket.pk, date=today() + 10 * ONE_DAY)
    assert refusal.value.field == "reason"

    later = today() + 10 * ONE_DAY
    with told() as letters:
        schedule(actor=carl, ticket_id=rita.ticket.pk, date=later, reason="Frost.")
    assert letters == [(Verb.RESCHEDULE, [rita.concern.pk])]
    assert sees(rita).next_date == later

    clock.shift(4 * ONE_DAY)
    assert tend()["starts"] == 0
    clock.shift(8 * ONE_DAY)
    assert tend()["starts"] == 1

    assert fresh(rita.ticket).state == State.IN_PROGRESS
    assert sees(rita).state == PublicState.IN_PROGRESS
    assert course(rita)[-3:] == [Verb.SCHEDULE, Verb.RESCHEDULE, Verb.START]


def test_day_that_slipped_by_unseen_starts_as_soon_as_the_clock_runs_again(
    town: Town, clock: time_machine.Traveller
) -> None:
    """The worker was down on the day: the work is late, not lost, and the clerk could have started it by hand."""
    one, two = file(), file()
    carl = town.actor("carl")
    for filed in (one, two):
        accept(actor=carl, ticket_id=filed.ticket.pk)
        schedule(actor=carl, ticket_id=filed.ticket.pk, date=today() + ONE_DAY)
    clock.shift(5 * ONE_DAY)

    start(actor=carl, ticket_id=one.ticket.pk)
    assert tend()["starts"] == 1

    assert [fresh(filed.ticket).state for filed in (one, two)] == [State.IN_PROGRESS] * 2


def test_question_to_somebody_who_withdrew_runs_out(
    town: Town, clock: time_machine.Traveller
) -> None:
    """Nobody is left who could answer; the wait still ends by itself and never closes the ticket."""
    rita = file(email="rita@people.example")
    accept(actor=town.actor("carl"), ticket_id=rita.ticket.pk)
    ask(actor=town.actor("carl"), ticket_id=rita.ticket.pk, text="Which side?")
    withdraw(concern_id=rita.concern.pk)

    clock.shift(15 * ONE_DAY)
    tend()
    clock.shift(8 * ONE_DAY)
    tend()

    assert fresh(rita.ticket).state == State.IN_PROGRESS
    assert Verb.CLOSE_WITHDRAWN in may(town, "carl", rita.ticket)
