"""A clerk's plain work: take a ticket, give it to a colleague, plan a date, start."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.actor import Actor
from common.clock import now, today
from common.prepared import Given, Prepared
from concerns.actions.desk import admit, lock, move, record, take
from concerns.actions.responsibility import keep_reason
from concerns.actions.words import answer_given
from concerns.enums import State, Verb
from concerns.errors import Invalid, NotAllowed, Refused
from concerns.models import Ticket
from concerns.queries.approval import assignable_to


@transaction.atomic
def accept(*, actor: Actor, ticket_id: int, version: int | None = None) -> Ticket:
    """«I do this»: the ticket is mine from now on."""
    here = still_here(actor.user_id)
    ticket = take(actor, ticket_id, Verb.ACCEPT, version)
    if not here:
        raise NotAllowed
    before = move(ticket, Verb.ACCEPT)
    ticket.assignee_id = actor.user_id
    record(ticket, Verb.ACCEPT, actor, before=before, data={"assignee": ref_of(actor)})
    return ticket


def still_here(user_id: int | None) -> bool:
    """Lock who is about to get a ticket, before the ticket; False for somebody who has left (people.py).

    Else a ticket could stay with somebody whose account is closed in the same moment.
    """
    if user_id is None:
        return False
    return HERE.first(pk=user_id) is not None


HERE = Prepared(
    lambda: (
        User.objects.select_for_update(no_key=True)
        .filter(pk=Given("pk"), is_active=True)
        .values_list("pk")
    )
)


def ref_of(actor: Actor) -> str | None:
    return str(actor.ref) if actor.ref else None


@transaction.atomic
def assign(*, actor: Actor, ticket_id: int, user_id: int, version: int | None = None) -> Ticket:
    """Give the ticket to a colleague who works in its department; a confidential one to somebody of its circle."""
    here = still_here(user_id)
    ticket = take(actor, ticket_id, Verb.ASSIGN, version)
    if not ticket.is_open or ticket.department is None:
        raise Refused
    colleague = assignable_to(ticket).filter(pk=user_id).first() if here else None
    if colleague is None:
        raise Invalid(_("Please choose somebody who works in this department."), field="assignee")
    ticket.assignee = colleague
    record(ticket, Verb.ASSIGN, actor, data={"assignee": str(colleague.ref_id)})
    return ticket


@transaction.atomic
def release(*, actor: Actor, ticket_id: int, version: int | None = None) -> Ticket:
    """Take the ticket off its clerk; it stays with the department."""
    ticket = take(actor, ticket_id, Verb.RELEASE, version)
    if ticket.assignee_id is None or not ticket.is_open:
        raise Refused
    ticket.assignee = None
    record(ticket, Verb.RELEASE, actor)
    return ticket


@transaction.atomic
def schedule(
    *, actor: Actor, ticket_id: int, date: dt.date, reason: str = "", version: int | None = None
) -> Ticket:
    """Promise a date; the people placed on the ticket are told. Moving a promised date needs a reason."""
    ticket = lock(actor, ticket_id)
    verb = Verb.RESCHEDULE if ticket.state == State.SCHEDULED else Verb.SCHEDULE
    admit(actor, ticket, verb, version)
    data = plan(ticket, date)
    if verb == Verb.RESCHEDULE:
        data["note"] = keep_reason(ticket, actor, reason)
    answer_given(ticket, now())
    before = move(ticket, verb)
    record(ticket, verb, actor, before=before, data=data)
    return ticket


def plan(ticket: Ticket, date: dt.date) -> dict[str, object]:
    """Put the date on the ticket; what its event says of it, and of the one it takes the place of."""
    if date < today():
        raise Invalid(
            _("This date lies in the past. Please choose today or a later day."), field="date"
        )
    data: dict[str, object] = {"date": date.isoformat()}
    if ticket.state == State.SCHEDULED:
        data["from_date"] = str(ticket.scheduled_for)
    ticket.scheduled_for = date
    return data


@transaction.atomic
def start(*, actor: Actor, ticket_id: int, version: int | None = None) -> Ticket:
    """Work on a scheduled ticket begins: by its clerk, or by the clock on the day."""
    ticket = take(actor, ticket_id, Verb.START, version)
    before = move(ticket, Verb.START)
    record(ticket, Verb.START, actor, before=before)
    return ticket
