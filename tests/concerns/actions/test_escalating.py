"""Alarms about dates: each stage once, for as long as it is so, to whom it concerns."""

import datetime as dt

import pytest
import time_machine
from django.db.models import F

from common.clock import now
from concerns.actions.deciding import resolve
from concerns.actions.ending import reopen
from concerns.actions.escalating import MOST_AT_ONCE, escalate, sound_deadline, sound_unaccepted
from concerns.actions.referring import refer, report_back
from concerns.actions.responsibility import transfer
from concerns.actions.safeguarding import restrict
from concerns.actions.words import send_message
from concerns.actions.working import accept
from concerns.deadlines import Stages
from concerns.enums import Verb
from concerns.errors import Refused
from concerns.models import Event, Ticket
from concerns.queries.audit import broken_chains
from departments.calendars import working_days_after
from tests.factories.organisation import CalendarFactory
from tests.support.sql import budget
from tests.support.stages import FIXED, in_progress, in_triage, resolved, waiting_reporter
from tests.support.town import Town, file, fresh

# 2 March 2026. A pothole is answered within 3 working days and mended within 10, by 16 March.
MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
ONE_DAY = dt.timedelta(days=1)
ALARMS = (Verb.DUE_SOON, Verb.OVERDUE, Verb.FAR_OVERDUE, Verb.UNACCEPTED)
NOTHING = {"deadlines": 0, "unaccepted": 0}


@pytest.fixture(autouse=True)
def clock() -> time_machine.Traveller:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def alarms(ticket: Ticket) -> list[str]:
    found = Event.objects.filter(ticket=ticket, verb__in=ALARMS).order_by("sequence")
    return list(found.values_list("verb", flat=True))


def day_by_day(clock: time_machine.Traveller, ticket: Ticket, days: int) -> dict[int, str]:
    """The alarms of a ticket by the day of the month on which the clock brought them."""
    found: dict[int, str] = {}
    for _day in range(days):
        clock.shift(ONE_DAY)
        before = len(alarms(ticket))
        escalate()
        for verb in alarms(ticket)[before:]:
            found[now().day] = verb
    return found


def answered(town: Town) -> Ticket:
    """In progress, and people have heard from us."""
    filed = in_progress(town)
    send_message(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text="We come on Friday.")
    return filed.ticket


def test_each_stage_of_a_result_is_told_once(town: Town, clock: time_machine.Traveller) -> None:
    ticket = answered(town)
    assert fresh(ticket).resolution_due.date() == dt.date(2026, 3, 16)

    found = day_by_day(clock, ticket, 29)

    # Friday the 13th is the working day before; five working days after the 16th are over on the 23rd.
    assert found == {13: Verb.DUE_SOON, 17: Verb.OVERDUE, 24: Verb.FAR_OVERDUE}
    assert list(broken_chains()) == []


def test_the_first_response_presses_until_there_was_one(
    town: Town, clock: time_machine.Traveller
) -> None:
    ticket = in_progress(town).ticket

    assert day_by_day(clock, ticket, 4) == {4: Verb.DUE_SOON, 6: Verb.OVERDUE}
    event = Event.objects.get(ticket=ticket, verb=Verb.OVERDUE)
    due = fresh(ticket).first_response_due
    assert event.data == {"due": due.isoformat(), "of": "first_response"}

    send_message(actor=town.actor("carl"), ticket_id=ticket.pk, text="We come on Friday.")
    assert escalate() == NOTHING
    assert day_by_day(clock, ticket, 11)[13] == Verb.DUE_SOON
    assert Event.objects.filter(ticket=ticket, verb=Verb.DUE_SOON).last().data["of"] == "result"


def test_a_clock_that_stood_still_tells_the_last_stage_alone(
    town: Town, clock: time_machine.Traveller
) -> None:
    ticket = answered(town)
    clock.shift(60 * ONE_DAY)

    assert escalate()["deadlines"] == 1
    assert escalate()["deadlines"] == 0

    assert alarms(ticket) == [Verb.FAR_OVERDUE]


def test_who_waits_for_others_is_not_alarmed_nor_at_once_after(
    town: Town, clock: time_machine.Traveller
) -> None:
    ticket, carl = answered(town), town.actor("carl")
    refer(actor=carl, ticket_id=ticket.pk, partner="Moor Water", text="Their pipe.")
    clock.shift(21 * ONE_DAY)
    assert escalate() == NOTHING

    report_back(actor=carl, ticket_id=ticket.pk, text="Mended.")

    assert escalate() == NOTHING
    assert fresh(ticket).resolution_due > now() + 9 * ONE_DAY


def test_another_date_is_told_anew(town: Town, clock: time_machine.Traveller) -> None:
    ticket = resolved(town).ticket
    reopen(actor=town.actor("dora"), ticket_id=ticket.pk, reason="It is there again.")
    accept_again(town, ticket)
    clock.shift(15 * ONE_DAY)
    escalate()
    resolve(actor=town.actor("carl"), ticket_id=ticket.pk, answer=FIXED)
    reopen(actor=town.actor("dora"), ticket_id=ticket.pk, reason="It is there again.")

    assert escalate() == NOTHING
    clock.shift(15 * ONE_DAY)
    escalate()

    told = [one for one in alarms(ticket) if one != Verb.UNACCEPTED]
    assert told == [Verb.OVERDUE, Verb.OVERDUE]


def accept_again(town: Town, ticket: Ticket) -> None:
    if fresh(ticket).state == "assigned":
        accept(actor=town.actor("carl"), ticket_id=ticket.pk)


def test_nobody_is_told_on_the_day_of_the_filing_that_it_is_near(
    town: Town, clock: time_machine.Traveller
) -> None:
    ticket = in_progress(town).ticket
    soon = now() + dt.timedelta(hours=20)
    Ticket.objects.filter(pk=ticket.pk).update(first_response_due=soon)

    assert escalate() == NOTHING
    clock.shift(dt.timedelta(hours=17))
    assert escalate()["deadlines"] == 1
    assert alarms(ticket) == [Verb.DUE_SOON]


def test_what_nobody_accepts_is_told_once_for_each_department(
    town: Town, clock: time_machine.Traveller
) -> None:
    ticket = file().ticket
    assert day_by_day(clock, ticket, 3)[5] == Verb.UNACCEPTED
    assert escalate()["unaccepted"] == 0

    transfer(
        actor=town.actor("carl"),
        ticket_id=ticket.pk,
        department_id=town.office("parks").pk,
        reason="Roots lift the stones.",
    )
    assert escalate()["unaccepted"] == 0
    clock.shift(5 * ONE_DAY)
    assert escalate()["unaccepted"] == 1

    assert alarms(ticket).count(Verb.UNACCEPTED) == 2


def test_what_was_accepted_or_waits_in_triage_is_not_unaccepted(
    town: Town, clock: time_machine.Traveller
) -> None:
    in_progress(town), in_triage(town), waiting_reporter(town)
    clock.shift(5 * ONE_DAY)

    assert escalate()["unaccepted"] == 0


@pytest.mark.parametrize("stage", [resolved, waiting_reporter])
def test_what_is_done_or_waits_is_left_alone(
    town: Town, clock: time_machine.Traveller, stage
) -> None:
    ticket = stage(town).ticket
    clock.shift(60 * ONE_DAY)

    assert escalate() == NOTHING
    with pytest.raises(Refused):
        sound_deadline(ticket_id=ticket.pk)
    with pytest.raises(Refused):
        sound_unaccepted(ticket_id=ticket.pk)


def test_restricted_tickets_are_left_alone(town: Town, clock: time_machine.Traveller) -> None:
    ticket = answered(town)
    restrict(actor=town.actor("alma"), ticket_id=ticket.pk, reason="art18")
    clock.shift(60 * ONE_DAY)

    assert escalate() == NOTHING


def test_a_round_has_an_end_and_the_next_goes_on(
    town: Town, clock: time_machine.Traveller, monkeypatch
) -> None:
    monkeypatch.setattr("concerns.actions.escalating.MOST_AT_ONCE", 2)
    for _each in range(3):
        answered(town)
    clock.shift(60 * ONE_DAY)

    rounds = [escalate()["deadlines"] for _round in range(3)]

    assert (MOST_AT_ONCE, rounds) == (500, [2, 1, 0])


def test_each_calendar_has_days_of_its_own(town: Town, clock: time_machine.Traveller) -> None:
    on_mondays, on_weekdays = answered(town), answered(town)
    Ticket.objects.filter(pk=on_mondays.pk).update(
        calendar=CalendarFactory(key="mondays", weekly_hours={"0": [["08:00", "18:00"]]})
    )
    thursday = MONDAY + 10 * ONE_DAY
    clock.move_to(thursday)

    assert escalate()["deadlines"] == 1
    assert (alarms(on_mondays), alarms(on_weekdays)) == ([Verb.DUE_SOON], [])


def test_looking_costs_the_same_however_many_there_are(town: Town) -> None:
    for _each in range(3):
        in_progress(town)

    with budget(3):
        assert escalate() == NOTHING


@pytest.mark.parametrize("day", range(1, 29))
def test_the_stages_are_those_of_working_days(town: Town, day: int) -> None:
    """By the slow way: whatever was due on a day is long over when five working days after it are."""
    calendar = CalendarFactory(closed_days=["2026-02-10", "2026-02-11"])
    moment = dt.datetime(2026, 2, day, 13, 0, tzinfo=dt.UTC)
    stages = Stages.at(calendar, moment)

    for hours in range(24 * 20):
        due = moment - dt.timedelta(hours=hours)
        assert (due <= stages.far) == (working_days_after(calendar, due, 5) <= moment)
        assert (due <= stages.idle) == (working_days_after(calendar, due, 2) <= moment)


def test_nothing_is_told_of_a_ticket_that_changed_meanwhile(
    town: Town, clock: time_machine.Traveller
) -> None:
    ticket = answered(town)
    clock.shift(20 * ONE_DAY)
    Ticket.objects.filter(pk=ticket.pk).update(
        resolution_due=F("resolution_due") + dt.timedelta(days=90)
    )

    with pytest.raises(Refused):
        sound_deadline(ticket_id=ticket.pk)
