"""Targets in a calendar, checked against somebody who looks at the wall clock of every minute."""

import datetime as dt

import holidays
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from common.clock import city_zone
from departments.counting import due_after, extended, handed_over, months_after
from departments.models import Calendar
from departments.targets import AMOUNTS, WORKING_UNITS, Target, Unit
from tests.support.calendars import CALENDARS, MINUTE, MOMENTS, office, works_at

ONE_DAY = dt.timedelta(days=1)
STARTS = MOMENTS.map(lambda at: at.replace(second=0, microsecond=0))
# Days on which clocks change, in the city of the tests (2026 and 2027).
CHANGES = st.sampled_from([(2026, 3, 29), (2026, 10, 25), (2027, 3, 28), (2027, 10, 31)])
NEAR_CHANGES = st.builds(
    lambda day, minutes: dt.datetime(*day, tzinfo=dt.UTC) + minutes * MINUTE,
    CHANGES,
    st.integers(-3 * 24 * 60, 2 * 24 * 60),
)
EASTER = st.integers(0, 6 * 24 * 60).map(
    lambda minutes: dt.datetime(2027, 3, 24, tzinfo=dt.UTC) + minutes * MINUTE
)
BUSY_MOMENTS = st.one_of(STARTS, NEAR_CHANGES, EASTER)
WORKING_TARGETS = st.builds(Target, st.integers(1, 12), st.sampled_from(WORKING_UNITS))
DAY_TARGETS = st.builds(
    Target,
    st.integers(1, 40),
    st.sampled_from([Unit.CALENDAR_DAYS, Unit.MONTHS]),
    st.booleans(),
)
TARGETS = st.one_of(WORKING_TARGETS, DAY_TARGETS)
WAITS = st.integers(1, 4 * 24 * 60)


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


def minutes_of_work(calendar: Calendar, start: dt.datetime, end: dt.datetime) -> int:
    return sum(works_at(calendar, start + n * MINUTE) for n in range((end - start) // MINUTE))


def after_minutes_of_work(calendar: Calendar, start: dt.datetime, minutes: int) -> dt.datetime:
    moment = start
    while minutes:
        minutes -= works_at(calendar, moment)
        moment += MINUTE
    return moment


def public(calendar: Calendar) -> holidays.HolidayBase:
    return holidays.country_holidays(calendar.country, subdiv=calendar.subdivision)


# Monday to Friday, nine to five with a break from half past twelve; closed on Christmas Eve.
@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (utc(2026, 11, 16, 10, 0), 1, utc(2026, 11, 16, 11, 0)),
        (utc(2026, 11, 16, 12, 0), 1, utc(2026, 11, 16, 14, 0)),  # over the break
        (utc(2026, 11, 16, 11, 30), 1, utc(2026, 11, 16, 12, 30)),  # just before it
        (utc(2026, 11, 20, 16, 30), 1, utc(2026, 11, 23, 9, 30)),  # over a weekend
        (utc(2026, 11, 21, 3, 0), 7, utc(2026, 11, 23, 17, 0)),  # from a Saturday night
        (utc(2026, 12, 23, 16, 0), 2, utc(2026, 12, 29, 10, 0)),  # Christmas and its substitute
        (utc(2026, 3, 27, 16, 0), 2, utc(2026, 3, 30, 9, 0)),  # into summer time
    ],
)
def test_working_hours_are_counted_while_the_office_is_open(
    start: dt.datetime, hours: int, due: dt.datetime
) -> None:
    assert due_after(office(), start, Target(hours, Unit.WORKING_HOURS)) == due


@pytest.mark.parametrize(
    ("start", "target", "due"),
    [
        (utc(2026, 11, 16, 10), Target(1, Unit.WORKING_DAYS), utc(2026, 11, 17, 17)),
        (utc(2026, 11, 16, 10), Target(0, Unit.WORKING_DAYS), utc(2026, 11, 16, 17)),
        (utc(2026, 11, 16, 10), Target(0, Unit.CALENDAR_DAYS), utc(2026, 11, 16, 23, 59, 59)),
        (utc(2026, 11, 16, 10), Target(5, Unit.CALENDAR_DAYS), utc(2026, 11, 21, 23, 59, 59)),
        # In summer the last second of a day in England is an hour earlier in UTC.
        (utc(2026, 3, 28, 10), Target(1, Unit.CALENDAR_DAYS), utc(2026, 3, 29, 22, 59, 59)),
        (utc(2026, 10, 24, 10), Target(1, Unit.CALENDAR_DAYS), utc(2026, 10, 25, 23, 59, 59)),
        # At half past eleven at night in UTC it is the next day there.
        (utc(2026, 7, 6, 23, 30), Target(1, Unit.CALENDAR_DAYS), utc(2026, 7, 8, 22, 59, 59)),
        (utc(2026, 11, 16, 10), Target(3, Unit.MONTHS), utc(2027, 2, 16, 23, 59, 59)),
    ],
)
def test_days_and_months_end_with_the_last_day(
    start: dt.datetime, target: Target, due: dt.datetime
) -> None:
    assert due_after(office(), start, target) == due


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        (utc(2026, 11, 16, 10), 5, utc(2026, 11, 23, 23, 59, 59)),  # a Saturday
        (utc(2026, 11, 16, 10), 6, utc(2026, 11, 23, 23, 59, 59)),  # a Sunday
        (utc(2026, 11, 16, 10), 7, utc(2026, 11, 23, 23, 59, 59)),  # a Monday stays
        (utc(2027, 3, 19, 10), 7, utc(2027, 3, 30, 22, 59, 59)),  # Good Friday to Easter Tuesday
        (utc(2026, 12, 14, 10), 10, utc(2026, 12, 24, 23, 59, 59)),  # closed, yet no holiday
    ],
)
def test_an_end_on_a_free_day_rolls_forward_where_the_target_says_so(
    start: dt.datetime, amount: int, due: dt.datetime
) -> None:
    target = Target(amount, Unit.CALENDAR_DAYS, roll_forward=True)
    assert due_after(office(), start, target) == due


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2028, 1, 31), 1, (2028, 2, 29)),
        ((2026, 1, 31), 3, (2026, 4, 30)),
        ((2026, 2, 28), 1, (2026, 3, 28)),
        ((2026, 11, 30), 3, (2027, 2, 28)),
        ((2026, 12, 5), 12, (2027, 12, 5)),
    ],
)
def test_a_month_ends_on_the_day_of_the_same_number_or_its_last(
    day: tuple[int, int, int], months: int, end: tuple[int, int, int]
) -> None:
    assert months_after(dt.date(*day), months) == dt.date(*end)


@given(calendar=CALENDARS, start=BUSY_MOMENTS, hours=st.integers(1, 12))
def test_working_hours_agree_with_looking_at_every_minute(
    calendar: Calendar, start: dt.datetime, hours: int
) -> None:
    due = due_after(calendar, start, Target(hours, Unit.WORKING_HOURS))

    assert due == after_minutes_of_work(calendar, start, hours * 60)


@given(calendar=CALENDARS, start=BUSY_MOMENTS, target=DAY_TARGETS)
def test_days_agree_with_walking_through_the_calendar(
    calendar: Calendar, start: dt.datetime, target: Target
) -> None:
    """Day by day; a month is over when the number comes again, or the month ends without it."""
    first = start.astimezone(city_zone()).date()
    day, left = first, target.amount
    while left:
        day += ONE_DAY
        ends_early = (day + ONE_DAY).month != day.month and day.day < first.day
        over = day.day == first.day or ends_early
        left -= over if target.unit == Unit.MONTHS else 1
    while target.roll_forward and (day.weekday() > 4 or day in public(calendar)):
        day += ONE_DAY

    due = due_after(calendar, start, target).astimezone(city_zone())

    assert due.date() == day
    assert (due.hour, due.minute, due.second) == (23, 59, 59)


@given(calendar=CALENDARS, start=BUSY_MOMENTS, target=WORKING_TARGETS, wait=WAITS, delay=WAITS)
@example(
    calendar=office(),
    start=utc(2026, 11, 16, 10),
    target=Target(1, Unit.WORKING_DAYS),
    wait=65 * 60,
    delay=30 * 60,
)
def test_a_wait_leaves_as_much_work_time_as_there_was(
    calendar: Calendar, start: dt.datetime, target: Target, wait: int, delay: int
) -> None:
    due = due_after(calendar, start, target)
    since = start + delay * MINUTE
    until = since + wait * MINUTE
    assume(since < due)

    later = extended(calendar, due, target, since, until)

    assert minutes_of_work(calendar, until, later) == minutes_of_work(calendar, since, due)
    # It never ends a minute later than that takes: some work is done right before.
    assert works_at(calendar, later - MINUTE)


@given(calendar=CALENDARS, start=BUSY_MOMENTS, target=TARGETS, wait=WAITS, delay=WAITS)
def test_nothing_that_lay_ahead_is_late_because_of_a_wait(
    calendar: Calendar, start: dt.datetime, target: Target, wait: int, delay: int
) -> None:
    """Also the second time, when the first wait has moved the date."""
    due = due_after(calendar, start, target)
    since = start
    for _once_more in range(3):
        since += delay * MINUTE
        until = since + wait * MINUTE
        ahead = since < due
        due = extended(calendar, due, target, since, until)
        assert (until < due) >= ahead
        since = until


@given(calendar=CALENDARS, start=BUSY_MOMENTS, target=WORKING_TARGETS, waits=st.data())
def test_working_time_given_back_adds_up(
    calendar: Calendar, start: dt.datetime, target: Target, waits: st.DataObject
) -> None:
    """One wait is worth what its two halves are worth."""
    due = due_after(calendar, start, target)
    middle = start + waits.draw(WAITS) * MINUTE
    end = middle + waits.draw(WAITS) * MINUTE

    halves = extended(calendar, extended(calendar, due, target, start, middle), target, middle, end)

    assert halves == extended(calendar, due, target, start, end)


@given(old=CALENDARS, new=CALENDARS, start=BUSY_MOMENTS, hours=st.integers(1, 12), after=WAITS)
def test_hours_that_are_left_go_on_in_the_other_calendar(
    old: Calendar, new: Calendar, start: dt.datetime, hours: int, after: int
) -> None:
    target, at = Target(hours, Unit.WORKING_HOURS), start + after * MINUTE
    due = due_after(old, start, target)
    used = minutes_of_work(old, start, at)

    moved = handed_over(old, new, due, target, at)

    if due <= at:
        assert moved == due
    else:
        assert moved == after_minutes_of_work(new, at, hours * 60 - used)


@given(old=CALENDARS, new=CALENDARS, start=BUSY_MOMENTS, days=st.integers(1, 8), after=WAITS)
def test_days_that_are_left_stay_days_in_the_other_calendar(
    old: Calendar, new: Calendar, start: dt.datetime, days: int, after: int
) -> None:
    target, at = Target(days, Unit.WORKING_DAYS), start + after * MINUTE
    due = due_after(old, start, target)
    left, moment = 0, at
    while moment < due:
        moment += MINUTE
        left += is_end_of_work(old, moment)

    moved = handed_over(old, new, due, target, at)

    if due <= at:
        assert moved == due
        return
    while left:
        at += MINUTE
        left -= is_end_of_work(new, at)
    assert moved == at


def is_end_of_work(calendar: Calendar, moment: dt.datetime) -> bool:
    """Somebody worked until now, and nobody will again this day."""
    if not works_at(calendar, moment - MINUTE) or works_at(calendar, moment):
        return False
    day = (moment - MINUTE).astimezone(city_zone()).date()
    later = (moment + n * MINUTE for n in range(25 * 60))
    return not any(
        works_at(calendar, one) for one in later if one.astimezone(city_zone()).date() == day
    )


def test_what_was_late_stays_late_in_the_other_calendar() -> None:
    due = due_after(office(), utc(2026, 11, 16, 10), Target(1, Unit.WORKING_HOURS))
    early = office(weekly_hours={"0": [["08:00", "20:00"]]})

    assert handed_over(office(), early, due, Target(1, Unit.WORKING_HOURS), due) == due


def test_another_calendar_may_have_a_holiday_at_the_end() -> None:
    """Corpus Christi is free in North Rhine-Westphalia and not in England."""
    target = Target(1, Unit.MONTHS, roll_forward=True)
    start = utc(2027, 4, 27, 10)
    due = due_after(office(), start, target)
    elsewhere = office(country="DE", subdivision="NW")

    assert due == utc(2027, 5, 27, 22, 59, 59)
    assert handed_over(office(), elsewhere, due, target, start) == utc(2027, 5, 28, 22, 59, 59)


def test_half_a_day_that_is_left_after_a_wait_stays_half_a_day() -> None:
    """Due at noon of the next day: one end of work, and three hours of the day after."""
    due, at = utc(2026, 11, 17, 12), utc(2026, 11, 16, 10)
    short = office(weekly_hours={str(day): [["08:00", "10:00"]] for day in range(5)})

    moved = handed_over(office(), short, due, Target(1, Unit.WORKING_DAYS), at)

    # Work ends there at 10, when it is given over: one day on, and three hours at two a day.
    assert moved == utc(2026, 11, 19, 9)


@pytest.mark.parametrize(
    ("amount", "unit", "rolls"),
    [
        (0, Unit.WORKING_HOURS, False),
        (0, Unit.MONTHS, False),
        (-1, Unit.WORKING_DAYS, False),
        (121, Unit.MONTHS, False),
        (1, Unit.WORKING_HOURS, True),
        (1, Unit.WORKING_DAYS, True),
    ],
)
def test_what_is_no_target_is_refused(amount: int, unit: Unit, *, rolls: bool) -> None:
    with pytest.raises(ValueError, match=r"no target|free day"):
        Target(amount, unit, roll_forward=rolls)


@given(
    target=st.builds(
        lambda unit, data: Target(data, unit), st.sampled_from(Unit), st.integers(1, 100)
    )
)
def test_a_target_is_read_as_it_was_stored(target: Target) -> None:
    assert Target.of(target.stored) == target


def test_the_longest_target_of_every_unit_ends_in_about_ten_years() -> None:
    start = utc(2026, 1, 1, 9)
    for unit, amounts in AMOUNTS.items():
        due = due_after(office(), start, Target(amounts[-1], unit))
        assert 2034 < due.year < 2038, unit
