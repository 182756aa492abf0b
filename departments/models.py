"""The organisation: a tree of departments, who may do what in it, and when it works."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Expression, Q

from common.clock import today
from common.words import in_language
from departments.enums import Capability


class Calendar(models.Model):
    """When a department works: weekly hours, the public holidays of its state, extra closed days."""

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    key = models.SlugField(unique=True)
    country = models.CharField(max_length=2)
    subdivision = models.CharField(max_length=10, blank=True)
    # {"0": [["08:00", "16:00"]], …} by weekday, Monday = 0; a weekday without an entry is free.
    weekly_hours = models.JSONField(default=dict)
    # ["2026-12-24", …], or "12-24" for every year.
    closed_days = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.key


class Department(models.Model):
    """A node of the organisation. `path` lists the ids from the root, so a subtree is one prefix."""

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    key = models.SlugField(unique=True)
    number = models.CharField(max_length=20, blank=True)
    names = models.JSONField(default=dict)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=200, db_index=True, default="", blank=True)
    mailbox = models.EmailField(blank=True)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="departments")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    successor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(successor=models.F("id")), name="department_not_own_successor"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.names)

    @property
    def is_retired(self) -> bool:
        return self.valid_until is not None and self.valid_until < today()

    @property
    def ancestor_ids(self) -> list[int]:
        """Ids from the parent up to the root."""
        return [int(part) for part in self.path.strip("/").split("/")][-2::-1] if self.path else []


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def current(self, on: dt.date | Expression | None = None) -> "AbsenceQuerySet":
        """Those of a day (today) of people and deputies who can still sign in."""
        day = on or today()
        return self.filter(
            starts__lte=day, ends__gte=day, user__is_active=True, deputy__is_active=True
        )


class Absence(models.Model):
    """Days, both included, on which somebody is away; meanwhile the deputy sees and hears what is theirs."""

    personal_fields: ClassVar[frozenset[str]] = frozenset({"user", "deputy"})

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="standing_in"
    )
    starts = models.DateField()
    ends = models.DateField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=models.F("starts")), name="absence_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(user=models.F("deputy")), name="absence_deputy_is_another"
            ),
        ]

    def __str__(self) -> str:
        return f"absence {self.pk}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: dt.date | None = None) -> "MembershipQuerySet":
        day = on or today()
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_until__isnull=True) | Q(valid_until__gte=day),
            user__is_active=True,
        )


class Membership(models.Model):
    """A person's capability in a department, from and until a day (both included)."""

    personal_fields: ClassVar[frozenset[str]] = frozenset({"user"})

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="memberships")
    capability = models.CharField(max_length=20, choices=Capability.choices)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "department", "capability"], name="membership_once"
            ),
            models.CheckConstraint(
                condition=Q(capability__in=Capability.values), name="membership_capability_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.capability} in {self.department_id}"
