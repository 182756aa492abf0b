"""The page that asks whether a matter is known already."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from concerns.queries.similar import Similar
from portal.hint import shown
from portal.wizard import HINT, SAME, UNLIKE, Walk


def hint_page(request: HttpRequest, walk: Walk, found: Sequence[Similar]) -> HttpResponse:
    context = {
        "matters": [shown(one) for one in found],
        "same": SAME,
        "unlike": UNLIKE,
        "hidden_fields": [("step", HINT), *walk.all_but(SAME)],
    }
    return render(request, "portal/report/hint.html", context)
