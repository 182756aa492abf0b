"""Why a ticket is due when it is, at the REST door: a deadline across Easter, with a wait and a transfer."""

import datetime as dt
from typing import Any

import pytest
import time_machine

from concerns.actions.filing import Filed
from concerns.actions.referring import refer, report_back
from concerns.actions.responsibility import transfer
from concerns.actions.working import accept
from tests.factories.organisation import CalendarFactory
from tests.support.rest import Rest, program_of
from tests.support.sql import budget
from tests.support.town import Town, file, fresh

MONDAY = dt.datetime(2027, 3, 22, 9, 0, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def easter(town: Town) -> Filed:
    """Filed on Monday, with the water works from Tuesday to Wednesday noon, with Parks from Thursday on."""
    parks = town.office("parks")
    parks.calendar = CalendarFactory(
        key="depot", weekly_hours={str(day): [["07:00", "12:00"]] for day in range(5)}
    )
    parks.save()
    carl = town.actor("carl")
    with time_machine.travel(MONDAY, tick=False) as clock:
        filed = file()
        on = {"actor": carl, "ticket_id": filed.ticket.pk}
        accept(**on)
        clock.shift(DAY)
        refer(**on, partner="Water works", text="Their pipe.")
        clock.shift(DAY + 3 * HOUR)
        report_back(**on, text="Mended.")
        clock.shift(DAY - 2 * HOUR)
        transfer(**on, department_id=parks.pk, reason="A tree.")
    return filed


def moved(lines: list[dict[str, Any]]) -> dt.datetime:
    """Where one arrives who begins at the first date and adds what each line moved it by."""
    first = next(line for line in lines if line["due"])
    seconds = sum(line["moved_seconds"] for line in lines)
    return dt.datetime.fromisoformat(first["due"]) + dt.timedelta(seconds=seconds)


def test_a_deadline_across_easter_is_explained_line_by_line(town: Town, easter: Filed) -> None:
    carl = program_of(town.people["carl"])

    with budget(6):
        answer = carl.get(f"tickets/{easter.ticket.pk}/deadline/")

    resolution = answer.json()["resolution"]
    assert [(line["code"], line["at"], line["due"]) for line in resolution["lines"]] == [
        ("started", "2027-03-22T09:00:00Z", None),
        ("target", None, None),
        ("calendar", None, None),
        # Ten working days; Good Friday and Easter Monday are none.
        ("counted", None, "2027-04-07T16:00:00+01:00"),
        # Seven hours of Tuesday and four of Wednesday: all Thursday after Easter week, and Friday until eleven.
        ("paused", "2027-03-24T12:00:00Z", "2027-04-09T11:00:00+01:00"),
        ("transfer", "2027-03-25T10:00:00Z", "2027-04-09T11:00:00+01:00"),
        # Nine days and three hours were left; Parks begin at seven.
        ("handed_over", "2027-03-25T10:00:00Z", "2027-04-09T10:00:00+01:00"),
        ("due", None, "2027-04-09T10:00:00+01:00"),
    ]
    stored = fresh(easter.ticket).resolution_due
    assert dt.datetime.fromisoformat(resolution["due"]) == stored
    by_code = {line["code"]: line for line in resolution["lines"]}
    assert by_code["counted"]["values"] == {
        "unstaffed": 4,
        "holidays": ["2027-03-26", "2027-03-29"],
        "closed": [],
    }
    assert by_code["paused"]["values"] == {
        "reason": "waiting_external",
        "since": "2027-03-23T09:00:00Z",
        "given_back": 11 * 3600,
        "working_time": True,
        "unstaffed": 0,
        "holidays": [],
        "closed": [],
    }
    assert by_code["transfer"]["values"] == {"from_department": "Streets", "department": "Parks"}
    assert by_code["handed_over"]["values"] == {"left": "office", "taken": "depot"}
    assert by_code["handed_over"]["moved_seconds"] == -3600
    assert moved(resolution["lines"]) == stored


def test_the_first_response_stays_as_it_was_told(town: Town, easter: Filed) -> None:
    answer = program_of(town.people["carl"]).get(f"tickets/{easter.ticket.pk}/deadline/")

    first = answer.json()["first_response"]
    assert first["due"] == "2027-03-25T16:00:00Z"
    assert [line["code"] for line in first["lines"]] == [
        *("started", "target", "calendar", "counted", "due")
    ]


def test_who_does_not_see_the_ticket_learns_nothing(town: Town, easter: Filed) -> None:
    path = f"tickets/{easter.ticket.pk}/deadline/"

    assert program_of(town.people["norman"]).get(path).status_code == 404
    assert Rest().get(path).status_code == 401
