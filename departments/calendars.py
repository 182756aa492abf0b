"""Working time: when a calendar's offices are open, in the city's zone, holidays left out."""

import datetime as dt
from functools import lru_cache, partial

import holidays

from common.clock import city_zone
from departments.models import Calendar

ONE_DAY = dt.timedelta(days=1)
NOTHING = dt.timedelta()
WEEKEND = (5, 6)
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
        and not is_public_holiday(calendar, day)
    )


def is_public_holiday(calendar: Calendar, day: dt.date) -> bool:
    return day in public_holidays(calendar.country, calendar.subdivision, day.year)


def holiday_name(calendar: Calendar, day: dt.date, language: str) -> str:
    """What people call a public holiday, in the language or, where nobody knows it there, in the country's own."""
    country = partial(
        holidays.country_holidays,
        calendar.country,
        subdiv=calendar.subdivision or None,
        years=day.year,
    )
    spoken = [one for one in country().supported_languages if one.partition("_")[0] == language]
    return str(country(language=spoken[0] if spoken else None).get(day, ""))


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


def working_days_before(calendar: Calendar, moment: dt.datetime, days: int) -> dt.datetime:
    """The last second of the latest day, in UTC, from which on that many (one or more) working days are over.

    `working_days_after` of any moment up to it lies before `moment`, and of any later one behind it.
    """
    day = moment.astimezone(city_zone()).date()
    while working_days_after(calendar, end_of_day(day), days) > moment:
        day -= ONE_DAY
    return end_of_day(day)


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
    """Seconds of work between two aware moments, a fraction dropped; 0 when `end` is not after `start`."""
    return int(working_time(calendar, start, end).total_seconds())


def working_time(calendar: Calendar, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """The work between two aware moments; none when `end` is not after `start`.

    It is real time: of hours that cross a change of the clocks, as much as really passes.
    """
    zone = city_zone()
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    worked = NOTHING
    while day <= last:
        if is_working_day(calendar, day):
            worked += sum((_overlap(span, start, end) for span in spans_of(calendar, day)), NOTHING)
        day += ONE_DAY
    return worked


def after_work(calendar: Calendar, start: dt.datetime, work: dt.timedelta) -> dt.datetime:
    """The first moment, in UTC, by which so much work has been done since `start`; `start` itself for none.

    Raises ValueError for a calendar without working days.
    """
    day, left = start.astimezone(city_zone()).date() - ONE_DAY, work
    while left:
        day = next_working_day(calendar, day)
        for opens, closes in spans_of(calendar, day):
            begin = max(opens, start)
            if begin + left <= closes:
                return begin + left
            left -= max(closes - begin, NOTHING)
    return start


def ends_of_work(calendar: Calendar, start: dt.datetime, end: dt.datetime) -> list[dt.datetime]:
    """Every end of a day's work after `start`, up to and including `end`, in UTC."""
    zone = city_zone()
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    days = (day + number * ONE_DAY for number in range((last - day).days + 1))
    ends = (end_of_work(calendar, one) for one in days if is_working_day(calendar, one))
    return [moment for moment in ends if start < moment <= end]


def spans_of(calendar: Calendar, day: dt.date) -> list[Span]:
    """The hours of work on that weekday as moments in UTC."""
    hours = calendar.weekly_hours[str(day.weekday())]
    return [(_moment(day, begin), _moment(day, end)) for begin, end in hours]


def is_free_by_law(calendar: Calendar, day: dt.date) -> bool:
    """A Saturday, Sunday or public holiday, whether anybody works then or not."""
    return day.weekday() in WEEKEND or is_public_holiday(calendar, day)


def end_of_day(day: dt.date) -> dt.datetime:
    """The last second of a day in the city, in UTC."""
    return _moment(day, "23:59:59")


def _overlap(span: Span, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    return max(min(span[1], end) - max(span[0], start), NOTHING)


def _moment(day: dt.date, clock: str) -> dt.datetime:
    """A time of day ("16:00", "24:00" is the next midnight) in UTC.

    A time that the change of the clocks leaves out or repeats is read with the offset before the change.
    """
    if clock == "24:00":
        day, clock = day + ONE_DAY, "00:00"
    local = dt.datetime.combine(day, dt.time.fromisoformat(clock), tzinfo=city_zone())
    return local.astimezone(dt.UTC)
