"""Spam: a clerk proposes, a dispatcher decides, and every decision can be undone."""

from django.db import transaction

from common.actor import Actor
from common.clock import now
from concerns.actions.desk import move, record, take, take_placed
from concerns.actions.responsibility import (
    drop_plans,
    end_objections,
    end_review,
    keep_reason,
)
from concerns.actions.safeguarding import take_back
from concerns.enums import Outcome, Standing, State, Verb, Verdict
from concerns.errors import Refused
from concerns.models import Concern, Ticket
from concerns.queries.placements import concerns_on


@transaction.atomic
def propose_discard(
    *, actor: Actor, ticket_id: int, reason: str, version: int | None = None
) -> Ticket:
    """A clerk takes this for spam; a dispatcher will look."""
    ticket = take(actor, ticket_id, Verb.PROPOSE_DISCARD, version)
    if not ticket.is_open or ticket.discard_proposed_at is not None:
        raise Refused
    ticket.discard_proposed_at = now()
    record(ticket, Verb.PROPOSE_DISCARD, actor, data={"note": keep_reason(ticket, actor, reason)})
    return ticket


@transaction.atomic
def dismiss_discard(
    *, actor: Actor, ticket_id: int, reason: str, version: int | None = None
) -> Ticket:
    """No spam: the ticket goes on as it was."""
    ticket = take(actor, ticket_id, Verb.DISMISS_DISCARD, version)
    if ticket.discard_proposed_at is None:
        raise Refused
    ticket.discard_proposed_at = None
    record(ticket, Verb.DISMISS_DISCARD, actor, data={"note": keep_reason(ticket, actor, reason)})
    return ticket


@transaction.atomic
def discard(*, actor: Actor, ticket_id: int, reason: str, version: int | None = None) -> Ticket:
    """The whole ticket is spam: nobody is told, and the contents are erased after 30 days."""
    ticket = take(actor, ticket_id, Verb.DISCARD, version)
    end_review(ticket, actor, Verdict.UPHELD)
    before = move(ticket, Verb.DISCARD)
    drop_plans(ticket)
    take_back(ticket, actor)
    ticket.outcome, ticket.closed_at = Outcome.ABUSE_SPAM, now()
    ticket.discard_proposed_at = ticket.unanswered_since = None
    active = concerns_on(ticket).filter(standing=Standing.ACTIVE)
    spam = list(active.values_list("pk", flat=True))
    Concern.objects.filter(pk__in=spam).update(standing=Standing.SPAM)
    ticket.active_count = 0
    data = {"note": keep_reason(ticket, actor, reason), "concerns": spam}
    record(ticket, Verb.DISCARD, actor, before=before, data=data)
    return ticket


@transaction.atomic
def restore(*, actor: Actor, ticket_id: int, reason: str, version: int | None = None) -> Ticket:
    """It was no spam: back to triage, with exactly the concerns that discarding had marked."""
    ticket = take(actor, ticket_id, Verb.RESTORE, version)
    before = move(ticket, Verb.RESTORE)
    ticket.outcome, ticket.closed_at = "", None
    last = ticket.events.filter(verb=Verb.DISCARD).order_by("-sequence").first()
    marked = last.data.get("concerns", []) if last else []
    back = concerns_on(ticket).filter(pk__in=marked, standing=Standing.SPAM)
    ticket.active_count += back.update(standing=Standing.ACTIVE)
    record(
        ticket,
        Verb.RESTORE,
        actor,
        before=before,
        data={"note": keep_reason(ticket, actor, reason)},
    )
    return ticket


@transaction.atomic
def mark_spam(*, actor: Actor, concern_id: int, version: int | None = None) -> Concern:
    """One concern among others is spam: its person hears nothing more, the matter goes on."""
    return set_standing(
        actor, concern_id, Verb.MARK_SPAM, version, was=Standing.ACTIVE, becomes=Standing.SPAM
    )


@transaction.atomic
def unmark_spam(*, actor: Actor, concern_id: int, version: int | None = None) -> Concern:
    return set_standing(
        actor, concern_id, Verb.UNMARK_SPAM, version, was=Standing.SPAM, becomes=Standing.ACTIVE
    )


def set_standing(
    actor: Actor,
    concern_id: int,
    verb: Verb,
    version: int | None,
    *,
    was: Standing,
    becomes: Standing,
) -> Concern:
    ticket, concern = take_placed(actor, concern_id, verb, version)
    if concern.standing != was or ticket.state == State.DISCARDED:
        raise Refused
    concern.standing = becomes
    concern.save(update_fields=["standing"])
    ticket.active_count += 1 if concern.is_active else -1
    end_objections(concern.objections.filter(verdict=""), actor, Verdict.UPHELD)
    record(ticket, verb, actor, concern_id=concern.pk)
    return concern
