"""The city's matters as a person chooses among them, and a guess from their words."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from common.actor import Actor
from concerns.enums import Audience
from concerns.models import Category, RoutingRule
from concerns.routing import first_keyword

MOST_GUESSES = 3


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
    """Categories whose own names or whose rules' keywords begin a word of the text (one statement)."""
    found: dict[int, Guess] = {}
    by_id = {category.pk: category for category in among}
    for category in among:
        if word := first_keyword([*category.names.values()], text):
            found[category.pk] = Guess(category, word)
    rules = (
        RoutingRule.objects.filter(active=True, category__in=by_id)
        .exclude(keywords=[])
        .order_by("pk")
    )
    for rule in rules:
        if rule.category_id in by_id and (word := first_keyword(rule.keywords, text)):
            found.setdefault(rule.category_id, Guess(by_id[rule.category_id], word))
    return list(found.values())[:MOST_GUESSES]
