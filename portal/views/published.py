"""What is known already: published matters as a list, and following one."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from common.idempotency import new_key
from common.network import network_of
from common.paging import Order, Place, page_of
from common.throttling import exceeds
from concerns.errors import DomainError
from concerns.queries.public import (
    STATES,
    matching,
    one_published,
    rows_of,
    ticket_published_as,
)
from geography.queries import districts
from portal.forms import FollowForm
from portal.matters import matter
from portal.sending import KEY, follow
from portal.views.filing import REFUSED, TOO_MANY, thanks

NEWEST = Order([F("id")], falling=True)
ROWS = 30
MOST_DIGITS = 18


class FilterForm(forms.Form):
    """District and state; anything else is looked for with the browser."""

    # Nothing of it has to be filled in, which need not be said of every field.
    is_filter = True

    district = forms.ChoiceField(label=_("District"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = districts()
        areas = [("", _("the whole city")), *((one.key, one.name) for one in known)]
        states = [("", _("all")), *((one.value, one.label) for one in STATES)]
        self.fields["district"].choices = areas  # type: ignore[attr-defined]
        self.drawn_roughly = any(one.schematic for one in known)
        self.fields["state"].choices = states  # type: ignore[attr-defined]


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The newest matters first; a filter nobody offers shows all."""
    form = FilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = page_of(rows_of(matching(**asked)), NEWEST, size=ROWS, place=place_in(request))
    context = {
        "filter_form": form,
        "matters": [matter(dict(row)) for row in found.rows],
        "next_url": link(request, "before", found.following),
        "previous_url": link(request, "after", found.previous),
        "here": "published",
    }
    return render(request, "portal/published.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """One matter, and following it: «me too», with reference and PIN of one's own."""
    row = one_published(key)
    form = FollowForm(request.POST or None)
    if request.method == "GET":
        return matter_page(request, row, form, new_key())
    status = REFUSED
    if exceeds(what="filing", who=network_of(request), limit=settings.FILINGS_PER_NETWORK_PER_HOUR):
        words = _("Many concerns came from your network just now. Please try again in an hour.")
        form.add_error(None, words)
        status = TOO_MANY
    elif form.is_valid():
        try:
            return thanks(
                follow(
                    request.POST,
                    ticket_id=ticket_published_as(key),
                    email=form.cleaned_data["email"],
                    language=get_language() or settings.LANGUAGE_CODE,
                )
            )
        except DomainError as refusal:
            name = refusal.field.rpartition(".")[2]
            form.add_error(name if name in form.fields else None, str(refusal.message))
    return matter_page(request, row, form, request.POST.get(KEY, ""), status=status)


def matter_page(
    request: HttpRequest, row: dict[str, Any], form: FollowForm, key: str, *, status: int = 200
) -> HttpResponse:
    context = {
        "matter": matter(row),
        "form": form,
        "hidden_fields": [(KEY, key)],
        "here": "published",
    }
    return render(request, "portal/published_one.html", context, status=status)


def place_in(request: HttpRequest) -> Place | None:
    """Where the page begins: behind («before») or in front of («after») a row; the start for what is no row."""
    for name in ("before", "after"):
        text = request.GET.get(name, "")
        if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
            return Place((int(text),), back=name == "after")
    return None


def link(request: HttpRequest, name: str, place: Place | None) -> str:
    if place is None:
        return ""
    parameters = request.GET.copy()
    for other in ("before", "after"):
        parameters.pop(other, None)
    parameters[name] = str(place.keys[0])
    return f"?{parameters.urlencode()}"
