"""The counter of the post office: what actions of the apps above may do.

An action calls `post` in its own transaction; everything else happens in the worker.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from common import storing
from common.clock import now
from notifications import tasks
from notifications.enums import IN_TROUBLE, DeliveryState, EnvelopeState, Remedy
from notifications.models import EMPTIED, Delivery, Envelope, Intervention
from notifications.retention import lapse_held
from notifications.writers import Letter, Writer, register_writer

__all__ = [
    "HeldSummary",
    "Letter",
    "NotStuck",
    "Writer",
    "condense",
    "give_up",
    "lapse_held",
    "post",
    "post_all",
    "post_once",
    "register_writer",
    "release",
    "retry",
    "suppress",
]

# The names of these states mean the same for envelopes and deliveries.
STUCK = (*IN_TROUBLE, DeliveryState.PENDING)
Errands = TypeVar("Errands", Envelope, Delivery)

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


class NotStuck(LookupError):
    """No row of this id that waits or was given up, that no worker has, and whose body is still there."""


def post(*, topic: str, subject_id: int, facts: Mapping[str, object]) -> Envelope:
    """Announce an event: one INSERT in the caller's transaction, a bell after its commit.

    `facts` are what the letters are written from later: ids, codes, dates (JSON), never words.
    Raises RuntimeError outside a transaction, for then the announcement could outlive the change;
    IntegrityError when this event was announced before.
    """
    return post_all(topic=topic, facts={subject_id: facts})[0]


def post_all(*, topic: str, facts: Mapping[int, Mapping[str, object]]) -> list[Envelope]:
    """Announce events, by subject id, as `post` does; one INSERT for all."""
    _need_transaction("post")
    envelopes = [
        Envelope(topic=topic, subject_id=pk, facts=dict(said)) for pk, said in facts.items()
    ]
    storing.insert(envelopes)
    if envelopes:
        transaction.on_commit(tasks.ring_deliver, robust=True)
    return envelopes


def post_once(*, topic: str, facts: Mapping[int, Mapping[str, object]]) -> None:
    """Announce what the clock finds, by subject id; what was announced before stays as it is. One INSERT.

    Several clocks may call it at the same moment. The sweep opens the envelopes.
    """
    _need_transaction("post_once")
    Envelope.objects.bulk_create(
        [Envelope(topic=topic, subject_id=pk, facts=dict(said)) for pk, said in facts.items()],
        ignore_conflicts=True,
    )


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


@transaction.atomic
def retry(errand_id: UUID, *, by: UUID | None = None) -> None:
    """An operator (`by` is their reference) has something stuck sent or opened once more, at once.

    All attempts start anew. Raises NotStuck.
    """
    anew = {"attempts": 0, "next_attempt_at": now(), "locked_until": None}
    if _stuck(Envelope.objects.all(), errand_id).update(state=EnvelopeState.PENDING, **anew) or (
        _stuck(Delivery.objects.all(), errand_id)
        .exclude(key_id="")
        .update(state=DeliveryState.PENDING, **anew)
    ):
        transaction.on_commit(tasks.ring_deliver, robust=True)
    else:
        raise NotStuck(errand_id)
    Intervention.objects.create(errand_id=errand_id, remedy=Remedy.RETRY, actor_ref=by)


@transaction.atomic
def give_up(errand_id: UUID, *, by: UUID | None = None) -> None:
    """An operator decides that something stuck shall not be sent; a letter is emptied. Raises NotStuck."""
    letter = _stuck(Delivery.objects.all(), errand_id).exclude(key_id="")
    if not (
        _stuck(Envelope.objects.all(), errand_id).update(state=EnvelopeState.ABANDONED)
        or letter.update(state=DeliveryState.ABANDONED, **EMPTIED)
    ):
        raise NotStuck(errand_id)
    Intervention.objects.create(errand_id=errand_id, remedy=Remedy.GIVE_UP, actor_ref=by)


def _stuck(errands: QuerySet[Errands], errand_id: UUID) -> QuerySet[Errands]:
    """The errand if it is given up or waits, and no worker has it this moment."""
    free = Q(locked_until__isnull=True) | Q(locked_until__lt=now())
    return errands.filter(free, pk=errand_id, state__in=STUCK)


def _need_transaction(what: str) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError(f"outbox.{what} belongs into the transaction of the change it tells of.")
