"""Two at once in a known order: whoever comes second finds the matter as the first left it, or is told so."""

import datetime as dt
from collections.abc import Callable
from threading import Thread

import pytest
from django.db import OperationalError, connection

from common.clock import now
from concerns.actions.deciding import resolve
from concerns.actions.ending import close_when_over
from concerns.actions.filing import Filed
from concerns.actions.joining import detach, detach_concern, join
from concerns.actions.people import deactivate_user
from concerns.actions.responsibility import transfer
from concerns.actions.tending import tend
from concerns.actions.voicing import confirm, object_to_result
from concerns.actions.waiting import ask, remind_or_expire
from concerns.actions.words import note, reply
from concerns.actions.working import accept, assign
from concerns.enums import PublicState, State, Verb
from concerns.errors import Conflict, DomainError, Invalid, Refused
from concerns.models import Concern, Message
from tests.support.invariants import faults, fingerprint
from tests.support.stories import (
    FIXED,
    at,
    course,
    joined,
    objection_of,
    placed_on,
    resolved,
    sees,
    timeline,
)
from tests.support.town import Town, file, fresh
from tests.support.turns import Result, in_turn

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def kinds(results: list[Result]) -> list[type]:
    """What came of each act: a refusal's class, or NoneType for done."""
    return [type(one) if isinstance(one, DomainError) else type(None) for one in results]


DONE = type(None)


# One wins


def test_two_clerks_accept_at_once_without_versions(town: Town) -> None:
    pk = (filed := file()).ticket.pk
    carl, clara = town.actor("carl"), town.actor("clara")

    results = in_turn(
        [pk],
        lambda: accept(actor=clara, ticket_id=pk),
        lambda: accept(actor=carl, ticket_id=pk),
    )

    assert kinds(results) == [DONE, Refused]
    assert fresh(filed.ticket).assignee == town.people["clara"]


def test_two_answers_at_once(town: Town) -> None:
    filed = file(email="rita@people.example")
    carl, clara = town.actor("carl"), town.actor("clara")
    accept(actor=carl, ticket_id=filed.ticket.pk)

    results = in_turn(
        [filed.ticket.pk],
        lambda: resolve(actor=carl, ticket_id=filed.ticket.pk, answer=FIXED),
        lambda: resolve(actor=clara, ticket_id=filed.ticket.pk, answer=FIXED),
    )

    assert kinds(results) == [DONE, Refused]
    assert Message.objects.count() == 1


def test_last_two_confirm_at_once(town: Town) -> None:
    """The ticket closes, and once."""
    one, two = joined(town, 2)
    resolved(town, one)

    results = in_turn(
        [one.ticket.pk],
        lambda: confirm(concern_id=one.concern.pk),
        lambda: confirm(concern_id=two.concern.pk),
    )

    assert kinds(results) == [DONE, DONE]
    assert fresh(one.ticket).state == State.CLOSED
    assert timeline(one.ticket)[-3:] == [Verb.CONFIRM, Verb.CONFIRM, Verb.CLOSE]


# A person and the clock


@pytest.fixture
def overdue(town: Town) -> Filed:
    """Answered 15 days ago: the clock is about to close it."""
    filed = file(email="rita@people.example")
    with at(now() - dt.timedelta(days=15)):
        resolved(town, filed)
    return filed


def test_objection_just_before_closing(overdue: Filed) -> None:
    results = in_turn(
        [overdue.ticket.pk],
        lambda: object_to_result(concern_id=overdue.concern.pk, text="No."),
        lambda: close_when_over(ticket_id=overdue.ticket.pk),
    )

    assert kinds(results) == [DONE, Refused]
    assert fresh(overdue.ticket).state == State.REOPEN_REQUESTED
    assert sees(overdue).state == PublicState.CHECKING


def test_objection_just_after_closing(overdue: Filed) -> None:
    results = in_turn(
        [overdue.ticket.pk],
        lambda: close_when_over(ticket_id=overdue.ticket.pk),
        lambda: object_to_result(concern_id=overdue.concern.pk, text="No."),
    )

    assert kinds(results) == [DONE, DONE]
    ticket = fresh(overdue.ticket)
    assert (ticket.state, ticket.unanswered_since is None) == (State.CLOSED, False)
    assert objection_of(overdue).ticket == ticket
    assert sees(overdue).state == PublicState.CHECKING


@pytest.fixture
def expiring(town: Town) -> Filed:
    """Asked and reminded; the wait ran out a moment ago."""
    with at(now() - dt.timedelta(days=22)):
        filed = file(email="rita@people.example")
        accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
        ask(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text="Which side?")
    with at(now() - dt.timedelta(days=7, minutes=5)):
        tend()
    return filed


def test_reply_just_before_expiring(expiring: Filed) -> None:
    results = in_turn(
        [expiring.ticket.pk],
        lambda: reply(concern_id=expiring.concern.pk, text="Left."),
        lambda: remind_or_expire(ticket_id=expiring.ticket.pk),
    )

    assert kinds(results) == [DONE, Refused]
    ticket = fresh(expiring.ticket)
    assert (ticket.state, ticket.no_reply, ticket.unanswered_since) == (
        State.IN_PROGRESS,
        False,
        None,
    )
    assert timeline(ticket)[-1] == Verb.ANSWER


def test_reply_just_after_expiring(expiring: Filed) -> None:
    results = in_turn(
        [expiring.ticket.pk],
        lambda: remind_or_expire(ticket_id=expiring.ticket.pk),
        lambda: reply(concern_id=expiring.concern.pk, text="Left."),
    )

    assert kinds(results) == [DONE, DONE]
    ticket = fresh(expiring.ticket)
    assert (ticket.state, ticket.no_reply) == (State.IN_PROGRESS, False)
    assert ticket.unanswered_since is not None
    assert timeline(ticket)[-2:] == [Verb.EXPIRE, Verb.REPLY]


def test_reply_while_its_ticket_is_joined_follows_to_the_lead(town: Town) -> None:
    """It waited for the lock of a ticket nobody works on any more; it is not left there, nor refused."""
    lead, other = file(), file(email="rita@people.example")
    carl = town.actor("carl")

    results = in_turn(
        [other.ticket.pk],
        lambda: join(actor=carl, ticket_id=other.ticket.pk, lead_id=lead.ticket.pk),
        lambda: reply(concern_id=other.concern.pk, text="It grows."),
    )

    assert kinds(results) == [DONE, DONE]
    assert Message.objects.get().ticket == lead.ticket
    assert fresh(lead.ticket).unanswered_since is not None
    assert fresh(other.ticket).unanswered_since is None
    assert Verb.REPLY in course(other)


def test_staff_act_on_a_concern_that_just_moved_is_a_conflict(town: Town) -> None:
    lead, other, third = file(), file(), file()
    join(actor=town.actor("carl"), ticket_id=third.ticket.pk, lead_id=other.ticket.pk)
    carl, dora = town.actor("carl"), town.actor("dora")

    results = in_turn(
        [other.ticket.pk],
        lambda: join(actor=carl, ticket_id=other.ticket.pk, lead_id=lead.ticket.pk),
        lambda: detach_concern(actor=dora, concern_id=third.concern.pk),
    )

    assert kinds(results) == [DONE, Conflict]
    assert placed_on(third) == fresh(lead.ticket)
    assert faults() == []


# What was read before the lock was waited for


def test_act_after_a_wait_sees_the_department_of_now(town: Town) -> None:
    """Streets gives the ticket to Parks while Dora assigns it to a clerk of Parks: her act knows the new department."""
    filed = file()
    carl, dora = town.actor("carl"), town.actor("dora")
    parks, paul = town.office("parks").pk, town.people["paul"].pk

    results = in_turn(
        [filed.ticket.pk],
        lambda: transfer(
            actor=carl, ticket_id=filed.ticket.pk, department_id=parks, reason="A root."
        ),
        lambda: assign(actor=dora, ticket_id=filed.ticket.pk, user_id=paul),
    )

    assert kinds(results) == [DONE, DONE]
    assert fresh(filed.ticket).assignee == town.people["paul"]


# Whoever leaves has nothing, also what came in the same moment


def test_a_ticket_given_to_somebody_who_leaves_meanwhile_is_released(town: Town) -> None:
    """The assignment waits for the ticket with Clara's row in hand; closing her account waits for that."""
    filed = file()
    tess, alma = town.actor("tess"), town.actor("alma")
    clara = town.people["clara"].pk

    results = in_turn(
        [filed.ticket.pk],
        lambda: assign(actor=tess, ticket_id=filed.ticket.pk, user_id=clara),
        lambda: deactivate_user(actor=alma, user_id=clara),
    )

    assert kinds(results) == [DONE, DONE]
    assert fresh(filed.ticket).assignee is None
    assert timeline(filed.ticket)[-2:] == [Verb.ASSIGN, Verb.RELEASE]


def test_a_ticket_is_not_given_to_somebody_who_has_just_left(town: Town) -> None:
    """Closing her account waits for the ticket Clara has; who gives her another one waits for her row."""
    hers, filed = file(), file()
    tess, alma = town.actor("tess"), town.actor("alma")
    clara = town.people["clara"].pk
    accept(actor=town.actor("clara"), ticket_id=hers.ticket.pk)

    results = in_turn(
        [hers.ticket.pk],
        lambda: deactivate_user(actor=alma, user_id=clara),
        lambda: assign(actor=tess, ticket_id=filed.ticket.pk, user_id=clara),
    )

    assert kinds(results) == [DONE, Invalid]
    assert [fresh(one.ticket).assignee for one in (hers, filed)] == [None, None]


def test_who_accepts_while_their_account_is_closed_has_nothing_either(town: Town) -> None:
    filed = file()
    carl, alma = town.actor("carl"), town.actor("alma")
    me = town.people["carl"].pk

    results = in_turn(
        [filed.ticket.pk],
        lambda: accept(actor=carl, ticket_id=filed.ticket.pk),
        lambda: deactivate_user(actor=alma, user_id=me),
    )

    assert kinds(results) == [DONE, DONE]
    assert fresh(filed.ticket).assignee is None


# Nobody waits for ever


def test_giving_a_ticket_again_to_who_has_it_and_leaves_is_no_deadlock(town: Town) -> None:
    filed = file()
    tess, alma = town.actor("tess"), town.actor("alma")
    clara = town.people["clara"].pk
    accept(actor=town.actor("clara"), ticket_id=filed.ticket.pk)

    results = in_turn(
        [filed.ticket.pk],
        lambda: deactivate_user(actor=alma, user_id=clara),
        lambda: assign(actor=tess, ticket_id=filed.ticket.pk, user_id=clara),
    )

    assert kinds(results) == [DONE, Invalid]
    assert fresh(filed.ticket).assignee is None


def test_detaching_a_concern_and_its_ticket_at_once_is_no_deadlock(town: Town) -> None:
    """The concern's own ticket has a lower id than the lead: both acts must lock it first."""
    own = file()
    lead, third = joined(town, 2)
    join(actor=town.actor("carl"), ticket_id=own.ticket.pk, lead_id=lead.ticket.pk)
    dora, dirk = town.actor("dora"), town.actor("dirk")

    results = in_turn(
        [lead.ticket.pk],
        lambda: detach_concern(actor=dora, concern_id=own.concern.pk),
        lambda: detach(actor=dirk, ticket_id=own.ticket.pk),
    )

    assert kinds(results) == [DONE, Refused]
    assert placed_on(own) == fresh(own.ticket)
    assert placed_on(third) == fresh(lead.ticket)


def test_deactivating_a_clerk_at_work_is_no_deadlock(town: Town) -> None:
    """Carl's note needs his own row as a foreign key while the administrator closes his account."""
    filed = file()
    carl, alma = town.actor("carl"), town.actor("alma")
    accept(actor=carl, ticket_id=filed.ticket.pk)
    me = town.people["carl"].pk

    results = in_turn(
        [filed.ticket.pk],
        lambda: note(actor=carl, ticket_id=filed.ticket.pk, text="Looked at it."),
        lambda: deactivate_user(actor=alma, user_id=me),
    )

    assert kinds(results) == [DONE, DONE]
    assert fresh(filed.ticket).assignee is None
    assert timeline(filed.ticket)[-2:] == [Verb.NOTE, Verb.RELEASE]


# All or nothing


class Cut:
    """Ends this connection, from outside, just before its n-th statement."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, execute: Callable[..., object], *call: object) -> object:
        self.left -= 1
        if self.left == 0:
            pid = connection.connection.info.backend_pid
            killer = Thread(target=end_connection, args=[pid])
            killer.start()
            killer.join()
        return execute(*call)


def end_connection(pid: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    connection.close()


def cut_off(act: Callable[[], object], number: int) -> bool:
    """Whether the act lost its connection at that statement; False when it has fewer."""
    try:
        with connection.execute_wrapper(Cut(number)):
            act()
    except OperationalError:
        return True
    finally:
        connection.close()
    return False


ACTS: dict[str, Callable[[Town, Filed, Filed], Callable[[], object]]] = {
    "file": lambda _town, _one, _two: lambda: file("New.", email="new@people.example"),
    "join": lambda town, one, two: (
        lambda: join(actor=town.actor("carl"), ticket_id=one.ticket.pk, lead_id=two.ticket.pk)
    ),
    "resolve": lambda town, one, _two: (
        lambda: resolve(actor=town.actor("carl"), ticket_id=one.ticket.pk, answer=FIXED)
    ),
    "reply": lambda _town, one, _two: lambda: reply(concern_id=one.concern.pk, text="More."),
}


@pytest.mark.parametrize("name", ACTS)
def test_connection_lost_mid_action_leaves_all_or_nothing(town: Town, name: str) -> None:
    """Cut before the first, the second, … the last statement: each time nothing whatever was written."""
    one, two = file(email="one@people.example"), file(email="two@people.example")
    accept(actor=town.actor("carl"), ticket_id=one.ticket.pk)
    act = ACTS[name](town, one, two)
    before, cuts = fingerprint(), 0

    while cut_off(act, cuts + 1):
        cuts += 1
        assert fingerprint() == before

    assert cuts > 5
    assert fingerprint() != before
    assert faults() == []
    assert Concern.objects.count() == (3 if name == "file" else 2)
