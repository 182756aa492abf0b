"""After the answer: closing by time or consent, coming back, and deciding objections."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.actor import Actor
from common.clock import now
from concerns.actions.desk import admit, happened, move, permit, record, take, write_down
from concerns.actions.joining import detach_placed, lock_with_own
from concerns.actions.responsibility import (
    department_given,
    end_objections,
    end_review,
    forget_answer,
    hand_to,
    keep_reason,
)
from concerns.actions.words import answer_given, still_unanswered, write_to
from concerns.deadlines import OBJECTION_TIME, renew_resolution
from concerns.enums import MessageKind, Outcome, State, Verb, Verdict
from concerns.errors import Invalid, NotAllowed, Refused
from concerns.models import Event, Objection, Placement, Ticket
from concerns.queries.approval import may_review, upheld_before, waiting_objections
from concerns.queries.placements import company
from departments.models import Department
from departments.queries import living_successor


@transaction.atomic
def close_when_over(*, ticket_id: int) -> Ticket:
    """Close an answered ticket: the time to object has passed, or everybody who can be reached has confirmed.

    Raises Refused while neither holds, or while an objection waits for its decision.
    """
    ticket = take(Actor.system(), ticket_id, Verb.CLOSE)
    if not close_if_over(ticket):
        raise Refused
    return ticket


def close_if_over(ticket: Ticket) -> bool:
    """Close a locked, answered ticket if its time has come; whether it did."""
    there = company(ticket)
    all_confirmed = there.reachable > 0 and there.unconfirmed == 0
    time_out = ticket.answered_at is not None and now() - ticket.answered_at >= OBJECTION_TIME
    if there.objecting or not (all_confirmed or time_out):
        return False
    before = move(ticket, Verb.CLOSE)
    ticket.closed_at = now()
    by = "confirmed" if all_confirmed else "time_out"
    record(ticket, Verb.CLOSE, Actor.system(), before=before, data={"by": by})
    return True


@transaction.atomic
def close_withdrawn(
    *, actor: Actor, ticket_id: int, reason: str, version: int | None = None
) -> Ticket:
    """Nobody wants this any more and a clerk says that the matter itself is done."""
    ticket = take(actor, ticket_id, Verb.CLOSE_WITHDRAWN, version)
    if company(ticket).active:
        raise Refused(_("People still wait for this matter. Please answer them instead."))
    end_review(ticket, actor, Verdict.UPHELD)
    before = move(ticket, Verb.CLOSE_WITHDRAWN)
    forget_answer(ticket)
    ticket.outcome, ticket.closed_at = Outcome.WITHDRAWN, now()
    ticket.wait_until = ticket.reminded_at = ticket.scheduled_for = ticket.unanswered_since = None
    data = {"note": keep_reason(ticket, actor, reason), "outcome": Outcome.WITHDRAWN}
    record(ticket, Verb.CLOSE_WITHDRAWN, actor, before=before, data=data)
    return ticket


@transaction.atomic
def reopen(
    *,
    actor: Actor,
    ticket_id: int,
    reason: str,
    department_id: int | None = None,
    version: int | None = None,
) -> Ticket:
    """Work goes on. A retired department's successor takes over; without one, name a department."""
    ticket = take(actor, ticket_id, Verb.REOPEN, version)
    if ticket.state == State.REOPEN_REQUESTED:
        with_other_eyes(actor, ticket, waiting_objections(ticket))
    because = {"note": keep_reason(ticket, actor, reason)}
    write_down([resume(actor, ticket, because, department_id)])
    return ticket


def resume(
    actor: Actor, ticket: Ticket, because: dict[str, int], department_id: int | None = None
) -> Event:
    """Reopen a locked ticket: its answer is void, waiting objections are granted, a new resolution clock starts."""
    hand_to(ticket, taken_up_by(ticket, department_id))
    forget_answer(ticket)
    renew_resolution(ticket)
    before = move(ticket, Verb.REOPEN)
    ticket.reopenings += 1
    ticket.review_due = ticket.closed_at = None
    ticket.unanswered_since = still_unanswered(ticket)
    end_objections(waiting_objections(ticket), actor, Verdict.REOPENED)
    data = {"department": ticket.department_id, **because}
    return happened(ticket, Verb.REOPEN, actor, before=before, data=data)


def taken_up_by(ticket: Ticket, department_id: int | None = None) -> Department:
    """The department named, else the one that does today what the ticket's did."""
    if department_id is not None:
        return department_given(department_id)
    if ticket.department is None:
        raise Invalid(_("Please choose the department that takes this up."), field="department")
    living = living_successor(ticket.department)
    if living is None:
        raise Invalid(
            _("The department no longer exists. Please choose the one that takes this up."),
            field="department",
        )
    return living


@transaction.atomic
def uphold(*, actor: Actor, ticket_id: int, text: str, version: int | None = None) -> Ticket:
    """The answer stands: each person whose objection waited hears why, and the ticket closes."""
    ticket = take(actor, ticket_id, Verb.UPHOLD, version)
    with_other_eyes(actor, ticket, waiting_objections(ticket))
    moment = now()
    waiting = list(waiting_objections(ticket).values_list("concern", flat=True))
    write_to(ticket, actor, waiting, MessageKind.DECISION, text, at=moment)
    end_objections(waiting_objections(ticket), actor, Verdict.UPHELD)
    write_down([finish_upheld(actor, ticket, waiting)])
    return ticket


def finish_upheld(actor: Actor, ticket: Ticket, concern_ids: list[int]) -> Event:
    before = move(ticket, Verb.UPHOLD)
    ticket.closed_at = now()
    ticket.review_due = None
    answer_given(ticket, ticket.closed_at, concern_ids)
    return happened(ticket, Verb.UPHOLD, actor, before=before, data={"to": concern_ids})


@transaction.atomic
def decide_objection(
    *, actor: Actor, objection_id: int, verdict: Verdict, text: str, version: int | None = None
) -> Ticket:
    """Decide one person's objection; they hear the decision, the others nothing.

    Upheld: the answer stands for them. Detached: their concern gets a ticket of its own. Reopened: work on the whole
    ticket goes on.
    """
    objection = {"concern__objections": objection_id, "concern__objections__verdict": ""}
    ticket, own = lock_with_own(actor, Placement.objects.filter(**objection))
    admit(actor, ticket, Verb.DECIDE_OBJECTION, version)
    known = waiting_objections(ticket).annotate(met_before=upheld_before(actor))
    waiting = {one.pk: one for one in known}
    decided = waiting.pop(objection_id, None)
    if decided is None:
        raise Refused
    if decided.met_before:
        with_other_eyes(actor, ticket, waiting_objections(ticket).filter(pk=objection_id))
    events = [tell_decision(actor, ticket, decided, verdict, text)]
    events += carry_out(actor, ticket, own, decided, verdict)
    if ticket.state == State.REOPEN_REQUESTED and not waiting:
        events.append(finish_upheld(actor, ticket, []))
    write_down(events)
    return ticket


def with_other_eyes(actor: Actor, ticket: Ticket, waiting: QuerySet[Objection]) -> None:
    """Raise NotAllowed for who upheld the answer to the same person before; who may stands in queries/approval.py."""
    if not may_review(actor, ticket, waiting):
        raise NotAllowed(
            _(
                "You have decided on an objection of this person before. "
                "Please leave this one to somebody else."
            )
        )


def tell_decision(
    actor: Actor, ticket: Ticket, objection: Objection, verdict: Verdict, text: str
) -> Event:
    moment = now()
    write_to(ticket, actor, [objection.concern_id], MessageKind.DECISION, text, at=moment)
    answer_given(ticket, moment, [objection.concern_id])
    data = {"objection": objection.pk, "verdict": verdict}
    return happened(
        ticket, Verb.DECIDE_OBJECTION, actor, at=moment, concern_id=objection.concern_id, data=data
    )


def carry_out(
    actor: Actor, ticket: Ticket, own: Ticket | None, objection: Objection, verdict: Verdict
) -> list[Event]:
    """What a decision moves — the whole ticket, the one concern or nothing —, and the end of the objection with it."""
    if verdict == Verdict.REOPENED:
        permit(actor, ticket, Verb.REOPEN)
        return [resume(actor, ticket, {"objection": objection.pk})]
    if verdict == Verdict.DETACHED:
        _detached, events = detach_placed(actor, ticket, own, objection.concern_id)
        return events
    end_objections(Objection.objects.filter(pk=objection.pk), actor, verdict)
    return []
