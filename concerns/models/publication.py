"""What of a ticket anybody may know: nothing, unless it was released."""

from typing import ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q

from common.clock import now
from concerns.models.category import Category
from concerns.models.ticket import Ticket


class Publication(models.Model):
    """Released facts: category, a coarsened place, and whether words or photos were released too.

    `key` is its name outside: random, so that nobody counts the city's tickets by it.
    """

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    key = models.UUIDField(db_default=RandomUUID(), editable=False, unique=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="publications")
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Degrees rounded to about 100 m; empty where the matter has no place.
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    words_released = models.BooleanField(default=False)
    photos_released = models.BooleanField(default=False)
    released_at = models.DateTimeField(default=now)
    released_by = models.UUIDField(null=True, blank=True)
    rule = models.CharField(max_length=60, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(withdrawn_at__isnull=True),
                name="publication_one_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lat", "lon"],
                condition=Q(withdrawn_at__isnull=True),
                name="publication_open_place",
            )
        ]

    def __str__(self) -> str:
        return f"publication of {self.ticket_id}"
