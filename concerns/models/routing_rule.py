"""Who is responsible, as data: conditions on the left, a department on the right."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from concerns.enums import Audience, Channel, Kind, Priority
from concerns.models.category import Category
from concerns.models.circle import Circle
from departments.models import Department
from geography.models import District


class RoutingRule(models.Model):
    """An empty condition matches everything; the most specific rule that matches wins (concerns/routing.py)."""

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    key = models.SlugField(unique=True)
    version = models.PositiveIntegerField(default=1)
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.PROTECT, related_name="rules"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, blank=True)
    audience = models.CharField(max_length=10, choices=Audience.choices, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    district = models.ForeignKey(
        District, null=True, blank=True, on_delete=models.PROTECT, related_name="rules"
    )
    # A GeoJSON Polygon or MultiPolygon in degrees WGS84, where no district is drawn like it.
    area = models.JSONField(null=True, blank=True)
    # Lower-case words; the rule matches when one of them stands in the text, in whatever form.
    keywords = models.JSONField(default=list)
    # {question: [answers]}: each of these questions was answered with one of these.
    answers = models.JSONField(default=dict)
    # [0, …] of the day it was said in the city; Monday = 0.
    weekdays = models.JSONField(default=list)
    # ["22:00", "06:00"] of the city's time: from, until (not included); over midnight when the second is earlier.
    hours = models.JSONField(default=list)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="rules")
    circle = models.ForeignKey(
        Circle, null=True, blank=True, on_delete=models.PROTECT, related_name="rules"
    )
    # What the ticket gets; empty: as it is.
    ticket_priority = models.SmallIntegerField(choices=Priority.choices, null=True, blank=True)
    # Decides between rules that are equally specific.
    priority = models.SmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="") | Q(kind__in=Kind.values), name="rule_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(audience="") | Q(audience__in=Audience.values),
                name="rule_audience_known",
            ),
            models.CheckConstraint(
                condition=Q(channel="") | Q(channel__in=Channel.values), name="rule_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(ticket_priority=None) | Q(ticket_priority__in=Priority.values),
                name="rule_ticket_priority_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"
