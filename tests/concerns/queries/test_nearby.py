"""What near a place may be what somebody is about to tell, for anybody and for an employee, and at what cost."""

import pytest

from common.clock import now
from concerns.actions.correcting import publish, unpublish
from concerns.actions.filing import Place
from concerns.actions.safeguarding import encircle, restrict
from concerns.duplicates import Matter
from concerns.models import Ticket
from concerns.queries.nearby import nearby, nearby_for
from tests.support import stages
from tests.support.sql import budget
from tests.support.town import HARBOUR, Town, file

WORDS = "The lamp before number five is out."
METRE = 1 / 111_320


def away(metres: float) -> Place:
    return Place(address="Quay Street", lat=HARBOUR.lat + metres * METRE, lon=HARBOUR.lon)


def here(town: Town, **more) -> Matter:
    return Matter(
        at=now(),
        **{
            "category": town.categories["pothole"].path,
            "lat": HARBOUR.lat,
            "lon": HARBOUR.lon,
            **more,
        },
    )


def released(town: Town, ticket: Ticket) -> Ticket:
    publish(actor=town.actor("dora"), ticket_id=ticket.pk)
    return ticket


def offered(town: Town, who: str) -> list[int]:
    return [one.ticket_id for one in nearby_for(town.actor(who), matter=here(town))]


def test_a_citizen_sees_published_ones_alone(town: Town) -> None:
    hidden, shown = file(WORDS).ticket, file(WORDS, place=away(30)).ticket
    assert nearby(matter=here(town)) == []
    released(town, shown)

    [one] = nearby(matter=here(town))

    assert one.row["key"] == shown.publications.get().key
    assert one.likeness.words is None
    unpublish(actor=town.actor("carl"), ticket_id=shown.pk)
    assert nearby(matter=here(town)) == []
    assert hidden.publications.count() == 0


@pytest.mark.parametrize("more", [{"lat": 10.0, "lon": 10.0}, {"lat": 90.0, "lon": 0.0}])
def test_nowhere_is_nothing(town: Town, more: dict[str, float]) -> None:
    released(town, file(WORDS).ticket)

    assert nearby(matter=here(town, **more)) == []


def test_what_is_settled_is_shown_unless_open_ones_are_asked_for(town: Town) -> None:
    settled = released(town, stages.resolved(town).ticket)

    assert [one.ticket_id for one in nearby(matter=here(town))] == [settled.pk]
    assert nearby(matter=here(town), only_open=True) == []


def test_of_many_the_nearest_are_looked_at(town: Town) -> None:
    for _nth in range(31):
        released(town, file(WORDS, place=away(240)).ticket)
    close = released(town, file(WORDS, place=away(0)).ticket)
    for _nth in range(5):
        released(town, file(WORDS, place=away(240)).ticket)

    assert nearby(matter=here(town))[0].ticket_id == close.pk


def test_an_employee_is_offered_what_they_see_and_what_everybody_sees(town: Town) -> None:
    mine, told = file(WORDS).ticket, released(town, file(WORDS, place=away(30)).ticket)

    assert offered(town, "carl") == [mine.pk, told.pk]
    assert offered(town, "paul") == [told.pk]
    [one] = nearby_for(town.actor("paul"), matter=here(town))
    assert "title" not in one.row


def test_nobody_is_offered_what_no_one_may_be_placed_on(town: Town) -> None:
    hidden, kept, over = file(WORDS).ticket, file(WORDS).ticket, stages.resolved(town).ticket
    assert offered(town, "carl") == [hidden.pk, kept.pk]
    encircle(actor=town.actor("tess"), ticket_id=hidden.pk, circle_key=town.circle.key)
    restrict(actor=town.actor("alma"), ticket_id=kept.pk, reason="art18")
    file("Lamp.", category="it-incident", actor=town.actor("norman"))

    assert [offered(town, who) for who in ("carl", "petra", "max", "alma", "iris")] == [[]] * 5
    assert Ticket.objects.get(pk=over.pk).is_open is False


def test_it_costs_the_same_whatever_there_is(town: Town) -> None:
    for metres in range(1, 12):
        ticket = file(WORDS, place=away(metres)).ticket
        if metres % 2:
            released(town, ticket)

    with budget(1):
        assert len(nearby(matter=here(town))) == 5
    carl = town.actor("carl")
    with budget(2):
        assert len(nearby_for(carl, matter=here(town))) == 5
