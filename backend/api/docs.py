"""/api/docs/: the description for people, as a page of ours — readable without JavaScript, and nobody else's code."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.enums import Scope
from backend.api.kinds import KINDS, REMEDIES, TITLES
from backend.api.reference import Section, marked, sections_of
from backend.api.schema import described

# The texts of the description are written in one language; the page around them is in the reader's.
WRITTEN_IN = "en"


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """How to begin, every operation, every problem."""
    context = {
        "sections": sections(),
        "reference": reference(get_language() or settings.LANGUAGE_CODE),
        "problems": problems(),
        "scopes": [{"code": scope.value, "label": scope.label} for scope in Scope],
        "root": f"{settings.PUBLIC_URL}/api/v1/",
    }
    return render(request, "api/docs.html", context)


@lru_cache(maxsize=1)
def sections() -> list[Section]:
    return sections_of(described(WRITTEN_IN))


@lru_cache(maxsize=len(settings.LANGUAGES))
def reference(language: str) -> SafeString:  # noqa: ARG001 - drawn in the active language, once for each
    """The long part of the page; it changes with the code alone."""
    return render_to_string("api/reference.html", {"sections": sections()})


def problems() -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "status": status,
            "title": TITLES[code],
            "remedy": marked(str(REMEDIES[code])),
        }
        for code, status in KINDS.items()
    ]
