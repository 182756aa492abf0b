"""The city's matters as a person chooses among them, and a guess from their words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from common.actor import Actor
from concerns.enums import Audience
from concerns.errors import Invalid, NotFound
from concerns.keywords import Text, folded
from concerns.models import Category

MOST_GUESSES = 3
# Shorter words of a name mean too little to guess from: "old", "über".
TELLING_LETTERS = 5
# Longer words of names that say nothing about the matter; they stand in every second letter to a city.
SAYING_NOTHING = frozenset(
    {
        *("andere", "anderes", "durch", "einer", "etwas", "frage", "meine", "meiner", "nicht"),
        *("oder", "person", "sonstiges", "stadt", "unsere", "hinweis", "hinweise", "öffentliche"),
        *("beschädigt", "defekt", "gefunden", "schadhaft", "verunreinigt"),
        *("about", "other", "question", "something", "their", "under", "without", "public"),
        *("broken", "damaged", "found"),
    }
)


# What a description of a category is made of.
DESCRIBED = (
    "slug",
    "parent__slug",
    "names",
    "descriptions",
    "icon",
    "kind",
    "audience",
    "needs_place",
    "questions",
    "redirect",
)


@dataclass(frozen=True, slots=True)
class Guess:
    """A category that a word of the text points to."""

    category: Category
    word: str


def choosable(actor: Actor) -> list[Category]:
    """The leaves of the tree that this person may choose, in the city's order, parents loaded (one statement)."""
    children = Category.objects.filter(parent=OuterRef("pk"), retired=False)
    leaves = open_to(actor).filter(~Exists(children)).select_related("parent")
    return list(leaves.order_by("position", "path"))


def open_to(actor: Actor) -> QuerySet[Category]:
    """The categories of today that this person may file under; internal ones are for employees."""
    known = Category.objects.filter(retired=False)
    return known if actor.is_staff else known.filter(audience=Audience.PUBLIC)


def tree_for(actor: Actor) -> list[dict[str, Any]]:
    """All categories open to this person as rows of DESCRIBED, each behind the one above it (one statement)."""
    return list(open_to(actor).order_by("position", "path").values(*DESCRIBED))


def category_for(actor: Actor, slug: str) -> dict[str, Any]:
    """One category as a row of DESCRIBED; NotFound unless it is open to this person (one statement)."""
    row = open_to(actor).filter(slug=slug).values(*DESCRIBED).first()
    if row is None:
        raise NotFound
    return dict(row)


def category_tree() -> list[Category]:
    """All categories, retired ones too, in the city's order, with parent and department (one statement)."""
    known = Category.objects.select_related("parent", "default_department")
    return list(known.order_by("position", "path"))


def category_with_slug(slug: str) -> Category:
    """The category, retired or not; NotFound when there is none."""
    found = Category.objects.filter(slug=slug).first()
    if found is None:
        raise NotFound
    return found


def public_subtree(slug: str) -> str:
    """The path that a public category and all below it begin with; Invalid(field="category") for any other."""
    known = Category.objects.filter(slug=slug, audience=Audience.PUBLIC)
    path = known.values_list("path", flat=True).first()
    if not path:
        words = _("There is no such kind of concern. Please choose one from the list.")
        raise Invalid(words, field="category")
    return path


def guesses(text: str, among: list[Category]) -> list[Guess]:
    """Categories that a word of the text points to, the most telling word first.

    A word points to a category when it begins with one of its names, a telling word of one, or one of its keywords,
    or is another form of it; the longer, the more it tells. Keywords of routing rules are not asked: they tell two
    departments of one category apart («rubbish» on a stairway), not which category it is.
    """
    said = Text(text)
    pointed = [
        Guess(category, word) for category in among if (word := said.first(words_of(category)))
    ]
    return sorted(pointed, key=lambda guess: -len(guess.word))[:MOST_GUESSES]


def words_of(category: Category) -> list[str]:
    """A category's names in every language, their telling words and its keywords, the longest first."""
    names = [name for name in category.names.values() if name]
    words = {*names, *(word for name in names for word in telling(name)), *category.keywords}
    return sorted(words, key=lambda word: (-len(word), word))


def telling(name: str) -> Iterator[str]:
    for word in re.findall(r"\w+", name):
        if len(word) >= TELLING_LETTERS and folded(word) not in SAYING_NOTHING:
            yield word
