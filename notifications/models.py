"""Envelopes (one per event), deliveries (one per recipient and channel), what operators did, pauses of a channel."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q

from common.clock import now
from common.ids import uuid7
from notifications.enums import IN_TROUBLE, ON_ITS_WAY, DeliveryState, EnvelopeState, Remedy

# Writes nothing back of what a person wrote or where they can be reached.
EMPTIED: Mapping[str, object] = {"sealed": b"", "key_id": "", "provider_note": ""}


class Errand(models.Model):
    """Work for whoever comes first: due from `next_attempt_at`, taken until `locked_until`.

    `last_error` holds codes and class names, never a server's words: those quote addresses.
    """

    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=now)
    locked_until = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=120, blank=True, default="")
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        abstract = True


class Envelope(Errand):
    """What an action announced: ids, codes and dates, frozen; no words and no addresses."""

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    topic = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    facts = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10, choices=EnvelopeState.choices, default=EnvelopeState.PENDING
    )
    cursor = models.CharField(max_length=64, blank=True, default="")  # the last stored recipient

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "subject_id"], name="one_envelope_per_event"),
            models.CheckConstraint(
                condition=Q(state__in=EnvelopeState.values), name="envelope_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state=EnvelopeState.PENDING),
                name="envelope_due",
            ),
            models.Index(
                fields=["created_at"], condition=Q(state=EnvelopeState.DEAD), name="envelope_dead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.subject_id}"


class Delivery(Errand):
    """One letter to one recipient by one channel.

    `recipient` is the writer's name for a person ("concern:17"), opaque here. `sealed` is the
    encrypted address and wording, placeholders unfilled; `key_id` names its master key and is
    empty once the body is gone. `message_id` never changes, so that a receiver knows a repeat.
    """

    personal_fields: ClassVar[frozenset[str]] = frozenset({"sealed", "provider_note"})

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # The unique constraint below starts with this column: an index of its own would be a second.
    envelope = models.ForeignKey(
        Envelope, on_delete=models.PROTECT, related_name="deliveries", db_index=False
    )
    recipient = models.CharField(max_length=64)
    channel = models.CharField(max_length=16)
    language = models.CharField(max_length=35)
    purpose = models.CharField(max_length=64)
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING
    )
    message_id = models.CharField(max_length=255)
    sealed = models.BinaryField(default=b"", blank=True)
    key_id = models.CharField(max_length=32, blank=True, default="")
    provider_note = models.CharField(max_length=200, blank=True, default="")
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["envelope", "recipient", "channel"], name="one_delivery_per_recipient"
            ),
            models.UniqueConstraint(fields=["message_id"], name="delivery_message_id_unique"),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state__in=ON_ITS_WAY),
                name="delivery_due",
            ),
            models.Index(
                fields=["created_at"], condition=Q(state=DeliveryState.HELD), name="delivery_held"
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=IN_TROUBLE) & ~Q(key_id=""),
                name="delivery_trouble",
            ),
            models.Index(fields=["created_at"], condition=~Q(key_id=""), name="delivery_readable"),
            models.Index(fields=["recipient", "created_at"], name="delivery_of_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} to {self.recipient} by {self.channel}"


class Intervention(models.Model):
    """That an operator sent something again or gave it up, and who; rows are only ever added.

    `errand_id` is a delivery's or an envelope's. `actor_ref` is empty for the command line.
    """

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    errand_id = models.UUIDField(db_index=True)
    remedy = models.CharField(max_length=10, choices=Remedy.choices)
    actor_ref = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField(default=now, editable=False)

    def __str__(self) -> str:
        return f"{self.remedy} {self.errand_id}"


class ChannelPause(models.Model):
    """A channel whose other end is out of reach: no delivery tries it again before `until`.

    Without it every letter that comes due during an outage would block a worker for the whole
    time-out and use up one of its own attempts.
    """

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    channel = models.CharField(max_length=16, primary_key=True)
    until = models.DateTimeField()
    code = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"{self.channel} until {self.until.isoformat()}"
