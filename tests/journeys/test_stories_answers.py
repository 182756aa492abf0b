"""Stories of the end: answers, approvals, objections, and what comes back."""

import datetime as dt

import pytest
import time_machine

from common.clock import now, today
from concerns.actions.deciding import (
    Answer,
    approve,
    decline,
    reject,
    resolve,
    retract,
    submit,
)
from concerns.actions.ending import decide_objection, reopen, uphold
from concerns.actions.filing import Filed
from concerns.actions.joining import join
from concerns.actions.people import deactivate_user
from concerns.actions.responsibility import transfer
from concerns.actions.safeguarding import exclude
from concerns.actions.tending import tend
from concerns.actions.voicing import confirm, object_to_result
from concerns.actions.words import note, reply
from concerns.actions.working import accept
from concerns.enums import Outcome, PublicState, State, Verb, Verdict
from concerns.errors import Invalid, NotAllowed, NotFound
from concerns.models import Event
from concerns.queries.approval import approvers_of
from concerns.queries.tickets import queue, ticket_detail
from departments.enums import Capability
from departments.models import Department, Membership
from tests.factories.matters import CircleMemberFactory
from tests.factories.organisation import MembershipFactory, UserFactory
from tests.support.stories import (
    FIXED,
    course,
    may,
    objection_of,
    reads,
    resolved,
    sees,
    timeline,
    told,
)
from tests.support.town import Town, file, fresh

ONE_DAY = dt.timedelta(days=1)
REFUND = Answer(outcome=Outcome.ANSWERED, text="You get your fee back.")


def close_over(filed_ticket: int) -> None:
    """The clock closes what is over."""
    tend()
    assert Event.objects.filter(ticket=filed_ticket, verb=Verb.CLOSE).count() == 1


# Objections


def test_objection_15_days_after_closing(town: Town, clock: time_machine.Traveller) -> None:
    """Nothing moves by itself: the objection is receipted, an owner sees it, a dispatcher takes the matter up again."""
    rita = file(email="rita@people.example")
    resolved(town, rita)
    clock.shift(14 * ONE_DAY + dt.timedelta(minutes=1))
    close_over(rita.ticket.pk)
    clock.shift(15 * ONE_DAY)
    assert (sees(rita).state, sees(rita).can_object) == (PublicState.DONE, True)

    with told() as letters:
        object_to_result(concern_id=rita.concern.pk, text="The hole is back.")

    assert letters == [(Verb.OBJECT, [rita.concern.pk])]
    ticket = fresh(rita.ticket)
    assert ticket.state == State.CLOSED
    assert (sees(rita).state, sees(rita).can_object) == (PublicState.CHECKING, False)
    assert sees(rita).next_date == objection_of(rita).due.date()
    for name in ("tess", "dora"):
        assert list(queue(town.actor(name), "unanswered")) == [ticket]
        assert list(queue(town.actor(name), "review")) == [ticket]

    with pytest.raises(NotAllowed):
        decide(town, rita, "carl", Verdict.REOPENED)
    decide(town, rita, "dora", Verdict.REOPENED)

    ticket = fresh(rita.ticket)
    assert (ticket.state, ticket.reopenings, ticket.outcome) == (State.IN_PROGRESS, 1, "")
    assert ticket.unanswered_since is None
    assert ticket.resolution_due > now()
    assert sees(rita).state == PublicState.IN_PROGRESS
    assert reads(rita) == ["We filled the hole on Monday.", "The hole is back.", "Decided."]


def decide(town: Town, filed: Filed, name: str, verdict: Verdict) -> None:
    decide_objection(
        actor=town.actor(name),
        objection_id=objection_of(filed).pk,
        verdict=verdict,
        text="Decided.",
    )


def test_objection_is_never_decided_by_who_gave_the_answer(town: Town) -> None:
    """Tess leads Streets and wrote this answer herself: a dispatcher decides, she has no button."""
    rita = file(email="rita@people.example")
    resolved(town, rita, by="tess")
    object_to_result(concern_id=rita.concern.pk, text="No.")
    assert fresh(rita.ticket).state == State.REOPEN_REQUESTED

    with pytest.raises(NotAllowed):
        uphold(actor=town.actor("tess"), ticket_id=rita.ticket.pk, text="It stands.")
    assert {Verb.UPHOLD, Verb.REOPEN}.isdisjoint(may(town, "tess", rita.ticket))
    assert {Verb.UPHOLD, Verb.REOPEN} <= set(may(town, "dora", rita.ticket))

    uphold(actor=town.actor("dora"), ticket_id=rita.ticket.pk, text="It stands.")

    assert (fresh(rita.ticket).state, sees(rita).state) == (State.CLOSED, PublicState.DONE)
    assert reads(rita)[-1] == "It stands."


def test_answered_ticket_with_an_objection_is_not_closed_by_time(
    town: Town, clock: time_machine.Traveller
) -> None:
    rita = file(email="rita@people.example")
    resolved(town, rita)
    object_to_result(concern_id=rita.concern.pk, text="No.")

    clock.shift(20 * ONE_DAY)
    tend()

    assert fresh(rita.ticket).state == State.REOPEN_REQUESTED
    assert sees(rita).state == PublicState.CHECKING


def test_mail_after_closing_finds_somebody(town: Town, clock: time_machine.Traveller) -> None:
    rita = file(email="rita@people.example")
    resolved(town, rita)
    clock.shift(15 * ONE_DAY)
    tend()

    reply(concern_id=rita.concern.pk, text="Thank you, but there is another one.")

    ticket = fresh(rita.ticket)
    assert ticket.state == State.CLOSED
    assert list(queue(town.actor("clara"), "unanswered")) == [ticket]


def test_second_answer_asks_for_confirmation_anew(town: Town) -> None:
    """Rita confirmed too early; what she said of the first answer does not close the second."""
    rita, tom = file(email="rita@people.example"), file(email="tom@people.example")
    from_both(town, rita, tom)
    confirm(concern_id=rita.concern.pk)
    object_to_result(concern_id=tom.concern.pk, text="No.")
    decide(town, tom, "tess", Verdict.REOPENED)
    assert not sees(rita).can_confirm

    resolved_again(town, rita)
    assert sees(rita).can_confirm
    confirm(concern_id=tom.concern.pk)
    assert fresh(rita.ticket).state == State.RESOLVED
    confirm(concern_id=rita.concern.pk)
    assert fresh(rita.ticket).state == State.CLOSED


def from_both(town: Town, lead: Filed, other: Filed) -> None:
    join(actor=town.actor("carl"), ticket_id=other.ticket.pk, lead_id=lead.ticket.pk)
    resolved(town, lead)


def resolved_again(town: Town, filed: Filed) -> None:
    resolve(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=FIXED)


# Four eyes


def test_approval_when_the_author_is_the_only_approver(town: Town) -> None:
    """Ada approves for Streets and wrote this answer: it goes one node up, to Hanna of Public Works."""
    MembershipFactory(
        user=town.people["ada"], department=town.office("streets"), capability=Capability.CLERK
    )
    rita = file(category="appeal", email="rita@people.example")
    accept(actor=town.actor("ada"), ticket_id=rita.ticket.pk)
    submit(actor=town.actor("ada"), ticket_id=rita.ticket.pk, answer=REFUND)

    assert approvers_of(fresh(rita.ticket)) == {town.people["hanna"].pk}
    with pytest.raises(NotAllowed):
        approve(actor=town.actor("ada"), ticket_id=rita.ticket.pk)
    assert Verb.APPROVE not in may(town, "ada", rita.ticket)
    assert {Verb.APPROVE, Verb.REJECT} <= set(may(town, "hanna", rita.ticket))
    assert (reads(rita), sees(rita).state) == ([], PublicState.IN_PROGRESS)

    with told() as letters:
        approve(actor=town.actor("hanna"), ticket_id=rita.ticket.pk)

    assert letters == [(Verb.APPROVE, [rita.concern.pk])]
    assert (fresh(rita.ticket).state, sees(rita).state) == (State.RESOLVED, PublicState.DONE)
    assert reads(rita) == ["You get your fee back."]


def submitted(town: Town) -> Filed:
    rita = file(category="appeal", email="rita@people.example")
    accept(actor=town.actor("carl"), ticket_id=rita.ticket.pk)
    submit(actor=town.actor("carl"), ticket_id=rita.ticket.pk, answer=REFUND)
    return rita


def test_approval_when_the_approver_is_absent(town: Town) -> None:
    """Ada's duty ended yesterday: Hanna approves. Hanna's account is closed too: the dispatchers do. Never nobody."""
    rita = submitted(town)
    assert approvers_of(fresh(rita.ticket)) == {town.people["ada"].pk}

    Membership.objects.filter(user=town.people["ada"]).update(valid_until=today() - ONE_DAY)
    assert approvers_of(fresh(rita.ticket)) == {town.people["hanna"].pk}
    with pytest.raises(NotFound):
        approve(actor=town.actor("ada"), ticket_id=rita.ticket.pk)

    deactivate_user(actor=town.actor("alma"), user_id=town.people["hanna"].pk)
    assert approvers_of(fresh(rita.ticket)) == {
        town.people["dora"].pk,
        town.people["dirk"].pk,
    }

    approve(actor=town.actor("dirk"), ticket_id=rita.ticket.pk)

    assert sees(rita).state == PublicState.DONE


def test_rejected_answer_was_never_seen(town: Town) -> None:
    rita = submitted(town)

    with told() as letters:
        reject(actor=town.actor("ada"), ticket_id=rita.ticket.pk, reason="Too much.")

    assert letters == []
    assert (reads(rita), sees(rita).state) == ([], PublicState.IN_PROGRESS)
    assert Verb.SUBMIT in may(town, "carl", rita.ticket)
    submit(
        actor=town.actor("carl"),
        ticket_id=rita.ticket.pk,
        answer=Answer(outcome=Outcome.CANNOT_DO, text="The fee is right."),
    )
    approve(actor=town.actor("ada"), ticket_id=rita.ticket.pk)
    assert (reads(rita), sees(rita).state) == (["The fee is right."], PublicState.NOT_POSSIBLE)


def test_author_takes_a_submitted_answer_back(town: Town) -> None:
    rita = submitted(town)
    assert Verb.RETRACT in may(town, "carl", rita.ticket)
    assert Verb.RETRACT not in may(town, "clara", rita.ticket)

    retract(actor=town.actor("carl"), ticket_id=rita.ticket.pk)

    assert fresh(rita.ticket).state == State.IN_PROGRESS
    assert reads(rita) == []


# People and offices come and go


def test_clerk_deactivated(town: Town) -> None:
    """Carl leaves. What he had is Streets' again, on the record; he can do nothing more; the people notice nothing."""
    rita, tom = file(email="rita@people.example"), file(email="tom@people.example")
    for filed in (rita, tom):
        accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    before = (course(rita), sees(rita).state)

    with told() as letters:
        deactivate_user(actor=town.actor("alma"), user_id=town.people["carl"].pk)

    assert letters == []
    assert (course(rita), sees(rita).state) == before
    town.people["carl"].refresh_from_db()
    with pytest.raises(NotFound):
        note(actor=town.actor("carl"), ticket_id=rita.ticket.pk, text="I am still here.")
    for filed in (rita, tom):
        ticket = fresh(filed.ticket)
        assert (ticket.assignee, ticket.state) == (None, State.IN_PROGRESS)
        assert timeline(ticket)[-1] == Verb.RELEASE
        assert Event.objects.get(ticket=ticket, verb=Verb.RELEASE).data["because"] == "deactivated"
    assert len(queue(town.actor("clara"), "department")) == 2
    assert Verb.RESOLVE in may(town, "clara", rita.ticket)


def test_only_an_administrator_deactivates(town: Town) -> None:
    with pytest.raises(NotAllowed):
        deactivate_user(actor=town.actor("dora"), user_id=town.people["carl"].pk)

    town.people["carl"].refresh_from_db()
    assert town.people["carl"].is_active


def closed_and_retired(town: Town, clock: time_machine.Traveller, successor: str | None) -> Filed:
    """Rita's ticket is closed; then Streets is dissolved."""
    rita = file(email="rita@people.example")
    resolved(town, rita)
    clock.shift(15 * ONE_DAY)
    tend()
    Department.objects.filter(key="streets").update(
        valid_until=today() - ONE_DAY,
        successor=town.office(successor) if successor else None,
    )
    return rita


def test_reopened_after_closing_with_the_department_retired(
    town: Town, clock: time_machine.Traveller
) -> None:
    """Parks took over from Streets: the ticket comes back there, not to the clerk who had it."""
    rita = closed_and_retired(town, clock, "parks")

    reopen(actor=town.actor("dora"), ticket_id=rita.ticket.pk, reason="The hole is back.")

    ticket = fresh(rita.ticket)
    assert (ticket.state, ticket.department, ticket.assignee) == (
        State.ASSIGNED,
        town.office("parks"),
        None,
    )
    assert Verb.ACCEPT in may(town, "paul", ticket)
    assert sees(rita).state == PublicState.IN_PROGRESS
    assert sees(rita).ticket.department == town.office("parks")


def test_reopened_after_closing_with_the_department_retired_without_successor(
    town: Town, clock: time_machine.Traveller
) -> None:
    rita = closed_and_retired(town, clock, None)

    with pytest.raises(Invalid) as refusal:
        reopen(actor=town.actor("dora"), ticket_id=rita.ticket.pk, reason="The hole is back.")
    assert refusal.value.field == "department"
    assert fresh(rita.ticket).state == State.CLOSED

    reopen(
        actor=town.actor("dora"),
        ticket_id=rita.ticket.pk,
        reason="The hole is back.",
        department_id=town.office("order").pk,
    )
    assert fresh(rita.ticket).department == town.office("order")


def test_transfer_to_a_retired_department_is_refused(town: Town) -> None:
    Department.objects.filter(key="parks").update(valid_until=today() - ONE_DAY)
    rita = file()

    with pytest.raises(Invalid) as refusal:
        transfer(
            actor=town.actor("carl"),
            ticket_id=rita.ticket.pk,
            department_id=town.office("parks").pk,
            reason="A root.",
        )

    assert refusal.value.field == "department"


# A complaint about somebody of the house


def test_complaint_about_the_head_of_an_office(town: Town) -> None:
    """Max, a manager, is in the circle by his office; the complaint is about him. He learns nothing, and who decides
    is neither he nor who wrote the answer.
    """
    town.categories["staff"].needs_approval = True
    town.categories["staff"].save()
    lena = UserFactory(name="Lena")
    MembershipFactory(user=lena, department=town.office("town"), capability=Capability.TEAM_LEAD)
    town.people["lena"] = lena
    CircleMemberFactory(circle=town.circle, user=lena)
    rita = file("Mr Max was rude to me.", category="staff", email="rita@people.example")
    assert ticket_detail(town.actor("max"), rita.ticket.pk).ticket == rita.ticket

    exclude(actor=town.actor("lena"), ticket_id=rita.ticket.pk, user_id=town.people["max"].pk)

    with pytest.raises(NotFound):
        ticket_detail(town.actor("max"), rita.ticket.pk)
    for name in ("carl", "tess", "dora", "hanna", "ada", "max", "alma"):
        assert list(queue(town.actor(name), "all")) == [], name
        with pytest.raises(NotFound):
            note(actor=town.actor(name), ticket_id=rita.ticket.pk, text="Curious.")

    accept(actor=town.actor("petra"), ticket_id=rita.ticket.pk)
    submit(actor=town.actor("petra"), ticket_id=rita.ticket.pk, answer=REFUND)
    assert approvers_of(fresh(rita.ticket)) == {lena.pk}
    with pytest.raises(NotAllowed):
        approve(actor=town.actor("petra"), ticket_id=rita.ticket.pk)

    approve(actor=town.actor("lena"), ticket_id=rita.ticket.pk)

    assert (sees(rita).state, reads(rita)) == (PublicState.DONE, ["You get your fee back."])
    assert Event.objects.get(verb=Verb.EXCLUDE).data == {"person": str(town.people["max"].ref_id)}


def test_declined_says_where_to_turn(town: Town) -> None:
    rita = file(email="rita@people.example")
    accept(actor=town.actor("carl"), ticket_id=rita.ticket.pk)
    elsewhere = Answer(outcome=Outcome.NOT_RESPONSIBLE, text="This is a motorway.")

    with pytest.raises(Invalid) as refusal:
        decline(actor=town.actor("carl"), ticket_id=rita.ticket.pk, answer=elsewhere)
    assert refusal.value.field == "responsible_body"

    decline(
        actor=town.actor("carl"),
        ticket_id=rita.ticket.pk,
        answer=Answer(
            outcome=Outcome.NOT_RESPONSIBLE,
            text="This is a motorway.",
            responsible_body="Motorway Agency",
        ),
    )
    assert sees(rita).state == PublicState.NOT_POSSIBLE
    assert sees(rita).ticket.responsible_body == "Motorway Agency"
