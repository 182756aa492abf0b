"""Somebody leaves: what they had goes back to its department, on the record, and nothing comes back to them."""

import pytest

from common.actor import Actor
from concerns.actions.ending import reopen
from concerns.actions.people import deactivate_user
from concerns.actions.safeguarding import encircle, restrict
from concerns.enums import State, Verb
from concerns.errors import NotAllowed, NotFound
from concerns.models import Event, Ticket
from tests.factories.matters import CircleMemberFactory
from tests.support.sql import statements
from tests.support.stages import assigned, in_progress, resolved, scheduled
from tests.support.town import Town, fresh


def test_all_they_had_is_released_ticket_by_ticket(town: Town) -> None:
    filed = [in_progress(town), scheduled(town), resolved(town)]
    others = assigned(town)
    carl = town.people["carl"]

    released = deactivate_user(actor=town.actor("alma"), user_id=carl.pk)

    assert [ticket.pk for ticket in released] == [one.ticket.pk for one in filed]
    assert not Ticket.objects.filter(assignee=carl).exists()
    # Who works on goes on where it stood; only the person changes.
    states = [fresh(one.ticket).state for one in filed]
    assert states == [State.IN_PROGRESS, State.SCHEDULED, State.RESOLVED]
    events = Event.objects.filter(verb=Verb.RELEASE)
    data = {"because": "deactivated", "person": str(carl.ref_id)}
    assert [(one.ticket_id, one.data) for one in events.order_by("pk")] == [
        (one.ticket.pk, data) for one in filed
    ]
    assert not others.ticket.events.filter(verb=Verb.RELEASE).exists()
    carl.refresh_from_db()
    assert carl.is_active is False
    assert town.actor("carl") == Actor.anonymous()


def test_what_they_answered_comes_back_to_the_department(town: Town) -> None:
    filed = resolved(town)
    deactivate_user(actor=town.actor("alma"), user_id=town.people["carl"].pk)

    reopen(actor=town.actor("clara"), ticket_id=filed.ticket.pk, reason="Once more.")

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.assignee) == (State.ASSIGNED, None)


def test_what_the_administrator_cannot_see_is_released_as_well(town: Town) -> None:
    """Confidential and restricted tickets too: they must not stay with somebody who is gone."""
    secret, restricted = in_progress(town), in_progress(town)
    CircleMemberFactory(circle=town.circle, user=town.people["carl"])
    encircle(actor=town.actor("carl"), ticket_id=secret.ticket.pk, circle_key="personnel")
    restrict(actor=town.actor("alma"), ticket_id=restricted.ticket.pk, reason="disputed")

    deactivate_user(actor=Actor.system(), user_id=town.people["carl"].pk)

    assert not Ticket.objects.filter(assignee__isnull=False).exists()


@pytest.mark.parametrize("name", ["dora", "carl", "tess", "max", "norman"])
def test_only_administrators_close_an_account(town: Town, name: str) -> None:
    filed = in_progress(town)

    with pytest.raises(NotAllowed):
        deactivate_user(actor=town.actor(name), user_id=town.people["carl"].pk)

    assert fresh(filed.ticket).assignee == town.people["carl"]
    town.people["carl"].refresh_from_db()
    assert town.people["carl"].is_active is True


def test_citizens_close_no_account(town: Town) -> None:
    with pytest.raises(NotAllowed):
        deactivate_user(actor=Actor.anonymous(), user_id=town.people["carl"].pk)


def test_an_unknown_person_is_not_found(town: Town) -> None:
    with pytest.raises(NotFound):
        deactivate_user(actor=town.actor("alma"), user_id=10**9)


def test_who_had_nothing_leaves_no_trace_in_tickets(town: Town) -> None:
    in_progress(town)
    before = Event.objects.count()

    assert deactivate_user(actor=town.actor("alma"), user_id=town.people["norman"].pk) == []

    assert Event.objects.count() == before


def test_it_costs_a_constant_number_of_statements_a_ticket(town: Town) -> None:
    """One action over many tickets: they are locked at once, then each is recorded (event and head)."""
    for _ in range(3):
        in_progress(town)
    with statements() as said:
        deactivate_user(actor=Actor.system(), user_id=town.people["carl"].pk)

    assert len(said) <= 5 + 3 * 2, "\n".join(said)
