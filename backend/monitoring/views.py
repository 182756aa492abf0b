"""Three addresses for machines: /healthz, /readyz, /metrics."""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from backend.monitoring import metrics
from backend.monitoring.readiness import checks

NOT_READY = 503


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process lives and answers; asks nothing else, so that a database that is away restarts nobody."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """What works and what does not; details for those who hold the token. `?exclude=queue` leaves a check out."""
    taken = checks(request.GET.getlist("exclude"))
    ready = all(check.ready for check in taken)
    told: dict[str, object] = {
        "ready": ready,
        "checks": {check.name: "ok" if check.ready else "failing" for check in taken},
    }
    if holds_token(request):
        told["details"] = {check.name: check.detail for check in taken if check.detail}
    return JsonResponse(told, status=200 if ready else NOT_READY)


@never_cache
@require_safe
def show_metrics(request: HttpRequest) -> HttpResponse:
    """Not there for whoever does not hold the token."""
    if not holds_token(request):
        raise Http404
    return HttpResponse(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)


def holds_token(request: HttpRequest) -> bool:
    expected = f"Bearer {settings.METRICS_TOKEN}".encode()
    given = request.headers.get("Authorization", "").encode("utf-8", "replace")
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given, expected)
