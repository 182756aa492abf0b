"""What an act would write to people, before it is done: by the rules of its action, on a copy of the ticket in memory.

No act is here whose letter says nothing that its form asks for (accepting, joining, taking apart). What passes here may
still be refused when it is done; and who is told is counted anew then.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from common.actor import Actor
from common.clock import now
from concerns.actions.deciding import Answer, ended, put_outcome
from concerns.actions.desk import supposed, unchanged
from concerns.actions.ending import taken_up_by
from concerns.actions.referring import await_partner, partner_with
from concerns.actions.responsibility import (
    another_department,
    drop_plans,
    forget_answer,
    put_at,
)
from concerns.actions.waiting import await_answer
from concerns.actions.words import chosen, reachable_or_refuse
from concerns.actions.working import plan
from concerns.enums import DECLINING_OUTCOMES, RESOLVING_OUTCOMES, State, Verb, Verdict
from concerns.models import Ticket
from concerns.models.lifecycle import resumed_state
from concerns.notices.foretelling import Coming, Foretold, foretold
from concerns.parsing import clean_words
from concerns.queries.approval import waiting_objections

Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True, repr=False)  # a repr would carry the words into tracebacks
class Outlook:
    """The event an act ends in: the state then, what the event says, and the words that go with it."""

    verb: Verb
    state: State
    data: dict[str, Any] = field(default_factory=dict)
    words: str = ""


def foretell(
    *,
    actor: Actor,
    ticket: Ticket,
    verb: Verb,
    said: Said,
    concern_id: int | None = None,
    version: int | None = None,
) -> list[Foretold]:
    """The letters of an act on a ticket that this actor was allowed to fetch; `said` as `Act.do` takes it.

    Raises what the action would: Conflict, Refused, Invalid.
    """
    unchanged(ticket, version)
    later = copy.copy(ticket)
    outlooks = OUTLOOKS[verb](later, said)
    return [foretold(coming(actor, later, one, concern_id)) for one in outlooks]


def coming(actor: Actor, ticket: Ticket, outlook: Outlook, concern_id: int | None) -> Coming:
    event = supposed(
        ticket,
        outlook.verb,
        actor,
        after=outlook.state,
        concern_id=concern_id,
        data=outlook.data,
    )
    words = clean_words(outlook.words, field="text") if outlook.words else ""
    besides = [concern_id] if concern_id and outlook.verb == Verb.REOPEN else []
    return Coming(event, words, besides)


def answered(ticket: Ticket, said: Said) -> list[Outlook]:
    answer: Answer = said["answer"]
    put_outcome(ticket, answer, allowed=(*RESOLVING_OUTCOMES, *DECLINING_OUTCOMES))
    return [released(ticket, answer.text)]


def approved(ticket: Ticket, _said: Said) -> list[Outlook]:
    return [released(ticket, ticket.answer_message.text if ticket.answer_message else "")]


def released(ticket: Ticket, text: str) -> Outlook:
    """The answer as it goes out, with or without an approval in between."""
    ended(ticket)
    if ticket.outcome in DECLINING_OUTCOMES:
        return Outlook(Verb.DECLINE, State.DECLINED, words=text)
    return Outlook(Verb.RESOLVE, State.RESOLVED, words=text)


def planned(ticket: Ticket, said: Said) -> list[Outlook]:
    verb = Verb.RESCHEDULE if ticket.state == State.SCHEDULED else Verb.SCHEDULE
    return [Outlook(verb, State.SCHEDULED, plan(ticket, said["date"]))]


def asked(ticket: Ticket, said: Said) -> list[Outlook]:
    to = reachable_or_refuse(ticket, said.get("concern_ids"))
    await_answer(ticket, now())
    return [Outlook(Verb.ASK, State.WAITING_REPORTER, {"to": to}, said["text"])]


def referred(ticket: Ticket, said: Said) -> list[Outlook]:
    key = said.get("partner_key", "")
    await_partner(ticket, partner_with(key).name if key else said.get("partner", ""), now())
    return [Outlook(Verb.REFER, State.WAITING_EXTERNAL)]


def told(ticket: Ticket, said: Said) -> list[Outlook]:
    to = chosen(ticket, said.get("concern_ids"))
    return [Outlook(Verb.MESSAGE, State(ticket.state), {"to": to}, said["text"])]


def transferred(ticket: Ticket, said: Said) -> list[Outlook]:
    department = another_department(ticket, said["department_id"])
    drop_plans(ticket)
    put_at(ticket, department)
    return [Outlook(Verb.TRANSFER, State.ASSIGNED, {"department": department.pk})]


def reopened(ticket: Ticket, said: Said) -> list[Outlook]:
    put_at(ticket, taken_up_by(ticket, said.get("department_id")))
    forget_answer(ticket)
    return [Outlook(Verb.REOPEN, resumed_state(ticket))]


def upheld(ticket: Ticket, said: Said) -> list[Outlook]:
    waiting = list(waiting_objections(ticket).values_list("concern", flat=True))
    return [Outlook(Verb.UPHOLD, State.CLOSED, {"to": waiting}, said["text"])]


def decided(ticket: Ticket, said: Said) -> list[Outlook]:
    """The decision for the one person; the others hear if the whole ticket is taken up again."""
    verdict = said["verdict"]
    state = State(ticket.state)
    decision = Outlook(Verb.DECIDE_OBJECTION, state, {"verdict": verdict}, said["text"])
    return [decision, *(reopened(ticket, {}) if verdict == Verdict.REOPENED else [])]


OUTLOOKS: Mapping[Verb, Callable[[Ticket, Said], list[Outlook]]] = {
    Verb.RESOLVE: answered,
    Verb.DECLINE: answered,
    Verb.SUBMIT: answered,
    Verb.APPROVE: approved,
    Verb.SCHEDULE: planned,
    Verb.RESCHEDULE: planned,
    Verb.ASK: asked,
    Verb.REFER: referred,
    Verb.MESSAGE: told,
    Verb.TRANSFER: transferred,
    Verb.REOPEN: reopened,
    Verb.UPHOLD: upheld,
    Verb.DECIDE_OBJECTION: decided,
}
