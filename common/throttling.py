"""Counting what costs us, not what guards a secret: in the cache, and open when the cache is down.

A citizen's concern must be taken even when Valkey is not there; what protects proofs counts in the database
(common/limits.py).
"""

import hashlib
import logging

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
HOUR = 3600


def exceeds(*, what: str, who: str, limit: int, window_seconds: int = HOUR) -> bool:
    """Count one and say whether `who` is over `limit` in this window; never, when the cache cannot be reached."""
    key = f"throttle:{what}:{hashlib.sha256(who.encode()).hexdigest()}"
    try:
        cache.add(key, 0, timeout=window_seconds)
        return int(cache.incr(key)) > limit
    except ValueError:
        return False  # the window ended between the two calls
    except (RedisError, OSError) as fault:
        log.warning(
            "throttle of %s is open: the cache cannot be reached (%s)", what, type(fault).__name__
        )
        return False
