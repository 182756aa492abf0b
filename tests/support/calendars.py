"""Calendars at random, and working time as one sees it who looks at the wall clock of every minute."""

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from common.clock import city_zone
from concerns.actions.city_targets import stored_targets
from departments.calendars import is_working_day
from departments.models import Calendar

MINUTE = dt.timedelta(minutes=1)


def owed(first_response: object, resolution: object, by_priority: object = None) -> dict[str, Any]:
    """What a category owes, written as in a city's file."""
    said = {
        "first_response": first_response,
        "resolution": resolution,
        "by_priority": by_priority or {},
    }
    return stored_targets(said)


def office(**changes: object) -> Calendar:
    """Nine to five with a break, Monday to Friday, in England; closed on Christmas Eve."""
    values = {
        "key": "office",
        "country": "GB",
        "subdivision": "ENG",
        "weekly_hours": {str(day): [["09:00", "12:30"], ["13:30", "17:00"]] for day in range(5)},
        "closed_days": ["12-24", "2027-03-19"],
    }
    return Calendar(**{**values, **changes})


def minutes_of(hours: list[list[str]]) -> int:
    def minute(clock: str) -> int:
        return int(clock[:2]) * 60 + int(clock[3:])

    return sum(minute(end) - minute(begin) for begin, end in hours)


# Clocks change at night, where a time of day can be missing or doubled: these hours begin after it.
CLOCKS = st.integers(4 * 60, 24 * 60).map(lambda minutes: f"{minutes // 60:02}:{minutes % 60:02}")
HOURS = st.lists(CLOCKS, min_size=2, max_size=4, unique=True).map(
    lambda clocks: [list(pair) for pair in zip(*[iter(sorted(clocks))] * 2, strict=False)]
)
# Looking at every minute takes years of an office that works a minute a week.
LEAST_MINUTES = 120
WEEKS = st.dictionaries(st.sampled_from([str(day) for day in range(7)]), HOURS, min_size=1).filter(
    lambda week: sum(map(minutes_of, week.values())) >= LEAST_MINUTES
)
CALENDARS = st.builds(
    office,
    weekly_hours=WEEKS,
    country=st.just("DE"),
    subdivision=st.sampled_from(["NW", "BY", "BE"]),
    closed_days=st.lists(
        st.sampled_from(["12-24", "12-31", "2026-06-15", "2026-10-26"]), unique=True
    ),
)
MOMENTS = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2028, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001 - the bounds become UTC


def works_at(calendar: Calendar, moment: dt.datetime) -> bool:
    """Look at the wall clock of one moment."""
    local = moment.astimezone(city_zone())
    clock = f"{local:%H:%M}"
    hours = calendar.weekly_hours.get(str(local.weekday()), [])
    return is_working_day(calendar, local.date()) and any(
        begin <= clock < end for begin, end in hours
    )
