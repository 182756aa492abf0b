"""From a person's words to a stored concern."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from common.city import city
from common.idempotency import AlreadyInProgress, new_key
from common.limits import TooManyAttempts
from common.network import network_of
from common.throttling import exceeds
from common.words import in_language
from concerns.actions.attaching import count_files
from concerns.errors import Invalid, Stopped, StoreAway
from portal.forms import LookupForm, WordsForm
from portal.hint import candidates
from portal.photographed import PHOTO, at_its_place
from portal.proof import keep
from portal.sending import KEY, Receipt, send
from portal.summary import sections
from portal.views.hint import hint_page
from portal.wizard import HINT, NAMES, STEPS, Walk

UNREAD, REFUSED, BUSY, TOO_MANY, AWAY = 400, 422, 409, 429, 503


@never_cache
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The first page: one question, and the way to a concern that is already there. Its key is for one person."""
    return start_page(request, WordsForm(), [(KEY, new_key())])


def start_page(
    request: HttpRequest, form: forms.Form, hidden: list[tuple[str, str]]
) -> HttpResponse:
    """Draw the first page; `hidden` is what travels with it."""
    context = {
        "form": form,
        "lookup_form": LookupForm(),
        "hidden_fields": [("step", "start"), *hidden],
        "here": "report",
    }
    answered = REFUSED if form.errors else 200
    return render(request, "portal/start.html", context, status=answered)


@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """One step of the report: check it and go on, go back, or go to another; at the end, file."""
    if request.method == "GET":
        return redirect("portal:start")
    walk = walk_of(request)
    go = request.POST.get("go", "next")
    if request.POST.get("step") == "start":
        return begin(request, walk)
    if go == "next" and request.POST.get("step") == HINT:
        return step_page(request, walk, "check")
    if go == "next":
        return go_on(request, walk)
    if go == "back" and walk.step == "what":
        form = WordsForm(initial={"words": walk.data.get("words", "")})
        return start_page(request, form, walk.all_but("words"))
    return towards(request, walk, walk.before(walk.step) if go == "back" else known(go))


def begin(request: HttpRequest, walk: Walk) -> HttpResponse:
    """From the first page to the first step, once there are words."""
    form = WordsForm(request.POST)
    if not form.is_valid():
        return start_page(request, form, walk.all_but("words"))
    return step_page(request, walk, "what")


def again(request: HttpRequest) -> HttpResponse:
    """The page once more as it was sent, with a new token: its own had been thrown away with the cookies."""
    walk = walk_of(request)
    start = request.POST.get("step") == "start"
    form = WordsForm(request.POST) if start else walk.form(walk.step, bound=True)
    words = _(
        "Nothing was sent yet, and nothing you wrote is lost. Please press the button again. If this comes back, "
        "allow cookies for this page."
    )
    form.add_error(None, words)
    response = (
        start_page(request, form, walk.all_but("words"))
        if start
        else step_page(request, walk, walk.step, form)
    )
    response.status_code = UNREAD
    return response


def walk_of(request: HttpRequest) -> Walk:
    return Walk(request.POST, get_language() or settings.LANGUAGE_CODE, request.FILES)


def known(step: str) -> str:
    return step if step in (*STEPS, HINT) else "what"


def towards(request: HttpRequest, walk: Walk, step: str) -> HttpResponse:
    """The page of a step; before the last one, once, what may be known already."""
    asks = step == HINT or (step == "check" and not walk.was_hinted)
    if asks and (found := candidates(walk)):
        return hint_page(request, walk, found)
    return step_page(request, walk, "check" if step == HINT else step)


def go_on(request: HttpRequest, walk: Walk) -> HttpResponse:
    step = walk.step
    if stop := walk.stop(step):
        return stop_page(request, walk, step, stop)
    form = walk.form(step, bound=True)
    if not form.is_valid():
        return step_page(request, walk, step, form)
    if step == "where" and (PHOTO in walk.files or walk.unclear or walk.misplaced):
        return where_again(request, walk, form)
    if step != "check":
        return towards(request, walk, walk.after(step))
    if unfinished := walk.first_unfinished():
        return step_page(request, walk, *unfinished)
    return finish(request, walk)


def where_again(request: HttpRequest, walk: Walk, form: forms.Form) -> HttpResponse:
    """The same step again: with the place of the photo in its fields, the places to choose from, or a refusal."""
    photos = walk.files.getlist(PHOTO)
    if not photos and walk.misplaced:
        return step_page(request, walk, *walk.refused(walk.misplaced))
    if not photos:
        return step_page(request, walk, "where")
    try:
        count_files(network=network_of(request), count=1)
        there, words = at_its_place(walk, photos[0])
    except TooManyAttempts:
        form.add_error(
            PHOTO, _("Many files came from your network today. Please write where it is.")
        )
    except Invalid as refusal:
        form.add_error(PHOTO, str(refusal.message))
    else:
        return step_page(request, there, "where", photo_place=words)
    return step_page(request, walk, "where", form)


def finish(request: HttpRequest, walk: Walk) -> HttpResponse:
    """File the concern; a refusal returns to the step and field it is about, with everything as it was typed."""
    if exceeds(what="filing", who=network_of(request), limit=settings.FILINGS_PER_NETWORK_PER_HOUR):
        words = _("Many concerns came from your network just now. Please try again in an hour.")
        return not_now(request, walk, words, TOO_MANY)
    try:
        count_files(network=network_of(request), count=len(walk.files.getlist("uploads")))
        return thanks(send(walk))
    except (TooManyAttempts, AlreadyInProgress, StoreAway) as why:
        return not_now(request, walk, *why_not(why))
    except Stopped as stop:
        return stop_page(request, walk, "check", stop)
    except Invalid as refusal:
        return step_page(request, walk, *walk.refused(refusal))


def why_not(why: Exception) -> tuple[str, int]:
    if isinstance(why, StoreAway):
        return str(why.message), AWAY
    if isinstance(why, TooManyAttempts):
        words = _("Many files came from your network today. Please send it without files.")
        return words, TOO_MANY
    words = _("We are just taking in what you sent. Please press the button again in a moment.")
    return words, BUSY


def stop_page(request: HttpRequest, walk: Walk, step: str, stop: Stopped) -> HttpResponse:
    """No matter to file here: what to do instead, and whom to turn to. Going back loses nothing."""
    context = {
        "words": stop.message,
        "body": city().body(stop.body),
        "hidden_fields": [("step", step), *walk.all_but()],
        "step": step,
        "here": "report",
    }
    return render(request, "portal/report/stop.html", context, status=REFUSED)


def not_now(request: HttpRequest, walk: Walk, words: str, status: int) -> HttpResponse:
    form = walk.form("check", bound=True)
    form.add_error(None, words)
    return step_page(request, walk, "check", form, status=status)


def thanks(receipt: Receipt) -> HttpResponse:
    response = redirect("portal:done", reference=receipt.reference)
    keep(response, reference=receipt.reference, token=receipt.token)
    return response


def step_page(
    request: HttpRequest,
    walk: Walk,
    step: str,
    form: forms.Form | None = None,
    *,
    status: int = 200,
    photo_place: str = "",
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
        "photo_place": photo_place,
    }
    if step == "check":
        context["sections"] = sections(walk)
    if step == "what":
        context["suggestion"] = suggestion(walk)
    answered = REFUSED if drawn.errors and status == 200 else status  # noqa: PLR2004 - HTTP's own number
    return render(request, f"portal/report/{step}.html", context, status=answered)


def sentence_for(step: str) -> str:
    return in_language(city().privacy_sentence) if step in ("contact", "check") else ""


def suggestion(walk: Walk) -> dict[str, Any] | None:
    """What the words point to, with the reason and what else it may be; the person decides."""
    if not walk.guessed:
        return None
    first, *others = walk.guessed
    return {
        "label": first.category.name,
        "icon": first.category.icon,
        "others": [guess.category.name for guess in others],
        "word": first.word,
    }
