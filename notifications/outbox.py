"""The counter of the post office: what actions of the apps above may do.

An action calls `post` in its own transaction; everything else happens in the worker.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import connection, transaction

from common.clock import now
from notifications import tasks
from notifications.bells import ring
from notifications.enums import IN_TROUBLE, DeliveryState, EnvelopeState
from notifications.models import EMPTIED, Delivery, Envelope
from notifications.retention import lapse_held
from notifications.writers import Letter, Writer, register_writer

__all__ = [
    "HeldSummary",
    "Letter",
    "NothingToRetry",
    "Writer",
    "condense",
    "lapse_held",
    "post",
    "register_writer",
    "release",
    "retry",
    "suppress",
]

CONDENSE = """
UPDATE notifications_delivery AS d
SET state = 'condensed', sealed = ''::bytea, key_id = '', provider_note = ''
FROM notifications_envelope AS e
WHERE e.id = d.envelope_id AND d.recipient = %s AND d.channel = %s AND d.state = 'held'
RETURNING e.topic, e.subject_id, d.purpose, d.language, e.created_at
"""


@dataclass(frozen=True, slots=True)
class HeldSummary:
    """A letter that was held and will not go out by itself. `at` is when its event happened."""

    topic: str
    subject_id: int
    purpose: str
    language: str
    at: datetime


class NothingToRetry(LookupError):
    """No dead or failed row of this id whose body is still there."""


def post(*, topic: str, subject_id: int, facts: Mapping[str, object]) -> Envelope:
    """Announce an event: one INSERT in the caller's transaction, a bell after its commit.

    `facts` are what the letters are written from later: ids, codes, dates (JSON), never words.
    Raises RuntimeError outside a transaction, for then the announcement could outlive the change;
    IntegrityError when this event was announced before.
    """
    _need_transaction("post")
    envelope = Envelope.objects.create(topic=topic, subject_id=subject_id, facts=dict(facts))
    transaction.on_commit(partial(_ring_expand, envelope.pk), robust=True)
    return envelope


def release(recipient: str, channel: str | None = None) -> int:
    """Let go what is held for a recipient (by one channel, or by all); how many letters.

    Call it in the transaction that confirms the address.
    """
    _need_transaction("release")
    held = Delivery.objects.filter(recipient=recipient, state=DeliveryState.HELD)
    if channel is not None:
        held = held.filter(channel=channel)
    released = held.update(state=DeliveryState.PENDING, next_attempt_at=now())
    if released:
        transaction.on_commit(tasks.ring_deliver, robust=True)
    return released


def condense(recipient: str, channel: str) -> list[HeldSummary]:
    """Take what is held off the shelf, to be told in one mail instead; oldest first.

    One statement. Call it in the transaction that confirms the address, and put what it returns
    into the facts of the envelope posted there: called by a writer, a worker that dies before its
    letter is stored would lose it.
    """
    _need_transaction("condense")
    with connection.cursor() as cursor:
        cursor.execute(CONDENSE, [recipient, channel])
        return sorted((HeldSummary(*row) for row in cursor.fetchall()), key=lambda one: one.at)


def suppress(recipient: str) -> int:
    """Call back what has not left yet, and empty it; how many letters.

    For a recipient who is erased or whose concern turned out to be spam. What a worker is sending
    this moment still goes.
    """
    waiting = Delivery.objects.filter(
        recipient=recipient, state__in=(DeliveryState.PENDING, DeliveryState.HELD)
    )
    return waiting.update(state=DeliveryState.SUPPRESSED, **EMPTIED)


def retry(errand_id: UUID) -> None:
    """An operator sends a dead or failed delivery, or opens a dead envelope, once more.

    All attempts start anew. Raises NothingToRetry.
    """
    anew = {"attempts": 0, "next_attempt_at": now(), "locked_until": None}
    dead = Envelope.objects.filter(pk=errand_id, state=EnvelopeState.DEAD)
    if dead.update(state=EnvelopeState.PENDING, **anew):
        transaction.on_commit(partial(_ring_expand, errand_id), robust=True)
        return
    troubled = Delivery.objects.filter(pk=errand_id, state__in=IN_TROUBLE).exclude(key_id="")
    if not troubled.update(state=DeliveryState.PENDING, **anew):
        raise NothingToRetry(errand_id)
    transaction.on_commit(tasks.ring_deliver, robust=True)


def _need_transaction(what: str) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError(f"outbox.{what} belongs into the transaction of the change it tells of.")


def _ring_expand(envelope_id: UUID) -> None:
    ring(tasks.expand, about=f"envelope {envelope_id}", envelope_id=str(envelope_id))
