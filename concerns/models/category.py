"""What a concern can be about, as the city's data says."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from common.words import in_language
from concerns.enums import Audience, Kind
from concerns.models.circle import Circle
from departments.models import Department
from departments.targets import Target, Unit

# What was not in the file stands behind what was.
LAST = 32_000


def default_targets() -> dict[str, Any]:
    """Three and ten working days, whatever the priority."""
    first, resolution = Target(3, Unit.WORKING_DAYS), Target(10, Unit.WORKING_DAYS)
    return {"first_response": first.stored, "resolution": resolution.stored}


class Category(models.Model):
    """A node of the tree of matters; `path` lists the ids from the root, so a subtree is one prefix."""

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    slug = models.SlugField(unique=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=200, db_index=True, default="", blank=True)
    names = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    # Other words people use for it, in any language; they point to it (concerns/queries/categories.py).
    keywords = models.JSONField(default=list, blank=True)
    # Its place in the city's file, in which people are shown it.
    position = models.PositiveSmallIntegerField(default=LAST)
    icon = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.DEFECT)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.PUBLIC)
    # [{"key", "type", "labels", "hints"?, "required", "options"?, "when"?, "stops"?}, …]; see concerns/parsing.py
    questions = models.JSONField(default=list)
    default_department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="categories"
    )
    circle = models.ForeignKey(
        Circle, null=True, blank=True, on_delete=models.PROTECT, related_name="categories"
    )
    needs_approval = models.BooleanField(default=False)
    needs_place = models.BooleanField(default=False)
    # {"words": {language: text}, "body": key of city.yaml or ""}: nothing is filed here, people are told where to turn.
    redirect = models.JSONField(default=dict, blank=True)
    # {"first_response": target, "resolution": target, "by_priority"?: {"1": either or both, …}}; a target as
    # departments/targets.py stores it.
    targets = models.JSONField(default=default_targets)
    retired = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "categories"
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values), name="category_audience_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="category_kind_known"),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def name(self) -> str:
        return in_language(self.names)
