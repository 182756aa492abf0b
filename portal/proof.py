"""How a browser keeps proof that a concern is mine: a cookie of its own, sent to that concern's pages alone.

It holds the tracking token for as long as the browser is open. There is no session and no account.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from accounts.models import User
from accounts.queries import lacks_second_factor
from common.actor import Actor
from concerns.errors import NotFound
from concerns.parsing import CONTACT_FIELDS
from concerns.queries.authored import author_of
from concerns.queries.own import proven
from concerns.references import BadReference
from departments.queries import actor_for
from portal.forms import LookupForm

COOKIE = "concern"
FORBIDDEN = 403
# request, actor, reference and whatever else the address holds
OwnView = Callable[..., HttpResponseBase]


def keep(response: HttpResponse, *, reference: str, token: str) -> None:
    """Let this browser show the concern's pages until it is closed."""
    response.set_cookie(
        COOKIE,
        token,
        path=reverse("portal:status", args=[reference]),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def for_author(view: OwnView) -> OwnView:
    """Admit the author of the concern only, by the cookie; never cached.

    Whoever has no proof, or no longer, is asked for the PIN, whether the concern exists or not.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, reference: str, **more: Any) -> HttpResponseBase:
        try:
            actor = author(request, reference)
        except (NotFound, BadReference):
            return asked_for_pin(request, reference)
        return view(request, actor, reference, **more)

    return never_cache(wrapped)


def author(request: HttpRequest, reference: str) -> Actor:
    """The concern's author by this browser's cookie; the author of an internal one by being signed in."""
    token = request.COOKIES.get(COOKIE, "")
    try:
        return proven(reference=reference, token=token)
    except NotFound:
        if not request.COOKIES.get(settings.SESSION_COOKIE_NAME):
            raise
        user = request.user
        if not isinstance(user, User) or lacks_second_factor(user):
            raise
        return author_of(actor_for(user), reference)


def asked_for_pin(request: HttpRequest, reference: str) -> HttpResponse:
    """To the page that takes reference and PIN; what somebody wrote stays in sight, messages and contact data."""
    if request.method != "POST":
        return redirect(f"{reverse('portal:lookup')}?{urlencode({'reference': reference})}")
    written = [
        text
        for name in request.POST
        if name.endswith("-text") or name in CONTACT_FIELDS
        if (text := request.POST[name])
    ]
    context = {
        "form": LookupForm(initial={"reference": reference}),
        "kept": written,
        "here": "lookup",
    }
    return render(request, "portal/lookup.html", context, status=FORBIDDEN)
