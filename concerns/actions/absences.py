"""Being away: who sees and hears meanwhile what is somebody's, and taking over what they have.

Absence moves sight and alarms, never a ticket: what is theirs stays theirs until somebody takes it over.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.actor import Actor
from common.clock import today
from concerns.actions.working import assign
from concerns.enums import OPEN_STATES
from concerns.errors import DomainError, Invalid, NotAllowed, NotFound
from concerns.publishing import long_date
from concerns.queries.visible import visible
from departments.models import Absence, Membership
from departments.queries import works_for

log = logging.getLogger(__name__)
LONGEST_ABSENCE = dt.timedelta(days=366)
# Absences that are over are nobody's business for longer.
KEPT = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class TakenOver:
    """How many tickets went to the new person, and the ids of those that could not."""

    taken: int
    left: list[int]


@transaction.atomic
def announce_absence(
    *, actor: Actor, user_id: int, deputy_id: int, starts: dt.date, ends: dt.date
) -> Absence:
    """Somebody is away from and until a day (both included), and a deputy sees and hears what is theirs.

    By themself, or by who leads or administers all departments they work in. Raises Invalid naming the field for days
    that do not fit, a second absence on a day, and a deputy who is not there or whose chain leads back.
    """
    must_arrange_for(actor, user_id)
    if not User.objects.filter(pk=user_id, is_active=True).exists():
        raise NotFound
    check_days(starts, ends)
    if deputy_id == user_id or not works_somewhere(deputy_id):
        raise Invalid(_("Please choose a colleague who works here."), field="deputy_id")
    planned = planned_between(starts, ends)
    if away := next((one for one in planned if one.user_id == user_id), None):
        words = _("There is an absence from %(first)s to %(last)s already. Please end it first.")
        raise Invalid(words % days_of(away.starts, away.ends), field="starts")
    if circle := led_back(planned, user_id, deputy_id, starts, ends):
        raise Invalid(named_circle(circle), field="deputy_id")
    away = Absence.objects.create(user_id=user_id, deputy_id=deputy_id, starts=starts, ends=ends)
    log.warning("%s lent the duties of %s to %s", actor.ref, away.user.ref_id, away.deputy.ref_id)
    return away


def planned_between(starts: dt.date, ends: dt.date) -> list[Absence]:
    """Everybody's absences of these days; nobody announces another before this transaction ends.

    Otherwise of two at once each could be the half of a circle that the other does not see.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE departments_absence IN SHARE ROW EXCLUSIVE MODE")
    found = Absence.objects.filter(ends__gte=starts, starts__lte=ends)
    return list(found.select_related("user").order_by("pk"))


def must_arrange_for(actor: Actor, user_id: int) -> None:
    if actor.is_system or (actor.user_id is not None and actor.user_id == user_id):
        return
    # All they may do is lent to the deputy: whoever leads a part of it only would lend, and take, what is not theirs.
    theirs = Membership.objects.current().filter(user=user_id)
    if not theirs.exists() or theirs.exclude(pk__in=works_for(actor).values("pk")).exists():
        raise NotAllowed


def works_somewhere(user_id: int) -> bool:
    return Membership.objects.current().filter(user=user_id).exists()


def check_days(starts: dt.date, ends: dt.date) -> None:
    if ends < starts:
        raise Invalid(_("The last day is before the first."), field="ends")
    if ends < today():
        raise Invalid(_("This day has passed. Please choose a later one."), field="ends")
    if ends - starts > LONGEST_ABSENCE:
        raise Invalid(_("Please choose a day within a year of the first."), field="ends")


def led_back(
    planned: list[Absence], user_id: int, deputy_id: int, starts: dt.date, ends: dt.date
) -> Absence | None:
    """The absence by which a deputy would in the end stand in for themself: days that all share are a circle's."""
    for away in planned:
        first, last = max(starts, away.starts), min(ends, away.ends)
        if away.user_id != deputy_id or first > last:
            continue
        if away.deputy_id == user_id:
            return away
        if found := led_back(planned, user_id, away.deputy_id, first, last):
            return found
    return None


def named_circle(away: Absence) -> str:
    words = _(
        "%(name)s is away from %(first)s to %(last)s, and in the end nobody would be there. Please choose another"
        " colleague or other days."
    )
    return words % {"name": away.user.name, **days_of(away.starts, away.ends)}


def days_of(starts: dt.date, ends: dt.date) -> dict[str, str]:
    return {"first": long_date(starts), "last": long_date(ends)}


@transaction.atomic
def end_absence(*, actor: Actor, absence_id: int) -> None:
    """Somebody is back: from today what is theirs comes to them again; what had not begun is taken back."""
    away = Absence.objects.select_for_update().filter(pk=absence_id).first()
    if away is None:
        raise NotFound
    must_arrange_for(actor, away.user_id)
    if away.starts >= today():
        away.delete()
    elif away.ends >= today():
        away.ends = today() - dt.timedelta(days=1)
        away.save(update_fields=["ends"])


def forget_absences() -> int:
    """Delete those that have been over for a while; how many."""
    return Absence.objects.filter(ends__lt=today() - KEPT).delete()[0]


def take_over(*, actor: Actor, user_id: int, new_id: int) -> TakenOver:
    """Give all open tickets that a colleague has, as far as the actor sees them, to somebody else: each or not at all.

    Each is an act of its own with its event; where it is not allowed, or the new person does not work there, the ticket
    stays. Raises Invalid when the two are one.
    """
    if user_id == new_id:
        raise Invalid(_("Please choose two different people."), field="new_id")
    taken, left = 0, []
    for ticket_id in held_by(actor, user_id):
        try:
            assign(actor=actor, ticket_id=ticket_id, user_id=new_id)
        except DomainError:
            left.append(ticket_id)
        else:
            taken += 1
    return TakenOver(taken, left)


def held_by(actor: Actor, user_id: int) -> Iterator[int]:
    """The open tickets of a person that the actor sees, by id."""
    theirs = visible(actor).filter(assignee=user_id, state__in=OPEN_STATES)
    yield from list(theirs.order_by("pk").values_list("pk", flat=True))
