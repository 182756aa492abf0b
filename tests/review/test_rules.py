"""Rules of the lifecycle and of the organisation that could be got round or left half done."""

import datetime as dt

import pytest
from django.conf import settings

from common.actor import Actor
from common.clock import now
from concerns.actions import tending
from concerns.actions.deciding import Answer
from concerns.actions.ending import decide_objection
from concerns.actions.filing import Filing
from concerns.actions.joining import join
from concerns.actions.safeguarding import restrict, unrestrict
from concerns.actions.voicing import object_to_result, withdraw
from concerns.actions.waiting import ask
from concerns.actions.working import accept
from concerns.enums import Channel, State, Verdict
from concerns.errors import Refused
from concerns.models import Objection
from concerns.queries.health import findings
from concerns.queries.visible import visible
from departments.models import Department
from tests.support.stories import at, resolved
from tests.support.town import Town, file, fresh


def test_detaching_the_only_objection_leaves_no_review_without_an_objection(town: Town) -> None:
    mine, other = file(email="a@people.example"), file(email="b@people.example")
    join(actor=town.actor("carl"), ticket_id=mine.ticket.pk, lead_id=other.ticket.pk)
    withdraw(concern_id=other.concern.pk)
    resolved(town, other)
    objection = object_to_result(concern_id=mine.concern.pk, text="Not mine.")
    assert fresh(other.ticket).state == State.REOPEN_REQUESTED

    decide_objection(
        actor=town.actor("dora"),
        objection_id=objection.pk,
        verdict=Verdict.DETACHED,
        text="You are right.",
    )

    assert fresh(mine.ticket).state == State.IN_TRIAGE
    assert fresh(other.ticket).state == State.CLOSED
    assert not Objection.objects.filter(verdict="").exists()


def test_one_ticket_that_cannot_be_tended_keeps_no_other_from_it(caplog) -> None:
    moved = []

    def act(ticket_id: int) -> None:
        if ticket_id == 1:
            raise ValueError("zebrafinch")
        if ticket_id == 2:
            raise Refused
        moved.append(ticket_id)

    assert tending.each([1, 2, 3], act) == 1
    assert moved == [3]
    assert "zebrafinch" not in caplog.text


def test_a_department_without_a_path_grants_nothing_elsewhere(town: Town) -> None:
    Department.objects.filter(key="streets").update(path="")

    assert town.actor("carl").grants == frozenset()


def test_remembered_answers_are_forgotten_by_the_clock() -> None:
    rung = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert {"common.forget_answers", "common.forget_attempts", "notifications.purge"} <= rung


@pytest.mark.parametrize("name", ["anonymous", "citizen", "norman"])
def test_who_works_nowhere_sees_nothing(town: Town, name: str) -> None:
    file()
    actors = {
        "anonymous": Actor.anonymous(),
        "citizen": Actor.citizen(10**9),
        "norman": town.actor("norman"),
    }

    assert not visible(actors[name]).exists()


def test_the_clock_leaves_a_restricted_ticket_alone(town: Town) -> None:
    filed = file(email="a@people.example")
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    ask(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text="Where exactly?")
    restrict(actor=town.actor("alma"), ticket_id=filed.ticket.pk, reason="disputed")

    with at(now() + dt.timedelta(days=60)):
        assert tending.tend()["waits"] == 0
        assert findings() == []
        unrestrict(actor=town.actor("alma"), ticket_id=filed.ticket.pk)
        assert tending.tend()["waits"] == 1


@pytest.mark.parametrize(
    "said", [Filing("zebrafinch", Channel.API, "en"), Answer("fixed", "zebrafinch")]
)
def test_what_people_wrote_stands_in_no_repr(said: object) -> None:
    assert "zebrafinch" not in repr(said)
