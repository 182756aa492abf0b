"""`manage.py verify_audit`: a whole chain passes; every way of breaking one is found and named."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from concerns.actions.words import note
from concerns.models import Event, Ticket
from concerns.queries.audit import Break, broken_chains
from tests.support.forging import unguarded
from tests.support.stages import in_progress
from tests.support.town import Town, file


@pytest.fixture
def chain(town: Town) -> Ticket:
    """A ticket with five events, between two others that stay whole."""
    file()
    filed = in_progress(town)
    for text in ("One.", "Two."):
        note(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text=text)
    file(category="other")
    return Ticket.objects.get(pk=filed.ticket.pk)


def forge(ticket: Ticket, sequence: int, **change: Any) -> None:
    with unguarded():
        Event.objects.filter(ticket=ticket, sequence=sequence).update(**change)


def test_whole_chains_pass(chain: Ticket) -> None:
    said = io.StringIO()

    call_command("verify_audit", stdout=said, no_color=True)

    assert said.getvalue() == "All chains are whole (9 events).\n"
    assert chain.event_count == 5


def test_an_empty_city_passes(db: None) -> None:
    said = io.StringIO()

    call_command("verify_audit", stdout=said, no_color=True)

    assert said.getvalue() == "All chains are whole (0 events).\n"


@pytest.mark.parametrize(
    "change",
    [
        {"verb": "resolve"},
        {"from_state": "closed"},
        {"to_state": "closed"},
        {"actor_kind": "system"},
        {"actor_ref": None},
        {"concern_ref": 17},
        {"data": {"note": 1}},
        {"worked_seconds": 86_400},
        {"waited_seconds": 86_400},
        {"at": "2020-01-01T00:00:00Z"},
        {"hash": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.parametrize("sequence", [3, 5], ids=["middle", "last"])
def test_a_changed_event_is_found(chain: Ticket, sequence: int, change: dict[str, Any]) -> None:
    forge(chain, sequence, **change)

    assert list(broken_chains()) == [Break(chain.pk, sequence, "changed")]


def test_an_event_changed_with_a_fitting_hash_breaks_the_next(chain: Ticket) -> None:
    """Who recomputes one hash must recompute all that follow, and the head, and the exported anchor."""
    event = Event.objects.get(ticket=chain, sequence=3)
    event.verb = "resolve"

    forge(chain, 3, verb="resolve", hash=event.digest())

    assert list(broken_chains()) == [Break(chain.pk, 4, "missing")]


@pytest.mark.parametrize("sequence", [1, 3])
def test_a_missing_event_is_found(chain: Ticket, sequence: int) -> None:
    with unguarded():
        Event.objects.filter(ticket=chain, sequence=sequence).delete()

    assert list(broken_chains()) == [Break(chain.pk, sequence, "missing")]


def test_a_missing_event_whose_place_was_taken_is_found(chain: Ticket) -> None:
    """The events after it move up, so that no number is missing: the chain of hashes tells."""
    with unguarded():
        Event.objects.filter(ticket=chain, sequence=3).delete()
        for sequence in (4, 5):
            Event.objects.filter(ticket=chain, sequence=sequence).update(sequence=sequence - 1)

    assert list(broken_chains()) == [Break(chain.pk, 3, "missing")]


@pytest.mark.parametrize("last", [5, 3, 1], ids=["one", "three", "all"])
def test_a_cut_tail_is_found(chain: Ticket, last: int) -> None:
    with unguarded():
        Event.objects.filter(ticket=chain, sequence__gte=last).delete()

    assert list(broken_chains()) == [Break(chain.pk, last, "cut_off")]


def test_a_cut_tail_is_found_though_the_count_was_lowered(chain: Ticket) -> None:
    with unguarded():
        Event.objects.filter(ticket=chain, sequence=5).delete()
        Ticket.objects.filter(pk=chain.pk).update(event_count=4)

    assert list(broken_chains()) == [Break(chain.pk, 5, "cut_off")]


def test_swapped_events_are_found(chain: Ticket) -> None:
    with unguarded():
        for sequence, to in ((4, 99), (5, 4), (99, 5)):
            Event.objects.filter(ticket=chain, sequence=sequence).update(sequence=to)

    assert list(broken_chains()) == [Break(chain.pk, 4, "missing")]


def test_an_event_moved_to_another_ticket_breaks_both(chain: Ticket) -> None:
    first = Ticket.objects.earliest("pk")
    with unguarded():
        Event.objects.filter(ticket=chain, sequence=5).update(ticket=first, sequence=3)

    assert list(broken_chains()) == [
        Break(first.pk, 3, "missing"),
        Break(chain.pk, 5, "cut_off"),
    ]


def test_a_state_that_the_last_event_does_not_tell_is_found(chain: Ticket) -> None:
    with unguarded():
        Ticket.objects.filter(pk=chain.pk).update(state="in_triage")

    assert list(broken_chains()) == [Break(chain.pk, 5, "state")]


def test_only_the_tickets_asked_for_are_looked_at(chain: Ticket) -> None:
    forge(chain, 3, verb="resolve")
    others = list(Ticket.objects.exclude(pk=chain.pk).values_list("pk", flat=True))

    assert list(broken_chains(others)) == []
    assert list(broken_chains([chain.pk])) == [Break(chain.pk, 3, "changed")]


def test_the_command_names_every_broken_chain_and_fails(chain: Ticket) -> None:
    first = Ticket.objects.earliest("pk")
    forge(first, 2, verb="note")
    forge(chain, 3, verb="resolve")
    said = io.StringIO()

    with pytest.raises(CommandError, match="2 chains of events are broken"):
        call_command("verify_audit", stderr=said, no_color=True)

    assert said.getvalue().splitlines() == [
        f"ticket {first.pk}, event 2: changed",
        f"ticket {chain.pk}, event 3: changed",
    ]


def test_emptied_references_leave_the_chain_whole(chain: Ticket, town: Town) -> None:
    """Erasure and retention empty what events point to, never the events (design.md §1)."""
    chain.notes.update(text="", author=None)
    town.people["carl"].ref.user = None
    town.people["carl"].ref.save()

    assert list(broken_chains()) == []
