"""Proving that a concern is mine: by link, by reference and PIN; and that an address is mine."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from common.limits import TooManyAttempts
from common.network import network_of
from concerns.actions.contact import confirm_address
from concerns.actions.proving import prove
from concerns.errors import Invalid, NotFound
from concerns.models import Concern
from concerns.queries.own import own_concern, proven_by_confirmation
from concerns.references import normalise, tracking_token
from portal.forms import LookupForm
from portal.proof import keep
from portal.sentences import sentence_of


@never_cache
@require_http_methods(["GET", "POST"])
def lookup(request: HttpRequest) -> HttpResponse:
    """Reference and PIN; attempts are counted with those of every other door."""
    asked = {"reference": request.GET.get("reference", "")[:60]}
    form = LookupForm(request.POST or None, initial=asked)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            return admitted(request, form.cleaned_data["reference"], form.cleaned_data["pin"])
        except TooManyAttempts:
            status = 429
            form.add_error(
                None,
                _("There were too many attempts. Please try again in an hour, or use your link."),
            )
        except NotFound:
            form.add_error(None, _("Reference and PIN do not belong together. Please check both."))
        except Invalid as refusal:
            form.add_error("reference", str(refusal.message))
    if form.errors and status == 200:  # noqa: PLR2004 - HTTP's own number
        status = 422
    return render(request, "portal/lookup.html", {"form": form, "here": "lookup"}, status=status)


def admitted(request: HttpRequest, reference: str, pin: str) -> HttpResponse:
    actor = prove(reference=reference, pin=pin, network=network_of(request))
    return shown(own_concern(actor))


def shown(concern: Concern) -> HttpResponse:
    """To the status page, with the proof in a cookie instead of the address."""
    response = redirect("portal:status", reference=concern.reference)
    keep(
        response, reference=concern.reference, token=tracking_token(concern.pk, concern.generation)
    )
    return response


@never_cache
@require_GET
def enter(request: HttpRequest, reference: str, token: str) -> HttpResponse:
    """The link in a mail, letter or QR code."""
    return shown(own_concern(prove(reference=reference, token=token, network=network_of(request))))


@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, reference: str, token: str) -> HttpResponse:
    """Confirm an e-mail address with a press of the button: a program that tries links must not."""
    actor = proven_by_confirmation(reference=reference, token=token)
    if request.method == "GET":
        return render(request, "portal/confirm.html", {"reference": normalise(reference)})
    concern = confirm_address(concern_id=actor.concern_id or 0, token=token)
    context = {
        "reference": concern.reference,
        "tracking_url": reverse("portal:status", args=[concern.reference]),
        "state_sentence": sentence_of(actor),
    }
    response = render(request, "portal/confirmed.html", context)
    keep(
        response, reference=concern.reference, token=tracking_token(concern.pk, concern.generation)
    )
    return response
