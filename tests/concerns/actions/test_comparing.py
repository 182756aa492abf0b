"""What a person says of two tickets that look alike is kept, asked once, and can be changed."""

import datetime as dt

import pytest
import time_machine

from common.clock import now
from concerns.actions.comparing import compare
from concerns.actions.joining import detach, join
from concerns.actions.safeguarding import encircle
from concerns.enums import Finding, Verb
from concerns.errors import Conflict, Invalid, NotAllowed, NotFound
from concerns.models import Comparison, Event, Ticket
from concerns.queries.similar import compared_before, similar_to
from tests.support.sql import budget
from tests.support.town import Town, file, fresh

WORDS = "The lamp before number five is out."


@pytest.fixture
def pair(town: Town) -> tuple[Ticket, Ticket]:
    return file(WORDS).ticket, file(WORDS).ticket


def seen(town: Town, ticket: Ticket) -> list[int]:
    return [one.row["id"] for one in similar_to(town.actor("carl"), fresh(ticket))]


def say(town: Town, one: Ticket, other: Ticket, finding: Finding, who: str = "carl") -> Ticket:
    return compare(actor=town.actor(who), ticket_id=one.pk, other_id=other.pk, finding=finding)


def test_another_matter_is_never_asked_again_from_either_side(town: Town, pair) -> None:
    one, other = pair
    assert (seen(town, one), seen(town, other)) == ([other.pk], [one.pk])

    say(town, other, one, Finding.DIFFERENT)

    assert (seen(town, one), seen(town, other)) == ([], [])
    [kept] = Comparison.objects.all()
    assert (kept.first, kept.second, kept.finding) == (one, other, Finding.DIFFERENT)
    assert (kept.score, kept.decided_by) == (1.0, town.people["carl"].ref_id)
    event = Event.objects.get(verb=Verb.COMPARE)
    assert (event.ticket, event.data) == (other, {"finding": "different"})


def test_later_is_asked_again_after_a_week(town: Town, pair) -> None:
    one, other = pair
    say(town, one, other, Finding.LATER)
    assert seen(town, one) == []

    with time_machine.travel(now() + dt.timedelta(days=8)):
        assert seen(town, one) == [other.pk]


def test_a_later_word_replaces_the_one_before(town: Town, pair) -> None:
    one, other = pair
    say(town, one, other, Finding.DIFFERENT)
    say(town, other, one, Finding.LATER, who="tess")

    assert [row.finding for row in Comparison.objects.all()] == [Finding.LATER]
    assert [row.finding for row in compared_before(town.actor("carl"), one)] == [Finding.LATER]


def test_joining_says_that_it_was_the_same(town: Town, pair) -> None:
    one, other = pair
    join(actor=town.actor("carl"), ticket_id=one.pk, lead_id=other.pk)
    detach(actor=town.actor("dora"), ticket_id=one.pk)

    [kept] = Comparison.objects.all()
    assert (kept.finding, kept.score) == (Finding.SAME, 1.0)


def test_who_does_not_see_the_other_learns_nothing_of_it(town: Town, pair) -> None:
    one, other = pair
    say(town, one, other, Finding.DIFFERENT)
    encircle(actor=town.actor("tess"), ticket_id=other.pk, circle_key=town.circle.key)

    assert compared_before(town.actor("carl"), one) == []
    with pytest.raises(NotFound):
        say(town, one, other, Finding.LATER)
    assert Comparison.objects.get().finding == Finding.DIFFERENT


@pytest.mark.parametrize("finding", Finding)
def test_itself_is_refused(town: Town, pair, finding: Finding) -> None:
    with pytest.raises(Invalid) as refusal:
        say(town, pair[0], pair[0], finding)

    assert refusal.value.field == "other"


def test_the_same_matter_is_joined_instead(town: Town, pair) -> None:
    with pytest.raises(Invalid) as refusal:
        say(town, *pair, Finding.SAME)

    assert (refusal.value.field, Comparison.objects.count()) == ("finding", 0)


def test_who_only_reads_may_not(town: Town, pair) -> None:
    with pytest.raises(NotAllowed):
        say(town, *pair, Finding.DIFFERENT, who="ada")


def test_a_version_that_is_over_is_a_conflict(town: Town, pair) -> None:
    one, other = pair
    with pytest.raises(Conflict):
        compare(
            actor=town.actor("carl"),
            ticket_id=one.pk,
            other_id=other.pk,
            finding=Finding.LATER,
            version=one.version - 1,
        )


def test_it_costs_five_statements(town: Town, pair) -> None:
    carl = town.actor("carl")
    with budget(5):
        compare(actor=carl, ticket_id=pair[0].pk, other_id=pair[1].pk, finding=Finding.DIFFERENT)
