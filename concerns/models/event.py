"""The append-only record of what happened to a ticket: audit, timeline, figures and notices come from it."""

import datetime as dt
import hashlib
import json
from typing import ClassVar

from django.db import models

from common.clock import now
from concerns.enums import State, Verb
from concerns.models.ticket import Ticket


class Event(models.Model):
    """One thing that happened. Ids and codes only; the words stand elsewhere and can be erased.

    `hash` covers all columns but itself and the id, and the hash before it; `queries/audit.py` recomputes it. A
    trigger refuses UPDATE and DELETE; `actions/record.py` is the only writer.
    """

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    verb = models.CharField(max_length=20, choices=Verb.choices)
    from_state = models.CharField(max_length=20, choices=State.choices, blank=True)
    to_state = models.CharField(max_length=20, choices=State.choices)
    actor_kind = models.CharField(max_length=12)
    actor_ref = models.UUIDField(null=True, blank=True)
    # A plain id, no key: the event must outlive what it names.
    concern_ref = models.BigIntegerField(null=True, blank=True)
    data = models.JSONField(default=dict)
    # Seconds spent in the state left: working time with us, and calendar time waiting for others.
    worked_seconds = models.PositiveBigIntegerField(default=0)
    waited_seconds = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField(default=now)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "sequence"], name="event_sequence_once"),
            models.CheckConstraint(
                condition=models.Q(to_state__in=State.values), name="event_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}.{self.sequence} {self.verb}"

    def digest(self) -> str:
        """SHA-256 over everything the event says and the hash before it, as hexadecimal text."""
        said = [
            self.ticket_id,
            self.sequence,
            self.verb,
            self.from_state,
            self.to_state,
            self.actor_kind,
            str(self.actor_ref or ""),
            self.concern_ref,
            self.data,
            self.worked_seconds,
            self.waited_seconds,
            self.at.astimezone(dt.UTC).isoformat(),
            self.previous_hash,
        ]
        text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
