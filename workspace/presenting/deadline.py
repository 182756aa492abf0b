"""The date that presses, in words."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.clock import city_zone, today
from concerns.deadlines import Targets
from concerns.enums import State
from concerns.models import Ticket
from workspace.presenting.targets import in_words as in_time


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date in words, with the tone of its urgency and what was owed."""

    words: str
    tone: str
    at: dt.datetime
    owed: str


def deadline_of(ticket: Ticket) -> Deadline | None:
    """The date that presses now: the decision on an objection, the first response, the planned day, the resolution."""
    if ticket.state == State.REOPEN_REQUESTED and ticket.review_due:
        return in_words(ticket.review_due, _("An objection must be decided."))
    if not ticket.is_open:
        return None
    targets = Targets.of(ticket.targets)
    if ticket.first_response_due and ticket.first_responded_at is None:
        owed = _("First response within %(time)s") % {"time": in_time(targets.first_response)}
        return in_words(ticket.first_response_due, owed)
    if ticket.resolution_due:
        owed = _("Result within %(time)s") % {"time": in_time(targets.resolution)}
        return in_words(ticket.resolution_due, owed)
    return None


def in_words(due: dt.datetime, owed: str) -> Deadline:
    """How long there is still, in words a clerk reads at a glance."""
    days = (due.astimezone(city_zone()).date() - today()).days
    if days < 0:
        late = ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}
        return Deadline(late, "danger", due, owed)
    if days == 0:
        return Deadline(_("today"), "warning", due, owed)
    words = ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    return Deadline(words, "warning" if days == 1 else "info", due, owed)
