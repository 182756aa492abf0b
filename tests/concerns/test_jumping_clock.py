"""A clock that was an hour ahead and is set right: work goes on, people hear of it once, and every chain is whole."""

import datetime as dt

import pytest

from concerns.actions.joining import detach, join
from concerns.actions.tending import tend
from concerns.actions.working import accept
from concerns.enums import Verb
from concerns.models import Event
from concerns.queries.audit import broken_chains
from tests.support.stages import resolved as resolved_stage
from tests.support.stages import waiting_reporter
from tests.support.stories import at, placed_on, resolved, timeline, told
from tests.support.town import Town, file, fresh

RIGHT = dt.datetime(2026, 11, 16, 10, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def test_who_filed_while_it_was_ahead_hears_of_everything_after(town: Town) -> None:
    with at(RIGHT + HOUR):
        filed = file(email="rita@people.example")
    with at(RIGHT), told() as heard:
        resolved(town, filed)

    mine = [filed.concern.pk]
    assert heard == [(Verb.ACCEPT, mine), (Verb.RESOLVE, mine)]
    assert list(broken_chains()) == []


def test_what_happened_is_never_before_what_happened_before(town: Town) -> None:
    with at(RIGHT + HOUR):
        filed = file()
    with at(RIGHT):
        resolved(town, filed)

    events = Event.objects.filter(ticket=filed.ticket).order_by("sequence")
    moments = list(events.values_list("at", flat=True))
    assert moments == sorted(moments)
    assert list(broken_chains()) == []


@pytest.mark.parametrize("ahead", [("one",), ("lead",), ("one", "lead")])
def test_what_was_filed_while_it_was_ahead_is_joined_and_parted_and_people_hear_of_it(
    town: Town, ahead: tuple[str, ...]
) -> None:
    filed = {}
    for name in ("one", "lead"):
        with at(RIGHT + (HOUR if name in ahead else -HOUR)):
            filed[name] = file(email=f"{name}@people.example")
    one, lead = filed["one"], filed["lead"]
    both = sorted([one.concern.pk, lead.concern.pk])

    with at(RIGHT), told() as heard:
        join(actor=town.actor("dora"), ticket_id=one.ticket.pk, lead_id=lead.ticket.pk)
        accept(actor=town.actor("carl"), ticket_id=lead.ticket.pk)
        detach(actor=town.actor("dora"), ticket_id=one.ticket.pk)

    assert heard == [
        (Verb.JOIN, [one.concern.pk]),
        (Verb.ACCEPT, both),
        (Verb.DETACH, [one.concern.pk]),
    ]
    assert placed_on(one).pk == one.ticket.pk
    assert list(broken_chains()) == []


@pytest.mark.parametrize(
    ("stage", "days", "verb"),
    [(waiting_reporter, 14, Verb.REMIND), (resolved_stage, 14, Verb.CLOSE)],
)
def test_what_is_due_is_done_once_however_often_the_clock_passes_it(
    town: Town, stage, days: int, verb: Verb
) -> None:
    with at(RIGHT):
        filed = stage(town)
    due = RIGHT + days * DAY

    for moment in (due - HOUR, due, due - HOUR, due + HOUR, due - HOUR, due):
        with at(moment):
            tend()

    assert timeline(fresh(filed.ticket)).count(verb) == 1
    assert list(broken_chains()) == []
