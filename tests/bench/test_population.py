"""Copies of real families: every rule that holds for what people did holds for them, too."""

import pytest
from django.db import connection

from bench import population
from bench.copies import Copy, Spot
from bench.donors import COPIED, families
from bench.guards import unguarded
from common.actor import Actor
from concerns.actions.correcting import publish
from concerns.actions.joining import join
from concerns.actions.words import note
from concerns.models import Concern, Publication, Reporter, Ticket
from concerns.queries.contact import contact_of
from tests.support.invariants import faults
from tests.support.stages import closed, in_progress, reopen_requested, resolved, waiting_reporter
from tests.support.town import Town, file

pytestmark = pytest.mark.django_db(transaction=True)
EACH = 5
SPOT = Spot("Quay Street 7", 54.05, -0.95, None)


@pytest.fixture
def donors(town: Town) -> int:
    """Tickets in many states, one with two concerns joined into it; how many families that is."""
    lead, other = in_progress(town), file(email="leo@people.example")
    join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=lead.ticket.pk)
    note(actor=town.actor("carl"), ticket_id=lead.ticket.pk, text="Looked at it.")
    publish(actor=town.actor("dora"), ticket_id=lead.ticket.pk)
    for stage in (closed, reopen_requested, resolved, waiting_reporter):
        stage(town)
    return 5


def write(count: int) -> None:
    found, firsts = families(), population.next_ids()
    chosen = [n for n, _family in enumerate(found)] * count
    batches: list[list[Copy]] = list(population.planned(chosen, found, firsts))
    with unguarded():
        population.begin(found, [SPOT])
        for batch in batches:
            population.write_batch(batch)
    population.put_sequences(firsts)


def test_copies_keep_every_rule_and_new_rows_follow_them(town: Town, donors: int) -> None:
    before = {model: model.objects.count() for model in COPIED}
    assert len(families()) == donors
    assert faults() == []

    write(EACH)

    assert {model: model.objects.count() for model in COPIED} == {
        model: count * (EACH + 1) for model, count in before.items()
    }
    # A copy's dates are as far apart as its donor's, whatever holidays and changes of the clocks lie between them.
    assert [one for one in faults() if not one.startswith("due without a reason")] == []
    assert file().ticket.pk == Ticket.objects.order_by("-pk")[0].pk


def test_each_copy_is_somebody_elses_and_elsewhere(town: Town, donors: int) -> None:
    last = Concern.objects.order_by("-pk")[0].pk
    write(EACH)

    copied = Concern.objects.exclude(reporter=None).filter(pk__gt=last)
    people = [contact_of(Actor.system(), one.reporter, purpose="test")["email"] for one in copied]
    assert len(set(people)) == len(people) == EACH * Concern.objects.filter(pk__lte=last).count()
    assert Reporter.objects.filter(concerns=None).count() == 0
    assert Publication.objects.values("key").distinct().count() == EACH + 1
    assert Ticket.objects.filter(address=SPOT.label).exists()


def test_guards_are_back_afterwards(town: Town, donors: int) -> None:
    def standing() -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT conname FROM pg_constraint UNION ALL SELECT indexrelid::regclass::text FROM pg_index"
                " UNION ALL SELECT tgname || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
            )
            return list(cursor.fetchall())

    before = standing()
    write(1)

    assert standing() == before
