"""Open an envelope: one delivery for each letter its writer renders, batch by batch.

A batch of deliveries and the cursor behind it are one transaction, so a worker killed anywhere
leaves a state from which the next one goes on; the unique constraint forbids doubles besides.
"""

import logging
import time
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from email.utils import parseaddr
from itertools import groupby
from math import inf

from django.conf import settings
from django.db import transaction

from common import keyrings, storing
from common.clock import now
from common.ids import uuid7
from notifications import defects
from notifications.backoff import exhausted, next_attempt
from notifications.contents import Contents, sealed
from notifications.enums import DeliveryState, EnvelopeState
from notifications.models import Delivery, Envelope
from notifications.writers import Letter, Writer, writer_for

logger = logging.getLogger(__name__)

BATCH = 200
LEASE = timedelta(minutes=5)

CLAIM = """
UPDATE notifications_envelope SET locked_until = %(lease)s, attempts = attempts + 1
WHERE id = (
    SELECT id FROM notifications_envelope
    WHERE state = 'pending' AND next_attempt_at <= %(now)s
      AND (locked_until IS NULL OR locked_until < %(now)s)
    ORDER BY next_attempt_at LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING *
"""


class LeaseLost(Exception):
    """It took longer than the lease, and another worker goes on."""


def expand_due(*, seconds: float = inf) -> int:
    """Expand what is due, oldest first, until nothing is or the time is up; how many were taken."""
    stop_at = time.monotonic() + seconds
    taken = 0
    while time.monotonic() < stop_at and (envelope := _claim()) is not None:
        _open(envelope)
        taken += 1
    return taken


def _claim() -> Envelope | None:
    moment = now()
    moments = {"now": moment, "lease": moment + LEASE}
    return next(iter(Envelope.objects.raw(CLAIM, moments)), None)


def _open(envelope: Envelope) -> None:
    if exhausted(envelope.attempts):
        _put_off(envelope, "worker lost")
        return
    try:
        writer = writer_for(envelope.topic)
        for letters in batches(writer.letters(envelope, envelope.cursor)):
            _store(envelope, letters, writer)
        _settle(envelope, state=EnvelopeState.EXPANDED, last_error="")
    except LeaseLost:
        logger.warning("envelope %s was taken over by another worker", envelope.pk)
    except Exception as error:  # noqa: BLE001 - one envelope's defect must not stop all others
        _put_off(envelope, defects.name(error))


def batches(letters: Iterable[Letter]) -> Iterator[list[Letter]]:
    """At least BATCH letters at a time, never parting those of one recipient, for the cursor."""
    batch: list[Letter] = []
    for _, of_one in groupby(letters, key=lambda letter: letter.recipient):
        batch.extend(of_one)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _store(envelope: Envelope, letters: list[Letter], writer: Writer) -> None:
    """Keep a batch and how far we got. Progress also starts the attempts and the lease anew."""
    lease = now() + LEASE
    with transaction.atomic():
        _settle(envelope, cursor=letters[-1].recipient, attempts=1, locked_until=lease)
        waiting = sorted({letter.recipient for letter in letters if letter.held})
        confirmed = writer.confirmed(waiting) if waiting else ()
        storing.insert_new([delivery_of(envelope, letter, confirmed) for letter in letters])
    envelope.locked_until, envelope.attempts = lease, 1


def delivery_of(envelope: Envelope, letter: Letter, confirmed: Collection[str]) -> Delivery:
    held = letter.held and letter.recipient not in confirmed
    delivery_id = uuid7()
    contents = Contents(
        address=letter.address, subject=letter.subject, text=letter.text, html=letter.html
    )
    return Delivery(
        id=delivery_id,
        envelope=envelope,
        recipient=letter.recipient,
        channel=letter.channel,
        language=letter.language,
        purpose=letter.purpose,
        state=DeliveryState.HELD if held else DeliveryState.PENDING,
        message_id=f"<{delivery_id}@{parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition('@')[2]}>",
        sealed=sealed(contents, delivery_id=delivery_id),
        key_id=keyrings.current("MASTER_KEYS")[0],
    )


def _settle(envelope: Envelope, **changes: object) -> None:
    """Change the envelope we hold. Raises LeaseLost when we hold it no more."""
    held = Envelope.objects.filter(
        pk=envelope.pk, state=EnvelopeState.PENDING, locked_until=envelope.locked_until
    )
    if not held.update(**{"locked_until": None, **changes}):
        raise LeaseLost


def _put_off(envelope: Envelope, code: str) -> None:
    again_at = next_attempt(envelope.attempts)
    changes: dict[str, object] = {"last_error": code[:120]}
    if again_at is None:
        changes["state"] = EnvelopeState.DEAD
        logger.error("envelope %s is dead after %d tries: %s", envelope.pk, envelope.attempts, code)
    else:
        changes["next_attempt_at"] = again_at
        logger.warning("envelope %s put off: %s", envelope.pk, code)
    try:
        _settle(envelope, **changes)
    except LeaseLost:
        logger.warning("envelope %s was taken over by another worker", envelope.pk)
