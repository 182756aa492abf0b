"""What a person decided about two tickets that look alike; kept, so that nobody is asked twice."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from common.clock import now
from concerns.enums import Finding
from concerns.models.ticket import Ticket


class Comparison(models.Model):
    """A pair of tickets, the lower id first. `score` is what it was when a person decided."""

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    first = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    finding = models.CharField(max_length=10, choices=Finding.choices)
    score = models.FloatField()
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="comparison_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="comparison_lower_first"
            ),
            models.CheckConstraint(
                condition=Q(finding__in=Finding.values), name="comparison_finding_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}: {self.finding}"
