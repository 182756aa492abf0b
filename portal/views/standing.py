"""Where it stands, and what its author can do about it."""

from collections.abc import Callable, Mapping
from typing import Any

import segno
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from concerns.actions.voicing import confirm, object_to_result, rate, withdraw
from concerns.actions.words import reply
from concerns.enums import Direction, MessageKind
from concerns.errors import DomainError
from concerns.publishing import joined_sentence
from concerns.queries.own import Standing, standing
from concerns.references import pin, tracking_token, tracking_url
from portal.forms import NoQuestionForm, RateForm, TextForm
from portal.proof import actor_in
from portal.sentences import course, next_of, state_of

Act = Callable[[int, Mapping[str, Any]], object]

# What a person can do: the form that asks, and the action that does it.
ACTS: Mapping[str, tuple[type[forms.Form], Act]] = {
    "answer": (TextForm, lambda concern_id, said: reply(concern_id=concern_id, text=said["text"])),
    "message": (TextForm, lambda concern_id, said: reply(concern_id=concern_id, text=said["text"])),
    "confirm": (NoQuestionForm, lambda concern_id, _said: confirm(concern_id=concern_id)),
    "object": (
        TextForm,
        lambda concern_id, said: object_to_result(concern_id=concern_id, text=said["text"]),
    ),
    "rate": (
        RateForm,
        lambda concern_id, said: rate(
            concern_id=concern_id, rating=said["rating"], words=said["text"]
        ),
    ),
    "withdraw": (NoQuestionForm, lambda concern_id, _said: withdraw(concern_id=concern_id)),
}


@never_cache
@require_http_methods(["GET", "POST"])
def status(request: HttpRequest, reference: str) -> HttpResponse:
    """The status page; its forms post here and name their act."""
    actor = actor_in(request, reference)
    if request.method == "GET":
        return status_page(request, standing(actor))
    name = request.POST.get("act", "")
    form_class, act = ACTS.get(name, ACTS["message"])
    form = form_class(request.POST, prefix=name)
    if form.is_valid():
        try:
            act(actor.concern_id or 0, form.cleaned_data)
        except DomainError as refusal:
            form.add_error(
                "text" if refusal.field in ("text", "words") else None, str(refusal.message)
            )
        else:
            return redirect("portal:status", reference=reference)
    return status_page(request, standing(actor), refused=(name, form))


def status_page(
    request: HttpRequest, stands: Standing, refused: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    concern, ticket = stands.concern, stands.ticket
    context = {
        "reference": concern.reference,
        "title": ticket.title,
        "state_sentence": state_of(stands),
        "next_sentence": next_of(stands),
        "joined_sentence": joined_sentence(stands.company),
        "question": question_in(stands),
        "messages_shown": shown_messages(stands),
        "course": course(stands.events),
        "own": {"words": concern.words, "filed_at": concern.created_at, "items": own_items(stands)},
        "here": "lookup",
        **act_forms(stands, refused),
    }
    answered = 422 if refused else 200
    return render(request, "portal/status.html", context, status=answered)


def act_forms(stands: Standing, refused: tuple[str, forms.Form] | None) -> dict[str, Any]:
    """A form for everything the person may do now; the refused one as they filled it."""
    may = {
        "answer": stands.must_reply,
        "message": stands.can_reply and not stands.must_reply,
        "confirm": stands.can_confirm,
        "object": stands.can_object,
        "rate": stands.can_rate and stands.concern.rated_at is None,
        "withdraw": stands.can_withdraw,
    }
    drawn = {
        f"{name}_form": ACTS[name][0](prefix=name) if allowed else None
        for name, allowed in may.items()
    }
    if refused:
        drawn |= {f"{refused[0]}_form": refused[1], "form": refused[1]}
    return drawn


def question_in(stands: Standing) -> dict[str, Any] | None:
    """The question that waits for this person's answer."""
    if not stands.must_reply:
        return None
    asked = [
        one
        for one in stands.messages
        if one.kind == MessageKind.QUESTION and one.direction == Direction.OUT
    ]
    return {"text": asked[-1].text, "at": asked[-1].created_at} if asked else None


def shown_messages(stands: Standing) -> list[dict[str, Any]]:
    department = stands.ticket.department
    author = department.name if department else _("The city")
    return [
        {
            "from_city": one.direction == Direction.OUT,
            "author": author,
            "at": one.released_at,
            "text": one.text,
        }
        for one in stands.messages
    ]


def own_items(stands: Standing) -> list[tuple[str, str]]:
    """What was said besides the words: kind and place."""
    concern = stands.concern
    place = concern.address or (concern.district.name if concern.district else "")
    category = concern.category.name if concern.category else ""
    items = [(_("Kind of concern"), category), (_("Place"), place)]
    return [(label, value) for label, value in items if value]


@never_cache
@require_GET
def done(request: HttpRequest, reference: str) -> HttpResponse:
    """Thank you: reference, PIN and link, and what happens next."""
    stands = standing(actor_in(request, reference))
    concern = stands.concern
    link = tracking_url(concern.reference, tracking_token(concern.pk, concern.generation))
    reporter = concern.reporter
    waits = bool(reporter and reporter.has_email and reporter.address_confirmed_at is None)
    context = {
        "reference": concern.reference,
        "pin": pin(concern.pk, concern.generation),
        "tracking_url": reverse("portal:status", args=[concern.reference]),
        "qr_svg": qr_code(link),
        "next_sentence": next_of(stands) or state_of(stands),
        "contact_sentence": contact_sentence(has_email=bool(reporter and reporter.has_email)),
        "awaits_confirmation": waits,
        "here": "report",
    }
    return render(request, "portal/done.html", context)


def qr_code(link: str) -> SafeString:
    """The link as an inline SVG without scripts or styles."""
    drawn = segno.make(link, error="m").svg_inline(
        scale=4, border=2, svgclass="qr__code", lineclass=None
    )
    return SafeString(drawn)  # drawn by us from our own address


def contact_sentence(*, has_email: bool) -> str:
    if has_email:
        return _("We write to you by e-mail when something happens.")
    return _("You left no e-mail address, so please look here from time to time.")
