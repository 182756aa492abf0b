"""Joining moves placements, loses nothing, and is undone."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import translation

from common.clock import now
from concerns.actions.ending import close_when_over, decide_objection, uphold
from concerns.actions.filing import Filed
from concerns.actions.joining import detach, detach_concern, join, split
from concerns.actions.responsibility import hand_back, transfer
from concerns.actions.safeguarding import encircle
from concerns.actions.voicing import object_to_result, withdraw
from concerns.actions.waiting import ask
from concerns.actions.words import reply, send_message
from concerns.actions.working import accept, assign, schedule
from concerns.enums import PlacementReason, PublicState, State, Verb, Verdict
from concerns.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from concerns.models import CircleMember, Concern, Event, Objection, Placement, Ticket
from concerns.publishing import public_state
from concerns.queries.audit import broken_chains
from concerns.queries.tickets import ticket_detail
from tests.support.sql import statements
from tests.support.stages import assigned
from tests.support.stories import (
    at,
    course,
    declined,
    joined,
    may,
    objection_of,
    placed_on,
    reads,
    resolved,
    sees,
    timeline,
    told,
)
from tests.support.town import Town, file, fresh


def history(filed: Filed) -> list[tuple[int, str, int | None, bool]]:
    """Where a concern stood: (ticket, reason, origin, ended?), oldest first."""
    placements = Placement.objects.filter(concern=filed.concern).order_by("pk")
    rows = placements.values_list("ticket", "reason", "origin", "until")
    return [(ticket, reason, origin, until is not None) for ticket, reason, origin, until in rows]


def chain(town: Town) -> tuple[Filed, Filed, Filed]:
    """A was joined to B, then B to C."""
    a, b, c = (file(f"Hole {name}.", email=f"{name}@people.example") for name in "abc")
    join(actor=town.actor("carl"), ticket_id=a.ticket.pk, lead_id=b.ticket.pk)
    join(actor=town.actor("carl"), ticket_id=b.ticket.pk, lead_id=c.ticket.pk)
    return a, b, c


def test_join_moves_the_concern_and_keeps_where_it_came_from(town: Town) -> None:
    lead, other = file("One.", email="one@people.example"), file("Two.", email="two@people.example")

    found = join(actor=town.actor("carl"), ticket_id=other.ticket.pk, lead_id=lead.ticket.pk)

    assert found.pk == lead.ticket.pk
    assert history(other) == [
        (other.ticket.pk, PlacementReason.FILED, None, True),
        (lead.ticket.pk, PlacementReason.JOINED, other.ticket.pk, False),
    ]
    joined_ticket, lead_ticket = fresh(other.ticket), fresh(lead.ticket)
    assert (joined_ticket.state, joined_ticket.merged_into_id) == (State.MERGED, lead.ticket.pk)
    assert (joined_ticket.concern_count, lead_ticket.concern_count) == (0, 2)
    assert Event.objects.get(verb=Verb.JOIN).data == {"lead": lead.ticket.pk, "count": 1}
    assert Event.objects.get(verb=Verb.ABSORB).data == {
        "ticket": other.ticket.pk,
        "count": 1,
        "resolution_due": joined_ticket.resolution_due.isoformat(),
    }


def test_join_tells_the_newcomer_alone(town: Town) -> None:
    lead, other = file("One.", email="one@people.example"), file("Two.", email="two@people.example")

    with told() as letters:
        join(actor=town.actor("carl"), ticket_id=other.ticket.pk, lead_id=lead.ticket.pk)

    assert letters == [(Verb.JOIN, [other.concern.pk])]
    assert sees(other).company == 1
    assert course(lead) == [Verb.FILED, Verb.ROUTE]


def test_joined_person_reads_their_own_words_and_what_is_said_from_now_on(town: Town) -> None:
    lead, other = file("One.", email="one@people.example"), file("Two.", email="two@people.example")
    send_message(actor=town.actor("carl"), ticket_id=lead.ticket.pk, text="Before.")
    reply(concern_id=other.concern.pk, text="Mine.")

    join(actor=town.actor("carl"), ticket_id=other.ticket.pk, lead_id=lead.ticket.pk)
    send_message(actor=town.actor("carl"), ticket_id=lead.ticket.pk, text="After.")

    assert reads(other) == ["Mine.", "After."]
    assert reads(lead) == ["Before.", "After."]


def test_clerk_of_the_lead_reads_what_the_joined_person_wrote_before(town: Town) -> None:
    lead, other = file(), file()
    reply(concern_id=other.concern.pk, text="It is getting deeper.")

    join(actor=town.actor("carl"), ticket_id=other.ticket.pk, lead_id=lead.ticket.pk)

    detail = ticket_detail(town.actor("carl"), lead.ticket.pk)
    assert [message.text for message in detail.messages] == ["It is getting deeper."]


def test_unanswered_message_stays_unanswered_on_the_lead(town: Town) -> None:
    lead, other = file(), file()
    reply(concern_id=other.concern.pk, text="When?")
    since = fresh(other.ticket).unanswered_since

    join(actor=town.actor("carl"), ticket_id=other.ticket.pk, lead_id=lead.ticket.pk)

    assert fresh(lead.ticket).unanswered_since == since
    assert fresh(other.ticket).unanswered_since is None


@pytest.mark.parametrize("earlier_is_lead", [True, False])
def test_join_keeps_the_earlier_date(town: Town, *, earlier_is_lead: bool) -> None:
    with at(now() - dt.timedelta(days=9)):
        old = file()
    new = file()
    ticket, lead = (new, old) if earlier_is_lead else (old, new)

    join(actor=town.actor("carl"), ticket_id=ticket.ticket.pk, lead_id=lead.ticket.pk)

    assert fresh(lead.ticket).resolution_due == old.ticket.resolution_due
    assert old.ticket.resolution_due < new.ticket.resolution_due


def test_join_takes_the_higher_priority(town: Town) -> None:
    urgent, lead = file(), file()
    Ticket.objects.filter(pk=urgent.ticket.pk).update(priority=2)

    join(actor=town.actor("carl"), ticket_id=urgent.ticket.pk, lead_id=lead.ticket.pk)

    assert fresh(lead.ticket).priority == 2


def test_join_drops_the_plans_of_the_joined_ticket(town: Town) -> None:
    lead, other = file(email="one@people.example"), file(email="two@people.example")
    carl = town.actor("carl")
    accept(actor=carl, ticket_id=other.ticket.pk)
    schedule(actor=carl, ticket_id=other.ticket.pk, date=dt.date(2099, 1, 1))

    join(actor=carl, ticket_id=other.ticket.pk, lead_id=lead.ticket.pk)

    ticket = fresh(other.ticket)
    assert (ticket.scheduled_for, ticket.assignee_id, ticket.wait_until) == (None, None, None)
    assert sees(other).state == PublicState.IN_PROGRESS


def test_join_of_a_question_that_waits_asks_nobody_any_more(town: Town) -> None:
    lead, other = file(email="one@people.example"), file(email="two@people.example")
    accept(actor=town.actor("carl"), ticket_id=other.ticket.pk)
    ask(actor=town.actor("carl"), ticket_id=other.ticket.pk, text="Which lane?")

    join(actor=town.actor("carl"), ticket_id=other.ticket.pk, lead_id=lead.ticket.pk)
    reply(concern_id=other.concern.pk, text="The left one.")

    assert not sees(other).must_reply
    assert fresh(lead.ticket).unanswered_since is not None


# What may not be joined


def test_join_refuses_another_audience(town: Town) -> None:
    public = file()
    incident = file(category="it-incident", actor=town.actor("iris"))
    dora = town.actor("dora")

    with pytest.raises(Invalid) as refusal:
        join(actor=dora, ticket_id=incident.ticket.pk, lead_id=public.ticket.pk)

    assert refusal.value.field == "lead"
    assert fresh(incident.ticket).state == State.ASSIGNED


def test_join_refuses_another_confidentiality(town: Town) -> None:
    """Dora belongs to the circle: she sees both, and still may not put one into the other."""
    CircleMember.objects.create(circle=town.circle, user=town.people["dora"])
    hidden, plain = file(), file()
    encircle(actor=town.actor("dora"), ticket_id=hidden.ticket.pk, circle_key="personnel")

    for ticket, lead in ((hidden, plain), (plain, hidden)):
        with pytest.raises(Invalid) as refusal:
            join(actor=town.actor("dora"), ticket_id=ticket.ticket.pk, lead_id=lead.ticket.pk)
        assert refusal.value.field == "lead"


def test_join_into_a_hidden_lead_says_that_there_is_none(town: Town) -> None:
    hidden, plain = file(category="staff"), file()

    with pytest.raises(NotFound):
        join(actor=town.actor("carl"), ticket_id=plain.ticket.pk, lead_id=hidden.ticket.pk)


def test_join_within_one_circle_is_allowed(town: Town) -> None:
    one, two = file(category="staff"), file(category="staff")

    join(actor=town.actor("petra"), ticket_id=two.ticket.pk, lead_id=one.ticket.pk)

    assert fresh(two.ticket).state == State.MERGED


def test_join_refuses_a_closed_lead(town: Town) -> None:
    closed, newcomer = file(), file()
    with at(now() - dt.timedelta(days=20)):
        resolved(town, closed)
    close_when_over(ticket_id=closed.ticket.pk)

    with pytest.raises(Invalid) as refusal:
        join(actor=town.actor("carl"), ticket_id=newcomer.ticket.pk, lead_id=closed.ticket.pk)

    assert refusal.value.field == "lead"


@pytest.mark.parametrize(("days", "taken"), [(13, True), (15, False)])
def test_join_takes_a_lead_resolved_less_than_14_days_ago(
    town: Town, days: int, *, taken: bool
) -> None:
    lead = file(email="one@people.example")
    with at(now() - dt.timedelta(days=days)):
        resolved(town, lead)
    newcomer = file(email="two@people.example")

    if taken:
        join(actor=town.actor("carl"), ticket_id=newcomer.ticket.pk, lead_id=lead.ticket.pk)
    else:
        with pytest.raises(Invalid):
            join(actor=town.actor("carl"), ticket_id=newcomer.ticket.pk, lead_id=lead.ticket.pk)

    assert sees(newcomer).state == (PublicState.DONE if taken else PublicState.IN_PROGRESS)
    assert reads(newcomer) == (["We filled the hole on Monday."] if taken else [])


def test_join_refuses_a_declined_lead(town: Town) -> None:
    lead, newcomer = file(), file()
    declined(town, lead)

    with pytest.raises(Invalid):
        join(actor=town.actor("carl"), ticket_id=newcomer.ticket.pk, lead_id=lead.ticket.pk)


def test_join_refuses_a_ticket_that_has_ended(town: Town) -> None:
    ended, lead = file(), file()
    resolved(town, ended)

    with pytest.raises(Refused):
        join(actor=town.actor("carl"), ticket_id=ended.ticket.pk, lead_id=lead.ticket.pk)


def test_join_refuses_itself(town: Town) -> None:
    filed = file()

    with pytest.raises(Invalid) as refusal:
        join(actor=town.actor("carl"), ticket_id=filed.ticket.pk, lead_id=filed.ticket.pk)

    assert refusal.value.field == "lead"


def test_join_is_not_for_clerks_of_other_departments(town: Town) -> None:
    ticket, lead = file(), file()

    with pytest.raises(NotFound):
        join(actor=town.actor("paul"), ticket_id=ticket.ticket.pk, lead_id=lead.ticket.pk)


def test_join_is_not_for_a_department_that_gave_the_ticket_away(town: Town) -> None:
    """Streets may read on, not decide on."""
    ticket, lead = file(), file()
    transfer(
        actor=town.actor("carl"),
        ticket_id=ticket.ticket.pk,
        department_id=town.office("parks").pk,
        reason="A root.",
    )

    with pytest.raises(NotAllowed):
        join(actor=town.actor("carl"), ticket_id=ticket.ticket.pk, lead_id=lead.ticket.pk)


def test_join_of_a_ticket_that_changed_is_a_conflict(town: Town) -> None:
    ticket, lead = file(), file()
    version = fresh(ticket.ticket).version
    accept(actor=town.actor("clara"), ticket_id=ticket.ticket.pk)

    with pytest.raises(Conflict):
        join(
            actor=town.actor("carl"),
            ticket_id=ticket.ticket.pk,
            lead_id=lead.ticket.pk,
            version=version,
        )


# Chains


def test_chain_ends_at_the_last_lead(town: Town) -> None:
    a, b, c = chain(town)

    assert [placed_on(one).pk for one in (a, b, c)] == [c.ticket.pk] * 3
    assert fresh(c.ticket).concern_count == 3
    assert [fresh(one.ticket).concern_count for one in (a, b)] == [0, 0]
    assert history(a) == [
        (a.ticket.pk, PlacementReason.FILED, None, True),
        (b.ticket.pk, PlacementReason.JOINED, a.ticket.pk, True),
        (c.ticket.pk, PlacementReason.JOINED, b.ticket.pk, False),
    ]


def test_joining_to_a_joined_ticket_joins_to_its_lead(town: Town) -> None:
    a, _b, c = chain(town)
    newcomer = file()

    lead = join(actor=town.actor("carl"), ticket_id=newcomer.ticket.pk, lead_id=a.ticket.pk)

    assert lead.pk == c.ticket.pk
    assert fresh(newcomer.ticket).merged_into_id == c.ticket.pk


def test_cycle_is_impossible(town: Town) -> None:
    a, _b, c = chain(town)

    with pytest.raises(Invalid):
        join(actor=town.actor("carl"), ticket_id=c.ticket.pk, lead_id=a.ticket.pk)

    assert fresh(c.ticket).merged_into_id is None


def test_public_state_of_a_joined_ticket_is_its_last_leads(town: Town) -> None:
    a, _b, c = chain(town)

    resolved(town, c)

    assert public_state(fresh(a.ticket)) == PublicState.DONE
    assert sees(a).state == PublicState.DONE


def test_detach_in_the_middle_brings_the_first_along(town: Town) -> None:
    a, b, c = chain(town)

    detach(actor=town.actor("dora"), ticket_id=b.ticket.pk)

    assert [placed_on(one).pk for one in (a, b, c)] == [b.ticket.pk, b.ticket.pk, c.ticket.pk]
    assert [fresh(one.ticket).concern_count for one in (a, b, c)] == [0, 2, 1]
    assert [fresh(one.ticket).state for one in (a, b)] == [State.MERGED, State.IN_TRIAGE]


def test_detach_of_the_first_leaves_the_middle(town: Town) -> None:
    a, b, c = chain(town)

    detach(actor=town.actor("dora"), ticket_id=a.ticket.pk)

    assert [placed_on(one).pk for one in (a, b, c)] == [a.ticket.pk, c.ticket.pk, c.ticket.pk]
    assert [fresh(one.ticket).concern_count for one in (a, b, c)] == [1, 0, 2]
    assert fresh(b.ticket).state == State.MERGED


def test_chain_comes_apart_link_by_link(town: Town) -> None:
    a, b, c = chain(town)

    detach(actor=town.actor("dora"), ticket_id=b.ticket.pk)
    detach(actor=town.actor("dora"), ticket_id=a.ticket.pk)

    assert [placed_on(one).pk for one in (a, b, c)] == [one.ticket.pk for one in (a, b, c)]
    assert [fresh(one.ticket).state for one in (a, b)] == [State.IN_TRIAGE] * 2
    assert list(broken_chains()) == []


# Undoing


def test_detach_gives_the_ticket_back_to_triage_with_its_people(town: Town) -> None:
    lead, other = joined(town, 2)

    with told() as letters:
        ticket = detach(actor=town.actor("dora"), ticket_id=other.ticket.pk)

    assert (ticket.pk, ticket.state, ticket.merged_into_id) == (
        other.ticket.pk,
        State.IN_TRIAGE,
        None,
    )
    assert ticket.department == town.office("streets")
    assert [fresh(one.ticket).concern_count for one in (lead, other)] == [1, 1]
    assert sees(other).state == PublicState.CHECKING
    assert sees(lead).state == PublicState.IN_PROGRESS
    assert timeline(lead.ticket)[-2:] == [Verb.ABSORB, Verb.GIVE_UP]
    assert letters == [(Verb.DETACH, [other.concern.pk])]


def test_detached_person_reads_no_longer_what_is_said_on_the_lead(town: Town) -> None:
    lead, other = joined(town, 2)
    send_message(actor=town.actor("carl"), ticket_id=lead.ticket.pk, text="Together.")
    detach(actor=town.actor("dora"), ticket_id=other.ticket.pk)

    send_message(actor=town.actor("carl"), ticket_id=lead.ticket.pk, text="Apart.")

    assert reads(other) == ["Together."]
    assert reads(lead) == ["Together.", "Apart."]


def test_detach_brings_back_only_who_came_with_the_last_join(town: Town) -> None:
    """The guest came with the home's ticket, left, and came back alone: undoing the home's join leaves them."""
    lead = file()
    home = file(email="x@people.example")
    guest = file(email="y@people.example")
    dora, carl = town.actor("dora"), town.actor("carl")
    join(actor=carl, ticket_id=guest.ticket.pk, lead_id=home.ticket.pk)
    join(actor=carl, ticket_id=home.ticket.pk, lead_id=lead.ticket.pk)
    detach(actor=dora, ticket_id=guest.ticket.pk)
    join(actor=carl, ticket_id=guest.ticket.pk, lead_id=lead.ticket.pk)
    detach(actor=dora, ticket_id=home.ticket.pk)

    assert placed_on(home).pk == home.ticket.pk
    assert placed_on(guest).pk == lead.ticket.pk


def test_detach_is_refused_when_everybody_has_left_already(town: Town) -> None:
    a, b, _c = chain(town)
    dora = town.actor("dora")
    detach_concern(actor=dora, concern_id=b.concern.pk)
    detach_concern(actor=dora, concern_id=a.concern.pk)

    with pytest.raises(Refused):
        detach(actor=dora, ticket_id=b.ticket.pk)

    assert fresh(b.ticket).state == State.MERGED


def test_detach_is_for_dispatchers(town: Town) -> None:
    _lead, other = joined(town, 2)

    with pytest.raises(NotAllowed):
        detach(actor=town.actor("carl"), ticket_id=other.ticket.pk)

    assert Verb.DETACH not in may(town, "carl", other.ticket)
    assert Verb.DETACH in may(town, "dora", other.ticket)


def test_detach_of_a_ticket_that_is_not_joined_is_refused(town: Town) -> None:
    filed = file()

    with pytest.raises(Refused):
        detach(actor=town.actor("dora"), ticket_id=filed.ticket.pk)


def test_detach_concern_goes_back_to_its_own_ticket(town: Town) -> None:
    lead, other, third = joined(town, 3)

    ticket = detach_concern(actor=town.actor("dora"), concern_id=other.concern.pk)

    assert ticket.pk == other.ticket.pk
    assert fresh(other.ticket).state == State.IN_TRIAGE
    assert [placed_on(one).pk for one in (lead, third)] == [lead.ticket.pk] * 2


def test_detach_concern_filed_on_the_lead_gets_a_new_ticket_in_triage(town: Town) -> None:
    lead, other = joined(town, 2)

    ticket = detach_concern(actor=town.actor("dora"), concern_id=lead.concern.pk)

    assert ticket.pk not in (lead.ticket.pk, other.ticket.pk)
    assert (ticket.state, ticket.concern_count) == (State.IN_TRIAGE, 1)
    assert ticket.department == town.office("streets")
    assert placed_on(lead).pk == ticket.pk
    assert timeline(ticket) == [Verb.DETACH]
    assert fresh(lead.ticket).concern_count == 1
    assert sees(other).state == PublicState.IN_PROGRESS


def test_detach_concern_whose_ticket_took_in_others_gets_a_new_ticket(town: Town) -> None:
    """B took in A before both went to C: if B's own person leaves, A stays joined to C through B."""
    a, b, c = chain(town)

    ticket = detach_concern(actor=town.actor("dora"), concern_id=b.concern.pk)

    assert ticket.pk not in (a.ticket.pk, b.ticket.pk, c.ticket.pk)
    assert placed_on(a).pk == c.ticket.pk
    assert [fresh(one.ticket).state for one in (a, b)] == [State.MERGED] * 2
    detach(actor=town.actor("dora"), ticket_id=a.ticket.pk)
    assert placed_on(a).pk == a.ticket.pk


def test_detach_concern_alone_is_refused(town: Town) -> None:
    filed = file()

    with translation.override("en"), pytest.raises(Refused) as refusal:
        detach_concern(actor=town.actor("dora"), concern_id=filed.concern.pk)

    assert str(refusal.value) == "This concern is the only one on its ticket."


def test_detach_concern_back_though_its_own_ticket_is_out_of_sight(town: Town) -> None:
    """The joined ticket stood with Parks; a dispatcher of Streets alone may still undo the join on their lead."""
    lead = file()
    other = file(category="tree")
    join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=lead.ticket.pk)
    dora = town.actor("dora")
    local = replace(dora, grants=frozenset({("dispatcher", town.office("streets").pk)}))

    ticket = detach_concern(actor=local, concern_id=other.concern.pk)

    assert ticket.pk == other.ticket.pk


def test_detach_concern_of_a_ticket_out_of_sight_is_not_found(town: Town) -> None:
    lead, other = joined(town, 2)

    for concern in (lead.concern, other.concern):
        with pytest.raises(NotFound):
            detach_concern(actor=town.actor("paul"), concern_id=concern.pk)


def test_detach_concern_that_does_not_exist_is_not_found(town: Town) -> None:
    with pytest.raises(NotFound):
        detach_concern(actor=town.actor("dora"), concern_id=4711)


# Objections go where their concerns go


def test_objection_is_granted_when_its_ticket_joins_work_under_way(town: Town) -> None:
    lead, other = file(email="one@people.example"), file(email="two@people.example")
    resolved(town, other)
    object_to_result(concern_id=other.concern.pk, text="It is still there.")

    join(actor=town.actor("tess"), ticket_id=other.ticket.pk, lead_id=lead.ticket.pk)

    objection = Objection.objects.get()
    assert (objection.verdict, objection.decided_by) == (Verdict.REOPENED, town.people["tess"])
    assert sees(other).state == PublicState.IN_PROGRESS
    assert fresh(other.ticket).review_due is None


def test_objection_waits_on_when_its_ticket_joins_an_answered_one(town: Town) -> None:
    lead, other = file(email="one@people.example"), file(email="two@people.example")
    resolved(town, lead)
    resolved(town, other)
    object_to_result(concern_id=other.concern.pk, text="It is still there.")
    join(actor=town.actor("tess"), ticket_id=other.ticket.pk, lead_id=lead.ticket.pk)

    decide_objection(
        actor=town.actor("tess"),
        objection_id=objection_of(other).pk,
        verdict=Verdict.UPHELD,
        text="We looked again: it is filled.",
    )

    assert reads(other)[-1] == "We looked again: it is filled."
    assert reads(lead) == ["We filled the hole on Monday."]
    assert sees(other).state == PublicState.DONE


def test_objection_is_decided_by_detaching_its_concern(town: Town) -> None:
    lead, other = joined(town, 2)
    resolved(town, lead)
    object_to_result(concern_id=other.concern.pk, text="Mine is another hole.")

    detach(actor=town.actor("dora"), ticket_id=other.ticket.pk)

    assert Objection.objects.get().verdict == Verdict.DETACHED
    assert sees(other).state == PublicState.CHECKING


def test_objection_decided_as_detached_moves_that_concern_alone(town: Town) -> None:
    lead, other, third = joined(town, 3)
    resolved(town, lead)
    object_to_result(concern_id=other.concern.pk, text="Mine is another hole.")

    decide_objection(
        actor=town.actor("tess"),
        objection_id=objection_of(other).pk,
        verdict=Verdict.DETACHED,
        text="We look at yours separately.",
    )

    assert placed_on(other).pk == other.ticket.pk
    assert sees(other).state == PublicState.CHECKING
    assert [sees(one).state for one in (lead, third)] == [PublicState.DONE] * 2
    assert fresh(lead.ticket).concern_count == 2


@pytest.mark.parametrize("way", ["transfer", "hand_back"])
def test_objection_is_granted_when_the_ticket_goes_to_others(town: Town, way: str) -> None:
    filed = file(email="one@people.example")
    resolved(town, filed)
    object_to_result(concern_id=filed.concern.pk, text="It is still there.")

    if way == "transfer":
        office = town.office("parks").pk
        transfer(
            actor=town.actor("tess"),
            ticket_id=filed.ticket.pk,
            department_id=office,
            reason="Roots.",
        )
    else:
        hand_back(actor=town.actor("tess"), ticket_id=filed.ticket.pk, reason="Not ours after all.")

    assert Objection.objects.get().verdict == Verdict.REOPENED
    assert fresh(filed.ticket).review_due is None
    assert sees(filed).state in (PublicState.IN_PROGRESS, PublicState.CHECKING)
    assert not sees(filed).can_object


def test_reopening_requested_without_an_objector_left_can_still_be_upheld(town: Town) -> None:
    lead, other = joined(town, 2)
    withdraw(concern_id=lead.concern.pk)
    resolved(town, lead)
    object_to_result(concern_id=other.concern.pk, text="No.")
    assert fresh(lead.ticket).state == State.REOPEN_REQUESTED
    detach_concern(actor=town.actor("dora"), concern_id=other.concern.pk)
    assert Verb.UPHOLD in may(town, "tess", lead.ticket)

    ticket = uphold(actor=town.actor("tess"), ticket_id=lead.ticket.pk, text="It stands.")

    assert ticket.state == State.CLOSED


# Counting, cost and the record


def test_counts_agree_with_placements_after_many_moves(town: Town) -> None:
    filed = joined(town, 5)
    dora = town.actor("dora")
    detach_concern(actor=dora, concern_id=filed[1].concern.pk)
    detach(actor=dora, ticket_id=filed[2].ticket.pk)
    detach_concern(actor=dora, concern_id=filed[0].concern.pk)
    join(actor=town.actor("carl"), ticket_id=filed[1].ticket.pk, lead_id=filed[2].ticket.pk)

    for ticket in Ticket.objects.all():
        assert ticket.concern_count == Placement.objects.open().filter(ticket=ticket).count()
    assert Placement.objects.open().filter(ticket__state=State.MERGED).count() == 0
    assert Placement.objects.open().count() == Concern.objects.count() == 5
    assert list(broken_chains()) == []


def test_message_from_a_joined_ticket_is_refused_for_nobody_would_read_it(town: Town) -> None:
    _lead, other = joined(town, 2)

    with pytest.raises(Refused):
        send_message(actor=town.actor("carl"), ticket_id=other.ticket.pk, text="Hello?")

    assert Verb.MESSAGE not in may(town, "carl", other.ticket)


def test_assignee_of_the_lead_keeps_it(town: Town) -> None:
    lead, other = file(), file()
    clara = town.people["clara"]
    assign(actor=town.actor("carl"), ticket_id=lead.ticket.pk, user_id=clara.pk)

    join(actor=town.actor("carl"), ticket_id=other.ticket.pk, lead_id=lead.ticket.pk)

    assert fresh(lead.ticket).assignee == clara


def crowd(town: Town, count: int) -> Filed:
    """A ticket with so many concerns, the cheap way: rows copied, as a city has them after years."""
    filed = file(email="first@people.example")
    concern = Concern.objects.get(pk=filed.concern.pk)
    copies = []
    for number in range(count - 1):
        concern.pk, concern.reference = None, f"{filed.concern.pk}-{number}"
        concern.save(force_insert=True)
        copies.append(
            Placement(concern_id=concern.pk, ticket=filed.ticket, reason=PlacementReason.FOLLOWED)
        )
    Placement.objects.bulk_create(copies)
    Ticket.objects.filter(pk=filed.ticket.pk).update(concern_count=count, active_count=count)
    return filed


def test_joining_and_detaching_cost_the_same_with_1_and_100_concerns(town: Town) -> None:
    counts = []
    for size in (1, 100):
        lead, other = file(), crowd(town, size)
        carl, dora = town.actor("carl"), town.actor("dora")
        with statements() as joining:
            join(actor=carl, ticket_id=other.ticket.pk, lead_id=lead.ticket.pk)
        with statements() as one:
            detach_concern(actor=dora, concern_id=lead.concern.pk)
        with statements() as detaching:
            detach(actor=dora, ticket_id=other.ticket.pk)
        counts.append((len(joining), len(one), len(detaching)))

    assert counts[0] == counts[1]
    assert max(counts[0]) <= 9


# Two matters in one text


def test_split_makes_a_second_concern_of_the_same_person(town: Town) -> None:
    filed = file("A hole, and a fallen tree.", email="one@people.example", name="One Person")

    with told() as letters:
        second = split(
            actor=town.actor("carl"),
            concern_id=filed.concern.pk,
            words="and a fallen tree.",
            category="tree",
        )

    part = Concern.objects.get(part_of=filed.concern)
    assert (part.words, part.category, part.reporter) == (
        "and a fallen tree.",
        town.categories["tree"],
        filed.concern.reporter,
    )
    assert part.reference != filed.concern.reference
    assert (second.state, second.department) == (State.ASSIGNED, town.office("parks"))
    assert history_of(part) == [PlacementReason.SPLIT]
    assert Concern.objects.get(pk=filed.concern.pk).words == "A hole, and a fallen tree."
    assert fresh(filed.ticket).state == State.ASSIGNED
    assert letters == [(Verb.SPLIT, [part.pk])]


def history_of(concern: Concern) -> list[str]:
    return list(concern.placements.order_by("pk").values_list("reason", flat=True))


def test_split_of_a_confidential_matter_stays_confidential(town: Town) -> None:
    filed = file("About a colleague, and a hole.", category="staff")

    second = split(
        actor=town.actor("petra"), concern_id=filed.concern.pk, words="a hole", category="pothole"
    )

    assert fresh(second).circle == town.circle
    with pytest.raises(NotFound):
        ticket_detail(town.actor("carl"), second.pk)


@pytest.mark.parametrize(
    ("category", "words", "field"), [("nonsense", "x", "category"), ("tree", " ", "words")]
)
def test_split_refuses_what_it_cannot_use(
    town: Town, category: str, words: str, field: str
) -> None:
    filed = file()

    with pytest.raises(Invalid) as refusal:
        split(actor=town.actor("carl"), concern_id=filed.concern.pk, words=words, category=category)

    assert refusal.value.field == field
    assert Concern.objects.count() == 1


def test_a_hidden_lead_is_not_betrayed_by_what_was_joined_to_it(town: Town) -> None:
    """Streets see their ticket, not the one of Parks it was joined to; nor do they learn which that is."""
    lead, guest = assigned(town, category="tree"), assigned(town)
    join(actor=town.actor("dora"), ticket_id=guest.ticket.pk, lead_id=lead.ticket.pk)

    for name in ("carl", "iris"):
        with pytest.raises(NotFound):
            join(actor=town.actor(name), ticket_id=lead.ticket.pk, lead_id=guest.ticket.pk)
        with pytest.raises(NotFound):
            join(actor=town.actor(name), ticket_id=lead.ticket.pk, lead_id=lead.ticket.pk)
