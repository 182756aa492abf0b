"""Pages of words from the city's own data."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from common.city import city

TITLES = {
    "accessibility": _("Accessibility"),
    "plain-language": _("Plain language"),
    "sign-language": _("Sign language"),
    "privacy": _("Privacy"),
    "imprint": _("Imprint"),
    "languages": _("Languages"),
}


@require_GET
def text(request: HttpRequest, page: str) -> HttpResponse:
    """One of the pages the footer links to."""
    if page not in TITLES:
        raise Http404
    context = {"page": page, "page_title": TITLES[page], "text": city().text(page)}
    return render(request, "portal/text.html", context)
