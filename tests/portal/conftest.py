"""People at the citizens' pages."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from concerns.models import Category
from tests.support.pages import Visitor
from tests.support.town import Town

QUESTIONS = [
    {
        "key": "blocks-road",
        "type": "yes_no",
        "labels": {"en": "Does it block a road?", "de": "Versperrt er eine Straße?"},
        "required": True,
    },
    {
        "key": "since",
        "type": "date",
        "labels": {"en": "Since which day?", "de": "Seit welchem Tag?"},
        "when": {"question": "blocks-road", "is": True},
    },
    {
        "key": "broken",
        "type": "choices",
        "labels": {"en": "What is broken?", "de": "Was ist kaputt?"},
        "options": [
            {"key": "branch", "labels": {"en": "A branch", "de": "Ein Ast"}},
            {"key": "trunk", "labels": {"en": "The trunk", "de": "Der Stamm"}},
        ],
    },
    {
        "key": "height",
        "type": "number",
        "labels": {"en": "How high is it in metres?", "de": "Wie hoch ist er in Metern?"},
    },
]


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


@pytest.fixture
def asking(town: Town) -> Town:
    """A town that asks questions about trees."""
    Category.objects.filter(slug="tree").update(questions=QUESTIONS, needs_place=True)
    return town


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A Monday morning that goes on ticking and can be moved."""
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC), tick=True) as traveller:
        yield traveller
