"""Tickets brought into every state a ticket can stand in, by the acts of those whose job it is."""

import datetime as dt
from collections.abc import Callable

from common.clock import today
from concerns.actions.deciding import Answer, decline, resolve, submit
from concerns.actions.ending import reopen, uphold
from concerns.actions.filing import Filed
from concerns.actions.joining import join
from concerns.actions.referring import refer
from concerns.actions.screening import discard
from concerns.actions.voicing import confirm, object_to_result
from concerns.actions.waiting import ask
from concerns.actions.working import accept, schedule
from concerns.enums import Outcome, State
from tests.support.town import Town, file

RITA = "rita@people.example"
FIXED = Answer(outcome=Outcome.FIXED, text="The hole is filled.")
CANNOT = Answer(outcome=Outcome.CANNOT_DO, text="The frost does not let us dig.")
IN_A_WEEK = dt.timedelta(days=7)

# A stage takes the town, the category filed, and who works and who dispatches there.
Stage = Callable[..., Filed]


def assigned(town: Town, *, category: str = "pothole", **_who: str) -> Filed:
    return file(category=category, email=RITA)


def in_triage(town: Town, *, category: str = "other", **_who: str) -> Filed:
    return file(category=category, email=RITA)


def in_progress(
    town: Town, *, category: str = "pothole", worker: str = "carl", **_who: str
) -> Filed:
    filed = assigned(town, category=category)
    accept(actor=town.actor(worker), ticket_id=filed.ticket.pk)
    return filed


def waiting_reporter(town: Town, *, worker: str = "carl", **who: str) -> Filed:
    filed = in_progress(town, worker=worker, **who)
    ask(actor=town.actor(worker), ticket_id=filed.ticket.pk, text="Which side of the road?")
    return filed


def waiting_external(town: Town, *, worker: str = "carl", **who: str) -> Filed:
    filed = in_progress(town, worker=worker, **who)
    refer(
        actor=town.actor(worker),
        ticket_id=filed.ticket.pk,
        partner="Moor Water",
        text="Their pipe lies under it.",
    )
    return filed


def scheduled(town: Town, *, worker: str = "carl", **who: str) -> Filed:
    filed = in_progress(town, worker=worker, **who)
    schedule(actor=town.actor(worker), ticket_id=filed.ticket.pk, date=today() + IN_A_WEEK)
    return filed


def pending_approval(
    town: Town, *, category: str = "appeal", worker: str = "carl", **who: str
) -> Filed:
    """Submitted by the worker; in Streets Ada is the approver."""
    filed = in_progress(town, category=category, worker=worker, **who)
    submit(actor=town.actor(worker), ticket_id=filed.ticket.pk, answer=FIXED)
    return filed


def resolved(town: Town, *, worker: str = "carl", **who: str) -> Filed:
    filed = in_progress(town, worker=worker, **who)
    resolve(actor=town.actor(worker), ticket_id=filed.ticket.pk, answer=FIXED)
    return filed


def declined(town: Town, *, worker: str = "carl", **who: str) -> Filed:
    filed = in_progress(town, worker=worker, **who)
    decline(actor=town.actor(worker), ticket_id=filed.ticket.pk, answer=CANNOT)
    return filed


def reopen_requested(town: Town, **who: str) -> Filed:
    filed = resolved(town, **who)
    object_to_result(concern_id=filed.concern.pk, text="The hole is still there.")
    return filed


def upheld_and_objected_again(town: Town, *, by: str) -> Filed:
    """An objection was not followed, the ticket taken up again and answered anew, and the same person objects."""
    filed = reopen_requested(town)
    uphold(actor=town.actor(by), ticket_id=filed.ticket.pk, text="It is level.")
    reopen(actor=town.actor("dirk"), ticket_id=filed.ticket.pk, reason="Somebody fell.")
    resolve(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=FIXED)
    object_to_result(concern_id=filed.concern.pk, text="No, it is not.")
    return filed


def merged(
    town: Town, *, category: str = "pothole", dispatcher: str = "dora", **_who: str
) -> Filed:
    filed = file(category=category, email=RITA)
    lead = file(category=category, email="leo@people.example")
    join(actor=town.actor(dispatcher), ticket_id=filed.ticket.pk, lead_id=lead.ticket.pk)
    return filed


def closed(town: Town, **who: str) -> Filed:
    filed = resolved(town, **who)
    confirm(concern_id=filed.concern.pk)
    return filed


def discarded(town: Town, *, dispatcher: str = "dora", **who: str) -> Filed:
    filed = assigned(town, **who)
    discard(actor=town.actor(dispatcher), ticket_id=filed.ticket.pk, reason="Advertising.")
    return filed


# `received` is missing: no action leaves a ticket there.
STAGES: dict[State, Stage] = {
    State.IN_TRIAGE: in_triage,
    State.ASSIGNED: assigned,
    State.IN_PROGRESS: in_progress,
    State.WAITING_REPORTER: waiting_reporter,
    State.WAITING_EXTERNAL: waiting_external,
    State.SCHEDULED: scheduled,
    State.PENDING_APPROVAL: pending_approval,
    State.RESOLVED: resolved,
    State.DECLINED: declined,
    State.REOPEN_REQUESTED: reopen_requested,
    State.MERGED: merged,
    State.CLOSED: closed,
    State.DISCARDED: discarded,
}
