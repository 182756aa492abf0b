"""How a browser keeps proof that a concern is mine: a cookie of its own, sent to that concern's pages alone.

It holds the tracking token for as long as the browser is open. There is no session and no account.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from common.actor import Actor
from concerns.queries.own import proven

COOKIE = "concern"


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


def actor_in(request: HttpRequest, reference: str) -> Actor:
    """The author of the concern, by the cookie. Raises NotFound or BadReference."""
    return proven(reference=reference, token=request.COOKIES.get(COOKIE, ""))
