"""How often one may ask, told with every answer (draft-ietf-httpapi-ratelimit-headers); open while Valkey is down."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.models import ApiKey
from common.network import network_of
from common.throttling import counted, seconds_left

if TYPE_CHECKING:
    # rest_framework.views reads the settings that name this module.
    from rest_framework.views import APIView

MINUTE, HOUR = 60, 3600
FILING = "filing"


@dataclass(frozen=True, slots=True)
class Quota:
    """So many requests of `who` in a window of so many seconds."""

    what: str
    who: str
    limit: int
    window: int = MINUTE


class RateLimit(BaseThrottle):
    """Each API key has a limit of its own, so has each person signed in, so has each network of those unknown.

    Who is unknown also files only so often an hour (views whose `throttle_scope` is "filing"): who comes with a key or
    signed in can be spoken to, and a chatbot files for a whole city.
    """

    def allow_request(self, request: Request, view: "APIView") -> bool:
        self.wait_seconds = 0
        policies, limits = [], []
        for quota in quotas_of(request, view):
            count = counted(what=quota.what, who=quota.who, window_seconds=quota.window)
            if count is None:
                break  # Nobody shall wait twice for a cache that does not answer.
            left, soon = max(quota.limit - count, 0), seconds_left(quota.window)
            policies.append(f'"{quota.what}";q={quota.limit};w={quota.window}')
            limits.append(f'"{quota.what}";r={left};t={soon}')
            if count > quota.limit:
                self.wait_seconds = max(self.wait_seconds, soon)
        if limits:
            view.headers["RateLimit-Policy"] = ", ".join(policies)
            view.headers["RateLimit"] = ", ".join(limits)
        return not self.wait_seconds

    def wait(self) -> float:
        return self.wait_seconds


def quotas_of(request: Request, view: "APIView") -> Iterator[Quota]:
    """The narrowest last."""
    if isinstance(request.auth, ApiKey):
        yield Quota("key", str(request.auth.pk), request.auth.requests_per_minute)
    elif request.user.is_authenticated:
        yield Quota("person", str(request.user.pk), settings.REQUESTS_PER_MINUTE_PER_PERSON)
    else:
        network = network_of(request._request)  # noqa: SLF001 - DRF's name for Django's request
        yield Quota("network", network, settings.REQUESTS_PER_MINUTE_PER_NETWORK)
        if getattr(view, "throttle_scope", "") == FILING:
            yield Quota(FILING, network, settings.FILINGS_PER_NETWORK_PER_HOUR, HOUR)
