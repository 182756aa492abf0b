"""Follow-ups: planned, moved, come, done; told once, to whom the ticket belongs, whatever its clocks say."""

import datetime as dt

import pytest
import time_machine

from concerns.actions.following_up import bring_up, follow_up, followed_up, sound_follow_up
from concerns.actions.joining import join
from concerns.actions.safeguarding import restrict
from concerns.enums import Verb
from concerns.errors import Invalid, NotAllowed, NotFound, Refused
from concerns.models import Event, Ticket
from concerns.queries.audit import broken_chains
from concerns.queries.tickets import queue
from tests.support.sql import budget
from tests.support.stages import assigned, closed, discarded, in_progress, merged
from tests.support.town import Town, fresh

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
FRIDAY = dt.date(2026, 3, 6)
ONE_DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> time_machine.Traveller:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def plan(town: Town, ticket: Ticket, date: dt.date = FRIDAY, by: str = "carl") -> Ticket:
    return follow_up(actor=town.actor(by), ticket_id=ticket.pk, date=date, text="Has it sunk?")


def told(ticket: Ticket) -> list[dict[str, str]]:
    found = Event.objects.filter(ticket=ticket, verb=Verb.FOLLOW_UP_DUE).order_by("sequence")
    return list(found.values_list("data", flat=True))


def test_it_comes_up_on_its_day_once(town: Town, clock: time_machine.Traveller) -> None:
    ticket = plan(town, in_progress(town).ticket)
    note = ticket.notes.get()
    assert note.text == "Has it sunk?"
    event = Event.objects.filter(ticket=ticket).last()
    assert (event.verb, event.data) == (Verb.FOLLOW_UP, {"date": "2026-03-06", "note": note.pk})

    found = []
    for _day in range(7):
        found.append((bring_up(), [one.pk for one in queue(town.actor("carl"), "follow_up")]))
        clock.shift(ONE_DAY)

    here = [ticket.pk]
    assert found == [(0, []), (0, []), (0, []), (0, []), (1, here), (0, here), (0, here)]
    assert told(ticket) == [{"date": "2026-03-06"}]
    assert list(broken_chains()) == []


def test_another_day_is_told_anew_and_what_is_done_is_gone(
    town: Town, clock: time_machine.Traveller
) -> None:
    ticket = plan(town, in_progress(town).ticket)
    clock.shift(4 * ONE_DAY)
    bring_up()
    plan(town, ticket, FRIDAY + 3 * ONE_DAY)
    assert list(queue(town.actor("carl"), "follow_up")) == []
    clock.shift(4 * ONE_DAY)
    assert bring_up() == 1

    followed_up(actor=town.actor("carl"), ticket_id=ticket.pk, text="It holds.")

    assert [one["date"] for one in told(ticket)] == ["2026-03-06", "2026-03-09"]
    assert fresh(ticket).follow_up_on is None
    assert bring_up() == 0
    with pytest.raises(Refused):
        followed_up(actor=town.actor("carl"), ticket_id=ticket.pk)
    with pytest.raises(Refused):
        sound_follow_up(ticket_id=ticket.pk)


@pytest.mark.parametrize("days", [-1, 0, 733])
def test_a_day_that_is_none_is_refused(town: Town, days: int) -> None:
    with pytest.raises(Invalid) as refusal:
        plan(town, in_progress(town).ticket, MONDAY.date() + days * ONE_DAY)

    assert refusal.value.field == "date"


def test_what_for_must_be_said(town: Town) -> None:
    ticket = in_progress(town).ticket

    with pytest.raises(Invalid) as refusal:
        follow_up(actor=town.actor("carl"), ticket_id=ticket.pk, date=FRIDAY, text=" ")

    assert refusal.value.field == "text"
    assert fresh(ticket).follow_up_on is None


@pytest.mark.parametrize(
    ("by", "error"), [("paul", NotFound), ("ada", NotAllowed), ("hanna", NotAllowed)]
)
def test_by_whoever_works_it(town: Town, by: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        plan(town, in_progress(town).ticket, by=by)


def test_an_answered_ticket_may_be_looked_at_again(
    town: Town, clock: time_machine.Traveller
) -> None:
    ticket = plan(town, closed(town).ticket, MONDAY.date() + 60 * ONE_DAY)
    clock.shift(60 * ONE_DAY)

    assert bring_up() == 1
    assert told(ticket) == [{"date": str(MONDAY.date() + 60 * ONE_DAY)}]


@pytest.mark.parametrize("stage", [merged, discarded])
def test_what_is_gone_is_not_looked_at_again(town: Town, stage) -> None:
    with pytest.raises(Refused):
        plan(town, stage(town).ticket, by="dora")


def test_joined_or_restricted_meanwhile_it_stays_silent(
    town: Town, clock: time_machine.Traveller
) -> None:
    joined, kept = plan(town, assigned(town).ticket), plan(town, assigned(town).ticket)
    lead = assigned(town).ticket
    join(actor=town.actor("dora"), ticket_id=joined.pk, lead_id=lead.pk)
    restrict(actor=town.actor("alma"), ticket_id=kept.pk, reason="disputed")
    clock.shift(5 * ONE_DAY)

    assert bring_up() == 0
    assert list(queue(town.actor("dora"), "follow_up")) == []


def test_nobodys_ticket_comes_up_at_its_desk_and_nowhere_else(
    town: Town, clock: time_machine.Traveller
) -> None:
    ticket = plan(town, assigned(town).ticket)
    clock.shift(5 * ONE_DAY)

    found = {
        name: list(queue(town.actor(name), "follow_up"))
        for name in ("carl", "clara", "tess", "dora", "ada", "paul")
    }

    mine = [ticket]
    expected = {"carl": mine, "clara": mine, "tess": mine, "dora": mine, "ada": [], "paul": []}
    assert found == expected


def test_looking_costs_one_statement(town: Town) -> None:
    plan(town, in_progress(town).ticket)

    with budget(1):
        bring_up()
