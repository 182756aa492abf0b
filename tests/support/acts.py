"""Every act a person of the city can do, one entry each: on which ticket, by whom, and the call itself.

Rights, budgets, conflicts and all-or-nothing are tested over this one list, so that an act added later without an
entry fails a test.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from common.actor import Actor
from common.clock import today
from concerns.actions.comparing import compare
from concerns.actions.contact import correct_contact
from concerns.actions.correcting import categorise, prioritise, publish, relocate, unpublish
from concerns.actions.deciding import approve, decline, reject, resolve, retract, submit
from concerns.actions.ending import close_withdrawn, decide_objection, reopen, uphold
from concerns.actions.filing import Filed, Place
from concerns.actions.following_up import follow_up, followed_up
from concerns.actions.joining import detach, detach_concern, join, split
from concerns.actions.proving import renew_proof
from concerns.actions.referring import refer, report_back
from concerns.actions.responsibility import hand_back, route, transfer
from concerns.actions.safeguarding import (
    encircle,
    exclude,
    hold,
    lift_circle,
    readmit,
    restrict,
    unhold,
    unrestrict,
)
from concerns.actions.screening import (
    discard,
    dismiss_discard,
    mark_spam,
    propose_discard,
    restore,
    unmark_spam,
)
from concerns.actions.voicing import withdraw
from concerns.actions.waiting import ask, recall, record_answer
from concerns.actions.words import note, reply, send_message, settle
from concerns.actions.working import accept, assign, release, schedule, start
from concerns.enums import Finding, Verb, Verdict
from concerns.models import Objection, Placement, Ticket
from departments.enums import Capability
from tests.factories.matters import CircleFactory, CircleMemberFactory
from tests.support.stages import (
    CANNOT,
    FIXED,
    Stage,
    assigned,
    discarded,
    in_progress,
    in_triage,
    merged,
    pending_approval,
    reopen_requested,
    resolved,
    scheduled,
    waiting_external,
    waiting_reporter,
)
from tests.support.town import Town, file

# What people wrote in acts, so that a test can look for it where it must not be.
SAID = "zebrafinch"


@dataclass(frozen=True)
class Act:
    """`do(town, actor, filed, **version)` on what `stage(town)` filed; `by` names who may in Streets."""

    verb: Verb
    by: str
    stage: Stage
    do: Callable[..., Any]


def _with_lead(town: Town, *, category: str = "pothole", **_who: str) -> Filed:
    filed = assigned(town, category=category)
    file(category=category, email="leo@people.example")
    return filed


def _other_than(filed: Filed) -> int:
    return Ticket.objects.exclude(pk=filed.ticket.pk).order_by("pk").values_list("pk", flat=True)[0]


def _joined_in(town: Town, **who: str) -> Filed:
    """The concern is on the lead together with the lead's own; the ticket is that lead."""
    filed = merged(town, **who)
    return Filed(filed.concern, Placement.objects.open().get(concern=filed.concern).ticket)


def _withdrawn(town: Town, **who: str) -> Filed:
    filed = in_progress(town, **who)
    withdraw(concern_id=filed.concern.pk)
    return filed


def _written_to(town: Town, **who: str) -> Filed:
    filed = in_progress(town, **who)
    reply(concern_id=filed.concern.pk, text="Is anybody coming?")
    return filed


def _follow_up(_town: Town, actor: Actor, filed: Filed, **version: int) -> Any:
    day = today() + dt.timedelta(days=1)
    return follow_up(actor=actor, ticket_id=filed.ticket.pk, date=day, text=SAID, **version)


def _to_follow_up(town: Town, *, worker: str = "carl", **who: str) -> Filed:
    filed = in_progress(town, worker=worker, **who)
    _follow_up(town, town.actor(worker), filed)
    return filed


def _proposed(town: Town, *, worker: str = "carl", **who: str) -> Filed:
    filed = assigned(town, **who)
    propose_discard(actor=town.actor(worker), ticket_id=filed.ticket.pk, reason="Advertising.")
    return filed


def _marked(town: Town, *, dispatcher: str = "dora", **who: str) -> Filed:
    filed = assigned(town, **who)
    mark_spam(actor=town.actor(dispatcher), concern_id=filed.concern.pk)
    return filed


def _published(town: Town, *, worker: str = "carl", **who: str) -> Filed:
    filed = assigned(town, **who)
    publish(actor=town.actor(worker), ticket_id=filed.ticket.pk)
    return filed


def _encircled(town: Town, **who: str) -> Filed:
    """Confidential to the team leads of Streets."""
    CircleMemberFactory(
        circle=CircleFactory(key="leads"),
        capability=Capability.TEAM_LEAD,
        department=town.office("streets"),
    )
    filed = assigned(town, **who)
    encircle(actor=town.actor("carl"), ticket_id=filed.ticket.pk, circle_key="leads")
    return filed


def _excluded(town: Town, *, lead: str = "tess", **who: str) -> Filed:
    """Paul is kept out."""
    filed = in_progress(town, **who)
    exclude(actor=town.actor(lead), ticket_id=filed.ticket.pk, user_id=town.people["paul"].pk)
    return filed


def _restricted(town: Town, *, admin: str = "alma", **who: str) -> Filed:
    filed = assigned(town, **who)
    restrict(actor=town.actor(admin), ticket_id=filed.ticket.pk, reason="disputed")
    return filed


def _held(town: Town, *, admin: str = "alma", **who: str) -> Filed:
    filed = assigned(town, **who)
    hold(actor=town.actor(admin), ticket_id=filed.ticket.pk, reason="lawsuit", until=_later())
    return filed


def _later() -> dt.date:
    return today() + dt.timedelta(days=30)


def _on_ticket(act: Callable[..., Any], **given: Any) -> Callable[..., Any]:
    """An action on the ticket with these keywords."""

    def do(_town: Town, actor: Actor, filed: Filed, **version: int) -> object:
        return act(actor=actor, ticket_id=filed.ticket.pk, **given, **version)

    return do


def _on_concern(act: Callable[..., Any], **given: Any) -> Callable[..., Any]:
    """An action on the concern with these keywords."""

    def do(_town: Town, actor: Actor, filed: Filed, **version: int) -> object:
        return act(actor=actor, concern_id=filed.concern.pk, **given, **version)

    return do


def _route(town: Town, actor: Actor, filed: Filed, **version: int) -> object:
    to = town.office("order").pk
    return route(actor=actor, ticket_id=filed.ticket.pk, department_id=to, **version)


def _transfer(town: Town, actor: Actor, filed: Filed, **version: int) -> object:
    to = town.office("parks").pk
    return transfer(
        actor=actor, ticket_id=filed.ticket.pk, department_id=to, reason=SAID, **version
    )


def _assign(town: Town, actor: Actor, filed: Filed, **version: int) -> object:
    to = town.people["clara"].pk
    return assign(actor=actor, ticket_id=filed.ticket.pk, user_id=to, **version)


def _join(_town: Town, actor: Actor, filed: Filed, **version: int) -> object:
    return join(actor=actor, ticket_id=filed.ticket.pk, lead_id=_other_than(filed), **version)


def _compare(_town: Town, actor: Actor, filed: Filed, **version: int) -> object:
    return compare(
        actor=actor,
        ticket_id=filed.ticket.pk,
        other_id=_other_than(filed),
        finding=Finding.DIFFERENT,
        **version,
    )


def _exclude(town: Town, actor: Actor, filed: Filed, **version: int) -> object:
    person = town.people["paul"].pk
    return exclude(actor=actor, ticket_id=filed.ticket.pk, user_id=person, **version)


def _readmit(town: Town, actor: Actor, filed: Filed, **version: int) -> object:
    person = town.people["paul"].pk
    return readmit(actor=actor, ticket_id=filed.ticket.pk, user_id=person, **version)


def _decide(_town: Town, actor: Actor, filed: Filed, **version: int) -> object:
    objection = Objection.objects.get(concern=filed.concern)
    return decide_objection(
        actor=actor, objection_id=objection.pk, verdict=Verdict.UPHELD, text=SAID, **version
    )


def _schedule(_town: Town, actor: Actor, filed: Filed, **version: int) -> object:
    return schedule(actor=actor, ticket_id=filed.ticket.pk, date=_later(), reason=SAID, **version)


HILL = Place(address=f"Hill Road 9 {SAID}", lat=54.05, lon=-0.85)
CONTACT = {"name": f"Rita {SAID.title()}", "email": f"{SAID}@people.example"}
ALL = [
    Act(Verb.ROUTE, "dora", in_triage, _route),
    Act(Verb.TRANSFER, "carl", in_progress, _transfer),
    Act(Verb.HAND_BACK, "carl", in_progress, _on_ticket(hand_back, reason=SAID)),
    Act(Verb.ACCEPT, "carl", assigned, _on_ticket(accept)),
    Act(Verb.ASSIGN, "tess", assigned, _assign),
    Act(Verb.RELEASE, "carl", in_progress, _on_ticket(release)),
    Act(Verb.SCHEDULE, "carl", in_progress, _schedule),
    Act(Verb.RESCHEDULE, "carl", scheduled, _schedule),
    Act(Verb.START, "carl", scheduled, _on_ticket(start)),
    Act(Verb.ASK, "carl", in_progress, _on_ticket(ask, text=SAID)),
    Act(Verb.RECORD_ANSWER, "carl", waiting_reporter, _on_ticket(record_answer, text=SAID)),
    Act(Verb.RECALL, "carl", waiting_external, _on_ticket(recall, reason=SAID)),
    Act(Verb.REFER, "carl", in_progress, _on_ticket(refer, partner=SAID, text=SAID)),
    Act(Verb.REPORT_BACK, "carl", waiting_external, _on_ticket(report_back, text=SAID)),
    Act(Verb.SUBMIT, "carl", in_progress, _on_ticket(submit, answer=FIXED)),
    Act(Verb.APPROVE, "ada", pending_approval, _on_ticket(approve)),
    Act(Verb.REJECT, "ada", pending_approval, _on_ticket(reject, reason=SAID)),
    Act(Verb.RETRACT, "carl", pending_approval, _on_ticket(retract)),
    Act(Verb.RESOLVE, "carl", in_progress, _on_ticket(resolve, answer=FIXED)),
    Act(Verb.DECLINE, "carl", in_progress, _on_ticket(decline, answer=CANNOT)),
    Act(Verb.REOPEN, "carl", resolved, _on_ticket(reopen, reason=SAID)),
    Act(Verb.UPHOLD, "tess", reopen_requested, _on_ticket(uphold, text=SAID)),
    Act(Verb.DECIDE_OBJECTION, "tess", reopen_requested, _decide),
    Act(Verb.CLOSE_WITHDRAWN, "carl", _withdrawn, _on_ticket(close_withdrawn, reason=SAID)),
    Act(Verb.JOIN, "carl", _with_lead, _join),
    Act(Verb.COMPARE, "carl", _with_lead, _compare),
    Act(Verb.DETACH, "dora", merged, _on_ticket(detach)),
    Act(Verb.DETACH, "dora", _joined_in, _on_concern(detach_concern)),
    Act(Verb.SPLIT, "carl", in_progress, _on_concern(split, words=SAID, category="tree")),
    Act(Verb.DISCARD, "dora", assigned, _on_ticket(discard, reason=SAID)),
    Act(Verb.RESTORE, "dora", discarded, _on_ticket(restore, reason=SAID)),
    Act(Verb.PROPOSE_DISCARD, "carl", assigned, _on_ticket(propose_discard, reason=SAID)),
    Act(Verb.DISMISS_DISCARD, "dora", _proposed, _on_ticket(dismiss_discard, reason=SAID)),
    Act(Verb.MARK_SPAM, "dora", assigned, _on_concern(mark_spam)),
    Act(Verb.UNMARK_SPAM, "dora", _marked, _on_concern(unmark_spam)),
    Act(Verb.CATEGORISE, "carl", in_progress, _on_ticket(categorise, category="noise")),
    Act(Verb.RELOCATE, "carl", in_progress, _on_ticket(relocate, place=HILL)),
    Act(Verb.PRIORITISE, "carl", in_progress, _on_ticket(prioritise, priority=1, reason=SAID)),
    Act(Verb.MESSAGE, "carl", in_progress, _on_ticket(send_message, text=SAID)),
    Act(Verb.SETTLE, "carl", _written_to, _on_ticket(settle, text=SAID)),
    Act(Verb.NOTE, "carl", in_progress, _on_ticket(note, text=SAID)),
    Act(Verb.FOLLOW_UP, "carl", in_progress, _follow_up),
    Act(Verb.FOLLOWED_UP, "carl", _to_follow_up, _on_ticket(followed_up, text=SAID)),
    Act(Verb.CORRECT_CONTACT, "carl", in_progress, _on_concern(correct_contact, contact=CONTACT)),
    Act(Verb.RENEW_PROOF, "carl", in_progress, _on_concern(renew_proof)),
    Act(Verb.PUBLISH, "carl", in_progress, _on_ticket(publish)),
    Act(Verb.UNPUBLISH, "carl", _published, _on_ticket(unpublish)),
    Act(Verb.ENCIRCLE, "carl", in_progress, _on_ticket(encircle, circle_key="personnel")),
    Act(Verb.LIFT_CIRCLE, "tess", _encircled, _on_ticket(lift_circle, reason=SAID)),
    Act(Verb.EXCLUDE, "tess", in_progress, _exclude),
    Act(Verb.READMIT, "tess", _excluded, _readmit),
    Act(Verb.RESTRICT, "alma", in_progress, _on_ticket(restrict, reason="disputed")),
    Act(Verb.UNRESTRICT, "alma", _restricted, _on_ticket(unrestrict)),
    Act(
        Verb.HOLD,
        "alma",
        in_progress,
        _on_ticket(hold, reason="lawsuit", until=dt.date(2999, 1, 1)),
    ),
    Act(Verb.UNHOLD, "alma", _held, _on_ticket(unhold)),
]


def name_of(act: Act) -> str:
    return f"{act.verb.value}-{getattr(act.stage, '__name__', '').strip('_')}"
