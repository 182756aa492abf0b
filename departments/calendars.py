"""Working time: when a calendar's offices are open, in the city's zone, holidays left out."""

import datetime as dt
from functools import lru_cache

import holidays

from common.clock import city_zone
from departments.models import Calendar

ONE_DAY = dt.timedelta(days=1)
# Longer than any row of free days: a calendar that offers no working day in it offers none at all.
LONGEST_BREAK_DAYS = 400

# Start and end of work as moments in UTC.
Span = tuple[dt.datetime, dt.datetime]


@lru_cache(maxsize=256)
def public_holidays(country: str, subdivision: str, year: int) -> frozenset[dt.date]:
    """The public holidays of a country's part, substitute days included.

    Raises NotImplementedError for a country or part that the `holidays` library does not know.
    """
    known = holidays.country_holidays(country, subdiv=subdivision or None, years=year)
    return frozenset(day for day in known if day.year == year)


def is_working_day(calendar: Calendar, day: dt.date) -> bool:
    """Whether the calendar has hours that weekday, and the day is neither a public holiday nor closed."""
    iso = day.isoformat()
    return (
        bool(calendar.weekly_hours.get(str(day.weekday())))
        and iso not in calendar.closed_days
        and iso[5:] not in calendar.closed_days
        and day not in public_holidays(calendar.country, calendar.subdivision, day.year)
    )


def working_days_after(calendar: Calendar, start: dt.datetime, days: int) -> dt.datetime:
    """End of work, in UTC, of the n-th working day after the day `start` (aware) falls on in the city.

    The day itself never counts. Zero days mean as soon as possible: the end of work that comes next, today's if
    there still is one. Raises ValueError for a negative number and for a calendar without working days.
    """
    if days < 0:
        raise ValueError("days must not be negative")
    today = start.astimezone(city_zone()).date()
    if days == 0 and is_working_day(calendar, today) and end_of_work(calendar, today) > start:
        return end_of_work(calendar, today)
    day = today
    for _nth in range(max(days, 1)):
        day = next_working_day(calendar, day)
    return end_of_work(calendar, day)


def next_working_day(calendar: Calendar, day: dt.date) -> dt.date:
    """The first working day after `day`; raises ValueError when there is none for more than a year."""
    for distance in range(1, LONGEST_BREAK_DAYS):
        candidate = day + distance * ONE_DAY
        if is_working_day(calendar, candidate):
            return candidate
    raise ValueError(f"calendar '{calendar.key}' has no working day after {day}")


def end_of_work(calendar: Calendar, day: dt.date) -> dt.datetime:
    """When work ends on a working day, in UTC."""
    return spans_of(calendar, day)[-1][1]


def working_seconds(calendar: Calendar, start: dt.datetime, end: dt.datetime) -> int:
    """Seconds of work between two aware moments, a fraction dropped; 0 when `end` is not after `start`.

    They are real seconds: of hours that cross a change of the clocks, as many as really pass.
    """
    zone = city_zone()
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    worked = dt.timedelta()
    while day <= last:
        if is_working_day(calendar, day):
            worked += sum(
                (_overlap(span, start, end) for span in spans_of(calendar, day)), dt.timedelta()
            )
        day += ONE_DAY
    return int(worked.total_seconds())


def spans_of(calendar: Calendar, day: dt.date) -> list[Span]:
    """The hours of work on that weekday as moments in UTC."""
    hours = calendar.weekly_hours[str(day.weekday())]
    return [(_moment(day, begin), _moment(day, end)) for begin, end in hours]


def _overlap(span: Span, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    return max(min(span[1], end) - max(span[0], start), dt.timedelta())


def _moment(day: dt.date, clock: str) -> dt.datetime:
    """A time of day ("16:00", "24:00" is the next midnight) in UTC.

    A time that the change of the clocks leaves out or repeats is read with the offset before the change.
    """
    if clock == "24:00":
        day, clock = day + ONE_DAY, "00:00"
    local = dt.datetime.combine(day, dt.time.fromisoformat(clock), tzinfo=city_zone())
    return local.astimezone(dt.UTC)
