"""What people meet who may not, or not yet, come to a page of the workspace."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from workspace import drafts

NO_CONTENT = 204


def shown_the_door(request: HttpRequest) -> HttpResponse:
    """To the sign-in and from there back; what was typed is kept. What a page asks by itself (htmx) disturbs nobody."""
    if "HX-Request" in request.headers:
        return HttpResponse(status=NO_CONTENT)
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    if drafts.keep(request):
        words = _("Your session has ended. Nothing was sent; what you typed is kept for an hour.")
    else:
        words = _("Your session has ended. Nothing was sent, and what you typed could not be kept.")
    messages.warning(request, words)
    return redirect_to_login(page_again(request))


def led_to_second_factor(request: HttpRequest) -> HttpResponse:
    words = _(
        "You see personal data here, so a password alone is not enough. Please set up a second factor."
    )
    messages.info(request, words)
    return redirect(f"{reverse('mfa_activate_totp')}?{urlencode({'next': page_again(request)})}")


def form_again(request: HttpRequest) -> HttpResponse | None:
    """The page of a form whose token is out of date, with what was typed; None where nothing is kept.

    Tokens change with every sign-in: the form stood in one window while its person signed in again in another. Of the
    pages of signing in nothing is kept.
    """
    match = request.resolver_match
    ours = match is not None and match.app_name == "workspace"
    return redirect(page_again(request)) if ours and drafts.keep(request) else None


def page_again(request: HttpRequest) -> str:
    """Where to come back to; to a form, with the version it was drawn for: what changed since will be said."""
    if request.method != "POST":
        return request.get_full_path()
    page = drafts.page_of(request)
    query = QueryDict(page.query, mutable=True)
    if version := request.POST.get("version"):
        query["version"] = version
    return f"{page.path}?{query.urlencode()}" if query else page.path
