"""Who of the people at the desk has how much."""

from django.db.models import Count

from accounts.models import User
from common.actor import Actor
from concerns.enums import OPEN_STATES
from concerns.queries.visible import visible


def with_tickets(actor: Actor) -> list[tuple[User, int]]:
    """People who have open tickets that the actor sees, by name, each with how many; two statements."""
    held = visible(actor).filter(state__in=OPEN_STATES, assignee__isnull=False)
    counts = dict(held.order_by().values_list("assignee").annotate(count=Count("pk")))
    people = User.objects.filter(pk__in=counts, is_active=True).order_by("name", "pk")
    return [(one, counts[one.pk]) for one in people]
