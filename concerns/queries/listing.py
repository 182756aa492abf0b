"""The list of tickets by filters, for doors that show it."""

from collections.abc import Mapping

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.actor import Actor
from concerns.errors import Invalid
from concerns.models import Category, Ticket
from concerns.queries.tickets import found_by, queue, queue_filter


def tickets_by(actor: Actor, filters: Mapping[str, str]) -> QuerySet[Ticket]:
    """What this person sees of the tickets that fit all filters given (one statement more for a category).

    Filters: `state`, `department` (key), `category` (slug, its subtree included), `queue` (of tickets.QUEUES), `q` (a
    reference, or words of title and place). Raises Invalid(field="category") for one that does not exist.
    """
    name = filters.get("queue", "all")
    if words := filters.get("q"):
        found = found_by(actor, words).filter(queue_filter(actor, name))
    else:
        found = queue(actor, name)
    if state := filters.get("state"):
        found = found.filter(state=state)
    if department := filters.get("department"):
        found = found.filter(department__key=department)
    if category := filters.get("category"):
        found = found.filter(category__path__startswith=path_of(category))
    return found


def path_of(slug: str) -> str:
    path = Category.objects.filter(slug=slug).values_list("path", flat=True).first()
    if not path:
        raise Invalid(
            _("There is no such kind of concern. Please choose one from the list."),
            field="category",
        )
    return path
