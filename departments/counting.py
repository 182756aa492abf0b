"""Targets counted in a calendar: when one ends, and how its end moves by waits and with another calendar."""

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass

from common.clock import city_zone
from departments.calendars import (
    ONE_DAY,
    after_work,
    end_of_day,
    ends_of_work,
    is_free_by_law,
    is_public_holiday,
    is_working_day,
    working_days_after,
    working_time,
)
from departments.models import Calendar
from departments.targets import Target, Unit

MONTHS_A_YEAR = 12


def due_after(calendar: Calendar, start: dt.datetime, target: Target) -> dt.datetime:
    """When a target that begins to run at `start` (aware) ends, in UTC.

    Working hours are open hours from that moment on. The day of the start does not count for days and months
    (§ 187 (1) BGB): working days end with the work of the last one, calendar days and months with the last second of
    the last day.
    """
    if target.unit == Unit.WORKING_HOURS:
        return after_work(calendar, start, dt.timedelta(hours=target.amount))
    if target.unit == Unit.WORKING_DAYS:
        return working_days_after(calendar, start, target.amount)
    day = start.astimezone(city_zone()).date()
    months = target.unit == Unit.MONTHS
    last = months_after(day, target.amount) if months else day + target.amount * ONE_DAY
    return rolled(calendar, end_of_day(last), target)


def months_after(day: dt.date, months: int) -> dt.date:
    """The day of the same number, or the last one of a month that has no such day (§ 188 (2) and (3) BGB)."""
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def rolled(calendar: Calendar, due: dt.datetime, target: Target) -> dt.datetime:
    """`due`, or where the target rolls forward, the end of the next day that is not free by law."""
    day = due.astimezone(city_zone()).date()
    if not (target.roll_forward and is_free_by_law(calendar, day)):
        return due
    while is_free_by_law(calendar, day):
        day += ONE_DAY
    return end_of_day(day)


def extended(
    calendar: Calendar, due: dt.datetime, target: Target, since: dt.datetime, until: dt.datetime
) -> dt.datetime:
    """The date after a wait for others: as much time is left at its end as there was at its beginning.

    Of working time only the work that fell into the wait is given back, else all of it. A date that lay ahead when the
    wait began therefore lies ahead when it ends, and a wait over a weekend gives no working time away.
    """
    if target.is_working_time:
        return after_work(calendar, due, working_time(calendar, since, until))
    return rolled(calendar, due + max(until - since, dt.timedelta()), target)


def handed_over(
    old: Calendar, new: Calendar, due: dt.datetime, target: Target, at: dt.datetime
) -> dt.datetime:
    """The date in the calendar of who takes over: what is used stays used, what is left goes on in theirs.

    A day that is left stays a day, however long theirs are. A date that has passed stays as it is.
    """
    if due <= at:
        return due
    if not target.is_working_time:
        return rolled(new, due, target)
    if target.unit == Unit.WORKING_HOURS:
        return after_work(new, at, working_time(old, at, due))
    ends = ends_of_work(old, at, due)
    rest = working_time(old, ends[-1] if ends else at, due)
    return after_work(new, nth_end_of_work(new, at, len(ends)), rest)


def nth_end_of_work(calendar: Calendar, start: dt.datetime, nth: int) -> dt.datetime:
    """The n-th end of a day's work after `start`; `start` itself for none."""
    end = start
    for _one in range(nth):
        end = working_days_after(calendar, end, 0)
    return end


@dataclass(frozen=True, slots=True)
class Skipped:
    """Days on which nobody worked: `unstaffed` counts weekdays without hours, weekends mostly."""

    unstaffed: int
    holidays: list[dt.date]
    closed: list[dt.date]


def skipped(calendar: Calendar, start: dt.datetime, end: dt.datetime) -> Skipped:
    """The days from that of `start` to that of `end` that did not count, each for its first reason."""
    zone = city_zone()
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    days = [first + number * ONE_DAY for number in range((last - first).days + 1)]
    free = [day for day in days if not is_working_day(calendar, day)]
    staffed = [day for day in free if calendar.weekly_hours.get(str(day.weekday()))]
    holidays = [day for day in staffed if is_public_holiday(calendar, day)]
    closed = [day for day in staffed if day not in holidays]
    return Skipped(len(free) - len(staffed), holidays, closed)
