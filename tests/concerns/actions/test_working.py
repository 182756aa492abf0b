"""A clerk's plain work: taking a ticket, giving it to a colleague, promising a day, beginning."""

import datetime as dt

import pytest
import time_machine

from common.actor import Actor
from common.clock import city_zone, today
from concerns.actions.people import deactivate_user
from concerns.actions.safeguarding import exclude
from concerns.actions.words import reply
from concerns.actions.working import accept, assign, release, schedule, start
from concerns.enums import State, Verb
from concerns.errors import Invalid, NotAllowed, Refused
from concerns.models import Event, Exclusion
from departments.enums import Capability
from departments.models import Membership
from tests.factories.organisation import MembershipFactory
from tests.support.stages import assigned, closed, in_progress, in_triage, scheduled
from tests.support.town import Town, file, fresh

ONE_DAY = dt.timedelta(days=1)


def last_event() -> Event:
    return Event.objects.latest("pk")


def test_who_accepts_has_it(town: Town) -> None:
    filed = assigned(town)

    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.assignee) == (State.IN_PROGRESS, town.people["carl"])
    assert last_event().data == {"assignee": str(town.people["carl"].ref_id)}
    # Taking it tells the person nothing yet: the first answer is still owed.
    assert ticket.first_responded_at is None


def test_who_has_left_accepts_nothing(town: Town) -> None:
    """Their page was still open."""
    filed = assigned(town)
    carl = town.actor("carl")
    deactivate_user(actor=town.actor("alma"), user_id=town.people["carl"].pk)

    with pytest.raises(NotAllowed):
        accept(actor=carl, ticket_id=filed.ticket.pk)

    assert fresh(filed.ticket).state == State.ASSIGNED


def test_the_second_to_accept_is_too_late(town: Town) -> None:
    filed = in_progress(town)

    with pytest.raises(Refused):
        accept(actor=town.actor("clara"), ticket_id=filed.ticket.pk)

    assert fresh(filed.ticket).assignee == town.people["carl"]


def test_a_colleague_of_the_department_gets_it(town: Town) -> None:
    filed = in_progress(town)

    assign(actor=town.actor("tess"), ticket_id=filed.ticket.pk, user_id=town.people["clara"].pk)

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.assignee) == (State.IN_PROGRESS, town.people["clara"])
    assert last_event().data == {"assignee": str(town.people["clara"].ref_id)}


def test_a_clerk_of_the_department_above_gets_it(town: Town) -> None:
    filed = assigned(town)
    MembershipFactory(
        user=town.people["norman"],
        department=town.office("public-works"),
        capability=Capability.CLERK,
    )

    assign(actor=town.actor("tess"), ticket_id=filed.ticket.pk, user_id=town.people["norman"].pk)

    assert fresh(filed.ticket).assignee == town.people["norman"]


@pytest.mark.parametrize("name", ["paul", "norman", "ada", "dora", "max"])
def test_who_does_not_work_there_does_not_get_it(town: Town, name: str) -> None:
    """Approvers, dispatchers and managers see it, but work it not."""
    filed = assigned(town)

    with pytest.raises(Invalid) as refusal:
        assign(actor=town.actor("tess"), ticket_id=filed.ticket.pk, user_id=town.people[name].pk)

    assert refusal.value.field == "assignee"
    assert fresh(filed.ticket).assignee is None


@pytest.mark.parametrize("why", ["left", "inactive", "excluded", "unknown"])
def test_who_is_not_there_does_not_get_it(town: Town, why: str) -> None:
    filed = assigned(town)
    clara = town.people["clara"]
    if why == "left":
        Membership.objects.filter(user=clara).update(valid_until=today() - ONE_DAY)
    elif why == "inactive":
        clara.is_active = False
        clara.save()
    elif why == "excluded":
        exclude(actor=town.actor("tess"), ticket_id=filed.ticket.pk, user_id=clara.pk)
    to = 10**9 if why == "unknown" else clara.pk

    with pytest.raises(Invalid):
        assign(actor=town.actor("tess"), ticket_id=filed.ticket.pk, user_id=to)


def test_a_confidential_ticket_is_given_within_its_circle(town: Town) -> None:
    filed = file(category="staff")
    petra = town.actor("petra")

    with pytest.raises(Invalid):
        assign(actor=petra, ticket_id=filed.ticket.pk, user_id=town.people["carl"].pk)
    assign(actor=petra, ticket_id=filed.ticket.pk, user_id=town.people["max"].pk)

    assert fresh(filed.ticket).assignee == town.people["max"]


def test_an_excluded_person_of_the_circle_does_not_get_it(town: Town) -> None:
    filed = file(category="staff")
    Exclusion.objects.create(ticket=filed.ticket, user=town.people["max"])

    with pytest.raises(Invalid):
        assign(actor=town.actor("petra"), ticket_id=filed.ticket.pk, user_id=town.people["max"].pk)


def test_neither_an_ended_ticket_nor_one_without_a_department_is_assigned(town: Town) -> None:
    for filed in (closed(town), in_triage(town)):
        with pytest.raises(Refused):
            assign(
                actor=town.actor("dora"), ticket_id=filed.ticket.pk, user_id=town.people["carl"].pk
            )


def test_a_released_ticket_stays_with_the_department(town: Town) -> None:
    filed = in_progress(town)

    release(actor=town.actor("tess"), ticket_id=filed.ticket.pk)

    ticket = fresh(filed.ticket)
    assert (ticket.assignee, ticket.department) == (None, town.office("streets"))
    assert (ticket.state, last_event().data) == (State.IN_PROGRESS, {})


def test_there_is_nothing_to_release_where_nobody_has_it_or_it_has_ended(town: Town) -> None:
    for filed in (assigned(town), closed(town)):
        with pytest.raises(Refused):
            release(actor=town.actor("carl"), ticket_id=filed.ticket.pk)


def test_a_promised_day_is_an_answer_to_the_person(town: Town) -> None:
    filed = in_progress(town)
    reply(concern_id=filed.concern.pk, text="When?")

    schedule(actor=town.actor("carl"), ticket_id=filed.ticket.pk, date=today() + ONE_DAY)

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.scheduled_for) == (State.SCHEDULED, today() + ONE_DAY)
    assert ticket.first_responded_at is not None
    assert ticket.unanswered_since is None
    assert last_event().data == {"date": (today() + ONE_DAY).isoformat()}


def test_today_can_be_promised_and_yesterday_cannot(town: Town) -> None:
    filed = in_progress(town)
    with pytest.raises(Invalid) as refusal:
        schedule(actor=town.actor("carl"), ticket_id=filed.ticket.pk, date=today() - ONE_DAY)
    assert refusal.value.field == "date"

    schedule(actor=town.actor("carl"), ticket_id=filed.ticket.pk, date=today())

    assert fresh(filed.ticket).scheduled_for == today()


def test_today_is_the_citys_today(town: Town) -> None:
    """Half past eleven at night UTC in summer: in England the next day has begun."""
    late = dt.datetime(2026, 6, 1, 23, 30, tzinfo=dt.UTC)
    with time_machine.travel(late, tick=False):
        filed = in_progress(town)
        with pytest.raises(Invalid):
            schedule(actor=town.actor("carl"), ticket_id=filed.ticket.pk, date=late.date())

        the_next = late.astimezone(city_zone()).date()
        schedule(actor=town.actor("carl"), ticket_id=filed.ticket.pk, date=the_next)

    assert fresh(filed.ticket).scheduled_for == dt.date(2026, 6, 2)


def test_moving_a_promised_day_needs_a_reason_and_keeps_both_days(town: Town) -> None:
    filed = scheduled(town)
    carl = town.actor("carl")
    was, becomes = today() + 7 * ONE_DAY, today() + 9 * ONE_DAY
    with pytest.raises(Invalid) as refusal:
        schedule(actor=carl, ticket_id=filed.ticket.pk, date=becomes)
    assert refusal.value.field == "reason"

    schedule(actor=carl, ticket_id=filed.ticket.pk, date=becomes, reason="Rain.")

    ticket = fresh(filed.ticket)
    note = ticket.notes.get()
    assert (ticket.scheduled_for, note.text) == (becomes, "Rain.")
    event = last_event()
    assert (event.verb, event.from_state, event.to_state) == (
        Verb.RESCHEDULE,
        State.SCHEDULED,
        State.SCHEDULED,
    )
    assert event.data == {
        "date": becomes.isoformat(),
        "from_date": was.isoformat(),
        "note": note.pk,
    }


def test_work_begins_by_its_clerk_before_the_day(town: Town) -> None:
    filed = scheduled(town)

    start(actor=town.actor("carl"), ticket_id=filed.ticket.pk)

    assert fresh(filed.ticket).state == State.IN_PROGRESS


def test_work_begins_by_the_clock(town: Town) -> None:
    filed = scheduled(town)

    start(actor=Actor.system(), ticket_id=filed.ticket.pk)

    event = last_event()
    assert (event.verb, event.actor_kind, event.actor_ref) == (Verb.START, "system", None)
    assert fresh(filed.ticket).assignee == town.people["carl"]
