"""Absences are announced by whom they concern, with a deputy who is there in the end; and queues change hands."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from common.actor import Actor
from common.clock import today
from concerns.actions.absences import (
    announce_absence,
    end_absence,
    forget_absences,
    take_over,
)
from concerns.actions.safeguarding import encircle
from concerns.enums import Verb
from concerns.errors import DomainError, Invalid, NotAllowed, NotFound
from concerns.models import Event
from concerns.queries.tickets import queue, queue_counts
from concerns.queries.visible import sees
from departments.enums import Capability
from departments.models import Absence
from tests.factories.organisation import AbsenceFactory, MembershipFactory
from tests.support.stages import in_progress
from tests.support.town import Town, fresh

ONE_DAY = dt.timedelta(days=1)


def announce(
    town: Town, name: str, deputy: str, by: str = "", first: int = 0, last: int = 3
) -> Absence:
    return announce_absence(
        actor=town.actor(by or name),
        user_id=town.people[name].pk,
        deputy_id=town.people[deputy].pk,
        starts=today() + first * ONE_DAY,
        ends=today() + last * ONE_DAY,
    )


@pytest.mark.parametrize("by", ["carl", "tess", "alma"])
def test_by_themself_their_lead_or_an_administrator(town: Town, by: str) -> None:
    away = announce(town, "carl", "clara", by)

    assert (away.user, away.deputy) == (town.people["carl"], town.people["clara"])
    end_absence(actor=town.actor(by), absence_id=away.pk)
    assert Absence.objects.count() == 0


@pytest.mark.parametrize("by", ["clara", "paul", "dora", "max", "norman"])
def test_by_nobody_else(town: Town, by: str) -> None:
    with pytest.raises(NotAllowed):
        announce(town, "carl", "clara", by)
    away = announce(town, "carl", "clara")
    with pytest.raises(NotAllowed):
        end_absence(actor=town.actor(by), absence_id=away.pk)
    with pytest.raises(NotAllowed):
        end_absence(actor=Actor.anonymous(), absence_id=away.pk)


def test_a_lead_does_not_lend_what_a_member_may_do_elsewhere(town: Town) -> None:
    """Carl dispatches for the whole town as well: his lead would else take that by standing in for him."""
    MembershipFactory(
        user=town.people["carl"],
        department=town.office("town"),
        capability=Capability.DISPATCHER,
    )

    with pytest.raises(NotAllowed):
        announce(town, "carl", "tess", by="tess")
    assert not town.actor("tess").has(Capability.DISPATCHER)
    assert announce(town, "carl", "tess", by="alma").deputy == town.people["tess"]


def test_who_stands_in_for_a_lead_does_not_send_people_away(town: Town) -> None:
    announce(town, "tess", "paul")

    with pytest.raises(NotAllowed):
        announce(town, "carl", "clara", by="paul")


@pytest.mark.parametrize(
    ("days", "field", "says"),
    [
        ((3, 2), "ends", "The last day is before the first."),
        ((-3, -1), "ends", "This day has passed. Please choose a later one."),
        ((0, 400), "ends", "Please choose a day within a year of the first."),
        ((9, 12), "starts", "Please end it first."),
    ],
)
def test_days_that_do_not_fit_are_named(
    town: Town, days: tuple[int, int], field: str, says: str
) -> None:
    announce(town, "carl", "clara", first=10, last=20)

    with pytest.raises(Invalid) as refusal:
        announce(town, "carl", "tess", first=days[0], last=days[1])

    assert refusal.value.field == field
    assert str(refusal.value.message).endswith(says)


@pytest.mark.parametrize("deputy", ["carl", "norman"])
def test_the_deputy_is_a_colleague(town: Town, deputy: str) -> None:
    with pytest.raises(Invalid) as refusal:
        announce(town, "carl", deputy)

    assert refusal.value.field == "deputy_id"


def test_a_closed_account_is_nobody_to_be_away_or_stand_in(town: Town) -> None:
    clara = town.people["clara"]
    clara.is_active = False
    clara.save()

    with pytest.raises(Invalid):
        announce(town, "carl", "clara")
    with pytest.raises(NotFound):
        announce_absence(
            actor=Actor.system(),
            user_id=clara.pk,
            deputy_id=town.people["carl"].pk,
            starts=today(),
            ends=today(),
        )


def test_deputies_in_a_circle_are_refused_with_the_way_out(town: Town) -> None:
    announce(town, "clara", "paul", last=5)
    announce(town, "paul", "carl", first=4, last=9)

    announce(town, "carl", "clara", last=3)
    with pytest.raises(Invalid) as refusal:
        announce(town, "carl", "clara", first=4, last=6)

    assert refusal.value.field == "deputy_id"
    assert str(refusal.value.message).startswith("Paul is away from ")
    assert str(refusal.value.message).endswith(
        ", and in the end nobody would be there. Please choose another colleague or other days."
    )


def test_who_is_back_early_hears_again_from_today(town: Town) -> None:
    away = AbsenceFactory(
        user=town.people["carl"],
        deputy=town.people["clara"],
        starts=today() - 3 * ONE_DAY,
        ends=today() + ONE_DAY,
    )

    end_absence(actor=town.actor("carl"), absence_id=away.pk)

    assert Absence.objects.get().ends == today() - ONE_DAY
    with pytest.raises(NotFound):
        end_absence(actor=town.actor("carl"), absence_id=10**9)


def test_what_is_over_is_forgotten(town: Town) -> None:
    for days in (29, 30, 31):
        last = today() - days * ONE_DAY
        AbsenceFactory(starts=last, ends=last)

    assert (forget_absences(), Absence.objects.count()) == (1, 2)


# What moves, and what stays


def test_the_deputy_sees_the_ticket_and_it_stays_with_its_clerk(town: Town) -> None:
    ticket = in_progress(town).ticket
    assert not sees(town.actor("paul"), ticket.pk)
    assert queue_counts(town.actor("paul"))["standing_in"] == 0

    announce(town, "carl", "paul")

    paul = town.actor("paul")
    assert sees(paul, ticket.pk)
    assert list(queue(paul, "standing_in")) == [ticket]
    assert queue_counts(paul)["standing_in"] == 1
    assert fresh(ticket).assignee == town.people["carl"]


def test_a_circle_is_not_lent(town: Town) -> None:
    """Max belongs to the circle as manager of the town; who stands in for him does not."""
    ticket = in_progress(town).ticket
    encircle(actor=town.actor("dora"), ticket_id=ticket.pk, circle_key="personnel")
    announce(town, "max", "carl")

    assert sees(town.actor("max"), ticket.pk)
    assert not sees(town.actor("carl"), ticket.pk)


# Taking over


def test_a_queue_is_taken_over_ticket_by_ticket(town: Town) -> None:
    first, second = in_progress(town).ticket, in_progress(town).ticket
    clara, carl = town.people["clara"], town.people["carl"]

    done = take_over(actor=town.actor("clara"), user_id=carl.pk, new_id=clara.pk)

    assert (done.taken, done.left) == (2, [])
    assert [fresh(one).assignee for one in (first, second)] == [clara, clara]
    event = Event.objects.filter(ticket=first).last()
    assert (event.verb, event.data) == (Verb.ASSIGN, {"assignee": str(clara.ref_id)})


def test_what_the_new_person_may_not_have_stays_and_is_named(town: Town) -> None:
    ticket = in_progress(town).ticket
    carl, paul = town.people["carl"].pk, town.people["paul"].pk

    done = take_over(actor=town.actor("dora"), user_id=carl, new_id=paul)

    assert (done.taken, done.left) == (0, [ticket.pk])
    assert fresh(ticket).assignee_id == carl


def test_nobody_takes_what_they_do_not_see(town: Town) -> None:
    ticket = in_progress(town).ticket
    carl, paul = town.people["carl"].pk, town.people["paul"].pk

    done = take_over(actor=town.actor("paul"), user_id=carl, new_id=paul)

    assert (done.taken, done.left) == (0, [])
    assert fresh(ticket).assignee_id == carl
    with pytest.raises(Invalid):
        take_over(actor=town.actor("dora"), user_id=carl, new_id=carl)


# Two at once


@pytest.mark.django_db(transaction=True)
def test_of_two_absences_at_once_that_make_a_circle_one_is_refused(town: Town) -> None:
    def one(names: tuple[str, str]) -> str:
        try:
            announce(town, *names)
        except DomainError:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(one, [("carl", "clara"), ("clara", "carl")]))

    assert sorted(said) == ["done", "refused"]
