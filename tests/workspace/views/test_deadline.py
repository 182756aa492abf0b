"""Why a ticket is due when it is, in sentences for who works on it."""

import datetime as dt

import pytest
import time_machine
from django.utils import translation

from concerns.actions.correcting import categorise
from concerns.actions.ending import reopen
from concerns.actions.filing import Filed
from concerns.actions.joining import join
from concerns.actions.referring import refer, report_back
from concerns.actions.responsibility import transfer
from concerns.actions.working import accept
from concerns.models import Category, Ticket
from concerns.queries.clock import explanation
from tests.factories.organisation import CalendarFactory
from tests.support.calendars import owed
from tests.support.sql import budget
from tests.support.stages import resolved, waiting_reporter
from tests.support.town import Town, file, fresh
from tests.workspace.conftest import Desk
from workspace.presenting.explanation import length, sentences

MONDAY = dt.datetime(2027, 3, 22, 9, 0, tzinfo=dt.UTC)
WAITED = (
    "From Tue 23 March, 09:00 to Wed 24 March, 12:00 we waited for a partner; the working hours in it (11:00 "
    "hours) are given back: Fri 9 April, 11:00."
)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def address(filed: Filed) -> str:
    return f"/workspace/deadline/{filed.ticket.pk}/"


def told(town: Town, filed: Filed) -> list[str]:
    """The sentences of the result, in English, as somebody reads them the year after."""
    explained = explanation(town.actor("dora"), filed.ticket.pk)
    with translation.override("en"):
        return sentences(explained.resolution, explained)


@pytest.fixture
def easter(town: Town) -> Filed:
    parks = town.office("parks")
    hours = {str(day): [["07:00", "12:00"]] for day in range(5)}
    parks.calendar = CalendarFactory(key="depot", weekly_hours=hours, closed_days=["2027-03-30"])
    parks.save()
    on = {"actor": town.actor("carl")}
    with time_machine.travel(MONDAY, tick=False) as clock:
        filed = file()
        on["ticket_id"] = filed.ticket.pk
        accept(**on)
        clock.shift(DAY)
        refer(**on, partner="Water works", text="Their pipe.")
        clock.shift(DAY + 3 * HOUR)
        report_back(**on, text="Mended.")
        clock.shift(DAY - 2 * HOUR)
        transfer(**on, department_id=parks.pk, reason="A tree.")
    return filed


def test_the_ticket_leads_to_its_calculation(town: Town, desk: Desk, easter: Filed) -> None:
    dora = desk("dora")
    page = dora.open(f"/workspace/tickets/{easter.ticket.pk}/")
    assert page.links["How it was calculated"] == address(easter)

    with budget(12):
        shown = dora.open(address(easter))

    assert "First response" in shown.words
    assert shown.links[f"Ticket {easter.ticket.pk}"] == f"/workspace/tickets/{easter.ticket.pk}/"


def test_a_deadline_across_easter_with_a_wait_and_a_transfer(town: Town, easter: Filed) -> None:
    with time_machine.travel(MONDAY + 4 * DAY):
        assert told(town, easter) == [
            "Filed on Mon 22 March, 09:00; the time counts from then on.",
            "Time owed: 10 working days (Pothole).",
            "Working hours and holidays are those of the calendar office.",
            "That leads to Wed 7 April, 16:00.",
            "Not counted: 4 days without working hours; Good Friday (26 March); Easter Monday (29 March).",
            WAITED,
            "Thu 25 March, 10:00: transferred from Streets to Parks.",
            "What was left is counted on in the calendar depot: Mon 12 April, 10:00.",
            "Due: Mon 12 April, 10:00.",
        ]


def test_a_german_reads_german(town: Town, easter: Filed) -> None:
    explained = explanation(town.actor("dora"), easter.ticket.pk)
    with translation.override("de"), time_machine.travel(MONDAY + 4 * DAY):
        found = sentences(explained.resolution, explained)

    assert found[0] == "Eingegangen am Mo 22. März, 09:00; ab dann zählt die Zeit."
    assert found[1] == "Ziel: innerhalb von 10 Arbeitstagen (Pothole)."
    assert found[-1] == "Fällig: Mo 12. April, 10:00."


def test_calendar_days_that_roll_and_wait(town: Town) -> None:
    rolled = {"amount": 4, "unit": "calendar_days", "roll_forward": True}
    urgent = {2: {"resolution": rolled}}
    targets = owed("1 working day", "2 months", urgent)
    Category.objects.filter(slug="pothole").update(targets=targets)
    with time_machine.travel(MONDAY, tick=False) as clock:
        filed = waiting_reporter(town)
        Ticket.objects.filter(pk=filed.ticket.pk).update(priority=2)
        categorise(actor=town.actor("carl"), ticket_id=filed.ticket.pk, category="pothole")
        clock.shift(DAY + 90 * dt.timedelta(minutes=1))
        assert told(town, filed)[1:] == [
            "Time owed: 4 calendar days, never ending on a Saturday, Sunday or public holiday (Pothole, priority 2).",
            "Working hours and holidays are those of the calendar office.",
            "That leads to Fri 26 March, 23:59.",
            "That is a Saturday, Sunday or public holiday: Tue 30 March, 23:59.",
            "Mon 22 March, 09:00: category corrected; its target holds from the beginning.",
            "Since Mon 22 March, 09:00 we wait for the person; when that ends, the time is given back.",
            "Due: Tue 30 March, 23:59.",
        ]


def test_a_wait_outside_working_hours_gives_nothing_back(town: Town) -> None:
    with time_machine.travel(MONDAY + 9 * HOUR, tick=False) as clock:
        filed = file()
        on = {"actor": town.actor("carl"), "ticket_id": filed.ticket.pk}
        accept(**on)
        refer(**on, partner="Water works", text="Their pipe.")
        clock.shift(2 * HOUR)
        report_back(**on, text="Mended.")

        assert told(town, filed)[5] == (
            "From Mon 22 March, 18:00 to Mon 22 March, 20:00 we waited for a partner, outside working hours: "
            "still Wed 7 April, 16:00."
        )


def test_what_was_reopened_joined_or_corrected_says_so(town: Town) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        filed, other = resolved(town), file(category="tree")
        clock.shift(7 * DAY)
        on = {"actor": town.actor("dora"), "ticket_id": filed.ticket.pk}
        reopen(**on, reason="Once more.")
        join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=filed.ticket.pk)
        lines = told(town, filed)
        lead = fresh(filed.ticket)
        Ticket.objects.filter(pk=lead.pk).update(resolution_due=lead.resolution_due - HOUR)

        assert lines[0] == (
            "Taken up again on Mon 29 March, 10:00; all the time counts anew. Due before: Wed 7 April, 16:00."
        )
        number = other.ticket.pk
        assert lines[-2:] == [
            f"Mon 29 March, 10:00: ticket {number} belongs to it; the earlier date holds: Wed 7 April, 16:00.",
            "Due: Wed 7 April, 16:00.",
        ]
        assert told(town, filed)[-2:] == [
            "Hours or holidays were corrected since; the date stays: Wed 7 April, 15:00.",
            "Due: Wed 7 April, 15:00.",
        ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5400, "1:30 hours"), (86_400, "1 day 0:00 hours"), (3 * 86_400 + 60, "3 days 0:01 hours")],
)
def test_how_long_a_wait_was(seconds: int, words: str) -> None:
    with translation.override("en"):
        assert length(seconds) == words


def test_who_does_not_see_the_ticket_learns_nothing(town: Town, desk: Desk, easter: Filed) -> None:
    assert desk("norman").open(address(easter)).status == 404
