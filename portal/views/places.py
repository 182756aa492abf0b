"""Places people may mean, while they type."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from common.network import network_of
from common.throttling import exceeds
from geography.queries import find_addresses

LONGEST_QUESTION = 100
TOO_MANY = 429


@require_GET
def suggest(request: HttpRequest) -> JsonResponse:
    """`?q=`: labels of the gazetteer's entries that fit, the likeliest first; none for one network's flood."""
    network = network_of(request)
    if exceeds(what="places", who=network, limit=settings.PLACES_PER_NETWORK_PER_HOUR):
        return JsonResponse({"places": []}, status=TOO_MANY)
    found = find_addresses(request.GET.get("q", "")[:LONGEST_QUESTION])
    return JsonResponse({"places": [one.label for one in found]})
