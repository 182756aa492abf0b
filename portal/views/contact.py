"""One's own contact data: seen, changed, and whether mails are wanted."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.actor import Actor
from concerns.actions.own_contact import change_own_contact
from concerns.errors import DomainError
from concerns.parsing import CONTACT_FIELDS
from concerns.queries.contact import OwnContact, own_contact
from portal.forms import OwnContactForm
from portal.proof import for_author

REFUSED = 422


@require_http_methods(["GET", "POST"])
@for_author
def show(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """The form with what is known; looking at it stands in the view log like any other look."""
    if request.method == "GET":
        known = own_contact(actor)
        return contact_page(request, reference, form_with(known), known.tag)
    form = OwnContactForm(request.POST)
    seen = request.POST.get("seen", "")
    if form.is_valid():
        said = form.cleaned_data
        contact = {name: said[name] for name in CONTACT_FIELDS}
        try:
            change_own_contact(
                actor=actor,
                concern_id=actor.concern_id or 0,
                contact=contact,
                wants_mail=said["wants_mail"],
                seen=seen,
            )
        except DomainError as refusal:
            name = refusal.field.rpartition(".")[2]
            form.add_error(name if name in form.fields else None, str(refusal.message))
        else:
            messages.success(request, _("Your contact data have been changed."))
            return redirect("portal:status", reference=reference)
    return contact_page(request, reference, form, seen, status=REFUSED)


def form_with(known: OwnContact) -> OwnContactForm:
    return OwnContactForm(initial={**known.contact, "wants_mail": known.wants_mail})


def contact_page(
    request: HttpRequest, reference: str, form: OwnContactForm, seen: str, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "reference": reference, "seen": seen, "here": "lookup"}
    return render(request, "portal/contact.html", context, status=status)
