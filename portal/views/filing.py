"""From a person's words to a stored concern."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from common.actor import Actor
from common.city import city
from common.network import network_of
from common.throttling import exceeds
from common.words import in_language
from concerns.actions.filing import Filed, file_concern
from concerns.errors import Invalid
from concerns.references import tracking_token
from portal.forms import LookupForm, WordsForm
from portal.proof import keep
from portal.summary import sections
from portal.wizard import NAMES, STEPS, Walk, place_of_refusal


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The first page: one question, and the way to a concern that is already there."""
    return start_page(request, WordsForm())


def start_page(request: HttpRequest, form: forms.Form) -> HttpResponse:
    context = {
        "form": form,
        "lookup_form": LookupForm(),
        "hidden_fields": [("step", "start")],
        "here": "report",
    }
    return render(request, "portal/start.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """One step of the report: check it and go on, go back, or go to another; at the end, file."""
    if request.method == "GET":
        return redirect("portal:start")
    if request.POST.get("step") == "start":
        form = WordsForm(request.POST)
        return (
            step_page(request, walk_of(request), "what")
            if form.is_valid()
            else start_page(request, form)
        )
    walk = walk_of(request)
    go = request.POST.get("go", "next")
    if go == "next":
        return go_on(request, walk)
    if go == "back" and walk.step == "what":
        return start_page(request, WordsForm(initial={"words": walk.data.get("words", "")}))
    return step_page(request, walk, walk.before(walk.step) if go == "back" else known(go))


def walk_of(request: HttpRequest) -> Walk:
    return Walk(request.POST, get_language() or "de")


def known(step: str) -> str:
    return step if step in STEPS else "what"


def go_on(request: HttpRequest, walk: Walk) -> HttpResponse:
    step = walk.step
    form = walk.form(step, bound=True)
    if not form.is_valid():
        return step_page(request, walk, step, form)
    if step != "check":
        return step_page(request, walk, walk.after(step))
    if unfinished := walk.first_unfinished():
        return step_page(request, walk, *unfinished)
    return send(request, walk)


def send(request: HttpRequest, walk: Walk) -> HttpResponse:
    """File the concern; a refusal returns to the step and field it is about, with everything as it was typed."""
    if exceeds(what="filing", who=network_of(request), limit=settings.FILINGS_PER_NETWORK_PER_HOUR):
        form = walk.form("check", bound=True)
        form.add_error(
            None, _("Many concerns came from your network just now. Please try again in an hour.")
        )
        return step_page(request, walk, "check", form, status=429)
    try:
        filed = file_concern(actor=Actor.anonymous(), filing=walk.filing())
    except Invalid as refusal:
        step, name = place_of_refusal(refusal.field)
        form = walk.form(step, bound=True)
        form.is_valid()
        form.add_error(name if name in form.fields else None, str(refusal.message))
        return step_page(request, walk, step, form)
    return thanks(filed)


def thanks(filed: Filed) -> HttpResponse:
    reference = filed.concern.reference
    response = redirect("portal:done", reference=reference)
    keep(
        response,
        reference=reference,
        token=tracking_token(filed.concern.pk, filed.concern.generation),
    )
    return response


def step_page(
    request: HttpRequest,
    walk: Walk,
    step: str,
    form: forms.Form | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Draw a step, with its form as checked or as filled before."""
    drawn = form or walk.form(step, bound=False)
    steps = walk.steps
    context = {
        "form": drawn,
        "step": step,
        "step_number": steps.index(step) + 1 if step in steps else 1,
        "step_total": len(steps),
        "step_name": NAMES[step],
        "hidden_fields": walk.hidden(step),
        "privacy_sentence": sentence_for(step),
    }
    if step == "check":
        context["sections"] = sections(walk)
    if step == "what":
        context["suggestion"] = suggestion(walk)
    answered = 422 if drawn.errors and status == 200 else status  # noqa: PLR2004 - HTTP's own numbers
    return render(request, f"portal/report/{step}.html", context, status=answered)


def sentence_for(step: str) -> str:
    return in_language(city().privacy_sentence) if step in ("contact", "check") else ""


def suggestion(walk: Walk) -> dict[str, str] | None:
    """What the words point to, with the reason; the person decides."""
    guessed = walk.guessed()
    if not guessed:
        return None
    reason = _("You wrote “%(word)s”. If something else fits better, please choose it below.")
    return {"label": guessed[0].category.name, "reason": reason % {"word": guessed[0].word}}
