"""Rows every storey shares: the view log, the counted attempts, the requests answered once."""

from typing import ClassVar

from django.db import models

from common.actor import ActorKind
from common.clock import now

ACTOR_KINDS = [kind.value for kind in ActorKind]


class Stamped(models.Model):
    """Says since when the row stands."""

    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        abstract = True


class ViewLog(models.Model):
    """Who looked at whose contact data, when and to what end. Rows are only ever added.

    `subject_kind` and `subject_id` name what was opened ("reporter", 17). The row stays when the
    subject is erased: that it was read remains true, and the id then points to nothing.
    """

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    actor_kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in ACTOR_KINDS])
    actor_ref = models.UUIDField(null=True, blank=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    purpose = models.CharField(max_length=40)
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "at"], name="view_log_subject"),
            models.Index(fields=["actor_ref", "at"], name="view_log_actor"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor_kind__in=ACTOR_KINDS), name="view_log_actor_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(subject_kind="") & ~models.Q(purpose=""),
                name="view_log_says_what_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.subject_kind} {self.subject_id}"


class Attempt(models.Model):
    """How often something was tried in the running window; see common/limits.py.

    `key` is a keyed hash, so that no address and no reference stands here.
    """

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(count__gte=1), name="attempt_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.count} until {self.until:%Y-%m-%d %H:%M}"


class IdempotentRequest(models.Model):
    """A request that was carried out, and the answer its client gets again; see common/idempotency.py.

    `client` is a keyed hash that names a program, a person or a network to nobody. `body` holds marks where the
    answer held secrets, `filling` the ids they are derived from at answering.
    """

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    client = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    filling = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "key"], name="idempotent_request_once"),
        ]

    def __str__(self) -> str:
        return f"{self.status} for {self.client}"
