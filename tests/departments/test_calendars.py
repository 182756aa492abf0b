"""Working time, checked against references that look at every day and every minute."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.clock import city_zone
from departments.calendars import (
    is_working_day,
    public_holidays,
    working_days_after,
    working_seconds,
)
from departments.models import Calendar
from tests.support.calendars import CALENDARS, MINUTE, MOMENTS, office, works_at

BERLIN = "Europe/Berlin"


def london(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=ZoneInfo("Europe/London"))


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (dt.date(2026, 11, 20), True),  # Friday
        (dt.date(2026, 11, 21), False),  # Saturday
        (dt.date(2026, 12, 24), False),  # closed every year
        (dt.date(2027, 12, 24), False),
        (dt.date(2026, 12, 25), False),  # Christmas
        (dt.date(2026, 12, 28), False),  # Boxing Day falls on a Saturday: Monday instead
        (dt.date(2027, 3, 19), False),  # closed once
        (dt.date(2026, 3, 19), True),
    ],
)
def test_is_working_day_knows_weekends_holidays_and_closed_days(
    day: dt.date, *, works: bool
) -> None:
    assert is_working_day(office(), day) is works


def test_is_working_day_follows_the_part_of_the_country() -> None:
    corpus_christi = dt.date(2027, 5, 27)

    works = {
        state: is_working_day(office(country="DE", subdivision=state), corpus_christi)
        for state in ("NW", "BE")
    }

    assert works == {"NW": False, "BE": True}


def test_public_holidays_of_north_rhine_westphalia() -> None:
    expected = [
        "01-01",
        "03-26",
        "03-29",
        "05-01",
        "05-06",
        "05-17",
        "05-27",
        "10-03",
        "11-01",
        "12-25",
        "12-26",
    ]
    assert sorted(day.isoformat()[5:] for day in public_holidays("DE", "NW", 2027)) == expected


def test_public_holidays_refuse_an_unknown_country() -> None:
    with pytest.raises(NotImplementedError):
        public_holidays("XX", "", 2026)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (london(2026, 11, 16, 10), 1, utc(2026, 11, 17, 17)),  # Monday → Tuesday
        (london(2026, 11, 20, 10), 1, utc(2026, 11, 23, 17)),  # over a weekend
        (london(2026, 11, 21, 10), 1, utc(2026, 11, 23, 17)),  # from a Saturday
        (london(2026, 12, 23, 10), 1, utc(2026, 12, 29, 17)),  # over Christmas and its substitute
        (london(2027, 3, 25, 10), 2, utc(2027, 3, 31, 16)),  # over Easter into summer time
        (utc(2026, 7, 6, 23, 30), 1, utc(2026, 7, 8, 16)),  # in London it is Tuesday already
    ],
)
def test_working_days_after_ends_with_the_work_of_the_last_day(
    start: dt.datetime, days: int, end: dt.datetime
) -> None:
    assert working_days_after(office(), start, days) == end


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (london(2026, 11, 16, 10), utc(2026, 11, 16, 17)),
        (london(2026, 11, 16, 16, 59), utc(2026, 11, 16, 17)),
        (london(2026, 11, 16, 17), utc(2026, 11, 17, 17)),
        (london(2026, 11, 21, 10), utc(2026, 11, 23, 17)),
    ],
)
def test_working_days_after_zero_days_means_the_next_end_of_work(
    start: dt.datetime, end: dt.datetime
) -> None:
    assert working_days_after(office(), start, 0) == end


def test_working_days_after_counts_in_the_zone_of_the_city(settings) -> None:
    settings.TIME_ZONE = BERLIN
    evening = utc(2026, 11, 16, 23, 30)  # Tuesday in Berlin

    assert working_days_after(office(), evening, 1) == utc(2026, 11, 18, 16)


def test_working_days_after_refuses_a_negative_number() -> None:
    with pytest.raises(ValueError, match="negative"):
        working_days_after(office(), london(2026, 11, 16), -1)


def test_working_days_after_refuses_a_calendar_that_never_works() -> None:
    with pytest.raises(ValueError, match="'office' has no working day"):
        working_days_after(office(weekly_hours={}), london(2026, 11, 16), 1)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (london(2026, 11, 16, 9), london(2026, 11, 16, 17), 7),
        (london(2026, 11, 16, 12), london(2026, 11, 16, 14), 1),
        (london(2026, 11, 20, 16), london(2026, 11, 23, 10), 2),
        (london(2026, 11, 21), london(2026, 11, 23), 0),
        (london(2026, 11, 16), london(2026, 11, 16), 0),
        (london(2026, 11, 17), london(2026, 11, 16), 0),
        (london(2026, 12, 23, 16), london(2026, 12, 29, 10), 2),
    ],
)
def test_working_seconds_counts_hours_of_work_only(
    start: dt.datetime, end: dt.datetime, hours: int
) -> None:
    assert working_seconds(office(), start, end) == hours * 3600


def test_working_seconds_counts_what_really_passes_when_the_clocks_change() -> None:
    night_shift = office(weekly_hours={str(day): [["00:00", "24:00"]] for day in range(7)})

    spring = working_seconds(night_shift, london(2026, 3, 29), london(2026, 3, 30))
    autumn = working_seconds(night_shift, london(2026, 10, 25), london(2026, 10, 26))

    assert (spring, autumn) == (23 * 3600, 25 * 3600)


def test_working_seconds_drops_a_fraction() -> None:
    start = london(2026, 11, 16, 9)
    assert working_seconds(office(), start, start + dt.timedelta(milliseconds=1900)) == 1


@given(calendar=CALENDARS, start=MOMENTS, minutes=st.integers(0, 3 * 24 * 60))
def test_working_seconds_agrees_with_looking_at_every_minute(
    calendar: Calendar, start: dt.datetime, minutes: int
) -> None:
    start = start.replace(second=0, microsecond=0)

    counted = sum(works_at(calendar, start + n * MINUTE) for n in range(minutes))

    assert working_seconds(calendar, start, start + minutes * MINUTE) == counted * 60


@given(
    calendar=CALENDARS,
    moments=st.lists(MOMENTS.map(lambda at: at.replace(microsecond=0)), min_size=3, max_size=3),
)
def test_working_seconds_add_up(calendar: Calendar, moments: list[dt.datetime]) -> None:
    first, middle, last = sorted(moments)

    parts = working_seconds(calendar, first, middle) + working_seconds(calendar, middle, last)

    assert parts == working_seconds(calendar, first, last)


@given(calendar=CALENDARS, start=MOMENTS, days=st.integers(1, 30))
def test_working_days_after_agrees_with_walking_day_by_day(
    calendar: Calendar, start: dt.datetime, days: int
) -> None:
    day = start.astimezone(city_zone()).date()
    left = days
    while left:
        day += dt.timedelta(days=1)
        left -= is_working_day(calendar, day)

    end = working_days_after(calendar, start, days)

    assert not works_at(calendar, end)
    assert works_at(calendar, end - MINUTE)
    assert (end - MINUTE).astimezone(city_zone()).date() == day
    assert not any(
        works_at(calendar, end + n * MINUTE)
        for n in range(24 * 60)
        if (end + n * MINUTE).astimezone(city_zone()).date() == day
    )
