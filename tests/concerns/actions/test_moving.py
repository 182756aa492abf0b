"""What goes along when concerns change tickets, and what stays."""

import pytest

from concerns.actions.filing import Filed
from concerns.actions.moving import move_placements
from concerns.actions.voicing import object_to_result
from concerns.enums import PlacementReason, Verdict
from concerns.models import Exclusion, Objection, Placement
from tests.support.sql import statements
from tests.support.stages import resolved
from tests.support.stories import joined
from tests.support.town import Town, file, fresh


@pytest.fixture
def left(town: Town) -> Filed:
    """Answered for one, who objects."""
    filed = resolved(town)
    object_to_result(concern_id=filed.concern.pk, text="The hole is still there.")
    return filed


def move(town: Town, left: Filed, to: Filed, reason: PlacementReason) -> int:
    return move_placements(fresh(left.ticket), fresh(to.ticket), town.actor("dora"), reason)


def open_placements(filed: Filed) -> list[tuple[int, int, str, int | None]]:
    found = Placement.objects.open().filter(ticket=filed.ticket).order_by("concern")
    return list(found.values_list("concern", "ticket", "reason", "origin"))


def test_all_concerns_move_and_say_where_they_came_from(town: Town) -> None:
    left, other = joined(town, 2)
    to = file()
    lead, ticket, dora = fresh(to.ticket), fresh(left.ticket), town.actor("dora")

    with statements() as said:
        moved = move_placements(ticket, lead, dora, PlacementReason.JOINED)

    assert (moved, len(said)) == (2, 1)
    assert (ticket.concern_count, lead.concern_count) == (0, 3)
    assert open_placements(left) == []
    assert open_placements(to) == [
        (left.concern.pk, to.ticket.pk, "joined", left.ticket.pk),
        (other.concern.pk, to.ticket.pk, "joined", left.ticket.pk),
        (to.concern.pk, to.ticket.pk, "filed", None),
    ]


def test_of_named_concerns_those_move_that_are_there(town: Town) -> None:
    left, other = joined(town, 2)
    to, elsewhere = file(), file()
    names = [other.concern.pk, elsewhere.concern.pk]

    moved = move_placements(
        fresh(left.ticket),
        fresh(to.ticket),
        town.actor("dora"),
        PlacementReason.DETACHED,
        names,
    )

    assert moved == 1
    assert [row[0] for row in open_placements(left)] == [left.concern.pk]
    assert open_placements(to)[0] == (other.concern.pk, to.ticket.pk, "detached", None)
    assert [row[0] for row in open_placements(elsewhere)] == [elsewhere.concern.pk]


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [
        (PlacementReason.JOINED, Verdict.REOPENED),
        (PlacementReason.DETACHED, Verdict.DETACHED),
    ],
)
def test_an_objection_is_decided_by_work_that_goes_on(
    town: Town, left: Filed, reason: PlacementReason, verdict: Verdict
) -> None:
    move(town, left, file(), reason)

    objection = Objection.objects.get()
    assert (objection.verdict, objection.ticket) == (verdict, left.ticket)
    assert (objection.decided_by, objection.decided_at is None) == (town.people["dora"], False)


def test_an_objection_waits_on_where_it_was_answered(town: Town, left: Filed) -> None:
    to = resolved(town)

    move(town, left, to, PlacementReason.JOINED)

    objection = Objection.objects.get()
    assert (objection.verdict, objection.ticket) == ("", to.ticket)
    assert (objection.decided_by, objection.decided_at) == (None, None)


def test_the_objection_of_who_stays_waits_on(town: Town, left: Filed) -> None:
    move_placements(
        fresh(left.ticket),
        fresh(file().ticket),
        town.actor("dora"),
        PlacementReason.DETACHED,
        [file().concern.pk],
    )

    assert (Objection.objects.get().verdict, len(open_placements(left))) == ("", 1)


def test_who_may_not_know_of_one_ticket_may_not_know_of_the_other(town: Town, left: Filed) -> None:
    to, carl, clara = file(), town.people["carl"], town.people["clara"]
    Exclusion.objects.create(ticket=left.ticket, user=carl)
    Exclusion.objects.create(ticket=left.ticket, user=clara)
    Exclusion.objects.create(ticket=to.ticket, user=carl)

    move(town, left, to, PlacementReason.JOINED)

    kept_out = Exclusion.objects.filter(ticket=to.ticket).values_list("user", flat=True)
    assert sorted(kept_out) == sorted([carl.pk, clara.pk])
