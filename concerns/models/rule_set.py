"""The rules of a city as a whole, from draft to replaced."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from common.clock import now
from concerns.enums import RuleSetState


class RuleSet(models.Model):
    """All rules as they stand in a rules.yaml; those in force are rows of their own (RoutingRule).

    A set that was in force is never changed or deleted: a draft is made of it, so that what held when stays known.
    """

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(
        max_length=10, choices=RuleSetState.choices, default=RuleSetState.DRAFT
    )
    source = models.TextField()
    note = models.CharField(max_length=200, blank=True)
    written_by = models.UUIDField(null=True, blank=True)
    written_at = models.DateTimeField(default=now)
    # When a planned one is put in force.
    valid_from = models.DateTimeField(null=True, blank=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)
    # Why a planned one could not be put in force.
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state=RuleSetState.ACTIVE),
                name="rule_set_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RuleSetState.values), name="rule_set_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=RuleSetState.PLANNED) | Q(valid_from__isnull=False),
                name="rule_set_planned_for",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.state})"
