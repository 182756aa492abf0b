"""Input that makes a page fall over instead of answering."""

import datetime as dt

import pytest
from django.test import Client

from common.actor import Actor
from concerns.actions.correcting import relocate
from concerns.actions.filing import Place
from concerns.actions.safeguarding import hold
from concerns.actions.tending import tend
from concerns.actions.voicing import rate
from concerns.actions.working import schedule
from concerns.errors import Invalid
from concerns.queries.own import standing
from concerns.queries.tickets import queue, queue_counts
from portal.sentences import state_of
from tests.support.stages import in_progress, resolved
from tests.support.town import Town, file, fresh

HUGE = "9" * 30
ENDLESS = "9" * 5000


@pytest.fixture
def browser(town: Town, client: Client) -> Client:
    client.force_login(town.people["dora"])
    return client


@pytest.mark.parametrize(
    "address",
    [
        "/workspace/?search=%00",
        "/workspace/?search=" + "a" * 3000,
        f"/workspace/queues/all/?from={HUGE}",
        f"/workspace/queues/all/?from={ENDLESS}",
        "/workspace/queues/all/?search=%ED%A0%80",
    ],
)
def test_a_queue_answers_whatever_is_asked(browser: Client, address: str) -> None:
    assert browser.get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        f"/workspace/tickets/{HUGE}/",
        f"/workspace/tickets/{ENDLESS}/",
        f"/workspace/tickets/{HUGE}/accept/",
        f"/workspace/concerns/{HUGE}/split/",
        f"/workspace/objections/{HUGE}/",
        f"/api/v1/tickets/{HUGE}/",
        "/concerns/%00/t/x/",
        "/concerns/K7M-4QX-9R1/confirm/%00/",
    ],
)
def test_an_address_of_nothing_is_not_found(browser: Client, address: str) -> None:
    assert browser.get(address).status_code == 404


def test_a_form_with_impossible_numbers_is_answered(town: Town, browser: Client) -> None:
    filed = file()
    for lead in (HUGE, ENDLESS):
        answered = browser.post(
            f"/workspace/tickets/{filed.ticket.pk}/join/", {"lead": lead, "version": ENDLESS}
        )
        assert answered.status_code in (404, 409, 422)


@pytest.mark.parametrize("place", [Place(lat=54.05), Place(lon=-0.95), Place(address="x", lat=1.0)])
def test_relocate_refuses_half_a_point(town: Town, place: Place) -> None:
    filed = file()

    with pytest.raises(Invalid) as refusal:
        relocate(actor=town.actor("carl"), ticket_id=filed.ticket.pk, place=place)

    assert refusal.value.field == "place"


def test_the_last_day_of_all_days_is_a_day_like_others(town: Town) -> None:
    filed = in_progress(town)
    schedule(actor=town.actor("carl"), ticket_id=filed.ticket.pk, date=dt.date.max)
    hold(actor=town.actor("alma"), ticket_id=filed.ticket.pk, reason="lawsuit", until=dt.date.max)

    tend()

    assert fresh(filed.ticket).scheduled_for == dt.date.max
    assert "9999" in state_of(standing(Actor.citizen(filed.concern.pk)))
    assert list(queue(town.actor("carl"), "waiting")) == [filed.ticket]
    assert queue_counts(town.actor("carl"))["waiting"] == 1


@pytest.mark.parametrize("rating", [0, 6, -1, 2**63, 10**30])
def test_rate_refuses_what_is_no_grade(town: Town, rating: int) -> None:
    filed = resolved(town)

    with pytest.raises(Invalid):
        rate(concern_id=filed.concern.pk, rating=rating)


def test_guesses_look_at_no_more_than_a_report_may_hold(town: Town, client: Client) -> None:
    words = "x" * 10_001 + " pothole"

    answered = client.post("/report/", {"step": "what", "words": words})

    assert answered.status_code == 422
    assert answered.context["suggestion"] is None
