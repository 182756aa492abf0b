"""Two at once: one wins, the other is told so; nobody waits for nobody; a lost connection leaves all or nothing."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from django.db import DatabaseError, OperationalError, connection, connections

from concerns.actions.deciding import Answer, resolve
from concerns.actions.desk import record
from concerns.actions.joining import detach, detach_concern, join
from concerns.actions.responsibility import transfer
from concerns.actions.voicing import object_to_result
from concerns.actions.waiting import ask
from concerns.actions.words import note, reply
from concerns.actions.working import accept
from concerns.enums import State, Verb
from concerns.errors import Conflict, DomainError, Refused
from concerns.models import Event, Placement, Ticket
from tests.support.invariants import faults
from tests.support.town import Town, build_town, file, fresh

FIXED = Answer("fixed", "We filled the hole.")
WORKERS = 8
ROUNDS = 12


@pytest.fixture
def town(transactional_db: None) -> Town:
    """Northmoor, committed, so that other connections see it."""
    return build_town()


def together(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Start the acts at the same moment, each on a connection of its own; results or what they raised, in order."""
    start = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            results[place] = act()
        except Exception as raised:  # noqa: BLE001 - what it was is what the test asks
            results[place] = raised
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return results


def test_of_two_clerks_who_accept_at_once_one_gets_the_ticket(town: Town) -> None:
    ticket = file().ticket
    clerks = [town.actor("carl"), town.actor("clara")]

    results = together(
        [
            lambda who=who: accept(actor=who, ticket_id=ticket.pk, version=ticket.version)
            for who in clerks
        ]
    )

    lost = [one for one in results if isinstance(one, DomainError)]
    assert [type(one) for one in lost] == [Conflict]
    assert str(lost[0].message).startswith("Somebody else was faster.")
    winner = next(who for who, one in zip(clerks, results, strict=True) if isinstance(one, Ticket))
    assert fresh(ticket).assignee_id == winner.user_id
    assert Event.objects.filter(verb=Verb.ACCEPT).count() == 1


def test_of_two_tickets_joined_to_each_other_at_once_one_leads(town: Town) -> None:
    one, other = file().ticket, file().ticket
    carl = town.actor("carl")

    results = together(
        [
            lambda: join(actor=carl, ticket_id=one.pk, lead_id=other.pk),
            lambda: join(actor=carl, ticket_id=other.pk, lead_id=one.pk),
        ]
    )

    assert sum(isinstance(result, Ticket) for result in results) == 1
    assert sum(isinstance(result, DomainError) for result in results) == 1
    assert sorted([fresh(one).state, fresh(other).state]) == [State.ASSIGNED, State.MERGED]
    assert faults() == []


def test_of_two_people_asked_the_first_answer_ends_the_wait_and_no_word_is_lost(town: Town) -> None:
    first, second = file(email="rita@example.org"), file(email="leo@example.org")
    carl = town.actor("carl")
    join(actor=carl, ticket_id=second.ticket.pk, lead_id=first.ticket.pk)
    accept(actor=carl, ticket_id=first.ticket.pk)
    ask(actor=carl, ticket_id=first.ticket.pk, text="Which side of the road?")

    together(
        [
            lambda filed=filed: reply(concern_id=filed.concern.pk, text="The left one.")
            for filed in (first, second)
        ]
    )

    said = Counter(Event.objects.filter(ticket=first.ticket).values_list("verb", flat=True))
    assert (said[Verb.ANSWER], said[Verb.REPLY]) == (1, 1)
    assert fresh(first.ticket).state == State.IN_PROGRESS
    assert fresh(first.ticket).unanswered_since is not None
    assert faults() == []


def test_an_objection_pressed_twice_is_one_objection(town: Town) -> None:
    filed = file(email="rita@example.org")
    carl = town.actor("carl")
    accept(actor=carl, ticket_id=filed.ticket.pk)
    resolve(actor=carl, ticket_id=filed.ticket.pk, answer=FIXED)

    results = together(
        [lambda: object_to_result(concern_id=filed.concern.pk, text="It is still there.")] * 2
    )

    assert sum(isinstance(result, Refused) for result in results) == 1
    assert Event.objects.filter(verb=Verb.OBJECT).count() == 1
    assert fresh(filed.ticket).state == State.REOPEN_REQUESTED


def test_a_crowd_that_joins_detaches_transfers_and_writes_never_blocks_itself(town: Town) -> None:
    """Every worker takes random acts on the same six tickets; none may end in a deadlock or leave a broken rule."""
    filed = [file(email=f"person{number}@example.org") for number in range(6)]
    tickets = [one.ticket.pk for one in filed]
    concerns = [one.concern.pk for one in filed]
    dora, carl = town.actor("dora"), town.actor("carl")
    offices = [town.office("streets").pk, town.office("parks").pk]

    def work(seed: int) -> list[str]:
        dice = random.Random(seed)  # noqa: S311 - chance to repeat, not to guess
        acts: list[Callable[[], object]] = [
            lambda: join(actor=dora, ticket_id=dice.choice(tickets), lead_id=dice.choice(tickets)),
            lambda: detach(actor=dora, ticket_id=dice.choice(tickets)),
            lambda: detach_concern(actor=dora, concern_id=dice.choice(concerns)),
            lambda: transfer(
                actor=dora,
                ticket_id=dice.choice(tickets),
                department_id=dice.choice(offices),
                reason="Theirs.",
            ),
            lambda: accept(actor=carl, ticket_id=dice.choice(tickets)),
            lambda: reply(concern_id=dice.choice(concerns), text="Still there."),
            lambda: note(actor=dora, ticket_id=dice.choice(tickets), text="Seen."),
        ]
        done = []
        for _round in range(ROUNDS):
            try:
                dice.choice(acts)()
                done.append("done")
            except DomainError as refusal:
                done.append(refusal.code)
        return done

    results = together([lambda seed=seed: work(seed) for seed in range(WORKERS)])

    assert [result for result in results if isinstance(result, Exception)] == []
    outcomes = Counter(code for result in results if isinstance(result, list) for code in result)
    assert outcomes["done"] > 0
    assert sum(outcomes.values()) == WORKERS * ROUNDS
    assert Placement.objects.open().count() == len(concerns)
    assert faults() == []


def test_a_connection_lost_in_the_middle_of_an_act_leaves_nothing_of_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = file().ticket
    carl = town.actor("carl")
    before = (fresh(ticket).version, Event.objects.count())

    def cut_then_record(*args: object, **kwargs: object) -> object:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        killer = threading.Thread(target=terminate, args=(pid,))
        killer.start()
        killer.join()
        return record(*args, **kwargs)

    monkeypatch.setattr("concerns.actions.working.record", cut_then_record)
    (result,) = together([lambda: accept(actor=carl, ticket_id=ticket.pk)])
    monkeypatch.undo()

    assert isinstance(result, OperationalError | DatabaseError)
    assert (fresh(ticket).version, Event.objects.count()) == before
    assert fresh(ticket).state == State.ASSIGNED
    assert accept(actor=carl, ticket_id=ticket.pk).state == State.IN_PROGRESS


def terminate(pid: int) -> None:
    """End another connection of this role, as an administrator or a network would."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    connections.close_all()
