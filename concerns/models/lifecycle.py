"""The whole lifecycle of a ticket: which state may follow which. Transitions check and move, nothing else.

Who may do it stands in `permissions.py`, what else happens in `actions/`. A picture of this machine is generated
into docs/lifecycle.md.
"""

from typing import Any

from django.db import models
from django_fsm import GET_STATE, FSMField, FSMModelMixin, transition

from common.clock import today
from concerns.enums import DECLINING_OUTCOMES, OPEN_STATES, RESOLVING_OUTCOMES, State

# django-fsm-2 calls a condition with the model it stands on; here that is always a Ticket.
Ticket = Any
WORKABLE = [State.IN_PROGRESS, State.SCHEDULED]


def has_department(ticket: Ticket) -> bool:
    return bool(ticket.department_id)


def has_resolving_answer(ticket: Ticket) -> bool:
    return ticket.outcome in RESOLVING_OUTCOMES and bool(ticket.answer_message_id)


def has_declining_answer(ticket: Ticket) -> bool:
    return ticket.outcome in DECLINING_OUTCOMES and bool(ticket.answer_message_id)


def has_answer(ticket: Ticket) -> bool:
    return has_resolving_answer(ticket) or has_declining_answer(ticket)


def has_partner(ticket: Ticket) -> bool:
    return bool(ticket.partner)


def date_not_past(ticket: Ticket) -> bool:
    return bool(ticket.scheduled_for and ticket.scheduled_for >= today())


def has_lead(ticket: Ticket) -> bool:
    return bool(ticket.merged_into_id) and ticket.merged_into_id != ticket.pk


def approved_state(ticket: Ticket) -> State:
    return State.DECLINED if has_declining_answer(ticket) else State.RESOLVED


def resumed_state(ticket: Ticket) -> State:
    """Work goes on with the person who had it; without one the department must take it up afresh."""
    return State.ASSIGNED if ticket.assignee_id is None else State.IN_PROGRESS


class Lifecycle(FSMModelMixin, models.Model):
    """A ticket's state and the only ways to change it."""

    state = FSMField(max_length=20, default=State.RECEIVED, choices=State.choices, protected=True)

    class Meta:
        abstract = True

    # Finding who is responsible
    @transition(state, source=State.RECEIVED, target=State.IN_TRIAGE)
    def start_triage(self) -> None: ...

    @transition(
        state, [State.RECEIVED, State.IN_TRIAGE], State.ASSIGNED, conditions=[has_department]
    )
    def route(self) -> None: ...

    @transition(state, source=OPEN_STATES, target=State.ASSIGNED, conditions=[has_department])
    def transfer(self) -> None: ...

    @transition(state, source=OPEN_STATES, target=State.IN_TRIAGE)
    def hand_back(self) -> None: ...

    # Working
    @transition(state, State.ASSIGNED, State.IN_PROGRESS, conditions=[has_department])
    def accept(self) -> None: ...

    @transition(state, source=State.IN_PROGRESS, target=State.SCHEDULED, conditions=[date_not_past])
    def schedule(self) -> None: ...

    @transition(state, source=State.SCHEDULED, target=State.SCHEDULED, conditions=[date_not_past])
    def reschedule(self) -> None: ...

    @transition(state, source=State.SCHEDULED, target=State.IN_PROGRESS)
    def start(self) -> None: ...

    # Waiting for the person
    @transition(state, source=WORKABLE, target=State.WAITING_REPORTER)
    def ask(self) -> None: ...

    @transition(state, source=State.WAITING_REPORTER, target=State.IN_PROGRESS)
    def answer(self) -> None: ...

    @transition(state, source=State.WAITING_REPORTER, target=State.IN_PROGRESS)
    def record_answer(self) -> None: ...

    # Waiting for a partner
    @transition(state, State.IN_PROGRESS, State.WAITING_EXTERNAL, conditions=[has_partner])
    def refer(self) -> None: ...

    @transition(state, source=State.WAITING_EXTERNAL, target=State.IN_PROGRESS)
    def report_back(self) -> None: ...

    @transition(state, [State.WAITING_REPORTER, State.WAITING_EXTERNAL], State.IN_PROGRESS)
    def recall(self) -> None: ...

    @transition(state, [State.WAITING_REPORTER, State.WAITING_EXTERNAL], State.IN_PROGRESS)
    def expire(self) -> None: ...

    # Deciding
    @transition(state, State.IN_PROGRESS, State.PENDING_APPROVAL, conditions=[has_answer])
    def submit(self) -> None: ...

    @transition(
        state,
        source=State.PENDING_APPROVAL,
        target=GET_STATE(approved_state, states=[State.RESOLVED, State.DECLINED]),
        conditions=[has_answer],
    )
    def approve(self) -> None: ...

    @transition(state, source=State.PENDING_APPROVAL, target=State.IN_PROGRESS)
    def reject(self) -> None: ...

    @transition(state, source=State.PENDING_APPROVAL, target=State.IN_PROGRESS)
    def retract(self) -> None: ...

    @transition(
        state,
        source=[*WORKABLE, State.WAITING_REPORTER],
        target=State.RESOLVED,
        conditions=[has_department, has_resolving_answer],
    )
    def resolve(self) -> None: ...

    @transition(
        state, [State.IN_TRIAGE, *WORKABLE], State.DECLINED, conditions=[has_declining_answer]
    )
    def decline(self) -> None: ...

    # Ending and coming back
    @transition(state, source=[State.RESOLVED, State.DECLINED], target=State.CLOSED)
    def close(self) -> None: ...

    @transition(state, source=[State.RESOLVED, State.DECLINED], target=State.REOPEN_REQUESTED)
    def review(self) -> None: ...

    @transition(state, source=State.REOPEN_REQUESTED, target=State.CLOSED)
    def uphold(self) -> None: ...

    @transition(
        state,
        source=[State.RESOLVED, State.DECLINED, State.REOPEN_REQUESTED, State.CLOSED],
        target=GET_STATE(resumed_state, states=[State.IN_PROGRESS, State.ASSIGNED]),
        conditions=[has_department],
    )
    def reopen(self) -> None: ...

    @transition(state, source=OPEN_STATES, target=State.CLOSED)
    def close_withdrawn(self) -> None: ...

    # The same matter, and no matter at all
    @transition(state, source=OPEN_STATES, target=State.MERGED, conditions=[has_lead])
    def join(self) -> None: ...

    @transition(state, source=State.MERGED, target=State.IN_TRIAGE)
    def detach(self) -> None: ...

    @transition(state, source=OPEN_STATES, target=State.DISCARDED)
    def discard(self) -> None: ...

    @transition(state, source=State.DISCARDED, target=State.IN_TRIAGE)
    def restore(self) -> None: ...
