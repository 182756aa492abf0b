"""Pages of words from the city's own data."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from common.city import city
from common.idempotency import new_key
from portal.forms import BarrierForm
from portal.sending import KEY

TITLES = {
    "accessibility": _("Accessibility"),
    "plain-language": _("Plain language"),
    "sign-language": _("Sign language"),
    "privacy": _("Privacy"),
    "imprint": _("Imprint"),
    "languages": _("Languages"),
}


@never_cache
@require_GET
def text(request: HttpRequest, page: str) -> HttpResponse:
    """One of the pages the footer links to."""
    if page not in TITLES:
        raise Http404
    context = {"page": page, "page_title": TITLES[page], "text": city().text(page)}
    if page == "accessibility":
        context |= barrier_form()
    return render(request, "portal/text.html", context)


def barrier_form() -> dict[str, Any]:
    """The first words of a report about a barrier; what follows are the report's own steps."""
    hidden = [("step", "start"), (KEY, new_key())]
    if category := city().accessibility_category:
        hidden.append(("category", category))
    return {"form": BarrierForm(), "hidden_fields": hidden}
