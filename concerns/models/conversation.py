"""What is said between the city and a person, and what the city notes for itself."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.clock import now
from concerns.enums import Direction, MessageKind, Verdict
from concerns.models.concern import Concern
from concerns.models.ticket import Ticket


class Message(models.Model):
    """From or to one concern's person; without a concern: to all who are placed on the ticket.

    `released_at` empty means a draft nobody outside sees: an answer that waits for approval.
    """

    personal_fields: ClassVar[frozenset[str]] = frozenset({"text", "author"})

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    concern = models.ForeignKey(
        Concern, null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    direction = models.CharField(max_length=3, choices=Direction.choices)
    kind = models.CharField(max_length=10, choices=MessageKind.choices)
    text = models.TextField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=now)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(direction=Direction.OUT) | Q(concern__isnull=False),
                name="message_in_has_concern",
            ),
        ]
        indexes = [models.Index(fields=["ticket", "created_at"], name="message_by_ticket")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Note(models.Model):
    """Internal: never shown to a citizen."""

    personal_fields: ClassVar[frozenset[str]] = frozenset({"text", "author"})

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Whose words these are, if a partner wrote them by a link
    partner = models.ForeignKey(
        "concerns.Partner", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"note {self.pk}"


class Objection(models.Model):
    """A review item of one concern: its person does not accept the result. They alone hear the decision."""

    personal_fields: ClassVar[frozenset[str]] = frozenset({"decided_by"})

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="objections")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="objections")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+")
    due = models.DateTimeField()
    created_at = models.DateTimeField(default=now)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern"], condition=Q(verdict=""), name="objection_one_open"
            ),
        ]
        indexes = [
            models.Index(
                fields=["ticket"], condition=Q(verdict=""), name="objection_open_on_ticket"
            )
        ]

    def __str__(self) -> str:
        return f"objection {self.pk}"
