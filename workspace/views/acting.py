"""Doing something to a ticket: ask for what the act needs, say what it will do to whom, do it once."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.actor import Actor
from concerns.actions.by_verb import BY_VERB, Act, On
from concerns.actions.foretelling import OUTLOOKS
from concerns.actions.proving import Proof
from concerns.enums import Verb
from concerns.errors import Conflict, DomainError, NotAllowed, NotFound
from concerns.queries.contact import contact_on
from concerns.queries.placements import ticket_id_of
from concerns.queries.visible import ticket_for
from workspace.desk import for_staff, page
from workspace.forms import ActForm
from workspace.presenting.deed import Deed, context_of, is_offered, must_be_offered, news_since
from workspace.presenting.glance import url_of
from workspace.presenting.preview import preview

INVALID, REFUSED, FORBIDDEN = 422, 409, 403
# The name of the button that asks for it.
PREVIEW = "preview"


@require_http_methods(["GET", "POST"])
@for_staff
def act(request: HttpRequest, actor: Actor, ticket_id: int, verb: str) -> HttpResponse:
    """One act on a ticket, by its verb in the address."""
    chosen = act_named("ticket_id", verb)
    return answer(request, Deed(actor, ticket_for(actor, ticket_id), chosen, ticket_id))


@require_http_methods(["GET", "POST"])
@for_staff
def act_on_concern(request: HttpRequest, actor: Actor, concern_id: int, verb: str) -> HttpResponse:
    """One act on a concern: its ticket's rights decide."""
    chosen = act_named("concern_id", verb)
    ticket = ticket_for(actor, ticket_id_of(concern_id))
    return answer(request, Deed(actor, ticket, chosen, pk=concern_id, concern_id=concern_id))


def act_named(on: On, slug: str) -> Act:
    chosen = BY_VERB.get((on, slug.replace("-", "_")))
    if chosen is None:
        raise Http404
    return chosen


def version_in(request: HttpRequest) -> int | None:
    """The version of the ticket that the person decided on: a form carries it, or the link that led to the form."""
    given = request.POST.get("version") or request.GET.get("version", "")
    # Longer than any version; beyond 4,300 digits Python refuses to read a number.
    return int(given[:20]) if given.isascii() and given.isdigit() else None


def answer(request: HttpRequest, deed: Deed) -> HttpResponse:
    """Draw the form, show what it would write, or do it and return to the ticket; what was refused keeps the input."""
    if request.method == "GET":
        must_be_offered(deed)
        return first_page(request, deed)
    form = deed.form(request.POST)
    if not form.is_valid():
        return act_page(request, deed, form, status=INVALID)
    try:
        return wanted(request, deed, form)
    except NotFound:
        raise
    except NotAllowed as refusal:
        if not form.fields:
            raise
        return conflict_page(request, deed, form, refusal, status=FORBIDDEN)
    except Conflict as conflict:
        return conflict_page(request, deed, form, conflict, status=REFUSED)
    except DomainError as refusal:
        form.add_error(field_of(refusal, form), str(refusal.message))
        return act_page(request, deed, form, status=REFUSED)


def wanted(request: HttpRequest, deed: Deed, form: ActForm) -> HttpResponse:
    if PREVIEW in request.POST:
        return preview_page(request, deed, form)
    result = deed.do(form, version_in(request))
    return proof_page(request, deed, result) if isinstance(result, Proof) else back(deed)


def preview_page(request: HttpRequest, deed: Deed, form: ActForm) -> HttpResponse:
    """The form as it was filled, with the letters it would send; nothing has been done."""
    if deed.verb not in OUTLOOKS:
        raise NotFound
    must_be_offered(deed)
    version = version_in(request)
    context = context_of(deed, form, version or deed.ticket.version) | {
        "preview": preview(deed.foretell(form, version))
    }
    return page(request, deed.actor, "workspace/action.html", context)


def proof_page(request: HttpRequest, deed: Deed, proof: Proof) -> HttpResponse:
    """The new reference and PIN, this once; asking again would be another act, on a version that is gone."""
    context = {
        "heading": _("The link and the PIN are new"),
        "reference": proof.reference,
        "pin": proof.pin,
        "ticket_url": url_of(deed.ticket),
    }
    return page(request, deed.actor, "workspace/filed.html", context)


def field_of(refusal: DomainError, form: ActForm) -> str | None:
    """The field of the form that a refusal is about («contact.email»: email); None for the form as a whole."""
    name = refusal.field.rpartition(".")[2]
    name = "lat" if name == "place" else name
    return name if name in form.fields else None


def first_page(request: HttpRequest, deed: Deed) -> HttpResponse:
    """The empty form, or what is there to be corrected; what changed since the person looked is said at once."""
    # A link that leads here may name the other ticket already.
    known = {name: request.GET[name] for name in ("lead", "other") if name in request.GET}
    if deed.verb == Verb.CORRECT_CONTACT and deed.concern_id is not None:
        known = contact_on(deed.actor, deed.ticket, deed.concern_id, purpose="correction")
    context = context_of(deed, deed.form(initial=known), deed.ticket.version)
    seen = version_in(request)
    if seen is not None and seen != deed.ticket.version:
        context["changed"] = news_since(deed.ticket)
    return page(request, deed.actor, "workspace/action.html", context)


def act_page(request: HttpRequest, deed: Deed, form: ActForm, *, status: int) -> HttpResponse:
    """The form again. It keeps the version it came with: a change meanwhile still has to be noticed."""
    version = version_in(request) or deed.ticket.version
    return page(
        request,
        deed.actor,
        "workspace/action.html",
        context_of(deed, form, version),
        status=status,
    )


def conflict_page(
    request: HttpRequest, deed: Deed, form: ActForm, refusal: DomainError, *, status: int
) -> HttpResponse:
    """Somebody else was faster: nothing was saved, the input stands in the form, which has the new version now."""
    now = deed.on(ticket_for(deed.actor, deed.ticket.pk))
    kept = [(form.fields[name].label, form[name].value()) for name in form.fields]
    context = context_of(now, form, now.ticket.version) | {
        "changed": f"{refusal.message} {news_since(now.ticket)}",
        "still_possible": is_offered(now),
        "kept": kept,
    }
    return page(request, deed.actor, "workspace/conflict.html", context, status=status)


def back(deed: Deed) -> HttpResponse:
    """To the ticket, or to the queue if this person no longer sees it."""
    return redirect(url_of(deed.ticket) if still_seen(deed) else "workspace:queue")


def still_seen(deed: Deed) -> bool:
    try:
        ticket_for(deed.actor, deed.ticket.pk)
    except NotFound:
        return False
    return True
