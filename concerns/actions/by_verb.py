"""Every act on a ticket by its verb, for doors that offer them all: one table instead of thirty views.

`said` holds what the person entered, already of the right types; the keys are those each row reads.
"""

from collections.abc import Callable, Mapping
from typing import Any

from common.actor import Actor
from concerns.actions import (
    correcting,
    deciding,
    ending,
    joining,
    responsibility,
    safeguarding,
    screening,
    waiting,
    words,
    working,
)
from concerns.actions.deciding import Answer
from concerns.actions.filing import Place
from concerns.enums import Verb

Said = Mapping[str, Any]
Act = Callable[[Actor, int, int | None, Said], object]


def answer_in(said: Said) -> Answer:
    return Answer(
        said["outcome"], said["text"], said.get("responsible_body", ""), said.get("cause", "")
    )


BY_VERB: Mapping[Verb, Act] = {
    Verb.ROUTE: lambda who, pk, v, said: responsibility.route(
        actor=who, ticket_id=pk, department_id=said["department"], version=v
    ),
    Verb.TRANSFER: lambda who, pk, v, said: responsibility.transfer(
        actor=who, ticket_id=pk, department_id=said["department"], reason=said["reason"], version=v
    ),
    Verb.HAND_BACK: lambda who, pk, v, said: responsibility.hand_back(
        actor=who, ticket_id=pk, reason=said["reason"], version=v
    ),
    Verb.ACCEPT: lambda who, pk, v, _said: working.accept(actor=who, ticket_id=pk, version=v),
    Verb.ASSIGN: lambda who, pk, v, said: working.assign(
        actor=who, ticket_id=pk, user_id=said["assignee"], version=v
    ),
    Verb.RELEASE: lambda who, pk, v, _said: working.release(actor=who, ticket_id=pk, version=v),
    Verb.SCHEDULE: lambda who, pk, v, said: working.schedule(
        actor=who, ticket_id=pk, date=said["date"], version=v
    ),
    Verb.RESCHEDULE: lambda who, pk, v, said: working.schedule(
        actor=who, ticket_id=pk, date=said["date"], reason=said["reason"], version=v
    ),
    Verb.START: lambda who, pk, v, _said: working.start(actor=who, ticket_id=pk, version=v),
    Verb.ASK: lambda who, pk, v, said: waiting.ask(
        actor=who,
        ticket_id=pk,
        text=said["text"],
        concern_ids=said.get("concerns") or None,
        version=v,
    ),
    Verb.RECORD_ANSWER: lambda who, pk, v, said: waiting.record_answer(
        actor=who, ticket_id=pk, text=said["text"], version=v
    ),
    Verb.RECALL: lambda who, pk, v, said: waiting.recall(
        actor=who, ticket_id=pk, reason=said["reason"], version=v
    ),
    Verb.REFER: lambda who, pk, v, said: waiting.refer(
        actor=who, ticket_id=pk, partner=said["partner"], text=said["text"], version=v
    ),
    Verb.REPORT_BACK: lambda who, pk, v, said: waiting.report_back(
        actor=who, ticket_id=pk, text=said["text"], version=v
    ),
    Verb.RESOLVE: lambda who, pk, v, said: deciding.resolve(
        actor=who, ticket_id=pk, answer=answer_in(said), version=v
    ),
    Verb.DECLINE: lambda who, pk, v, said: deciding.decline(
        actor=who, ticket_id=pk, answer=answer_in(said), version=v
    ),
    Verb.SUBMIT: lambda who, pk, v, said: deciding.submit(
        actor=who, ticket_id=pk, answer=answer_in(said), version=v
    ),
    Verb.APPROVE: lambda who, pk, v, _said: deciding.approve(actor=who, ticket_id=pk, version=v),
    Verb.REJECT: lambda who, pk, v, said: deciding.reject(
        actor=who, ticket_id=pk, reason=said["reason"], version=v
    ),
    Verb.RETRACT: lambda who, pk, v, _said: deciding.retract(actor=who, ticket_id=pk, version=v),
    Verb.REOPEN: lambda who, pk, v, said: ending.reopen(
        actor=who,
        ticket_id=pk,
        reason=said["reason"],
        department_id=said.get("department"),
        version=v,
    ),
    Verb.UPHOLD: lambda who, pk, v, said: ending.uphold(
        actor=who, ticket_id=pk, text=said["text"], version=v
    ),
    Verb.CLOSE_WITHDRAWN: lambda who, pk, v, said: ending.close_withdrawn(
        actor=who, ticket_id=pk, reason=said["reason"], version=v
    ),
    Verb.JOIN: lambda who, pk, v, said: joining.join(
        actor=who, ticket_id=pk, lead_id=said["lead"], version=v
    ),
    Verb.DETACH: lambda who, pk, v, _said: joining.detach(actor=who, ticket_id=pk, version=v),
    Verb.DISCARD: lambda who, pk, v, said: screening.discard(
        actor=who, ticket_id=pk, reason=said["reason"], version=v
    ),
    Verb.RESTORE: lambda who, pk, v, said: screening.restore(
        actor=who, ticket_id=pk, reason=said["reason"], version=v
    ),
    Verb.PROPOSE_DISCARD: lambda who, pk, v, said: screening.propose_discard(
        actor=who, ticket_id=pk, reason=said["reason"], version=v
    ),
    Verb.DISMISS_DISCARD: lambda who, pk, v, said: screening.dismiss_discard(
        actor=who, ticket_id=pk, reason=said["reason"], version=v
    ),
    Verb.CATEGORISE: lambda who, pk, v, said: correcting.categorise(
        actor=who, ticket_id=pk, category=said["category"], version=v
    ),
    Verb.RELOCATE: lambda who, pk, v, said: correcting.relocate(
        actor=who,
        ticket_id=pk,
        place=Place(said.get("address", ""), said.get("lat"), said.get("lon")),
        version=v,
    ),
    Verb.MESSAGE: lambda who, pk, v, said: words.send_message(
        actor=who,
        ticket_id=pk,
        text=said["text"],
        concern_ids=said.get("concerns") or None,
        version=v,
    ),
    Verb.SETTLE: lambda who, pk, v, said: words.settle(
        actor=who, ticket_id=pk, text=said.get("text", ""), version=v
    ),
    # A note is true whatever happened meanwhile.
    Verb.NOTE: lambda who, pk, _v, said: words.note(actor=who, ticket_id=pk, text=said["text"]),
    Verb.ENCIRCLE: lambda who, pk, v, said: safeguarding.encircle(
        actor=who, ticket_id=pk, circle_key=said["circle"], version=v
    ),
    Verb.LIFT_CIRCLE: lambda who, pk, v, said: safeguarding.lift_circle(
        actor=who, ticket_id=pk, reason=said["reason"], version=v
    ),
    Verb.EXCLUDE: lambda who, pk, v, said: safeguarding.exclude(
        actor=who, ticket_id=pk, user_id=said["person"], version=v
    ),
    Verb.RESTRICT: lambda who, pk, v, said: safeguarding.restrict(
        actor=who, ticket_id=pk, reason=said["reason_code"], version=v
    ),
    Verb.UNRESTRICT: lambda who, pk, v, _said: safeguarding.unrestrict(
        actor=who, ticket_id=pk, version=v
    ),
    Verb.HOLD: lambda who, pk, v, said: safeguarding.hold(
        actor=who, ticket_id=pk, reason=said["reason_code"], until=said["until"], version=v
    ),
    Verb.UNHOLD: lambda who, pk, v, _said: safeguarding.unhold(actor=who, ticket_id=pk, version=v),
    Verb.PUBLISH: lambda who, pk, v, _said: correcting.publish(actor=who, ticket_id=pk, version=v),
    Verb.UNPUBLISH: lambda who, pk, v, _said: correcting.unpublish(
        actor=who, ticket_id=pk, version=v
    ),
}
