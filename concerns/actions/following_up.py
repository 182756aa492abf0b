"""Follow-ups: a ticket that somebody wants to look at again on a day, whatever its clocks say."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from common.actor import Actor
from common.clock import today
from concerns.actions.desk import record, take
from concerns.actions.tending import each
from concerns.actions.words import write_note
from concerns.enums import State, Verb
from concerns.errors import Invalid, Refused
from concerns.models import Ticket

LATEST = dt.timedelta(days=2 * 366)
# Of these nobody sees anything again.
GONE = (State.MERGED, State.DISCARDED)


@transaction.atomic
def follow_up(
    *, actor: Actor, ticket_id: int, date: dt.date, text: str, version: int | None = None
) -> Ticket:
    """On this day the ticket comes up again, with a note saying what for; another day replaces the one before.

    Raises Invalid for a day that has passed or lies more than two years ahead.
    """
    ticket = take(actor, ticket_id, Verb.FOLLOW_UP, version)
    if ticket.state in GONE:
        raise Refused
    if not today() < date <= today() + LATEST:
        raise Invalid(_("Please choose a day from tomorrow on, within two years."), field="date")
    ticket.follow_up_on, ticket.follow_up_told = date, False
    data = {"date": str(date), "note": write_note(ticket, actor, text).pk}
    record(ticket, Verb.FOLLOW_UP, actor, data=data)
    return ticket


@transaction.atomic
def followed_up(
    *, actor: Actor, ticket_id: int, text: str = "", version: int | None = None
) -> Ticket:
    """What was to be looked at again is dealt with, or no longer of interest; a note may say so."""
    ticket = take(actor, ticket_id, Verb.FOLLOWED_UP, version)
    if ticket.follow_up_on is None:
        raise Refused
    ticket.follow_up_on, ticket.follow_up_told = None, False
    data = {"note": write_note(ticket, actor, text).pk} if text.strip() else {}
    record(ticket, Verb.FOLLOWED_UP, actor, data=data)
    return ticket


def bring_up() -> int:
    """Say of each ticket whose day has come that it has; how many."""
    come = Ticket.objects.filter(follow_up_on__lte=today(), follow_up_told=False)
    waiting = come.exclude(state__in=GONE).filter(restricted_at=None).order_by("pk")
    return each(
        list(waiting.values_list("pk", flat=True)), lambda pk: sound_follow_up(ticket_id=pk)
    )


@transaction.atomic
def sound_follow_up(*, ticket_id: int) -> Ticket:
    """Write down that the day has come; Refused where that was told or is no longer so."""
    ticket = take(Actor.system(), ticket_id, Verb.FOLLOW_UP_DUE)
    day = ticket.follow_up_on
    if day is None or day > today() or ticket.follow_up_told or ticket.state in GONE:
        raise Refused
    ticket.follow_up_told = True
    record(ticket, Verb.FOLLOW_UP_DUE, Actor.system(), data={"date": str(day)})
    return ticket
