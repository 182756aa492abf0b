"""Ringing Celery's doorbells without ever making a person wait for the broker.

Rows are the truth, a ring only saves time: what nobody rang for, the sweep finds. So a bell that was rung and not yet
heard need not ring again: whoever hears it finds all there is. A thousand letters at once are a few rings.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from celery import Celery, Signature
from kombu import Connection, Producer
from kombu.exceptions import KombuError
from kombu.pools import producers
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from redis import Redis

logger = logging.getLogger(__name__)

# Seconds. The worker's own connections wait longer, so the bells keep connections of their own:
# with the worker's settings a broker that is down holds a request for 6 s (kombu retries the
# connection on its own account), one that hangs for 5 s.
PATIENCE = 1
IMPATIENT = {"max_retries": 0, "socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
# Seconds after which nobody relies on a ring any more: its message may be lost. As often as the sweep comes.
TRUSTED = 30
AWAY = (KombuError, RedisError, OSError)


def ring(bell: "Signature[None]", *, about: str) -> bool:
    """Ask a worker to run a task soon; whether the broker took it. Never raises for its absence.

    `about` names, for the log, what the sweep will find instead.
    """
    try:
        with _broker(bell.app) as (producer, broker):
            if broker.set(_mark(bell), 1, nx=True, ex=TRUSTED):
                bell.apply_async(producer=producer, retry=False)
    except AWAY:
        logger.warning("post office: broker unreachable, the sweep will find %s", about)
        return False
    return True


def heard(bell: "Signature[None]") -> None:
    """To be said before looking what there is to do: what comes from now on rings anew."""
    try:
        with _broker(bell.app) as (_producer, broker):
            broker.delete(_mark(bell))
    except AWAY:
        logger.warning("post office: broker unreachable, a bell is believed unheard")


def _mark(bell: "Signature[None]") -> str:
    return f"bell:{bell.task}"


@contextmanager
def _broker(app: Celery) -> Iterator[tuple[Producer, "Redis"]]:
    connection = _connection(app, app.conf.broker_write_url)
    with (
        producers[connection].acquire(block=True, timeout=PATIENCE) as producer,
        producer.channel.conn_or_acquire() as broker,
    ):
        yield producer, broker


@lru_cache
def _connection(app: Celery, _url: str) -> Connection:
    return app.connection_for_write(transport_options=IMPATIENT)
