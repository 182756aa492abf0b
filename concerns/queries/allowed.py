"""What this person may do with a ticket now: the source of every button and of `allowed_actions` in the API."""

from django_fsm import can_proceed

from common.actor import Actor
from concerns.enums import State, Verb
from concerns.models import Ticket
from concerns.permissions import MAY
from concerns.publishing import may_be_published
from concerns.queries.approval import may_approve, may_review, waiting_objections
from concerns.queries.placements import Company

# Verbs that are no transition of this ticket, with the states in which they make sense (None: all).
OPEN_ONLY = frozenset(
    {
        Verb.ASSIGN,
        Verb.PROPOSE_DISCARD,
        Verb.CATEGORISE,
        Verb.RELOCATE,
        Verb.PRIORITISE,
        Verb.RELEASE,
    }
)
# Done by the clock or as part of another act; nobody presses a button for them.
NOT_OFFERED = frozenset(
    {
        *(Verb.START_TRIAGE, Verb.REMIND, Verb.EXPIRE, Verb.CLOSE, Verb.REVIEW),
        *(Verb.DUE_SOON, Verb.OVERDUE, Verb.FAR_OVERDUE, Verb.UNACCEPTED, Verb.FOLLOW_UP_DUE),
        Verb.DECIDE_OBJECTION,
    }
)
GONE = (State.MERGED, State.DISCARDED)
# Decides the objections that wait.
REVIEW = frozenset({Verb.UPHOLD, Verb.REOPEN})


def allowed_actions(actor: Actor, ticket: Ticket, there: Company) -> list[Verb]:
    """The verbs this actor may use on the ticket in its present state, in the order of the enumeration.

    `there` are the counts of `placements.company`. Costs no statement but for a ticket that waits for approval or
    review.
    """
    offered = [verb for verb in MAY if verb not in NOT_OFFERED and MAY[verb](actor, ticket)]
    special = room_for(ticket, there)
    found = [verb for verb in offered if special.get(verb, True) and fits(verb, ticket)]
    if ticket.state == State.PENDING_APPROVAL and may_approve(actor, ticket):
        found += [Verb.APPROVE, Verb.REJECT]
    if ticket.state == State.REOPEN_REQUESTED and {*found} & REVIEW:
        may = may_review(actor, ticket, waiting_objections(ticket))
        found = [verb for verb in found if may or verb not in REVIEW]
    return found


def fits(verb: Verb, ticket: Ticket) -> bool:
    """Whether the state of the ticket leaves room for the verb."""
    if verb in OPEN_ONLY and not ticket.is_open:
        return False
    transition = getattr(ticket, verb.value, None)
    is_move = hasattr(transition, "_django_fsm")
    return not is_move or bool(can_proceed(transition, check_conditions=False))


def room_for(ticket: Ticket, there: Company) -> dict[Verb, bool]:
    """What hangs on more than the state, for each verb of which that is so."""
    needs_approval = ticket.category is not None and ticket.category.needs_approval
    return {
        Verb.ASSIGN: ticket.department_id is not None,
        Verb.ASK: there.reachable > 0,
        Verb.CLOSE_WITHDRAWN: there.active == 0,
        Verb.RESOLVE: not needs_approval,
        Verb.DECLINE: not needs_approval,
        Verb.SUBMIT: needs_approval,
        Verb.RELEASE: ticket.assignee_id is not None,
        Verb.SETTLE: ticket.unanswered_since is not None,
        Verb.FOLLOW_UP: ticket.state not in GONE,
        Verb.FOLLOWED_UP: ticket.follow_up_on is not None,
        Verb.PROPOSE_DISCARD: ticket.discard_proposed_at is None,
        Verb.DISMISS_DISCARD: ticket.discard_proposed_at is not None,
        Verb.RECALL: ticket.state in (State.WAITING_REPORTER, State.WAITING_EXTERNAL),
        Verb.UNHOLD: ticket.hold_until is not None,
        Verb.UNRESTRICT: ticket.restricted_at is not None,
        Verb.RESTRICT: ticket.restricted_at is None,
        Verb.LIFT_CIRCLE: ticket.is_confidential,
        Verb.EXCLUDE: ticket.is_confidential,
        Verb.READMIT: there.excluding,
        Verb.ENCIRCLE: not ticket.is_confidential and ticket.state != State.MERGED,
        Verb.PUBLISH: may_be_published(ticket) and not there.published,
        Verb.UNPUBLISH: there.published,
        Verb.MESSAGE: ticket.state not in GONE,
        Verb.SPLIT: there.active > 0,
        Verb.MARK_SPAM: there.active > 0,
        Verb.UNMARK_SPAM: there.placed > there.active and ticket.state != State.DISCARDED,
    }
