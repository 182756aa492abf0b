"""Counting what costs us, not what guards a secret: in the cache, and open when the cache is down.

A citizen's concern must be taken even when Valkey is not there; what protects proofs counts in the database
(common/limits.py). Windows begin for everybody at once, so that one can be told when the next one does.
"""

import logging
from functools import cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from common.clock import now
from common.idempotency import hashed_client

log = logging.getLogger(__name__)
HOUR = 3600
PATIENCE = 1


def exceeds(*, what: str, who: str, limit: int, window_seconds: int = HOUR) -> bool:
    """Count one and say whether `who` is over `limit` in this window; never, when nobody can count."""
    return (counted(what=what, who=who, window_seconds=window_seconds) or 0) > limit


def counted(*, what: str, who: str, window_seconds: int = HOUR) -> int | None:
    """How often it was `who` in this window, this time included; None when nobody can count."""
    window = int(now().timestamp()) // window_seconds
    key = f"throttle:{what}:{hashed_client(who)}:{window}"
    try:
        both = counters(settings.REDIS_URL).pipeline(transaction=False)
        both.incr(key)
        both.expire(key, window_seconds, nx=True)
        return int(both.execute()[0])
    except (RedisError, OSError, ValueError) as fault:
        # ValueError: nothing keeps the count (no REDIS_URL).
        log.warning("%s: not limited, the cache does not answer (%s)", what, type(fault).__name__)
        return None


@cache
def counters(url: str) -> Redis:
    """The server that counts; nobody waits longer than a second for it. Raises ValueError without a URL."""
    return Redis.from_url(
        url,
        socket_connect_timeout=PATIENCE,
        socket_timeout=PATIENCE,
        retry=Retry(NoBackoff(), retries=0),
    )


def seconds_left(window_seconds: int = HOUR) -> int:
    """Until the next window begins."""
    return window_seconds - int(now().timestamp()) % window_seconds
