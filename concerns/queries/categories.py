"""The city's matters as a person chooses among them, and a guess from their words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from common.actor import Actor
from concerns.enums import Audience
from concerns.models import Category
from concerns.routing import first_keyword, folded

MOST_GUESSES = 3
# Shorter words of a name mean too little to guess from: "old", "über".
TELLING_LETTERS = 5
# Longer words of names that say nothing about the matter; they stand in every second letter to a city.
SAYING_NOTHING = frozenset(
    {
        *("andere", "anderes", "durch", "einer", "etwas", "frage", "meine", "meiner", "nicht"),
        *("oder", "person", "sonstiges", "stadt", "unsere"),
        *("about", "other", "question", "something", "their", "under", "without"),
    }
)


@dataclass(frozen=True, slots=True)
class Guess:
    """A category that a word of the text points to."""

    category: Category
    word: str


def choosable(actor: Actor) -> list[Category]:
    """The leaves of the tree that this person may choose, in the city's order, parents loaded (one statement)."""
    children = Category.objects.filter(parent=OuterRef("pk"), retired=False)
    leaves = Category.objects.filter(~Exists(children), retired=False).select_related("parent")
    if not actor.is_staff:
        leaves = leaves.filter(audience=Audience.PUBLIC)
    return list(leaves.order_by("path"))


def guesses(text: str, among: list[Category]) -> list[Guess]:
    """Categories that a word of the text points to, the most telling word first.

    A word points to a category when it begins with one of its names or with a telling word of one; the longer, the
    more it tells. Keywords of routing rules are not asked: they tell two departments of one category apart («rubbish»
    on a stairway), not which category it is.
    """
    pointed = [
        Guess(category, word)
        for category in among
        if (word := first_keyword(words_of(category), text))
    ]
    return sorted(pointed, key=lambda guess: -len(guess.word))[:MOST_GUESSES]


def words_of(category: Category) -> list[str]:
    """A category's names in every language and their telling words, the longest first."""
    names = [name for name in category.names.values() if name]
    words = {*names, *(word for name in names for word in telling(name))}
    return sorted(words, key=lambda word: (-len(word), word))


def telling(name: str) -> Iterator[str]:
    for word in re.findall(r"\w+", name):
        if len(word) >= TELLING_LETTERS and folded(word) not in SAYING_NOTHING:
            yield word
