"""What a citizen is told of a ticket: seven public states, never the internal one."""

from concerns.enums import DECLINING_OUTCOMES, OPEN_STATES, PublicState, Standing, State
from concerns.models import Concern, Ticket

PUBLIC_STATES = {
    State.RECEIVED: PublicState.RECEIVED,
    State.IN_TRIAGE: PublicState.CHECKING,
    State.ASSIGNED: PublicState.IN_PROGRESS,
    State.IN_PROGRESS: PublicState.IN_PROGRESS,
    State.WAITING_REPORTER: PublicState.NEEDS_REPLY,
    State.WAITING_EXTERNAL: PublicState.IN_PROGRESS,
    State.SCHEDULED: PublicState.SCHEDULED,
    State.PENDING_APPROVAL: PublicState.IN_PROGRESS,
    State.RESOLVED: PublicState.DONE,
    State.DECLINED: PublicState.NOT_POSSIBLE,
    State.REOPEN_REQUESTED: PublicState.CHECKING,
    State.DISCARDED: PublicState.NOT_POSSIBLE,
}
# About 100 m: a place is published no more exactly than that.
PUBLISHED_DECIMALS = 3


def public_state(ticket: Ticket) -> PublicState:
    """The public state of a ticket; a joined one has its lead's, a closed one that of its outcome.

    `merged_into` must be loaded for a joined ticket, else it costs a statement.
    """
    if ticket.state == State.MERGED and ticket.merged_into:
        return public_state(ticket.merged_into)
    if ticket.state == State.CLOSED:
        return (
            PublicState.NOT_POSSIBLE if ticket.outcome in DECLINING_OUTCOMES else PublicState.DONE
        )
    return PUBLIC_STATES[State(ticket.state)]


def concern_state(
    concern: Concern, ticket: Ticket, *, asked: bool = True, objected: bool = False
) -> PublicState:
    """What this one person is told: their own facts come before the ticket's.

    `asked` says whether an open question is addressed to them: of many, only those asked need to reply.
    `objected` says whether their objection still waits for its decision.
    """
    if concern.standing == Standing.SPAM:
        return PublicState.NOT_POSSIBLE
    if concern.standing == Standing.WITHDRAWN and ticket.state in OPEN_STATES:
        return PublicState.DONE
    if objected:
        return PublicState.CHECKING
    state = public_state(ticket)
    if state == PublicState.NEEDS_REPLY and not asked:
        return PublicState.IN_PROGRESS
    return state


def coarsened(degrees: float | None) -> float | None:
    """A coordinate as it may be published."""
    return None if degrees is None else round(degrees, PUBLISHED_DECIMALS)
