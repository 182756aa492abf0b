"""Alarms about dates: one when a date is near, has passed, passed long ago, and when nobody accepts a ticket.

Each is an event of the ticket, written once for each date and stage: the ticket remembers both, under its lock. So a
clock that stood still tells only the last stage, and two clocks tell it once.
"""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, QuerySet, When
from django.db.models.functions import Least

from common.actor import Actor
from common.clock import now
from concerns.actions.desk import counted_in, record, take
from concerns.actions.tending import each
from concerns.deadlines import PRESSED_STATES, Stages, pressing
from concerns.enums import State, Verb
from concerns.errors import Refused
from concerns.models import Ticket
from departments.models import Calendar

LEVELS: Mapping[int, Verb] = {1: Verb.DUE_SOON, 2: Verb.OVERDUE, 3: Verb.FAR_OVERDUE}
# A backlog is worked off in rounds, so that no round holds up what comes after it.
MOST_AT_ONCE = 500
DUE = Case(
    When(first_responded_at=None, then=Least("first_response_due", "resolution_due")),
    default="resolution_due",
)


def escalate() -> dict[str, int]:
    """Sound what is due now; how many alarms of each sort."""
    moment = now()
    stages = {one.pk: Stages.at(one, moment) for one in Calendar.objects.all()}
    pressed, idle = ids(late(stages)), ids(unaccepted(stages))
    return {
        "deadlines": each(pressed, lambda ticket_id: sound_deadline(ticket_id=ticket_id)),
        "unaccepted": each(idle, lambda ticket_id: sound_unaccepted(ticket_id=ticket_id)),
    }


def ids(found: QuerySet[Ticket]) -> list[int]:
    return list(found.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])


def late(stages: Mapping[int, Stages]) -> QuerySet[Ticket]:
    """Tickets whose date has come further than somebody was told."""
    pressed = Ticket.objects.filter(state__in=PRESSED_STATES, restricted_at=None)
    told = ExpressionWrapper(Q(alarmed_due=F("due")), output_field=BooleanField())
    by_calendar = Q()
    for pk, stage in stages.items():
        come = (
            Q(due__lte=stage.soon, created_at__lt=stage.today),
            Q(due__lte=stage.over),
            Q(due__lte=stage.far),
        )
        for level, so_far in enumerate(come, start=1):
            by_calendar |= Q(so_far, calendar=pk) & ~Q(told=True, alarm_level__gte=level)
    return (
        pressed.annotate(due=DUE).annotate(told=told).filter(by_calendar)
        if stages
        else pressed.none()
    )


def unaccepted(stages: Mapping[int, Stages]) -> QuerySet[Ticket]:
    """Tickets a department has had for too long without accepting them."""
    lying = Ticket.objects.filter(state=State.ASSIGNED, restricted_at=None)
    too_long = Q()
    for pk, stage in stages.items():
        too_long |= Q(calendar=pk, state_since__lte=stage.idle)
    new = Q(unaccepted_since=None) | ~Q(unaccepted_since=F("state_since"))
    return lying.filter(too_long, new) if stages else lying.none()


@transaction.atomic
def sound_deadline(*, ticket_id: int) -> Ticket:
    """Write down how far the date that presses has come; Refused where that was told or is no longer so."""
    ticket = take(Actor.system(), ticket_id, Verb.OVERDUE)
    due = pressing(ticket)
    level = Stages.at(counted_in(ticket), now()).level(due, ticket.created_at)
    told = ticket.alarm_level if ticket.alarmed_due == due else 0
    if due is None or ticket.state not in PRESSED_STATES or level <= told:
        raise Refused
    ticket.alarmed_due, ticket.alarm_level = due, level
    result = due == ticket.resolution_due
    data = {"due": due.isoformat(), "of": "result" if result else "first_response"}
    record(ticket, LEVELS[level], Actor.system(), data=data)
    return ticket


@transaction.atomic
def sound_unaccepted(*, ticket_id: int) -> Ticket:
    """Write down that nobody accepts a ticket; Refused where that was told or is no longer so."""
    ticket = take(Actor.system(), ticket_id, Verb.UNACCEPTED)
    since = ticket.state_since
    too_long = since <= Stages.at(counted_in(ticket), now()).idle
    if ticket.state != State.ASSIGNED or not too_long or ticket.unaccepted_since == since:
        raise Refused
    ticket.unaccepted_since = since
    record(ticket, Verb.UNACCEPTED, Actor.system(), data={"since": since.isoformat()})
    return ticket
