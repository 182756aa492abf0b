"""Which matters are offered as perhaps the same, to whom, and at what cost."""

import datetime as dt

import time_machine
from django.db import connection

from common.actor import Actor
from common.clock import now
from concerns.actions.filing import Place
from concerns.actions.joining import join
from concerns.actions.safeguarding import encircle
from concerns.enums import Audience
from concerns.models import Concern, Ticket
from concerns.queries.similar import similar_to
from tests.factories.matters import AssetFactory
from tests.support.sql import budget
from tests.support.town import HARBOUR, Town, file, fresh

WORDS = "The lamp before number five is out."
METRE = 1 / 111_320


def away(metres: float) -> Place:
    return Place(address="Quay Street", lat=HARBOUR.lat + metres * METRE, lon=HARBOUR.lon)


def found(town: Town, ticket: Ticket, who: str = "carl") -> list[int]:
    return [one.row["id"] for one in similar_to(town.actor(who), fresh(ticket))]


def test_the_nearest_and_most_alike_come_first(town: Town) -> None:
    mine = file(WORDS).ticket
    far, near = file(WORDS, place=away(120)).ticket, file(WORDS, place=away(20)).ticket
    file(WORDS, place=away(400))

    similar = similar_to(town.actor("carl"), fresh(mine))

    assert [one.row["id"] for one in similar] == [near.pk, far.pk]
    assert similar[0].likeness.reasons[0] == "20 m away"
    assert similar[0].row["title"] == near.title


def test_another_kind_nearby_is_none(town: Town) -> None:
    mine = file(WORDS).ticket
    file("Loud music every night.", category="noise")

    assert found(town, mine) == []


def test_what_is_joined_or_over_long_ago_is_none(town: Town) -> None:
    with time_machine.travel(now() - dt.timedelta(days=200)):
        old = file(WORDS).ticket
    mine, other = file(WORDS).ticket, file(WORDS).ticket
    Ticket.objects.filter(pk=old.pk).update(resolution_due=None)
    join(actor=town.actor("carl"), ticket_id=other.pk, lead_id=mine.pk)

    # The old one is open, so it is looked at, and its age counts against it.
    assert other.pk not in found(town, mine)


def test_the_same_object_is_found_without_a_place(town: Town) -> None:
    lamp = AssetFactory(key="L-17")
    mine = file(WORDS, place=Place(), asset=lamp.key, category="other").ticket
    other = file("Dark again!", place=Place(), asset=lamp.key, category="other").ticket

    assert found(town, mine, "dora") == [other.pk]


def test_the_same_person_is_found_without_a_place(town: Town) -> None:
    mine = file(WORDS, place=Place(), category="other", email="rita@people.example").ticket
    other = file("Lamp, still out", place=Place(), category="other", email="Rita@people.example")
    file("Something else", place=Place(), category="noise", email="tom@people.example")

    similar = similar_to(town.actor("dora"), fresh(mine))

    assert [one.row["id"] for one in similar] == [other.ticket.pk]
    assert "the same person" in similar[0].likeness.reasons


def test_a_confidential_one_is_none_to_outsiders(town: Town) -> None:
    mine, other = file(WORDS).ticket, file(WORDS).ticket
    assert found(town, mine) == [other.pk]
    encircle(actor=town.actor("tess"), ticket_id=other.pk, circle_key=town.circle.key)

    assert found(town, mine) == []


def test_words_that_were_withdrawn_are_not_compared(town: Town) -> None:
    mine, other = file(WORDS).ticket, file(WORDS)
    assert similar_to(town.actor("carl"), fresh(mine))[0].likeness.words == 1.0
    Concern.objects.filter(pk=other.concern.pk).update(restricted_at=now())

    assert similar_to(town.actor("carl"), fresh(mine))[0].likeness.words is None


def test_it_costs_the_same_whatever_there_is(town: Town) -> None:
    mine = file(WORDS, email="rita@people.example").ticket
    for metres in range(1, 12):
        file(WORDS, place=away(metres), email="rita@people.example")

    carl = town.actor("carl")
    with budget(3):
        assert len(similar_to(carl, mine)) == 5


def test_space_is_looked_up_in_its_index(town: Town) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM concerns_ticket WHERE lat IS NOT NULL "
            "AND point(lon, lat) <@ box(point(0, 0), point(1, 1)) ORDER BY point(lon, lat) <-> point(0, 0)"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "ticket_place" in plan


def test_nobody_outside_is_told_of_tickets(town: Town) -> None:
    mine = file(WORDS).ticket
    file(WORDS)

    assert similar_to(Actor.anonymous(), mine) == []
    assert mine.audience == Audience.PUBLIC
