"""Short dates in the city's zone and the reader's language; tones and roles of messages."""

import datetime as dt

import pytest
import time_machine
from django.utils import translation

from common.templatetags import kern

NOON = dt.datetime(2026, 11, 25, 12, 5, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def in_november_2026(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    with time_machine.travel(NOON, tick=False), translation.override("en"):
        yield


def test_icon_is_silent():
    assert kern.icon("info", "small") == (
        '<span class="kern-icon kern-icon--info kern-icon--small" aria-hidden="true"></span>'
    )


def test_moment_is_told_in_the_citys_zone():
    late = dt.datetime(2026, 11, 25, 23, 30, tzinfo=dt.UTC)

    assert kern.moment(late) == ('<time datetime="2026-11-26T00:30+01:00">Thu 26 Nov, 00:30</time>')


def test_day_of_a_moment_is_the_citys_day():
    late = dt.datetime(2026, 11, 25, 23, 30, tzinfo=dt.UTC)

    assert kern.day(late) == '<time datetime="2026-11-26">Thu 26 Nov</time>'


def test_day_of_another_year_names_the_year():
    assert kern.day(dt.date(2027, 1, 4)) == '<time datetime="2027-01-04">Mon 4 Jan 2027</time>'


@pytest.mark.parametrize("word", [kern.day, kern.moment])
def test_no_date_is_no_word(word):
    assert word(None) == ""


@pytest.mark.parametrize(
    ("level", "tone", "role"),
    [
        ("info", "info", "status"),
        ("success", "success", "status"),
        ("warning", "warning", "alert"),
        ("error", "danger", "alert"),
        ("unheard-of", "danger", "alert"),
    ],
)
def test_message_has_the_tone_and_role_of_its_level(level, tone, role):
    assert kern.message_tone(level) == tone
    assert kern.alert_role(tone) == role
