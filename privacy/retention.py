"""How long what is kept."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from common.clock import now, today
from concerns.enums import State
from concerns.models import Placement, Ticket

DISCARDED_FOR = dt.timedelta(days=30)


def due_for_erasure() -> QuerySet[Ticket]:
    """Discarded tickets whose time is over and of which nothing is held back."""
    over = Ticket.objects.filter(
        state=State.DISCARDED, closed_at__lt=now() - DISCARDED_FOR, erased_at__isnull=True
    )
    placed = Placement.objects.open().filter(ticket=OuterRef("pk"))
    return over.exclude(held_back()).exclude(Exists(placed.filter(held_back("concern__"))))


def held_back(prefix: str = "") -> Q:
    """Kept from erasure: restricted (Art. 18 GDPR), or held until a day that has not passed."""
    restricted = Q(**{f"{prefix}restricted_at__isnull": False})
    return restricted | Q(**{f"{prefix}hold_until__gte": today()})
