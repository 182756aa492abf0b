"""Stories of many people on one ticket: what one does is theirs, the others hear nothing of it."""

import datetime as dt

import pytest
import time_machine

from concerns.actions.deciding import resolve
from concerns.actions.ending import close_withdrawn, decide_objection
from concerns.actions.filing import Filed
from concerns.actions.joining import detach, join, split
from concerns.actions.screening import (
    discard,
    dismiss_discard,
    mark_spam,
    propose_discard,
    restore,
    unmark_spam,
)
from concerns.actions.tending import tend
from concerns.actions.voicing import confirm, object_to_result, rate, withdraw
from concerns.actions.words import reply
from concerns.actions.working import accept
from concerns.enums import Channel, Outcome, PublicState, Standing, State, Verb, Verdict
from concerns.errors import NotAllowed, NotFound, Refused
from concerns.models import Concern, Event, Message, Objection, Reporter
from concerns.queries.tickets import queue, ticket_detail
from tests.support.stories import (
    FIXED,
    concern_of,
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

ONE_DAY = dt.timedelta(days=1)
MANY = 37

View = tuple[PublicState, list[str], list[Verb], bool]


def view(filed: Filed) -> View:
    """All that a person can tell a change by."""
    return sees(filed).state, reads(filed), course(filed), sees(filed).can_confirm


def views(people: list[Filed]) -> list[View]:
    return [view(filed) for filed in people]


def decide(town: Town, filed: Filed, verdict: Verdict, text: str) -> None:
    decide_objection(
        actor=town.actor("tess"), objection_id=objection_of(filed).pk, verdict=verdict, text=text
    )


# Objections


def test_objection_on_a_declined_joined_ticket_by_one_of_37(town: Town) -> None:
    """One does not accept the no. She gets receipt and decision; 36 notice nothing; the ticket stays as it is."""
    people = joined(town, MANY)
    lead, objector, others = people[0], people[5], people[1:5] + people[6:]
    declined(town, lead)
    before = views(others)

    with told() as letters:
        object_to_result(concern_id=objector.concern.pk, text="The road is not private.")

    assert letters == [(Verb.OBJECT, [objector.concern.pk])]
    assert fresh(lead.ticket).state == State.DECLINED
    assert sees(objector).state == PublicState.CHECKING
    assert sees(objector).next_date == objection_of(objector).due.date()
    assert views(others) == before
    assert list(queue(town.actor("tess"), "review")) == [fresh(lead.ticket)]

    with told() as letters:
        decide(town, objector, Verdict.UPHELD, "The land register says so.")

    assert letters == [(Verb.DECIDE_OBJECTION, [objector.concern.pk])]
    assert views(others) == before
    assert fresh(lead.ticket).state == State.DECLINED
    assert sees(objector).state == PublicState.NOT_POSSIBLE
    assert reads(objector)[-2:] == ["The road is not private.", "The land register says so."]
    assert list(queue(town.actor("tess"), "review")) == []


def test_objection_on_a_declined_joined_ticket_by_two(
    town: Town, clock: time_machine.Traveller
) -> None:
    """Each is decided for itself: one gets a ticket of their own, the other's no stands; then time closes it."""
    people = joined(town, MANY)
    lead, first, second, others = people[0], people[3], people[9], people[10:]
    declined(town, lead)
    before = views(others)
    object_to_result(concern_id=first.concern.pk, text="Mine is another hole.")
    object_to_result(concern_id=second.concern.pk, text="Not private!")

    clock.shift(15 * ONE_DAY)
    assert tend()["closings"] == 0

    decide(town, first, Verdict.DETACHED, "We look at yours separately.")
    assert (placed_on(first).pk, sees(first).state) == (first.ticket.pk, PublicState.CHECKING)
    assert sees(second).state == PublicState.CHECKING
    assert views(others) == before
    assert tend()["closings"] == 0

    decide(town, second, Verdict.UPHELD, "The land register says so.")
    assert reads(first)[-1] == "We look at yours separately."
    assert reads(second)[-1] == "The land register says so."
    assert tend()["closings"] == 1
    assert fresh(lead.ticket).state == State.CLOSED
    assert fresh(lead.ticket).concern_count == MANY - 1
    assert {sees(filed).state for filed in others} == {PublicState.NOT_POSSIBLE}


def test_objection_granted_takes_the_matter_up_for_all(town: Town) -> None:
    """The reviewer finds that all were answered wrongly: everybody hears that work goes on, the second objector too."""
    people = joined(town, 4)
    lead, first, second, fourth = people
    declined(town, lead)
    for filed in (first, second):
        object_to_result(concern_id=filed.concern.pk, text="No!")

    with told() as letters:
        decide(town, first, Verdict.REOPENED, "You are right.")

    assert fresh(lead.ticket).state == State.IN_PROGRESS
    assert {sees(filed).state for filed in people} == {PublicState.IN_PROGRESS}
    assert not Objection.objects.filter(verdict="").exists()
    assert [reads(filed)[-1:] for filed in (first, second)] == [["You are right."], ["No!"]]
    heard = dict(letters)
    assert heard[Verb.DECIDE_OBJECTION] == [first.concern.pk]
    assert {lead.concern.pk, second.concern.pk, fourth.concern.pk} <= set(heard[Verb.REOPEN])


# Confirming, rating, withdrawing


def test_confirm_by_one_of_37(town: Town) -> None:
    """One says yes: noted, nothing else. All who can be reached say yes: closed, two weeks early."""
    people = joined(town, MANY)
    lead, others = people[0], people[1:]
    anonymous = file()
    join(actor=town.actor("carl"), ticket_id=anonymous.ticket.pk, lead_id=lead.ticket.pk)
    resolved(town, lead)
    before = views(others)

    with told() as letters:
        confirm(concern_id=lead.concern.pk)

    assert letters == []
    assert fresh(lead.ticket).state == State.RESOLVED
    assert not sees(lead).can_confirm
    assert views(others) == before
    with pytest.raises(Refused):
        confirm(concern_id=lead.concern.pk)

    for filed in others[:-1]:
        confirm(concern_id=filed.concern.pk)
    assert fresh(lead.ticket).state == State.RESOLVED
    confirm(concern_id=others[-1].concern.pk)

    assert fresh(lead.ticket).state == State.CLOSED
    assert Event.objects.get(verb=Verb.CLOSE).data == {"by": "confirmed"}
    assert sees(anonymous).state == PublicState.DONE


def test_rating_is_one_persons(town: Town) -> None:
    lead, other = joined(town, 2)
    resolved(town, lead)
    before = view(lead)

    rate(concern_id=other.concern.pk, rating=2, words="Too late.")

    assert view(lead) == before
    assert Concern.objects.get(pk=other.concern.pk).rating == 2
    assert Event.objects.get(verb=Verb.RATE).data == {"rating": 2}


def test_one_of_37_withdraws(town: Town) -> None:
    """A pothole is there whoever reported it: the work goes on, the answer goes to 36."""
    people = joined(town, MANY)
    lead, leaver, others = people[0], people[7], people[:7] + people[8:]
    before = views(others)

    with told() as letters:
        withdraw(concern_id=leaver.concern.pk)

    assert letters == [(Verb.WITHDRAW, [leaver.concern.pk])]
    assert views(others) == before
    assert sees(leaver).state == PublicState.DONE
    assert Verb.CLOSE_WITHDRAWN not in may(town, "carl", lead.ticket)
    with pytest.raises(Refused):
        close_withdrawn(actor=town.actor("carl"), ticket_id=lead.ticket.pk, reason="No?")
    with pytest.raises(Refused):
        reply(concern_id=leaver.concern.pk, text="Wait!")

    with told() as letters:
        resolved(town, lead)

    assert dict(letters)[Verb.RESOLVE] == [filed.concern.pk for filed in others]


def test_the_only_one_withdraws(town: Town) -> None:
    """The ticket stays: a clerk says whether the matter itself is done."""
    rita = file(email="rita@people.example")

    withdraw(concern_id=rita.concern.pk)

    ticket = fresh(rita.ticket)
    assert ticket.state == State.ASSIGNED
    assert sees(rita).state == PublicState.DONE
    assert Verb.CLOSE_WITHDRAWN in may(town, "carl", ticket)
    assert Verb.ACCEPT in may(town, "carl", ticket)

    with told() as letters:
        close_withdrawn(
            actor=town.actor("carl"), ticket_id=ticket.pk, reason="Looked: no hole there."
        )

    assert letters == []
    ticket = fresh(rita.ticket)
    assert (ticket.state, ticket.outcome) == (State.CLOSED, Outcome.WITHDRAWN)
    assert sees(rita).state == PublicState.DONE


def test_withdrawing_ends_with_the_answer(town: Town) -> None:
    rita = file(email="rita@people.example")
    resolved(town, rita)

    with pytest.raises(Refused):
        withdraw(concern_id=rita.concern.pk)

    assert not sees(rita).can_withdraw


# Spam


def test_spam_among_joined(town: Town) -> None:
    """One of three is advertising: its sender hears nothing more, the matter and the others go on."""
    people = joined(town, 3)
    lead, spammer, third = people
    before = views([lead, third])
    with pytest.raises(NotAllowed):
        mark_spam(actor=town.actor("carl"), concern_id=spammer.concern.pk)

    with told() as letters:
        mark_spam(actor=town.actor("dora"), concern_id=spammer.concern.pk)

    assert letters == []
    assert views([lead, third]) == before
    assert sees(spammer).state == PublicState.NOT_POSSIBLE
    assert not sees(spammer).can_reply
    with pytest.raises(NotFound):
        reply(concern_id=spammer.concern.pk, text="Buy more!")

    with told() as letters:
        resolved(town, lead)
    assert dict(letters)[Verb.RESOLVE] == [lead.concern.pk, third.concern.pk]
    confirm(concern_id=lead.concern.pk)
    confirm(concern_id=third.concern.pk)
    assert fresh(lead.ticket).state == State.CLOSED

    unmark_spam(actor=town.actor("dora"), concern_id=spammer.concern.pk)
    assert sees(spammer).state == PublicState.DONE


def test_spam_with_an_objection_waits_for_nobody(town: Town) -> None:
    lead, spammer = joined(town, 2)
    resolved(town, lead)
    object_to_result(concern_id=spammer.concern.pk, text="Buy!")

    mark_spam(actor=town.actor("dora"), concern_id=spammer.concern.pk)

    assert list(queue(town.actor("tess"), "review")) == []
    confirm(concern_id=lead.concern.pk)
    assert fresh(lead.ticket).state == State.CLOSED


def test_spam_seen_by_a_clerk_in_assigned(town: Town) -> None:
    """Carl may not discard; he proposes, Dora decides; both ways, and back."""
    spam, wrong = file("Buy watches!", email="s@people.example"), file(email="rita@people.example")
    carl, dora = town.actor("carl"), town.actor("dora")
    assert Verb.DISCARD not in may(town, "carl", spam.ticket)
    with pytest.raises(NotAllowed):
        discard(actor=carl, ticket_id=spam.ticket.pk, reason="Advertising.")

    for filed in (spam, wrong):
        propose_discard(actor=carl, ticket_id=filed.ticket.pk, reason="Advertising?")
        assert Verb.DISMISS_DISCARD in may(town, "dora", filed.ticket)
    dismiss_discard(actor=dora, ticket_id=wrong.ticket.pk, reason="A real hole.")
    with told() as letters:
        discard(actor=dora, ticket_id=spam.ticket.pk, reason="Advertising.")

    assert letters == []
    assert (fresh(spam.ticket).state, sees(spam).state) == (
        State.DISCARDED,
        PublicState.NOT_POSSIBLE,
    )
    assert fresh(wrong.ticket).state == State.ASSIGNED
    assert list(queue(carl, "department")) == [fresh(wrong.ticket)]

    restore(actor=dora, ticket_id=spam.ticket.pk, reason="It was a street name.")

    assert (fresh(spam.ticket).state, sees(spam).state) == (State.IN_TRIAGE, PublicState.CHECKING)
    assert concern_standing(spam) == Standing.ACTIVE


def concern_standing(filed: Filed) -> str:
    return Concern.objects.get(pk=filed.concern.pk).standing


def test_restoring_leaves_what_was_spam_before(town: Town) -> None:
    lead, spammer = joined(town, 2)
    dora = town.actor("dora")
    mark_spam(actor=dora, concern_id=spammer.concern.pk)
    discard(actor=dora, ticket_id=lead.ticket.pk, reason="All of it.")

    restore(actor=dora, ticket_id=lead.ticket.pk, reason="Not all.")

    assert [concern_standing(filed) for filed in (lead, spammer)] == [
        Standing.ACTIVE,
        Standing.SPAM,
    ]


# The same matter


def test_newcomer_joins_yesterdays_resolved_pothole(
    town: Town, clock: time_machine.Traveller
) -> None:
    """The hole was filled yesterday; a slow letter reports it today: its writer gets the answer at once."""
    lead = file(email="lead@people.example")
    resolved(town, lead)
    clock.shift(ONE_DAY)
    newcomer = file(email="new@people.example", channel=Channel.LETTER)
    before = view(lead)

    with told() as letters:
        join(actor=town.actor("clara"), ticket_id=newcomer.ticket.pk, lead_id=lead.ticket.pk)

    assert letters == [(Verb.JOIN, [newcomer.concern.pk])]
    assert view(lead) == before
    assert fresh(lead.ticket).state == State.RESOLVED
    assert (sees(newcomer).state, reads(newcomer)) == (
        PublicState.DONE,
        ["We filled the hole on Monday."],
    )
    assert sees(newcomer).can_object
    assert sees(newcomer).can_confirm
    assert Verb.RESOLVE not in course(newcomer)

    clock.shift(14 * ONE_DAY)
    tend()
    assert {sees(filed).state for filed in (lead, newcomer)} == {PublicState.DONE}
    assert fresh(lead.ticket).state == State.CLOSED


def test_detach_after_resolve(town: Town) -> None:
    """The answer was right for two; the third's hole is another one. It is worked on again; the two notice nothing."""
    lead, second, third = joined(town, 3)
    resolved(town, lead)
    confirm(concern_id=third.concern.pk)
    before = views([lead, second])

    with told() as letters:
        detach(actor=town.actor("dora"), ticket_id=third.ticket.pk)

    assert letters == [(Verb.DETACH, [third.concern.pk])]
    assert views([lead, second]) == before
    assert fresh(lead.ticket).state == State.RESOLVED
    ticket = fresh(third.ticket)
    assert (ticket.state, ticket.outcome, ticket.answer_message) == (State.IN_TRIAGE, "", None)
    assert sees(third).state == PublicState.CHECKING
    assert reads(third) == ["We filled the hole on Monday."]
    assert not sees(third).can_object
    assert Verb.ROUTE in may(town, "dora", ticket)
    for filed in (lead, second):
        confirm(concern_id=filed.concern.pk)
    assert fresh(lead.ticket).state == State.CLOSED
    assert sees(third).state == PublicState.CHECKING


def test_mail_with_two_matters(town: Town) -> None:
    """One mail, a hole and a tree: two references, two offices, one person, each matter answered by itself."""
    rita = file(
        "There is a hole. And a tree fell on the bench.",
        email="rita@people.example",
        channel=Channel.MAIL,
    )
    with told() as letters:
        second = split(
            actor=town.actor("carl"),
            concern_id=rita.concern.pk,
            words="And a tree fell on the bench.",
            category="tree",
        )
    part = Concern.objects.get(part_of=rita.concern)

    assert letters == [(Verb.SPLIT, [part.pk])]
    assert Reporter.objects.count() == 1
    assert (part.channel, part.reference == rita.concern.reference) == (Channel.MAIL, False)
    assert (second.department, fresh(rita.ticket).department) == (
        town.office("parks"),
        town.office("streets"),
    )
    assert Concern.objects.get(pk=rita.concern.pk).words.startswith("There is a hole.")
    assert timeline(rita.ticket)[-1] == Verb.SPLIT

    accept(actor=town.actor("paul"), ticket_id=second.pk)
    resolve(actor=town.actor("paul"), ticket_id=second.pk, answer=FIXED)

    assert sees(concern_of(part)).state == PublicState.DONE
    assert sees(rita).state == PublicState.IN_PROGRESS
    assert reads(rita) == []
    with pytest.raises(NotFound):
        ticket_detail(town.actor("paul"), rita.ticket.pk)


def test_words_of_one_are_never_read_by_another(town: Town) -> None:
    people = joined(town, 5)
    for number, filed in enumerate(people):
        reply(concern_id=filed.concern.pk, text=f"Reply of {number}.")
    resolved(town, people[0])
    for number, filed in enumerate(people):
        object_to_result(concern_id=filed.concern.pk, text=f"Objection of {number}.")

    for number, filed in enumerate(people):
        assert reads(filed) == [
            f"Reply of {number}.",
            "We filled the hole on Monday.",
            f"Objection of {number}.",
        ]
        mine = {event.concern_ref for event in sees(filed).events}
        assert mine <= {None, filed.concern.pk}
    assert Message.objects.count() == 11
