"""How alike two matters are, and how it is said."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from concerns.duplicates import Matter, likeness

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
LAMP = Matter(at=NOON, category="/1/4/", lat=51.2562, lon=7.1508, words="Die Laterne ist aus")
NORTH_100_METRES = 100 / 111_320
MATTERS = st.builds(
    Matter,
    at=st.integers(0, 400).map(lambda days: NOON + dt.timedelta(days=days)),
    category=st.sampled_from(["", "/1/", "/1/4/", "/1/5/", "/2/"]),
    lat=st.floats(51, 51.01),
    lon=st.floats(7, 7.01),
    words=st.text(max_size=30),
    asset=st.none() | st.integers(1, 3),
    people=st.frozensets(st.sampled_from("ab")),
)


@given(one=MATTERS, other=MATTERS)
def test_the_score_is_a_share_and_the_same_both_ways(one: Matter, other: Matter) -> None:
    there, back = likeness(one, other), likeness(other, one)

    assert 0 <= there.score <= 1
    assert there.score == pytest.approx(back.score, abs=0.002)


@given(matter=MATTERS.filter(lambda one: one.words.strip()))
def test_nothing_is_more_like_a_matter_than_itself(matter: Matter) -> None:
    assert likeness(matter, matter).score >= likeness(matter, replace(matter, lat=51.02)).score


@pytest.mark.parametrize(
    "less_alike",
    [
        {"lat": LAMP.lat + NORTH_100_METRES},
        {"at": NOON + dt.timedelta(days=90)},
        {"category": "/1/5/"},
        {"category": "/2/"},
        {"words": "Schlagloch vor der Schule"},
    ],
)
def test_each_difference_counts(less_alike: dict[str, object]) -> None:
    assert likeness(LAMP, replace(LAMP, **less_alike)).score < likeness(LAMP, LAMP).score


@pytest.mark.parametrize("more_alike", [{"asset": 7}, {"people": frozenset({"x"})}])
def test_the_same_object_or_person_counts(more_alike: dict[str, object]) -> None:
    far = replace(LAMP, lat=LAMP.lat + 2 * NORTH_100_METRES)
    strangers = likeness(LAMP, far).score

    assert likeness(replace(LAMP, **more_alike), replace(far, **more_alike)).score > strangers


def test_what_nobody_said_does_not_count() -> None:
    silent = replace(LAMP, lat=None, lon=None, words="")

    found = likeness(silent, LAMP)

    assert (found.metres, found.words, found.score) == (None, None, 1.0)


def test_metres_are_metres() -> None:
    north = replace(LAMP, lat=LAMP.lat + NORTH_100_METRES)
    east = replace(LAMP, lon=LAMP.lon + NORTH_100_METRES / 0.6258)

    assert likeness(LAMP, north).metres == pytest.approx(100, abs=0.1)
    assert likeness(LAMP, east).metres == pytest.approx(100, abs=0.5)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({}, ["the same place", "the same kind", "the same day", "100 % alike in words"]),
        (
            {"lat": LAMP.lat + 1.2 * NORTH_100_METRES, "at": NOON - dt.timedelta(days=3)},
            ["120 m away", "the same kind", "3 days apart", "100 % alike in words"],
        ),
        (
            {"category": "/1/5/", "asset": 7, "at": NOON + dt.timedelta(days=1), "words": "Loch"},
            ["the same object", "the same place", "a related kind", "1 day apart"],
        ),
        (
            {"category": "/2/", "lat": None, "lon": None, "people": frozenset({"x"})},
            ["the same day", "the same person", "100 % alike in words"],
        ),
    ],
)
def test_reasons_are_sentences(other: dict[str, object], said: list[str]) -> None:
    mine = replace(LAMP, asset=7, people=frozenset({"x"}) if "people" in other else frozenset())

    with translation.override("en"):
        assert likeness(mine, replace(LAMP, **other)).reasons == said


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("Laterne Nr. 4 ist aus", "Laterne Nr. 5 ist aus", True),
        ("Laterne 13 dunkel", "Die Lampe 14 ist dunkel", True),
        ("vor Haus 6", "gegenüber Hausnummer 6", False),
        ("Laternen Nr. 4 und Nr. 6 aus", "Laterne Nr. 6 aus", False),
        ("Laterne Nr. 4 ist aus", "Die Laterne ist aus", False),
        ("seit 3 Wochen", "seit 5 Wochen", False),
    ],
)
def test_another_number_is_another_lamp(one: str, other: str, differ: bool) -> None:
    here, there = replace(LAMP, words=one), replace(LAMP, words=other)

    found = likeness(here, there)

    assert found.other_number is differ
    assert (found.score < replace(found, other_number=False).score) is differ
    with translation.override("en"):
        assert ("another number is named" in found.reasons) is differ
