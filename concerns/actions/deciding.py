"""The answer: given at once, or submitted and approved where the matter asks for four eyes."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.actor import Actor
from common.clock import now
from concerns.actions.desk import lock, move, possible, record, take, unchanged
from concerns.actions.responsibility import forget_answer, keep_reason
from concerns.actions.words import answer_given, write_out
from concerns.enums import (
    DECLINING_OUTCOMES,
    RESOLVING_OUTCOMES,
    MessageKind,
    Outcome,
    Verb,
)
from concerns.errors import Invalid, NotAllowed, Refused
from concerns.models import Cause, Ticket
from concerns.parsing import clean_text
from concerns.queries.approval import approvers_of, may_approve

LONGEST_BODY = 200
NOBODY_IN_CIRCLE = gettext_lazy(
    "Nobody else in the circle can approve this. "
    "Please ask the administrator to add a second person to the circle."
)
NOBODY = gettext_lazy(
    "Nobody else can approve this. Please ask the administrator to appoint an approver."
)


@dataclass(frozen=True, slots=True, repr=False)  # a repr would carry the words into tracebacks
class Answer:
    """What the city says at the end: why it ends (`outcome`), the words, who else is responsible, the cause found."""

    outcome: str
    text: str
    responsible_body: str = ""
    cause: str = ""


@transaction.atomic
def resolve(*, actor: Actor, ticket_id: int, answer: Answer, version: int | None = None) -> Ticket:
    """Answer everybody placed on the ticket. Where the category asks for approval, submit instead (Refused)."""
    return finish(actor, ticket_id, Verb.RESOLVE, answer, version)


@transaction.atomic
def decline(*, actor: Actor, ticket_id: int, answer: Answer, version: int | None = None) -> Ticket:
    """Say that the city cannot help, why, and where to turn."""
    return finish(actor, ticket_id, Verb.DECLINE, answer, version)


def finish(actor: Actor, ticket_id: int, verb: Verb, answer: Answer, version: int | None) -> Ticket:
    ticket = take(actor, ticket_id, verb, version)
    if ticket.category and ticket.category.needs_approval:
        raise Refused(_("This answer needs approval. Please submit it instead."))
    allowed = RESOLVING_OUTCOMES if verb == Verb.RESOLVE else DECLINING_OUTCOMES
    put_answer(ticket, actor, answer, allowed=allowed, released=True)
    ticket.decided_by_id = actor.user_id
    before = move(ticket, verb)
    ended(ticket)
    record(ticket, verb, actor, before=before, at=ticket.answered_at, data=outcome_of(ticket))
    return ticket


@transaction.atomic
def submit(*, actor: Actor, ticket_id: int, answer: Answer, version: int | None = None) -> Ticket:
    """Propose an answer, good or bad; nobody outside sees it before it is approved.

    Refused where nobody but its author could approve it: a ticket waits for somebody.
    """
    ticket = take(actor, ticket_id, Verb.SUBMIT, version)
    allowed = (*RESOLVING_OUTCOMES, *DECLINING_OUTCOMES)
    put_answer(ticket, actor, answer, allowed=allowed, released=False)
    if not approvers_of(ticket):
        raise Refused(NOBODY_IN_CIRCLE if ticket.is_confidential else NOBODY)
    before = move(ticket, Verb.SUBMIT)
    record(ticket, Verb.SUBMIT, actor, before=before, data=outcome_of(ticket))
    return ticket


@transaction.atomic
def approve(*, actor: Actor, ticket_id: int, version: int | None = None) -> Ticket:
    """Release the submitted answer: never by its author."""
    ticket = taken_by_approver(actor, ticket_id, Verb.APPROVE, version)
    answer = ticket.answer_message
    moment = now()
    if answer:
        answer.released_at = moment
        answer.save(update_fields=["released_at"])
    ticket.decided_by_id = actor.user_id
    before = move(ticket, Verb.APPROVE)
    ended(ticket)
    record(
        ticket, Verb.APPROVE, actor, before=before, at=ticket.answered_at, data=outcome_of(ticket)
    )
    return ticket


@transaction.atomic
def reject(*, actor: Actor, ticket_id: int, reason: str, version: int | None = None) -> Ticket:
    """Send the proposed answer back to its author with a reason."""
    ticket = taken_by_approver(actor, ticket_id, Verb.REJECT, version)
    forget_answer(ticket)
    before = move(ticket, Verb.REJECT)
    record(
        ticket, Verb.REJECT, actor, before=before, data={"note": keep_reason(ticket, actor, reason)}
    )
    return ticket


@transaction.atomic
def retract(*, actor: Actor, ticket_id: int, version: int | None = None) -> Ticket:
    """The author takes a submitted answer back."""
    ticket = take(actor, ticket_id, Verb.RETRACT, version)
    before = move(ticket, Verb.RETRACT)
    forget_answer(ticket)
    record(ticket, Verb.RETRACT, actor, before=before)
    return ticket


def taken_by_approver(actor: Actor, ticket_id: int, verb: Verb, version: int | None) -> Ticket:
    """Lock a ticket for approval; who may stands in queries/approval.py and asks the organisation."""
    ticket = lock(actor, ticket_id)
    if not may_approve(actor, ticket):
        raise NotAllowed(
            _("You may not approve this answer. Its author and persons it concerns never may.")
        )
    unchanged(ticket, version)
    possible(ticket, verb)
    return ticket


def put_answer(
    ticket: Ticket, actor: Actor, answer: Answer, *, allowed: tuple[Outcome, ...], released: bool
) -> None:
    """Put outcome and words on the ticket. Raises Invalid naming what is missing."""
    put_outcome(ticket, answer, allowed=allowed)
    if answer.cause:
        ticket.cause = Cause.objects.filter(key=answer.cause, retired=False).first()
        if ticket.cause is None:
            raise Invalid(
                _("This cause is not known. Please choose one from the list."), field="cause"
            )
    ticket.answer_message = write_out(
        ticket, actor, MessageKind.ANSWER, answer.text, at=now(), released=released
    )


def put_outcome(ticket: Ticket, answer: Answer, *, allowed: tuple[Outcome, ...]) -> None:
    if answer.outcome not in allowed:
        raise Invalid(_("Please choose how this ends."), field="outcome")
    body = answer.responsible_body.strip()
    if answer.outcome == Outcome.NOT_RESPONSIBLE or body:
        body = clean_text(body, field="responsible_body", longest=LONGEST_BODY)
    ticket.outcome, ticket.responsible_body = answer.outcome, body


def ended(ticket: Ticket) -> None:
    """The ticket has a released answer: waits are over and the time to object begins."""
    ticket.answered_at = now()
    ticket.wait_until = ticket.reminded_at = ticket.scheduled_for = None
    answer_given(ticket, ticket.answered_at)


def outcome_of(ticket: Ticket) -> dict[str, object]:
    return {"outcome": ticket.outcome, "answer": ticket.answer_message_id, "cause": ticket.cause_id}
