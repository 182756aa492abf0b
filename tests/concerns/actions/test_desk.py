"""What holds for every act alike: all or nothing, one wins, on the record without a word, at a constant price."""

import json
from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, transaction

from common.actor import Actor
from concerns.actions.filing import Consent, Filed, Filing, Place, file_concern
from concerns.actions.voicing import confirm, object_to_result, rate, withdraw
from concerns.actions.words import reply
from concerns.enums import Channel, Standing, Verb
from concerns.errors import Conflict, DomainError, NotAllowed, NotFound
from concerns.models import Concern, Event, Placement, Ticket
from concerns.queries.audit import broken_chains
from notifications.models import Envelope
from tests.factories.crowd import crowd
from tests.support.acts import ALL, SAID, Act, name_of
from tests.support.rows import snapshot
from tests.support.sql import statements
from tests.support.stages import RITA, in_progress, resolved
from tests.support.town import Town, file

# Statements of an act, transaction control aside. Design.md allows 15 with sign-in, key and limits on.
MOST = 10
MOST_FOR_FILING = 10
# A concern and its ticket filed anew besides.
MOST_OF = {Verb.SPLIT: 11}


def ticket_of(act: Act, filed: Filed) -> Ticket:
    return Ticket.objects.get(pk=filed.ticket.pk)


def events_since(before: int) -> list[Event]:
    return list(Event.objects.filter(pk__gt=before).order_by("pk"))


def last_event() -> int:
    return Event.objects.latest("pk").pk


@pytest.mark.parametrize("act", ALL, ids=name_of)
def test_an_act_is_recorded_with_its_verb_its_states_and_its_actor(town: Town, act: Act) -> None:
    filed = act.stage(town)
    before, left = last_event(), ticket_of(act, filed).state
    actor = town.actor(act.by)

    act.do(town, actor, filed)

    connection.check_constraints()
    events = events_since(before)
    own = [one for one in events if one.ticket_id == filed.ticket.pk]
    assert act.verb in {one.verb for one in events}
    assert own[0].from_state == left
    assert own[-1].to_state == ticket_of(act, filed).state
    # A ticket that a split opens is routed by the system.
    assert {one.actor_ref for one in events if one.actor_kind != "system"} == {actor.ref}
    assert list(broken_chains()) == []


@pytest.mark.parametrize("act", ALL, ids=name_of)
def test_every_record_raises_the_version_of_its_ticket(town: Town, act: Act) -> None:
    filed = act.stage(town)
    before, version = last_event(), ticket_of(act, filed).version

    act.do(town, town.actor(act.by), filed)

    written = [one for one in events_since(before) if one.ticket_id == filed.ticket.pk]
    assert ticket_of(act, filed).version == version + len(written)


@pytest.mark.parametrize("act", ALL, ids=name_of)
def test_no_word_of_anybody_stands_in_events_or_envelopes(town: Town, act: Act) -> None:
    """Ids and codes only: what is personal stands in rows that can be erased (design.md §1)."""
    filed = act.stage(town)

    act.do(town, town.actor(act.by), filed)

    kept = json.dumps(
        [list(Event.objects.values_list("data", flat=True)), list(Envelope.objects.values("facts"))]
    ).lower()
    assert SAID not in kept
    for word in ("filled", "frost", "advertising", "anybody", "water", "hole in", "rita", "quay"):
        assert word not in kept


@pytest.mark.parametrize("act", ALL, ids=name_of)
def test_who_may_not_changes_nothing(town: Town, act: Act) -> None:
    filed = act.stage(town)
    before = snapshot()

    for name in ("norman", "paul", "max"):
        with pytest.raises((NotFound, NotAllowed)):
            act.do(town, town.actor(name), filed)

    assert snapshot() == before


@pytest.mark.parametrize("act", ALL, ids=name_of)
def test_who_saw_an_older_state_is_refused_and_changes_nothing(town: Town, act: Act) -> None:
    filed = act.stage(town)
    before = snapshot()

    with pytest.raises(Conflict):
        act.do(town, town.actor(act.by), filed, version=ticket_of(act, filed).version - 1)

    assert snapshot() == before


@pytest.mark.parametrize("act", ALL, ids=name_of)
def test_who_saw_the_present_state_may_act_on_it(town: Town, act: Act) -> None:
    filed = act.stage(town)
    before = last_event()

    act.do(town, town.actor(act.by), filed, version=ticket_of(act, filed).version)

    assert events_since(before)


@pytest.mark.parametrize("act", ALL, ids=name_of)
def test_an_act_the_database_refuses_at_its_end_leaves_nothing(town: Town, act: Act) -> None:
    """A real refusal, after notes, messages, placements and the event were written."""
    filed = act.stage(town)
    refuse_to_write_tickets()
    before = snapshot()

    with pytest.raises(DatabaseError, match="the disk is full"):
        act.do(town, town.actor(act.by), filed)

    assert snapshot() == before


def refuse_to_write_tickets() -> None:
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER full_disk AFTER INSERT OR UPDATE ON concerns_ticket "
            "FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )


def test_filing_that_fails_at_its_end_leaves_nothing(town: Town) -> None:
    refuse_to_write_tickets()
    before = snapshot()

    with pytest.raises(DatabaseError, match="the disk is full"):
        file(email=RITA)

    assert snapshot() == before


@pytest.mark.parametrize("name", ["reply", "confirm", "object", "rate", "withdraw"])
def test_a_persons_act_that_fails_at_its_end_leaves_nothing(town: Town, name: str) -> None:
    filed = in_progress(town) if name == "withdraw" else resolved(town)
    refuse_to_write_tickets()
    before = snapshot()

    with pytest.raises(DatabaseError, match="the disk is full"):
        persons_act(name, filed)

    assert snapshot() == before


def persons_act(name: str, filed: Filed) -> object:
    who = {"concern_id": filed.concern.pk}
    acts = {
        "reply": lambda: reply(text=SAID, **who),
        "confirm": lambda: confirm(**who),
        "object": lambda: object_to_result(text=SAID, **who),
        "rate": lambda: rate(rating=1, words=SAID, **who),
        "withdraw": lambda: withdraw(**who),
    }
    return acts[name]()


def test_no_word_of_a_person_stands_in_events_or_envelopes(town: Town) -> None:
    """Filed with marks everywhere, and everything a person can say afterwards."""
    mark = "zebrafinch"
    filing = Filing(
        words=f"{mark} words",
        channel=Channel.PORTAL,
        language="en",
        category="pothole",
        place=Place(address=f"{mark} street 1", lat=54.05, lon=-0.95),
        contact={"name": f"{mark} name", "email": f"{mark}@people.example"},
        consent=Consent(words=True, version="2026-1"),
    )
    filed = file_concern(actor=Actor.anonymous(), filing=filing)
    who = {"concern_id": filed.concern.pk}
    reply(text=mark, **who)
    for act in ALL:
        if act.verb in (Verb.ACCEPT, Verb.RESOLVE):
            act.do(town, town.actor("carl"), filed)
    rate(rating=1, words=mark, **who)
    object_to_result(text=mark, **who)

    events = list(Event.objects.values("data", "verb", "actor_kind"))
    envelopes = list(Envelope.objects.values("facts", "topic"))
    assert len(events) == 8
    assert mark not in json.dumps([events, envelopes])


class Undone(Exception):
    """Takes the first round back, so that the second finds the same city."""


@pytest.mark.parametrize("act", ALL, ids=name_of)
def test_an_act_costs_the_same_with_1_and_101_concerns(town: Town, act: Act) -> None:
    few, many = cost(town, act, 0), cost(town, act, 100)

    assert len(few) == len(many), "\n".join(many)
    assert len(few) <= MOST_OF.get(act.verb, MOST), "\n".join(few)


def cost(town: Town, act: Act, size: int) -> list[str]:
    """The statements of an act whose ticket has that many concerns besides its own."""
    actor = town.actor(act.by)
    with suppress(Undone), transaction.atomic():
        filed = act.stage(town)
        gather(filed, size, act)
        with statements() as said:
            act.do(town, actor, filed)
        raise Undone
    return said


def gather(filed: Filed, size: int, act: Act) -> None:
    """A crowd where the act finds its people: on the ticket, or on the lead where it is joined."""
    if act.verb == Verb.CLOSE_WITHDRAWN:
        crowd(filed.ticket, size)
        Concern.objects.filter(is_follow=True).update(standing=Standing.WITHDRAWN)
        return
    lead = Placement.objects.open().get(concern=filed.concern).ticket
    crowd(lead, size)


@pytest.mark.parametrize(
    ("name", "most"),
    [("reply", 6), ("confirm", 6), ("object", 10), ("rate", 5), ("withdraw", 7)],
)
def test_a_persons_act_costs_the_same_in_company(town: Town, name: str, most: int) -> None:
    costs = []
    for size in (1, 100):
        filed = in_progress(town) if name == "withdraw" else resolved(town)
        crowd(filed.ticket, size)
        with statements() as said:
            persons_act(name, filed)
        costs.append(len(said))

    assert costs[0] == costs[1]
    assert costs[0] <= most, "\n".join(said)


def test_an_objection_that_moves_the_ticket_writes_two_records(town: Town) -> None:
    filed = resolved(town)
    with statements() as said:
        persons_act("object", filed)

    assert len(said) <= 10, "\n".join(said)


def test_filing_stays_within_its_budget(town: Town) -> None:
    with statements() as said:
        file(email=RITA, name="Rita Reeve")

    assert len(said) <= MOST_FOR_FILING, "\n".join(said)


def test_nobody_without_proof_acts_for_a_person(town: Town) -> None:
    with pytest.raises(DomainError):
        reply(concern_id=10**9, text="Hello?")
