"""The page of a partner: one ticket, opened by the link it was mailed, without an account.

The link opens nothing once the wait is over: then the page says so and names whom to call.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from common.actor import Actor
from common.downloads import handed_out
from concerns.actions.referring import partner_word, report_back
from concerns.enums import FileState, Reported
from concerns.errors import DomainError, NotFound
from concerns.models import Referral
from concerns.queries.files import attachment_for, content_of, files_on
from concerns.references import referral_matches
from portal.forms import PartnerForm

GONE, INVALID = 410, 422
PartnerView = Callable[..., HttpResponseBase]


def for_partner(view: PartnerView) -> PartnerView:
    """Admit who has the link of a referral; NotFound for any other, and a page that says so once the wait is over."""

    @wraps(view)
    def wrapped(request: HttpRequest, key: UUID, token: str, **more: Any) -> HttpResponseBase:
        found = Referral.objects.filter(key=key).first()
        if found is None or not referral_matches(found.pk, token):
            raise NotFound
        related = ("partner", "note", "ticket__category", "ticket__department")
        referral = Referral.objects.select_related(*related).open().filter(pk=found.pk).first()
        if referral is None:
            return render(request, "portal/referral_over.html", status=GONE)
        return view(request, referral, token, **more)

    return never_cache(wrapped)


@require_http_methods(["GET", "POST"])
@for_partner
def show(request: HttpRequest, referral: Referral, token: str) -> HttpResponse:
    """What the city asks of the partner, and its answer."""
    form = PartnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer(referral, form)
        except DomainError as refusal:
            known = refusal.field if refusal.field in form.fields else None
            form.add_error(known, str(refusal.message))
        else:
            return answered(request, referral, token, form)
    return shown(request, referral, token, form)


def answer(referral: Referral, form: PartnerForm) -> None:
    actor = Actor.partner(referral.ticket_id)
    said, text = form.cleaned_data["said"], form.cleaned_data["text"]
    if said in Reported.values:
        report_back(actor=actor, ticket_id=referral.ticket_id, text=text, reported=said)
    else:
        date = form.cleaned_data["date"] if said == PartnerForm.DATE else None
        partner_word(actor=actor, ticket_id=referral.ticket_id, text=text, date=date)


def answered(
    request: HttpRequest, referral: Referral, token: str, form: PartnerForm
) -> HttpResponse:
    """Thanks; what ends the wait closes the link with it, so that page is shown at once."""
    if form.cleaned_data["said"] in Reported.values:
        return render(request, "portal/referral_thanks.html", {"referral": referral})
    address = reverse("portal:referral", args=[referral.key, token])
    return redirect(f"{address}?thanks=1")


def shown(request: HttpRequest, referral: Referral, token: str, form: PartnerForm) -> HttpResponse:
    ticket = referral.ticket
    files = files_on(Actor.partner(ticket.pk), ticket.pk) if referral.with_files else []
    context = {
        "referral": referral,
        "ticket": ticket,
        "token": token,
        "form": form,
        "thanks": "thanks" in request.GET and not form.is_bound,
        "files": [one for one in files if one["state"] == FileState.READY],
    }
    return render(request, "portal/referral.html", context, status=INVALID if form.errors else 200)


@require_GET
@for_partner
def file(request: HttpRequest, referral: Referral, token: str, file_id: UUID) -> FileResponse:  # noqa: ARG001 - proven by for_partner
    """A file that goes along, to be saved; a photo with `?size=` to be shown."""
    actor = Actor.partner(referral.ticket_id)
    found = attachment_for(actor, file_id, ticket_id=referral.ticket_id)
    size = request.GET.get("size", "")
    content = content_of(found, size=size)
    return handed_out(content, name=found.name, media_type=found.media_type, drawn=bool(size))
