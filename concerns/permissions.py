"""Who may do what. Rights are asked of a ticket the person was already allowed to fetch (`queries/visible.py`).

On a confidential ticket whoever sees it belongs to its circle; there the circle works the matter, whatever
department it stands with, and a capability counts wherever it was granted.
"""

from common.actor import Actor, ActorKind
from common.predicates import Predicate, predicate
from concerns.enums import State, Verb
from concerns.errors import NotAllowed
from concerns.models import Ticket
from departments.enums import Capability

Rule = Predicate[Ticket]


def granted(actor: Actor, ticket: Ticket, *capabilities: Capability) -> bool:
    if ticket.is_confidential:
        return any(actor.has(capability) for capability in capabilities)
    return any(actor.holds(capability, ticket.department_id) for capability in capabilities)


@predicate
def system(actor: Actor, ticket: Ticket) -> bool:
    return actor.is_system


@predicate
def clerk(actor: Actor, ticket: Ticket) -> bool:
    if ticket.is_confidential:
        return actor.is_staff
    return granted(actor, ticket, Capability.CLERK, Capability.TEAM_LEAD)


@predicate
def team_lead(actor: Actor, ticket: Ticket) -> bool:
    return granted(actor, ticket, Capability.TEAM_LEAD)


@predicate
def dispatcher(actor: Actor, ticket: Ticket) -> bool:
    if ticket.department_id is None:
        return actor.has(Capability.DISPATCHER)
    return granted(actor, ticket, Capability.DISPATCHER)


@predicate
def admin(actor: Actor, ticket: Ticket) -> bool:
    if ticket.department_id is None:
        return actor.has(Capability.ADMIN)
    return granted(actor, ticket, Capability.ADMIN)


@predicate
def partner(actor: Actor, ticket: Ticket) -> bool:
    return actor.kind in (ActorKind.PARTNER, ActorKind.INTEGRATION)


@predicate
def author_of_the_answer(actor: Actor, ticket: Ticket) -> bool:
    answer = ticket.answer_message
    return answer is not None and actor.user_id is not None and answer.author_id == actor.user_id


@predicate
def one_of_those_who_decided(actor: Actor, ticket: Ticket) -> bool:
    by_them = author_of_the_answer(actor, ticket)
    return by_them or (actor.user_id is not None and ticket.decided_by_id == actor.user_id)


@predicate
def erased(actor: Actor, ticket: Ticket) -> bool:
    """Nothing is left to go back to work with."""
    return ticket.erased_at is not None


@predicate
def in_triage(actor: Actor, ticket: Ticket) -> bool:
    return bool(ticket.state == State.IN_TRIAGE)


@predicate
def just_answered(actor: Actor, ticket: Ticket) -> bool:
    return ticket.state in (State.RESOLVED, State.DECLINED)


@predicate
def asked_to_reopen(actor: Actor, ticket: Ticket) -> bool:
    return bool(ticket.state == State.REOPEN_REQUESTED)


reviewer = (team_lead | dispatcher) & ~one_of_those_who_decided
worker = clerk | dispatcher

MAY: dict[Verb, Rule] = {
    Verb.START_TRIAGE: system,
    Verb.ROUTE: dispatcher | system,
    Verb.TRANSFER: worker,
    Verb.HAND_BACK: worker,
    Verb.ACCEPT: clerk,
    Verb.ASSIGN: worker,
    Verb.RELEASE: worker | system,
    Verb.SCHEDULE: clerk,
    Verb.RESCHEDULE: clerk,
    Verb.START: clerk | system,
    Verb.ASK: clerk,
    Verb.RECORD_ANSWER: clerk,
    Verb.REFER: clerk,
    Verb.REPORT_BACK: clerk | partner,
    Verb.PARTNER_WORD: partner,
    Verb.RECALL: clerk,
    Verb.REMIND: system,
    Verb.EXPIRE: system,
    Verb.DUE_SOON: system,
    Verb.OVERDUE: system,
    Verb.FAR_OVERDUE: system,
    Verb.UNACCEPTED: system,
    Verb.SUBMIT: clerk,
    # Which approver may decide depends on who there is: queries/approval.py.
    Verb.RETRACT: author_of_the_answer,
    Verb.RESOLVE: clerk,
    Verb.DECLINE: (clerk & ~in_triage) | dispatcher,
    Verb.CLOSE: system,
    Verb.REOPEN: (clerk & just_answered)
    | (reviewer & asked_to_reopen)
    | (dispatcher & ~asked_to_reopen),
    Verb.UPHOLD: reviewer,
    Verb.REVIEW: system,
    Verb.DECIDE_OBJECTION: reviewer,
    Verb.CLOSE_WITHDRAWN: worker,
    Verb.JOIN: worker,
    Verb.COMPARE: worker,
    Verb.DETACH: dispatcher,
    Verb.SPLIT: worker,
    Verb.DISCARD: dispatcher,
    Verb.RESTORE: dispatcher & ~erased,
    Verb.PROPOSE_DISCARD: clerk,
    Verb.DISMISS_DISCARD: dispatcher,
    Verb.MARK_SPAM: dispatcher,
    Verb.UNMARK_SPAM: dispatcher,
    Verb.CATEGORISE: worker,
    Verb.RELOCATE: worker,
    Verb.PRIORITISE: worker,
    Verb.MESSAGE: worker,
    Verb.SETTLE: worker,
    Verb.NOTE: worker,
    Verb.FOLLOW_UP: worker,
    Verb.FOLLOW_UP_DUE: system,
    Verb.FOLLOWED_UP: worker,
    Verb.CORRECT_CONTACT: worker,
    Verb.RENEW_PROOF: worker,
    Verb.PUBLISH: worker,
    Verb.UNPUBLISH: worker,
    Verb.ENCIRCLE: worker,
    Verb.LIFT_CIRCLE: team_lead | dispatcher,
    Verb.EXCLUDE: team_lead | dispatcher,
    Verb.READMIT: team_lead | dispatcher,
    Verb.RESTRICT: admin,
    Verb.UNRESTRICT: admin,
    Verb.HOLD: admin,
    Verb.UNHOLD: admin,
}


def must_administer(actor: Actor, department_id: int | None = None) -> None:
    """Raise NotAllowed unless the actor administers the department; what has none, whoever administers anything."""
    here = actor.holds(Capability.ADMIN, department_id)
    anywhere = department_id is None and actor.has(Capability.ADMIN)
    if not (actor.is_system or here or anywhere):
        raise NotAllowed
