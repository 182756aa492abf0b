"""Figures for Prometheus: requests as they are answered, everything else read at the moment somebody asks.

Labels hold names of routes, methods, states and channels: never an id, a path or a word of anybody. Where several
processes serve (gunicorn), each writes its counts into PROMETHEUS_MULTIPROC_DIR and any of them tells the sum.
"""

import os
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from backend.monitoring import readiness
from common.migrated import missing_migrations
from concerns.enums import OPEN_STATES
from concerns.models import Ticket
from notifications.queries import backlog
from privacy.retention import due_for_erasure

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
COUNTED = CollectorRegistry()
REQUESTS = Counter(
    "sachstand_http_requests",
    "Requests answered",
    ["method", "route", "status"],
    registry=COUNTED,
)
DURATION = Histogram(
    "sachstand_http_request_seconds",
    "Time until an answer was ready",
    ["route"],
    registry=COUNTED,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def count_request(*, method: str, route: str, status: int, seconds: float) -> None:
    """`method` is one of METHODS or "other": each value of a label is a series that stays."""
    REQUESTS.labels(method, route, str(status)).inc()
    DURATION.labels(route).observe(seconds)


def exposition() -> bytes:
    """All figures in the text format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(Standing())
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # registers itself
        return generate_latest(registry)
    return generate_latest(COUNTED) + generate_latest(registry)


class Standing(Collector):
    """How things stand now; a database that does not answer leaves its figures out and says so."""

    def collect(self) -> Iterator[Metric]:
        yield from broker_figures()
        try:
            found = list(database_figures())
        except readiness.UNREACHABLE:
            found = []
        yield gauge("sachstand_database_up", "Whether the database answers", int(bool(found)))
        yield from found


def gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def gauges(name: str, words: str, label: str, values: dict[str, float]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def broker_figures() -> Iterator[Metric]:
    length = queue_length()
    yield gauge("sachstand_broker_up", "Whether the broker answers", int(length is not None))
    if length is not None:
        yield gauge("sachstand_broker_queue_length", "Rings no worker has taken yet", length)


def queue_length() -> int | None:
    try:
        with readiness.broker_connection() as line:
            return int(line.llen(settings.CELERY_TASK_DEFAULT_QUEUE))
    except (RedisError, OSError, ValueError):
        return None


def database_figures() -> Iterator[Metric]:
    """Ten statements, however much there is: each reads the few rows that wait."""
    missing = len(missing_migrations())
    yield gauge("sachstand_migrations_missing", "Migrations the database has not seen", missing)
    if missing:
        return
    yield from post_figures()
    due = due_for_erasure().count()
    yield gauge("sachstand_erasures_due", "Discarded tickets to be erased today", due)
    opened = Ticket.objects.filter(state__in=OPEN_STATES).values_list("state")
    counts = dict(opened.annotate(count=Count("pk")).order_by())
    yield gauges(
        "sachstand_tickets_open",
        "Tickets the city works on",
        "state",
        {state.value: counts.get(state.value, 0) for state in OPEN_STATES},
    )


def post_figures() -> Iterator[Metric]:
    post = backlog()
    waiting: dict[str, float] = {
        "envelopes_pending": post.envelopes_pending,
        "envelopes_dead": post.envelopes_dead,
        "deliveries_pending": post.deliveries_pending,
        "deliveries_held": post.deliveries_held,
        "deliveries_dead": post.deliveries_dead,
        "deliveries_failed": post.deliveries_failed,
    }
    yield gauges(
        "sachstand_post", "Envelopes and deliveries by what became of them", "what", waiting
    )
    ages = {
        "envelope": post.oldest_envelope.total_seconds(),
        "delivery": post.oldest_delivery.total_seconds(),
    }
    yield gauges(
        "sachstand_post_oldest_seconds", "How long the oldest post has been due", "what", ages
    )
    paused: dict[str, float] = dict.fromkeys(post.paused_channels, 1)
    yield gauges("sachstand_channel_paused", "Channels whose other end is away", "channel", paused)
