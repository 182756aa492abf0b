"""What the database itself refuses, whoever asks: rewritten events, unaccounted states, impossible rows."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import ActorRef, User
from common.clock import now
from concerns.actions.voicing import object_to_result
from concerns.enums import Direction, MessageKind, State, Verb
from concerns.models import (
    Concern,
    Event,
    Exclusion,
    Involvement,
    Message,
    Objection,
    Placement,
    Publication,
    Ticket,
)
from tests.support.stages import assigned, in_progress, in_triage, merged, resolved
from tests.support.town import Town, build_town, file

APPEND_ONLY = "concerns_event is append-only"
DISAGREES = "differs from its last event"


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def at_commit() -> None:
    """Let the deferred triggers speak now, as they do at COMMIT."""
    connection.check_constraints()


@contextmanager
def refused_at_commit(why: str = DISAGREES) -> Iterator[None]:
    """The statements inside pass; what they add up to does not."""
    with pytest.raises(IntegrityError, match=why), transaction.atomic():  # noqa: PT012 - that is what it is for
        yield
        at_commit()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE concerns_event SET verb = 'resolve'",
        "UPDATE concerns_event SET hash = hash",
        "UPDATE concerns_event SET actor_ref = NULL",
        "DELETE FROM concerns_event",
        "DELETE FROM concerns_event WHERE sequence = 2",
    ],
)
def test_events_are_never_changed_or_deleted(town: Town, sql: str) -> None:
    file()

    with pytest.raises(IntegrityError, match=APPEND_ONLY), transaction.atomic():
        run(sql)

    assert Event.objects.count() == 2


def test_the_orm_cannot_rewrite_events_either(town: Town) -> None:
    file()
    event = Event.objects.latest("pk")
    event.data = {"forged": True}

    for forgery in (event.save, event.delete, lambda: Event.objects.update(verb=Verb.NOTE)):
        with pytest.raises(IntegrityError, match=APPEND_ONLY), transaction.atomic():
            forgery()

    assert not Event.objects.filter(data={"forged": True}).exists()


@pytest.mark.parametrize(
    ("column", "value"), [("state", "in_progress"), ("event_count", 1), ("event_count", 3)]
)
def test_a_state_no_event_accounts_for_is_refused(town: Town, column: str, value: object) -> None:
    file()

    with refused_at_commit():
        run(f"UPDATE concerns_ticket SET {column} = %s", value)

    assert Ticket.objects.get().state == State.ASSIGNED


def test_update_by_the_orm_is_refused_as_well(town: Town) -> None:
    file()

    with refused_at_commit():
        Ticket.objects.update(state=State.CLOSED)

    assert Ticket.objects.get().state == State.ASSIGNED


def test_a_ticket_without_an_event_is_refused(town: Town) -> None:
    with refused_at_commit():
        Ticket.objects.create(audience="public", kind="defect", title="Out of nowhere")

    assert Ticket.objects.count() == 0


@pytest.mark.parametrize(
    "forged",
    [
        {"to_state": State.CLOSED, "sequence": 3},  # says what the ticket does not
        {"to_state": State.ASSIGNED, "sequence": 3},  # right state, but not counted
        {"to_state": State.ASSIGNED, "sequence": 9},  # leaves a gap
    ],
)
def test_an_event_the_ticket_knows_nothing_of_is_refused(
    town: Town, forged: dict[str, Any]
) -> None:
    ticket = file().ticket

    with refused_at_commit():
        Event.objects.create(ticket=ticket, verb=Verb.NOTE, actor_kind="staff", hash="x", **forged)

    assert ticket.events.count() == 2


def test_an_event_of_no_ticket_is_refused(town: Town) -> None:
    with refused_at_commit("violates foreign key"):
        Event.objects.create(
            ticket_id=10**9, sequence=1, verb=Verb.NOTE, to_state="assigned", actor_kind="staff"
        )

    assert Event.objects.count() == 0


def test_a_sequence_is_given_once(town: Town) -> None:
    ticket = file().ticket

    with pytest.raises(IntegrityError, match="event_sequence_once"), transaction.atomic():
        Event.objects.create(
            ticket=ticket, sequence=2, verb=Verb.NOTE, to_state="assigned", actor_kind="staff"
        )


@pytest.mark.django_db(transaction=True)
def test_the_commit_itself_is_refused() -> None:
    """Without anybody asking for the check: that is what stands between a careless script and the record."""
    build_town()
    file()

    with pytest.raises(IntegrityError, match=DISAGREES), transaction.atomic():
        run("UPDATE concerns_ticket SET state = 'in_progress'")

    assert Ticket.objects.get().state == State.ASSIGNED


# What one row may not say. Each is refused by a constraint of its own name.
IMPOSSIBLE_TICKETS = [
    (assigned, {"department": None}, "ticket_owned_has_department"),
    (in_progress, {"department": None}, "ticket_owned_has_department"),
    (resolved, {"outcome": ""}, "ticket_answered_has_outcome_and_answer"),
    (resolved, {"answer_message": None}, "ticket_answered_has_outcome_and_answer"),
    (merged, {"merged_into": None}, "ticket_merged_iff_lead"),
    (assigned, {"lat": None}, "ticket_place_whole"),
    (assigned, {"state": "nonsense"}, "ticket_state_known"),
]


@pytest.mark.parametrize(("stage", "change", "constraint"), IMPOSSIBLE_TICKETS)
def test_an_impossible_ticket_is_refused(
    town: Town, stage: Any, change: dict[str, Any], constraint: str
) -> None:
    ticket = stage(town).ticket

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(**change)


def test_a_ticket_that_is_not_joined_has_no_lead(town: Town) -> None:
    ticket, other = file().ticket, file().ticket

    with pytest.raises(IntegrityError, match="ticket_merged_iff_lead"), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(merged_into=other)


def test_a_ticket_is_not_its_own_lead(town: Town) -> None:
    ticket = merged(town).ticket

    with pytest.raises(IntegrityError, match="ticket_not_own_lead"), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(merged_into=ticket)


def test_a_department_with_tickets_cannot_vanish(town: Town) -> None:
    file()

    with refused_at_commit("violates foreign key"):
        run("DELETE FROM departments_department WHERE key = 'streets'")

    assert Ticket.objects.get().department == town.office("streets")


def test_a_concern_stands_on_one_ticket_at_a_time(town: Town) -> None:
    concern, other = file().concern, file().ticket

    with pytest.raises(IntegrityError, match="placement_one_open"), transaction.atomic():
        Placement.objects.create(concern=concern, ticket=other, reason="joined")


def test_a_placement_does_not_end_before_it_begins(town: Town) -> None:
    file()

    with pytest.raises(IntegrityError, match="placement_ends_after_start"), transaction.atomic():
        Placement.objects.update(until=now() - dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"words": ""}, "concern_has_words"),
        ({"standing": "asleep"}, "concern_standing_known"),
        ({"rating": 0}, "concern_rating"),
        ({"rating": 6}, "concern_rating"),
        ({"lon": None}, "concern_place_whole"),
    ],
)
def test_an_impossible_concern_is_refused(
    town: Town, change: dict[str, Any], constraint: str
) -> None:
    file()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Concern.objects.update(**change)


def test_a_reference_is_given_once(town: Town) -> None:
    one, _other = file().concern, file().concern

    with pytest.raises(IntegrityError, match="reference"), transaction.atomic():
        Concern.objects.update(reference=one.reference)


def test_a_message_from_nobody_is_refused(town: Town) -> None:
    ticket = file().ticket

    with pytest.raises(IntegrityError, match="message_in_has_concern"), transaction.atomic():
        Message.objects.create(
            ticket=ticket, direction=Direction.IN, kind=MessageKind.REPLY, text="Hello?"
        )


def test_one_objection_of_a_person_waits_at_a_time(town: Town) -> None:
    filed = resolved(town)
    objection = object_to_result(concern_id=filed.concern.pk, text="Still there.")

    with pytest.raises(IntegrityError, match="objection_one_open"), transaction.atomic():
        Objection.objects.create(
            concern=filed.concern, ticket=filed.ticket, message=objection.message, due=now()
        )


def test_one_publication_of_a_ticket_is_open_at_a_time(town: Town) -> None:
    ticket = file().ticket
    Publication.objects.create(ticket=ticket)

    with pytest.raises(IntegrityError, match="publication_one_open"), transaction.atomic():
        Publication.objects.create(ticket=ticket)


def test_a_department_is_involved_once_and_a_person_excluded_once(town: Town) -> None:
    filed = file()
    involved = {"ticket": filed.ticket, "department": town.office("streets")}
    excluded = {"ticket": filed.ticket, "user": town.people["carl"]}
    Involvement.objects.create(**involved)
    Exclusion.objects.create(**excluded)

    with pytest.raises(IntegrityError, match="involvement_once"), transaction.atomic():
        Involvement.objects.create(**involved)
    with pytest.raises(IntegrityError, match="exclusion_once"), transaction.atomic():
        Exclusion.objects.create(**excluded)


def test_a_ticket_of_triage_needs_no_department(town: Town) -> None:
    """The guard is no wider than the rule: this is allowed."""
    assert in_triage(town).ticket.department is None
    at_commit()


def test_an_event_outlives_the_person_who_acted(town: Town) -> None:
    """Retention empties what the reference points to; the event keeps the reference and its hash."""
    filed = in_progress(town)
    carl = town.people["carl"]
    before = list(Event.objects.values_list("actor_ref", "hash").order_by("pk"))

    ActorRef.objects.filter(pk=carl.ref_id).update(user=None)

    assert list(Event.objects.values_list("actor_ref", "hash").order_by("pk")) == before
    assert filed.ticket.events.filter(actor_ref=carl.ref_id).count() == 1
    assert User.objects.filter(pk=carl.pk).exists()
