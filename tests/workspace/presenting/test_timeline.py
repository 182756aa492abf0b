"""Why something happened by itself, in a sentence a clerk can pass on."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import translation

from concerns.models import Event
from workspace.presenting.timeline import actor_word, particular, why

RULE = {"by": "rule", "rule": "potholes", "version": 3}


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        (None, ""),
        ({}, ""),
        (RULE, "Rule potholes, version 3, was the most specific that matched."),
        (
            {**RULE, "keyword": "müll"},
            "Rule potholes, version 3, matched by the word “müll”.",
        ),
        (
            {"by": "tie", "candidates": ["a v1", "b v2"]},
            "These rules matched equally well: a v1, b v2.",
        ),
        ({"by": "category"}, "No rule matched; the category names this department."),
        ({"by": "nothing"}, "No rule matched and the category names no department."),
        ({"by": "person"}, "A dispatcher decided."),
        ({"by": "something newer"}, ""),
    ],
)
def test_reasons_become_a_sentence(reasons: dict[str, Any] | None, said: str) -> None:
    with translation.override("en"):
        assert why(reasons) == said


def test_a_tie_names_the_departments_in_question() -> None:
    reasons = {"by": "tie", "candidates": ["a v1", "b v2"]}

    with translation.override("de"):
        said = why(reasons, [{"de": "Grünflächen", "en": "Parks"}, {"de": "Straßen"}])

    assert said == (
        "Diese Regeln passten gleich gut: a v1, b v2. Infrage kommen: Grünflächen, Straßen."
    )


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("citizen", "reporting person"),
        ("system", "Sachstand"),
        ("partner", "partner"),
        ("integration", "connected program"),
        ("staff", "a former employee"),
    ],
)
def test_whoever_has_no_name_has_a_word(kind: str, word: str) -> None:
    with translation.override("en"):
        assert actor_word(kind) == word


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, ""),
        ({"date": "2026-12-24", "note": 3}, "24 December"),
        ({"due": "2026-06-30T23:30:00+00:00", "of": "result"}, "1 July"),
        ({"reported": "not_ours"}, "It is not ours"),
    ],
)
def test_a_line_says_which_day_or_what_was_reported(data: dict[str, Any], said: str) -> None:
    """Days are those of the city: in summer it is tomorrow there before it is in UTC."""
    moment = dt.datetime(2026, 6, 20, tzinfo=dt.UTC)

    with time_machine.travel(moment), translation.override("en"):
        assert particular(Event(data=data)) == said
