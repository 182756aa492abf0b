"""The page of absences: announcing, being back, taking over; what is wrong is said at its field."""

import datetime as dt

import pytest

from common.clock import today
from departments.models import Absence
from tests.factories.organisation import AbsenceFactory
from tests.support.sql import budget
from tests.support.stages import in_progress
from tests.support.town import Town, fresh
from tests.workspace.conftest import Desk

PAGE = "/workspace/absences/"
ONE_DAY = dt.timedelta(days=1)


def pk(town: Town, name: str) -> str:
    return str(town.people[name].pk)


def test_somebody_says_they_are_away_and_is_back(town: Town, desk: Desk) -> None:
    carl = desk("carl")
    page = carl.open(PAGE)
    last = today() + 5 * ONE_DAY

    page = carl.press(
        page, page.form("deputy_id"), deputy_id=pk(town, "clara"),
        starts=today().isoformat(), ends=last.isoformat(),
    )  # fmt: skip

    assert "Clara stands in for Carl." in page.words
    assert "Clara stands in" in page.words
    away = Absence.objects.get()
    assert (away.user.name, away.deputy.name, away.ends) == ("Carl", "Clara", last)
    form = next(one for one in page.forms if one.action.endswith(f"/{away.pk}/end/"))
    page = carl.press(page, form)
    assert "The absence has ended." in page.words
    assert Absence.objects.count() == 0


def test_a_lead_speaks_for_the_team_and_others_for_themselves(town: Town, desk: Desk) -> None:
    choices = {
        name: desk(name).open(PAGE).form("deputy_id").options["user_id"]
        for name in ("tess", "carl")
    }

    team = [pk(town, name) for name in ("ada", "carl", "clara", "tess")]
    assert choices == {"tess": team, "carl": [pk(town, "carl")]}


def test_what_is_wrong_is_said_at_its_field_and_the_rest_stays(town: Town, desk: Desk) -> None:
    carl = desk("carl")
    page = carl.open(PAGE)

    page = carl.press(
        page, page.form("deputy_id"), deputy_id=pk(town, "clara"),
        starts=(today() + ONE_DAY).isoformat(), ends=today().isoformat(),
    )  # fmt: skip

    assert page.status == 422
    assert page.error("ends") == "The last day is before the first."
    assert page.form("deputy_id")["deputy_id"] == pk(town, "clara")
    assert Absence.objects.count() == 0


def test_whoever_has_no_duty_reads_and_has_nothing_to_announce(town: Town, desk: Desk) -> None:
    page = desk("norman").open(PAGE)

    assert "Nobody whom you lead or stand in for is away." in page.words
    assert "Announce an absence" not in page.words


def test_the_deputy_has_a_queue_and_the_ticket_says_who_is_away(town: Town, desk: Desk) -> None:
    ticket = in_progress(town).ticket
    paul = desk("paul")
    assert "Standing in" not in paul.open("/workspace/").words
    AbsenceFactory(
        user=town.people["carl"],
        deputy=town.people["paul"],
        starts=dt.date(2026, 1, 5),
        ends=dt.date(2099, 3, 2),
    )

    assert "Standing in" in paul.open("/workspace/").words
    assert ticket.title in paul.open("/workspace/queues/standing_in/").words
    page = paul.open(f"/workspace/tickets/{ticket.pk}/")
    assert "Carl is away until 2 March 2099; Paul stands in." in page.words


def test_a_queue_is_taken_over(town: Town, desk: Desk) -> None:
    ticket = in_progress(town).ticket
    clara = desk("clara")
    page = clara.open(PAGE)
    form = page.form("take-holder_id")
    assert form.options["take-holder_id"] == ["", pk(town, "carl")]
    assert "Carl (1)" in page.words

    page = clara.press(page, form, **{"take-holder_id": pk(town, "carl")})

    assert "1 ticket taken over." in page.words
    assert fresh(ticket).assignee == town.people["clara"]


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("carl", "Please choose two different people."),
        ("alma", "These could not be given to that person, who may not work there: #"),
    ],
)
def test_what_could_not_be_taken_over_is_said(town: Town, desk: Desk, new: str, says: str) -> None:
    in_progress(town)
    clara = desk("clara")
    page = clara.open(PAGE)
    wanted = {"take-holder_id": pk(town, "carl"), "take-new_id": pk(town, new)}

    page = clara.press(page, page.form("take-holder_id"), **wanted)

    assert says in page.words


def test_the_page_costs_the_same_however_many_are_away(town: Town, desk: Desk) -> None:
    for name in ("carl", "clara", "ada"):
        AbsenceFactory(user=town.people[name], deputy=town.people["tess"])
    tess = desk("tess")

    with budget(14):
        tess.open(PAGE)
