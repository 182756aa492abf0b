"""Waiting for somebody else, and how each wait ends. A wait never closes a ticket silently."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import transaction

from common.actor import Actor
from common.clock import now
from concerns.actions.desk import move, record, take
from concerns.actions.words import answer_given, reachable_or_refuse, write_note, write_to
from concerns.deadlines import REMINDED_TIME, start_wait
from concerns.enums import WAITING_STATES, MessageKind, State, Verb
from concerns.errors import Refused
from concerns.models import Ticket


@transaction.atomic
def ask(
    *,
    actor: Actor,
    ticket_id: int,
    text: str,
    concern_ids: Iterable[int] | None = None,
    version: int | None = None,
) -> Ticket:
    """Ask the people of some concerns (default: all who can be reached); the first answer ends the wait."""
    ticket = take(actor, ticket_id, Verb.ASK, version)
    asked = reachable_or_refuse(ticket, None if concern_ids is None else list(concern_ids))
    moment = now()
    write_to(ticket, actor, asked, MessageKind.QUESTION, text, at=moment)
    answer_given(ticket, moment, asked)
    await_answer(ticket, moment)
    before = move(ticket, Verb.ASK)
    record(ticket, Verb.ASK, actor, before=before, at=moment, data={"to": asked})
    return ticket


def await_answer(ticket: Ticket, moment: dt.datetime) -> None:
    """A question makes plans void: what is planned may hang on the answer."""
    start_wait(ticket, at=moment)
    ticket.scheduled_for = None


@transaction.atomic
def record_answer(*, actor: Actor, ticket_id: int, text: str, version: int | None = None) -> Ticket:
    """The person answered by phone or at the counter; the clerk notes what they said."""
    return end_wait(actor, ticket_id, Verb.RECORD_ANSWER, text, version)


@transaction.atomic
def recall(*, actor: Actor, ticket_id: int, reason: str, version: int | None = None) -> Ticket:
    """The answer is no longer needed."""
    return end_wait(actor, ticket_id, Verb.RECALL, reason, version)


def end_wait(actor: Actor, ticket_id: int, verb: Verb, text: str, version: int | None) -> Ticket:
    ticket = take(actor, ticket_id, verb, version)
    over(ticket, actor, verb, {"note": write_note(ticket, actor, text).pk})
    return ticket


def over(ticket: Ticket, actor: Actor, verb: Verb, data: Mapping[str, object]) -> None:
    """The wait is over by this verb."""
    ticket.wait_until = ticket.reminded_at = None
    before = move(ticket, verb)
    record(ticket, verb, actor, before=before, data=dict(data))


@transaction.atomic
def remind_or_expire(*, ticket_id: int) -> Ticket:
    """A wait ran out: first a reminder with more time, then back to the clerk, flagged. Raises Refused when not due."""
    actor = Actor.system()
    ticket = take(actor, ticket_id, Verb.REMIND)
    moment = now()
    if (
        ticket.state not in WAITING_STATES
        or ticket.wait_until is None
        or ticket.wait_until > moment
    ):
        raise Refused
    if ticket.reminded_at is None:
        ticket.reminded_at = moment
        ticket.wait_until = moment + REMINDED_TIME
        record(ticket, Verb.REMIND, actor, at=moment)
        return ticket
    ticket.no_reply = ticket.state == State.WAITING_REPORTER
    over(ticket, actor, Verb.EXPIRE, {})
    return ticket
