"""How often one network may file: counted in Valkey, and open without it — no concern must be lost to a counter."""

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from common.clock import now
from common.idempotency import hashed_client
from common.network import network_of

if TYPE_CHECKING:
    # rest_framework.views reads the settings that name this module.
    from rest_framework.views import APIView

WINDOW_SECONDS = 3600
SCOPE = "filing"
log = logging.getLogger(__name__)


class FilingThrottle(BaseThrottle):
    """Limits views whose `throttle_scope` is "filing", for everybody without a name of their own.

    Who comes with an API key or signed in is known and can be spoken to; a chatbot files for a whole city.
    """

    def allow_request(self, request: Request, view: "APIView") -> bool:
        if getattr(view, "throttle_scope", "") != SCOPE or request.user.is_authenticated:
            return True
        limit: int = settings.FILINGS_PER_NETWORK_PER_HOUR
        count = counted(network_of(request._request))  # noqa: SLF001 - DRF's name for Django's request
        left = max(limit - count, 0)
        view.headers["RateLimit-Policy"] = f'"{SCOPE}";q={limit};w={WINDOW_SECONDS}'
        view.headers["RateLimit"] = f'"{SCOPE}";r={left};t={seconds_left()}'
        return count <= limit

    def wait(self) -> float:
        return seconds_left()


def counted(network: str) -> int:
    """How often this network filed in the running hour, this time included; 0 when nobody can count."""
    key = f"{SCOPE}:{hashed_client(network)}:{window()}"
    try:
        cache.add(key, 0, timeout=WINDOW_SECONDS)
        return cache.incr(key)
    except (RedisError, OSError, ValueError):
        # ValueError: the count is not there, because it ran out this moment or nothing keeps it (no REDIS_URL).
        log.warning("filing is not limited: the cache does not answer")
        return 0


def window() -> int:
    return int(now().timestamp()) // WINDOW_SECONDS


def seconds_left() -> int:
    return WINDOW_SECONDS - int(now().timestamp()) % WINDOW_SECONDS
