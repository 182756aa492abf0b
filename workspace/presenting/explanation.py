"""Why a ticket is due when it is, in sentences; the codes are those of concerns/explaining.py."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from concerns.enums import State
from concerns.explaining import Line
from concerns.publishing import long_date
from concerns.queries.clock import Explanation
from departments.calendars import holiday_name
from departments.models import Calendar
from departments.targets import Target
from workspace.presenting.targets import in_words

Values = Mapping[str, Any]
DAY, HOUR, MINUTE = 86_400, 3_600, 60


def sentences(lines: list[Line], explained: Explanation) -> list[str]:
    """One for each line, and one for the days on which nobody worked."""
    found = []
    calendar = next((line.values["calendar"] for line in lines if line.code == "calendar"), "")
    for line in lines:
        calendar = line.values.get("taken", calendar)
        said = {"at": moment(line.at), "due": moment(line.due), **line.values}
        found.append(SENTENCES[line.code](said, explained))
        found += skipped(line.values, explained.calendars[calendar])
    return found


def moment(value: dt.datetime | None) -> str:
    """«Tue 30 March 2027, 16:00»; nothing for nothing."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{date_format(local, 'D')} {long_date(local.date())}, {date_format(local, 'H:i')}"


def started(said: Values, _explained: Explanation) -> str:
    if said["by"] == "reopened":
        words = _("Taken up again on %(at)s; all the time counts anew. Due before: %(former)s.")
        return words % {**said, "former": moment(said["former_due"])}
    if said["by"] == "detached":
        return _("A ticket of its own since %(at)s; the time counts from then on.") % said
    return _("Filed on %(at)s; the time counts from then on.") % said


def target(said: Values, explained: Explanation) -> str:
    time = in_words(Target.of(said))
    category = explained.ticket.category
    if category is None:
        return _("Time owed: %(time)s, as there is no category yet.") % {"time": time}
    known = {"time": time, "category": category.name, "priority": said["priority"]}
    if said["priority"]:
        return _("Time owed: %(time)s (%(category)s, priority %(priority)d).") % known
    return _("Time owed: %(time)s (%(category)s).") % known


def paused(said: Values, _explained: Explanation) -> str:
    known = {**said, "since": moment(said["since"]), "reason": waited_for(said["reason"])}
    if not said["working_time"]:
        words = _(
            "From %(since)s to %(at)s we waited for %(reason)s; that time (%(time)s) is given back: %(due)s."
        )
        return words % {**known, "time": length(said["given_back"])}
    if not said["given_back"]:
        words = _(
            "From %(since)s to %(at)s we waited for %(reason)s, outside working hours: still %(due)s."
        )
        return words % known
    words = _(
        "From %(since)s to %(at)s we waited for %(reason)s; the working hours in it (%(time)s) are given back: %(due)s."
    )
    return words % {**known, "time": length(said["given_back"], longest="hours")}


def waited_for(state: str) -> str:
    return _("the person") if state == State.WAITING_REPORTER else _("a partner")


def length(seconds: int, longest: str = "days") -> str:
    """«2 days 5:30 hours»; working time has no days, for they differ in length."""
    days, rest = divmod(seconds, DAY) if longest == "days" else (0, seconds)
    clock = f"{rest // HOUR}:{rest % HOUR // MINUTE:02}"
    hours = _("%(clock)s hours") % {"clock": clock}
    if not days:
        return hours
    return f"{ngettext('%(days)d day', '%(days)d days', days) % {'days': days}} {hours}"


def transferred(said: Values, explained: Explanation) -> str:
    names = explained.departments
    known = {
        "at": said["at"],
        "left": names.get(said["from_department"], _("triage")),
        "department": names.get(said["department"], ""),
    }
    return _("%(at)s: transferred from %(left)s to %(department)s.") % known


SENTENCES: Mapping[str, Callable[[Values, Explanation], str]] = {
    "started": started,
    "target": target,
    "calendar": lambda said, _e: (
        _("Working hours and holidays are those of the calendar %(calendar)s.") % said
    ),
    "counted": lambda said, _e: _("That leads to %(due)s.") % said,
    "rolled": lambda said, _e: _("That is a Saturday, Sunday or public holiday: %(due)s.") % said,
    "paused": paused,
    "transfer": transferred,
    "handed_over": lambda said, _e: (
        _("What was left is counted on in the calendar %(taken)s: %(due)s.") % said
    ),
    "categorise": lambda said, _e: (
        _("%(at)s: category corrected; its target holds from the beginning.") % said
    ),
    "prioritise": lambda said, _e: (
        _("%(at)s: priority changed; its target holds from the beginning.") % said
    ),
    "joined": lambda said, _e: (
        _("%(at)s: ticket %(ticket)s belongs to it; the earlier date holds: %(due)s.") % said
    ),
    "promised": lambda said, _e: (
        _("People were told an earlier day, and that stays: %(due)s.") % said
    ),
    "differs": lambda said, _e: (
        _("Hours or holidays were corrected since; the date stays: %(due)s.") % said
    ),
    "waiting": lambda said, _e: (
        _("Since %(at)s we wait for %(reason)s; when that ends, the time is given back.")
        % {**said, "reason": waited_for(said["reason"])}
    ),
    "due": lambda said, _e: _("Due: %(due)s.") % said,
}


def skipped(values: Values, calendar: Calendar) -> list[str]:
    """The days that did not count, in one sentence; none where every day did."""
    language = get_language() or ""
    found = [
        f"{holiday_name(calendar, day, language)} ({long_date(day)})"
        for day in values.get("holidays", [])
    ]
    found += [_("closed on %(day)s") % {"day": long_date(day)} for day in values.get("closed", [])]
    if days := values.get("unstaffed"):
        weekdays = ngettext(
            "%(days)d day without working hours", "%(days)d days without working hours", days
        )
        found.insert(0, weekdays % {"days": days})
    return [_("Not counted: %(days)s.") % {"days": "; ".join(found)}] if found else []
