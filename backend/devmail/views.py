"""The mails of a trial, for anybody who can reach it; hence 404 unless it is one and keeps its mails."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from backend.devmail import mails

# A mail's HTML comes from outside: no scripts, no requests, only its own colours, and only inside our page.
MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    return render(request, "devmail/list.html", {"mails": mails.newest(_sink())})


@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "devmail/mail.html", {"mail": _read(name)})


@require_safe
@xframe_options_sameorigin
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, shown by the mail's page in a frame."""
    del request
    response = HttpResponse(_read(name).html)
    response["Content-Security-Policy"] = MAIL_POLICY
    return response


def _sink() -> Path:
    folder: Path | None = getattr(settings, "MAIL_SINK", None)
    if not settings.DEMO or folder is None:
        raise Http404
    return folder


def _read(name: str) -> mails.KeptMail:
    try:
        return mails.read(_sink(), name)
    except FileNotFoundError:
        raise Http404 from None
