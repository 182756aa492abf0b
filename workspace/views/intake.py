"""Filing by an employee: what somebody says on the phone, and their own internal matters."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from common.actor import Actor
from common.city import city
from common.idempotency import Answer, Once, answer_once, fingerprint, key_of_ours, new_key
from concerns.actions.filing import Filed, Filing, file_concern
from concerns.errors import Invalid, NotFound, Stopped
from concerns.forms import DetailsForm
from concerns.queries.authored import authored_by, filed_by
from concerns.queries.categories import choosable
from concerns.queries.visible import ticket_for
from concerns.references import pin
from workspace.desk import for_staff, page
from workspace.forms.intake import IntakeForm
from workspace.presenting.glance import url_of
from workspace.views.known import BACK, SAME, known_near, known_page, ticket_said

INVALID, SEE_OTHER = 422, 303
JUST_FILED = "just-filed"
HEADINGS = {
    False: gettext_lazy("The concern has been filed"),
    True: gettext_lazy("The concern was added to a known matter"),
}
APART = gettext_lazy("It could not be added to the ticket you chose. It has one of its own.")


@require_http_methods(["GET", "POST"])
@for_staff
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form; once a category with questions is chosen it comes again with them, then it is filed."""
    form = IntakeForm(request.POST or None, categories=choosable(actor))
    details = DetailsForm(request.POST or None, questions=form.questions)
    if request.method == "GET" or BACK in request.POST:
        return intake_page(request, actor, form, details, status=200)
    asked = request.POST.get("asked", "") == form.asks
    valid = form.is_valid()
    answered = asked and details.is_valid()
    if stop := form.redirected or (details.stop if asked else None):
        return intake_page(request, actor, form, details, stop=stop)
    if not asked:
        # Questions that were not on the page yet cannot have been answered wrongly.
        unanswered = DetailsForm(questions=form.questions)
        return intake_page(request, actor, form, unanswered, status=200 if valid else INVALID)
    if not (valid and answered):
        return intake_page(request, actor, form, details)
    filing = form.filing(details.answers, get_language() or "")
    if SAME not in request.POST and (found := known_near(actor, filing, form.chosen)):
        return known_page(request, actor, filing, found)
    return filed(request, actor, form, details, filing)


def filed(
    request: HttpRequest, actor: Actor, form: IntakeForm, details: DetailsForm, filing: Filing
) -> HttpResponse:
    """File it once, however often the button is pressed, where they said it belongs."""
    onto = ticket_said(request)
    try:
        answer = answer_once(
            once_of(request, actor),
            lambda: answer_for(file_concern(actor=actor, filing=filing, onto=onto), onto),
        )
    except Stopped as stop:
        return intake_page(request, actor, form, details, stop=stop)
    except Invalid as refusal:
        head, _dot, name = refusal.field.rpartition(".")
        field = {"place": "address", "description": "words"}.get(head or name, name)
        form.add_error(field if field in form.fields else None, str(refusal.message))
        return intake_page(request, actor, form, details, status=INVALID)
    request.session[JUST_FILED] = answer.filling["concern_id"]
    if answer.filling.get("apart"):
        messages.info(request, APART)
    return redirect("workspace:filed")


def answer_for(done: Filed, onto: int | None) -> Answer:
    apart = onto is not None and done.ticket.pk != onto
    return Answer(SEE_OTHER, {}, {"concern_id": done.concern.pk, "apart": apart})


def once_of(request: HttpRequest, actor: Actor) -> Once:
    steering = {"csrfmiddlewaretoken", "asked"}
    said = sorted((name, values) for name, values in request.POST.lists() if name not in steering)
    content = fingerprint("POST", request.path, json.dumps(said).encode())
    key = f"{key_of_ours(request.POST.get('once', ''))}:{content}"
    return Once(client=f"user:{actor.user_id}", key=key, fingerprint=content)


def intake_page(
    request: HttpRequest,
    actor: Actor,
    form: IntakeForm,
    details: DetailsForm,
    *,
    stop: Stopped | None = None,
    status: int = INVALID,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "details": details,
        "asked": form.asks,
        "once": request.POST.get("once", "") or new_key(),
        "stop": stop,
        "body": city().body(stop.body) if stop else None,
    }
    return page(request, actor, "workspace/new.html", context, current="new", status=status)


@require_GET
@for_staff
def done(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What to tell the person: reference and PIN, once, to whoever has just filed it."""
    concern = filed_by(actor, request.session.get(JUST_FILED))
    if concern is None:
        return redirect("workspace:new")
    context = {
        "heading": HEADINGS[concern.is_added],
        "reference": concern.reference,
        "pin": pin(concern.pk, concern.generation) if concern.author_id is None else "",
        "ticket_url": ticket_url(actor, concern.placed_on),
    }
    return page(request, actor, "workspace/filed.html", context)


def ticket_url(actor: Actor, ticket_id: int) -> str:
    """Where the ticket stands, if this person may see it."""
    try:
        return url_of(ticket_for(actor, ticket_id))
    except NotFound:
        return ""


@require_GET
@for_staff
def own(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What this employee has reported themselves, and where it stands."""
    context = {"concerns": authored_by(actor)}
    return page(request, actor, "workspace/own.html", context, current="own")
