"""Who may see a confidential ticket."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.words import in_language
from departments.enums import Capability
from departments.models import Department


class Circle(models.Model):
    """The people who may know of confidential matters of one sort."""

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    key = models.SlugField(unique=True)
    names = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.names)


class CircleMember(models.Model):
    """One person, or everybody with a capability in a department."""

    personal_fields: ClassVar[frozenset[str]] = frozenset({"user"})

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE
    )
    capability = models.CharField(max_length=20, choices=Capability.choices, blank=True)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, capability="", department__isnull=True)
                | Q(user__isnull=True, department__isnull=False) & ~Q(capability=""),
                name="circle_member_person_or_capability",
            ),
            models.UniqueConstraint(
                fields=["circle", "user", "capability", "department"],
                nulls_distinct=False,
                name="circle_member_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.circle_id}: {self.user_id or self.capability}"
