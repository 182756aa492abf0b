"""The date that presses, in words."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.clock import city_zone, today
from concerns.enums import State
from concerns.models import Ticket


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date in words, with the tone of its urgency."""

    words: str
    tone: str
    at: dt.datetime
    lines: list[str] = field(default_factory=list)


def deadline_of(ticket: Ticket) -> Deadline | None:
    """The date that presses now: the decision on an objection, the first response, the planned day, the resolution."""
    if ticket.state == State.REOPEN_REQUESTED and ticket.review_due:
        return in_words(ticket.review_due, [_("An objection must be decided.")])
    if not ticket.is_open:
        return None
    if ticket.first_response_due and ticket.first_responded_at is None:
        return in_words(ticket.first_response_due, first_lines(ticket))
    if ticket.resolution_due:
        return in_words(ticket.resolution_due, resolution_lines(ticket))
    return None


def first_lines(ticket: Ticket) -> list[str]:
    days = ticket.category.first_response_days if ticket.category else 0
    counted = ngettext(
        "First response within %(days)d working day",
        "First response within %(days)d working days",
        days,
    )
    return [
        counted % {"days": days},
        _("of the department's calendar, counted from the day of filing."),
    ]


def resolution_lines(ticket: Ticket) -> list[str]:
    waited = ticket.reporter_wait_seconds + ticket.external_wait_seconds
    lines = [
        _(
            "Resolution in working days of the department's calendar, counted from the filing or the last reopening."
        )
    ]
    if waited:
        hours = round(waited / 3600)
        lines.append(_("Moved by %(hours)d hours of waiting for others.") % {"hours": hours})
    return lines


def in_words(due: dt.datetime, lines: list[str]) -> Deadline:
    """How long there is still, in words a clerk reads at a glance."""
    days = (due.astimezone(city_zone()).date() - today()).days
    if days < 0:
        late = ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}
        return Deadline(late, "danger", due, lines)
    if days == 0:
        return Deadline(_("today"), "warning", due, lines)
    words = ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    return Deadline(words, "warning" if days == 1 else "info", due, lines)
