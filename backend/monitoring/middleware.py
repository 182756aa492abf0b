"""Outermost of all: names every request, counts it, and writes one line about it."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from backend.monitoring.metrics import METHODS, count_request
from common import request_id

HEADER = "X-Request-ID"
# Asked every few seconds by machines: only their failures are worth a line.
PROBES = frozenset({"healthz", "readyz", "metrics", "static"})
FAILED = 400
log = logging.getLogger(__name__)


class Observed:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        with request_id.named(request.headers.get(HEADER, "")) as name:
            response = self.get_response(request)
            response[HEADER] = name
            note(request, response.status_code, time.monotonic() - began)
        return response


def note(request: HttpRequest, status: int, seconds: float) -> None:
    route = route_of(request)
    method = request.method if request.method in METHODS else "other"
    count_request(method=method, route=route, status=status, seconds=seconds)
    if route in PROBES and status < FAILED:
        return
    said = {
        "method": method,
        "route": route,
        "status": status,
        "duration_ms": round(seconds * 1000),
    }
    if actor := actor_of(request):
        said["actor"] = actor
    log.info("%(method)s %(route)s %(status)d in %(duration_ms)d ms", said, extra={"fields": said})


def actor_of(request: HttpRequest) -> str:
    """The reference of who was signed in, where the request asked for it anyway; no statement for it."""
    user = getattr(request, "user", None)
    loaded = vars(user).get("_wrapped", user) if user is not None else None
    return str(getattr(loaded, "ref_id", ""))


def route_of(request: HttpRequest) -> str:
    """The name of what was asked for, never its path: paths hold tokens, and whatever a stranger typed."""
    if request.resolver_match is not None:
        return request.resolver_match.view_name or "unnamed"
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"
