"""Deliver what is due: claim, open, fill, send, mark.

A delivery is claimed and committed as `sending` with a lease before anything is sent. A worker that
dies leaves the lease to run out; then another one takes the delivery. Whether the dead one had sent
it nobody can know, so it goes out again with the same Message-ID (docs/adr/0006-outbox.md). A clock
that jumps ahead ends leases of workers that live; they look once more before each letter.
"""

import logging
import time
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from math import inf
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, QuerySet, prefetch_related_objects

from common.clock import now
from common.prepared import Given, Prepared, fetched
from notifications import defects
from notifications.backoff import exhausted, insist, next_attempt
from notifications.channels import ChannelError, NoChannel, Parcel, Session, channel_named
from notifications.contents import open_sealed
from notifications.enums import DeliveryState
from notifications.models import ChannelPause, Delivery
from notifications.writers import writer_for

logger = logging.getLogger(__name__)

BATCH = 50
LEASE = timedelta(minutes=5)
OUTAGE = timedelta(minutes=1)

# MATERIALIZED: as a plain subquery the planner may run the LIMIT more than once. The newest row is
# checked again after locking, so two workers never get the same one.
CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id FROM notifications_delivery AS d
    WHERE state IN ('pending', 'sending') AND next_attempt_at <= %(now)s
      AND (locked_until IS NULL OR locked_until < %(now)s)
      AND NOT EXISTS (
        SELECT FROM notifications_channelpause AS p
        WHERE p.channel = d.channel AND p.until > %(now)s
      )
    ORDER BY next_attempt_at, id LIMIT %(limit)s
    FOR UPDATE OF d SKIP LOCKED
)
UPDATE notifications_delivery AS d
SET state = 'sending', locked_until = %(lease)s, attempts = attempts + 1
FROM due WHERE d.id = due.id
RETURNING d.*
"""


SENT = """
UPDATE notifications_delivery
SET state = 'sent', sent_at = %s, locked_until = NULL, last_error = '', provider_note = %s
WHERE id = %s AND state <> 'sent'
RETURNING id
"""


def deliver_due(*, seconds: float = inf) -> bool:
    """Send what is due, batch after batch; whether time ran out with more to do."""
    stop_at = time.monotonic() + seconds
    while batch := claim(limit=BATCH):
        for channel, deliveries in groupby(batch, key=lambda delivery: delivery.channel):
            _work_off(channel, deliveries, stop_at)
        if time.monotonic() >= stop_at:
            return True
    return False


def claim(*, limit: int) -> list[Delivery]:
    """Take up to `limit` due deliveries for the length of a lease, by channel and oldest first."""
    moment = now()
    moments = {"now": moment, "lease": moment + LEASE, "limit": limit}
    claimed = list(Delivery.objects.raw(CLAIM, moments))
    prefetch_related_objects(claimed, "envelope")
    return sorted(claimed, key=lambda one: (one.channel, one.next_attempt_at, one.pk))


def _work_off(name: str, deliveries: Iterable[Delivery], stop_at: float) -> None:
    """Send on one connection until done, out of time, or the channel is out of reach."""
    waiting = deque(deliveries)
    try:
        with channel_named(name).session() as session:
            while waiting and time.monotonic() < stop_at:
                _attempt(session, waiting.popleft())
    except ChannelError as error:
        _pause(name, error.code)
    except NoChannel:
        while waiting:
            _put_off(waiting.popleft(), "no such channel")
    _give_back(list(waiting))


def _attempt(session: Session, delivery: Delivery) -> None:
    """Send one delivery and mark it. Raises ChannelError only when the channel is out of reach."""
    if OURS.first(pk=delivery.pk, lease=delivery.locked_until) is None:
        return
    if exhausted(delivery.attempts):
        _put_off(delivery, "worker lost")
        return
    if not delivery.key_id:  # erased or purged while it waited: nothing is left to say
        _settle(delivery, DeliveryState.LAPSED, last_error="emptied")
        return
    try:
        note = session.send(_parcel(delivery))
    except ChannelError as error:
        _refused(delivery, error)
        if error.unreachable:
            raise
    except Exception as error:  # noqa: BLE001 - one letter's defect must not stop all others
        _put_off(delivery, defects.name(error))
    else:
        insist(partial(_sent, delivery, note))


def _parcel(delivery: Delivery) -> Parcel:
    contents = open_sealed(delivery.sealed, delivery_id=delivery.pk)
    fill = writer_for(delivery.envelope.topic).fill
    return Parcel(
        address=contents.address,
        subject=contents.subject,
        text=fill(delivery.recipient, contents.text),
        html=fill(delivery.recipient, contents.html) if contents.html else "",
        language=delivery.language,
        message_id=delivery.message_id,
    )


def _sent(delivery: Delivery, note: str) -> None:
    """What is out is out: marked even if the lease was lost meanwhile, to stop another attempt."""
    fetched(connection, SENT, [now(), note[:200], delivery.pk])


def _refused(delivery: Delivery, error: ChannelError) -> None:
    if not error.permanent:
        _put_off(delivery, error.code)
        return
    try:
        with transaction.atomic():
            # The domain first: its locks come before ours everywhere.
            writer = writer_for(delivery.envelope.topic)
            writer.bounced(delivery.recipient, delivery.channel, error.code)
            _settle(delivery, DeliveryState.FAILED, last_error=error.code)
    except Exception as defect:  # noqa: BLE001 - see _attempt; the news must reach the domain later
        _put_off(delivery, defects.name(defect))
    else:
        logger.warning("delivery %s refused for good: %s", delivery.pk, error.code)


def _put_off(delivery: Delivery, code: str) -> None:
    """Try again later, or give up: then an operator decides."""
    again_at = next_attempt(delivery.attempts)
    if again_at is None:
        logger.error("delivery %s is dead after %d tries: %s", delivery.pk, delivery.attempts, code)
        _settle(delivery, DeliveryState.DEAD, last_error=code)
        return
    logger.warning("delivery %s put off: %s", delivery.pk, code)
    _settle(delivery, DeliveryState.PENDING, last_error=code, next_attempt_at=again_at)


def _settle(delivery: Delivery, state: DeliveryState, *, last_error: str, **more: object) -> None:
    """Leave `sending`, unless the lease was lost and another worker decides now."""
    changes = {"state": state, "locked_until": None, "last_error": last_error[:120], **more}
    _held_by(delivery.locked_until, delivery.pk).update(**changes)


def _held_by(lease: datetime | Given | None, pk: UUID | Given) -> QuerySet[Delivery]:
    """A delivery for as long as no other worker has taken it."""
    return Delivery.objects.filter(pk=pk, state=DeliveryState.SENDING, locked_until=lease)


OURS = Prepared(lambda: _held_by(Given("lease"), Given("pk")).values_list("pk"))


def _pause(channel: str, code: str) -> None:
    """Spare all others the wait for a server that is away."""
    logger.warning("channel %s is out of reach: %s", channel, code)
    ChannelPause.objects.update_or_create(
        channel=channel, defaults={"until": now() + OUTAGE, "code": code[:120]}
    )


def _give_back(deliveries: Sequence[Delivery]) -> None:
    """Return what was claimed and not tried; it costs no attempt."""
    if not deliveries:
        return
    Delivery.objects.filter(
        pk__in=[delivery.pk for delivery in deliveries],
        state=DeliveryState.SENDING,
        locked_until=deliveries[0].locked_until,
    ).update(state=DeliveryState.PENDING, locked_until=None, attempts=F("attempts") - 1)
