"""Moments read from the database are those Django's own loader would give."""

import datetime as dt

import pytest
from django.db import DataError, connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

# As the strategy wants its bounds: it puts the zone on itself.
NAIVE = dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30)  # noqa: DTZ001
MOMENTS = st.datetimes(
    *NAIVE,
    timezones=st.just(dt.UTC) | st.sampled_from([dt.timezone(dt.timedelta(hours=5, minutes=45))]),
)


def read(expression, *values):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}", values)
        return cursor.fetchone()[0]


class TestAnyMoment(TestCase):
    @given(moment=MOMENTS)
    def test_comes_back_in_utc(self, moment):
        found = read("%s::timestamptz", moment)

        assert (found, found.tzinfo) == (moment, dt.UTC)


@pytest.mark.django_db
def test_lists_of_moments_too():
    moment = dt.datetime(2026, 3, 29, 1, 0, tzinfo=dt.UTC)

    assert read("ARRAY[%s::timestamptz, NULL]", moment) == [moment, None]


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["infinity", "0044-03-15 BC", "10000-01-01"])
def test_what_python_has_no_moment_for_is_refused_as_ever(written):
    with pytest.raises(DataError):
        read("%s::timestamptz", written)
