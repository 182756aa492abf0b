"""What others may know of the post: how letters fared, and whether it backs up."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, QuerySet

from common.clock import now
from notifications.enums import IN_TROUBLE, ON_ITS_WAY, DeliveryState, EnvelopeState
from notifications.models import ChannelPause, Delivery, Envelope


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """How one letter fares. `at` is when it was sent, else when it was written."""

    recipient: str
    channel: str
    purpose: str
    state: DeliveryState
    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """An envelope or delivery that is stuck. An envelope has no recipient, channel and purpose yet.

    `topic` and `facts` are those of the envelope, which the app that posted it can read.
    """

    id: UUID
    kind: str  # "envelope" or "delivery"
    what: str
    state: str
    code: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    topic: str
    facts: Mapping[str, object]
    recipient: str = ""
    channel: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Backlog:
    """Counts, and how long the oldest has been due ("zero" where nothing waits)."""

    envelopes_pending: int
    envelopes_dead: int
    deliveries_pending: int
    deliveries_held: int
    deliveries_dead: int
    deliveries_failed: int
    oldest_envelope: timedelta
    oldest_delivery: timedelta
    paused_channels: dict[str, str]  # channel → code of the error


def delivery_states(recipients: Collection[str]) -> dict[str, list[DeliveryReport]]:
    """The letters of each recipient, newest first. One statement; no recipient is missing."""
    reports: dict[str, list[DeliveryReport]] = {recipient: [] for recipient in recipients}
    rows = Delivery.objects.filter(recipient__in=recipients).order_by("-created_at", "-id")
    for row in rows.defer("sealed"):
        reports[row.recipient].append(
            DeliveryReport(
                recipient=row.recipient,
                channel=row.channel,
                purpose=row.purpose,
                state=DeliveryState(row.state),
                code=row.last_error,
                at=row.sent_at or row.created_at,
            )
        )
    return reports


def posted(topic: str, subject_ids: Collection[int]) -> set[int]:
    """Those of the subjects that were announced already."""
    known = Envelope.objects.filter(topic=topic, subject_id__in=subject_ids)
    return set(known.values_list("subject_id", flat=True))


def latest(topic: str) -> tuple[int, Mapping[str, object]] | None:
    """Subject id and facts of the topic's envelope with the highest subject id."""
    newest = Envelope.objects.filter(topic=topic).order_by("-subject_id")
    return newest.values_list("subject_id", "facts").first()


def troubled(most: int | None = None) -> list[Trouble]:
    """Dead envelopes, dead and failed deliveries whose body is still there, oldest first; `most` of each, or all."""
    return _listed(Envelope.objects.filter(state=EnvelopeState.DEAD), _given_up(), most)


def late(older_than: timedelta, most: int) -> list[Trouble]:
    """What should have left by then and is still on its way, oldest first."""
    old = {"created_at__lt": now() - older_than}
    return _listed(
        Envelope.objects.filter(state=EnvelopeState.PENDING, **old),
        Delivery.objects.filter(state__in=ON_ITS_WAY, **old),
        most,
    )


def held(most: int) -> list[Trouble]:
    """Letters whose address nobody has confirmed yet, oldest first; they lapse by themselves."""
    waiting = Delivery.objects.filter(state=DeliveryState.HELD)
    return _listed(Envelope.objects.none(), waiting, most)


def _listed(
    envelopes: QuerySet[Envelope], deliveries: QuerySet[Delivery], most: int | None
) -> list[Trouble]:
    letters = deliveries.select_related("envelope").defer("sealed")
    found = [_unopened(one) for one in envelopes.order_by("created_at")[:most]]
    found += [_letter(one) for one in letters.order_by("created_at")[:most]]
    return sorted(found, key=lambda trouble: trouble.created_at)


def _given_up() -> QuerySet[Delivery]:
    """What can be sent again. Without a body nothing can, and old bounces would bury the new."""
    return Delivery.objects.filter(state__in=IN_TROUBLE).exclude(key_id="")


def _unopened(row: Envelope) -> Trouble:
    return Trouble(kind="envelope", topic=row.topic, facts=row.facts, **_errand(row))


def _letter(row: Delivery) -> Trouble:
    return Trouble(
        kind="delivery",
        topic=row.envelope.topic,
        facts=row.envelope.facts,
        recipient=row.recipient,
        channel=row.channel,
        purpose=row.purpose,
        **_errand(row),
    )


def _errand(row: Envelope | Delivery) -> dict[str, Any]:
    return {
        "id": row.pk,
        "what": str(row),
        "state": row.state,
        "code": row.last_error,
        "attempts": row.attempts,
        "created_at": row.created_at,
        "next_attempt_at": row.next_attempt_at,
    }


def backlog() -> Backlog:
    """For whoever watches the post. Each statement reads one partial index, however long the past."""
    moment = now()
    pending = _tallies(Envelope.objects.filter(state=EnvelopeState.PENDING))
    dead = _tallies(Envelope.objects.filter(state=EnvelopeState.DEAD))
    on_its_way = _tallies(Delivery.objects.filter(state__in=ON_ITS_WAY))
    held = _tallies(Delivery.objects.filter(state=DeliveryState.HELD))
    given_up = _tallies(_given_up())
    paused = ChannelPause.objects.filter(until__gt=moment)
    return Backlog(
        envelopes_pending=pending[EnvelopeState.PENDING].count,
        envelopes_dead=dead[EnvelopeState.DEAD].count,
        deliveries_pending=sum(tally.count for tally in on_its_way.values()),
        deliveries_held=held[DeliveryState.HELD].count,
        deliveries_dead=given_up[DeliveryState.DEAD].count,
        deliveries_failed=given_up[DeliveryState.FAILED].count,
        oldest_envelope=_waited(moment, pending),
        oldest_delivery=_waited(moment, on_its_way),
        paused_channels=dict(paused.values_list("channel", "code")),
    )


@dataclass(frozen=True, slots=True)
class _Tally:
    count: int = 0
    due_since: datetime | None = None


def _tallies(rows: QuerySet[Envelope] | QuerySet[Delivery]) -> defaultdict[str, _Tally]:
    """How many rows in each state, and since when the first of them is due."""
    tallies = rows.values_list("state").annotate(
        count=Count("pk"), due_since=Min("next_attempt_at")
    )
    return defaultdict(_Tally, {state: _Tally(count, since) for state, count, since in tallies})


def _waited(moment: datetime, tallies: Mapping[str, _Tally]) -> timedelta:
    waits = (moment - tally.due_since for tally in tallies.values() if tally.due_since)
    return max([timedelta(), *waits])
