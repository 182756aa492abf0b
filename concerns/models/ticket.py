"""The one piece of work the city does about a matter."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Case, Func, Q, Value, When
from django.db.models.functions import Coalesce

from common.clock import now
from concerns.enums import (
    ANSWERED_STATES,
    OPEN_STATES,
    OWNED_STATES,
    Audience,
    Kind,
    Outcome,
    State,
)
from concerns.models.asset import Asset, Cause
from concerns.models.category import Category, default_targets
from concerns.models.circle import Circle
from concerns.models.lifecycle import Lifecycle
from concerns.models.safeguards import Restrictable
from departments.models import Calendar, Department
from geography.models import District

# The deadline that presses: what nobody works on any more, or has none, stands behind everything else.
NEVER = Value(dt.datetime(9999, 12, 31, tzinfo=dt.UTC), output_field=models.DateTimeField())
DEADLINE = Case(
    When(state__in=[state.value for state in OPEN_STATES], then=Coalesce("resolution_due", NEVER)),
    default=NEVER,
)


class Ticket(Lifecycle, Restrictable):
    """State, responsibility, dates and answer of one matter; concerns are placed on it.

    `event_count` and `head_hash` repeat the end of the chain of events, so that a cut tail shows. `version` counts
    every change and is what If-Match and two clerks at once are decided by.
    """

    personal_fields: ClassVar[frozenset[str]] = frozenset(
        {"title", "address", "lat", "lon", "answers", "partner"}
    )

    # What it is about, as worked
    audience = models.CharField(max_length=10, choices=Audience.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets"
    )
    answers = models.JSONField(default=dict, blank=True)
    title = models.CharField(max_length=300)
    address = models.CharField(max_length=300, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    district = models.ForeignKey(
        District, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets"
    )
    asset = models.ForeignKey(
        Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets"
    )
    formal = models.BooleanField(default=False)
    formal_date = models.DateField(null=True, blank=True)

    # Who is responsible, and who may know
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets"
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="tickets",
    )
    circle = models.ForeignKey(
        Circle, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets"
    )
    priority = models.SmallIntegerField(default=0)
    transfers = models.PositiveSmallIntegerField(default=0)
    hand_backs = models.PositiveSmallIntegerField(default=0)
    reopenings = models.PositiveSmallIntegerField(default=0)

    # Until when: in which calendar, by which targets (as departments/targets.py stores them, no matter what the
    # category says since); sums are seconds of calendar time
    calendar = models.ForeignKey(
        Calendar, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    targets = models.JSONField(default=default_targets)
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    state_since = models.DateTimeField(default=now)
    first_response_due = models.DateTimeField(null=True, blank=True)
    first_responded_at = models.DateTimeField(null=True, blank=True)
    resolution_due = models.DateTimeField(null=True, blank=True)
    wait_until = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    reporter_wait_seconds = models.PositiveBigIntegerField(default=0)
    external_wait_seconds = models.PositiveBigIntegerField(default=0)
    scheduled_for = models.DateField(null=True, blank=True)
    # The date that somebody was alarmed about last, and how far it had come (actions/escalating.py); since when the
    # department had the ticket when its leads heard that nobody accepts it
    alarmed_due = models.DateTimeField(null=True, blank=True)
    alarm_level = models.PositiveSmallIntegerField(default=0)
    unaccepted_since = models.DateTimeField(null=True, blank=True)
    # The day somebody wants to look at it again, and whether they heard that it has come
    follow_up_on = models.DateField(null=True, blank=True)
    follow_up_told = models.BooleanField(default=False)
    review_due = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    # How it ended
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    answer_message = models.ForeignKey(
        "concerns.Message", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    responsible_body = models.CharField(max_length=200, blank=True)
    cause = models.ForeignKey(
        Cause, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    no_reply = models.BooleanField(default=False)
    partner = models.CharField(max_length=200, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_tickets"
    )

    # What still waits for somebody
    unanswered_since = models.DateTimeField(null=True, blank=True)
    discard_proposed_at = models.DateTimeField(null=True, blank=True)

    # Counters and the head of the chain
    concern_count = models.PositiveIntegerField(default=0)
    active_count = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    event_count = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="ticket_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=OWNED_STATES) | Q(department__isnull=False),
                name="ticket_owned_has_department",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ANSWERED_STATES)
                | (~Q(outcome="") & Q(answer_message__isnull=False)),
                name="ticket_answered_has_outcome_and_answer",
            ),
            models.CheckConstraint(
                condition=Q(state=State.MERGED, merged_into__isnull=False)
                | (~Q(state=State.MERGED) & Q(merged_into__isnull=True)),
                name="ticket_merged_iff_lead",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=models.F("id")), name="ticket_not_own_lead"
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__isnull=False, lon__isnull=False),
                name="ticket_place_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["department", "resolution_due", "id"],
                condition=Q(state__in=OPEN_STATES),
                name="ticket_open_by_department",
            ),
            models.Index(fields=["state", "wait_until"], name="ticket_waits"),
            models.Index(fields=["assignee", "state"], name="ticket_assignee"),
            models.Index(
                fields=["unanswered_since"],
                condition=Q(unanswered_since__isnull=False),
                name="ticket_unanswered",
            ),
            models.Index(
                fields=["follow_up_on"],
                condition=Q(follow_up_on__isnull=False),
                name="ticket_follow_up",
            ),
            # The orders of long lists (queries/listing.py)
            models.Index(fields=["created_at", "id"], name="ticket_by_creation"),
            models.Index(fields=["department", "created_at", "id"], name="ticket_of_department"),
            models.Index(fields=["changed_at", "id"], name="ticket_by_change"),
            models.Index(fields=["priority", "id"], name="ticket_by_priority"),
            models.Index(DEADLINE, "id", name="ticket_by_deadline"),
            models.Index(
                fields=["closed_at"], condition=Q(closed_at__isnull=False), name="ticket_by_closing"
            ),
            # What lies nearby: queries/similar.py
            GistIndex(
                Func("lon", "lat", function="point"),
                condition=Q(lat__isnull=False),
                name="ticket_place",
            ),
            # What is rare among many
            models.Index(fields=["id"], condition=Q(formal=True), name="ticket_formal"),
            models.Index(fields=["id"], condition=Q(no_reply=True), name="ticket_no_reply"),
            models.Index(
                fields=["id"],
                condition=Q(discard_proposed_at__isnull=False),
                name="ticket_discard_proposed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_confidential(self) -> bool:
        return self.circle_id is not None


class Exclusion(models.Model):
    """A person the matter is about: excluded from a ticket even if the circle would admit them."""

    personal_fields: ClassVar[frozenset[str]] = frozenset({"user"})

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="exclusions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="exclusion_once")]

    def __str__(self) -> str:
        return f"{self.user_id} not on {self.ticket_id}"


class Involvement(models.Model):
    """A department that was responsible before: it may read on (confidential tickets excepted)."""

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="involvements")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "department"], name="involvement_once")
        ]

    def __str__(self) -> str:
        return f"{self.department_id} on {self.ticket_id}"
