"""A concern placed where its matter is worked on already; where it may not stand there it has a ticket of its own."""

from collections.abc import Callable

import pytest

from common.actor import Actor
from concerns.actions.correcting import publish, unpublish
from concerns.actions.filing import Filed, Filing, file_concern
from concerns.actions.joining import join
from concerns.actions.safeguarding import encircle, restrict
from concerns.actions.screening import discard
from concerns.enums import Channel, PlacementReason, State, Verb
from concerns.models import Attachment, Concern, Event, Placement, Ticket
from tests.factories.matters import RoutingRuleFactory
from tests.support import stages
from tests.support.files import JPEG, upload
from tests.support.invariants import faults
from tests.support.sql import budget
from tests.support.town import HARBOUR, Town, file, fresh

WORDS = "Still there, and deeper."
RITA = {"email": "rita@people.example"}


def filing(**more: object) -> Filing:
    given = {
        "words": WORDS,
        "channel": Channel.PORTAL,
        "language": "en",
        "category": "pothole",
        "place": HARBOUR,
        "contact": RITA,
        **more,
    }
    return Filing(**given)  # type: ignore[arg-type]


def add(ticket_id: int, actor: Actor | None = None, **more: object) -> Filed:
    return file_concern(actor=actor or Actor.anonymous(), filing=filing(**more), onto=ticket_id)


def published(town: Town, stage: Callable[..., Filed] = stages.in_progress) -> Ticket:
    ticket = stage(town).ticket
    publish(actor=town.actor("carl"), ticket_id=ticket.pk)
    return fresh(ticket)


def test_words_and_files_come_to_the_ticket_that_is_there(town: Town) -> None:
    lead = published(town)

    added = add(lead.pk, uploads=[upload(JPEG)])

    assert (added.ticket.pk, Ticket.objects.count()) == (lead.pk, 1)
    concern = Concern.objects.get(pk=added.concern.pk)
    assert (concern.words, concern.address, concern.is_follow) == (WORDS, HARBOUR.address, False)
    assert concern.reporter is not None
    placement = Placement.objects.get(concern=concern)
    assert (placement.ticket_id, placement.reason) == (lead.pk, PlacementReason.ADDED)
    assert Attachment.objects.get().concern_id == concern.pk
    ticket = fresh(lead)
    assert (ticket.state, ticket.concern_count, ticket.active_count) == (State.IN_PROGRESS, 2, 2)
    events = Event.objects.filter(ticket=lead, concern_ref=concern.pk).order_by("sequence")
    assert [one.verb for one in events] == [Verb.ADDED, Verb.ATTACH]
    assert faults() == []


def taken_back(town: Town) -> int:
    ticket = published(town)
    unpublish(actor=town.actor("carl"), ticket_id=ticket.pk)
    return ticket.pk


def resolved(town: Town) -> int:
    return published(town, stages.resolved).pk


def joined(town: Town) -> int:
    ticket = published(town)
    join(actor=town.actor("carl"), ticket_id=ticket.pk, lead_id=stages.in_progress(town).ticket.pk)
    return ticket.pk


def discarded(town: Town) -> int:
    ticket = published(town)
    discard(actor=town.actor("dora"), ticket_id=ticket.pk, reason="Spam.")
    return ticket.pk


def confidential(town: Town) -> int:
    ticket = published(town)
    encircle(actor=town.actor("tess"), ticket_id=ticket.pk, circle_key=town.circle.key)
    return ticket.pk


def restricted(town: Town) -> int:
    ticket = published(town)
    restrict(actor=town.actor("alma"), ticket_id=ticket.pk, reason="art18")
    return ticket.pk


def never_published(town: Town) -> int:
    return stages.in_progress(town).ticket.pk


def internal(town: Town) -> int:
    return file(category="it-incident", actor=town.actor("norman")).ticket.pk


def none_at_all(town: Town) -> int:
    return stages.in_progress(town).ticket.pk + 1_000


@pytest.mark.parametrize(
    "onto",
    [
        *(taken_back, resolved, joined, discarded, confidential, restricted),
        *(never_published, internal, none_at_all),
    ],
)
def test_where_it_may_not_stand_it_has_a_ticket_of_its_own(
    town: Town, onto: Callable[[Town], int]
) -> None:
    asked = onto(town)
    before = set(Ticket.objects.values_list("pk", "concern_count"))

    added = add(asked)

    assert added.ticket.pk not in {pk for pk, _count in before}
    assert set(Ticket.objects.exclude(pk=added.ticket.pk).values_list("pk", "concern_count")) == (
        before
    )
    assert Placement.objects.get(concern=added.concern).reason == PlacementReason.FILED
    assert fresh(added.ticket).department == town.office("streets")
    assert faults() == []


def for_a_circle_by_category(_town: Town) -> dict[str, object]:
    return {"category": "staff"}


def for_a_circle_by_rule(town: Town) -> dict[str, object]:
    RoutingRuleFactory(
        key="threats", keywords=["threat"], department=town.office("order"), circle=town.circle,
        priority=100,
    )  # fmt: skip
    return {"words": "A threat: the clerk said so.", "category": "other"}


@pytest.mark.parametrize("said", [for_a_circle_by_category, for_a_circle_by_rule])
def test_what_is_for_a_circle_never_comes_to_an_open_ticket(
    town: Town, said: Callable[[Town], dict[str, object]]
) -> None:
    lead = published(town)

    added = add(lead.pk, **said(town))

    assert added.ticket.pk != lead.pk
    assert fresh(added.ticket).circle == town.circle
    assert fresh(lead).concern_count == 1


@pytest.mark.parametrize(("who", "is_there"), [("carl", True), ("paul", False), ("dora", True)])
def test_an_employee_adds_to_what_they_see(town: Town, who: str, *, is_there: bool) -> None:
    ticket = stages.in_progress(town).ticket

    added = add(ticket.pk, town.actor(who), channel=Channel.PHONE)

    assert (added.ticket.pk == ticket.pk) is is_there


def test_an_employee_adds_to_what_everybody_sees(town: Town) -> None:
    lead = published(town)

    assert add(lead.pk, town.actor("paul"), channel=Channel.PHONE).ticket.pk == lead.pk


def test_a_circles_own_people_add_to_no_confidential_ticket(town: Town) -> None:
    ticket = file(category="staff").ticket

    assert add(ticket.pk, town.actor("petra"), channel=Channel.PHONE).ticket.pk != ticket.pk


@pytest.mark.parametrize("onto", [published, none_at_all, for_a_circle_by_category])
def test_it_costs_no_more_than_filing(town: Town, onto: Callable[[Town], object]) -> None:
    lead = published(town)
    for _nth in range(3):
        add(lead.pk)
    more = {"category": "staff"} if onto is for_a_circle_by_category else {}
    asked = none_at_all(town) if onto is none_at_all else lead.pk

    with budget(15):
        add(asked, **more)
