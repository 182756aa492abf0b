"""Where it stands, and what its author can do about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import segno
from django import forms
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common.actor import Actor
from common.limits import TooManyAttempts
from common.network import network_of
from concerns.actions.attaching import attach, count_files
from concerns.actions.voicing import confirm, object_to_result, rate, withdraw
from concerns.actions.words import reply
from concerns.enums import Direction, MessageKind
from concerns.errors import DomainError
from concerns.models import Message
from concerns.notices.rendering import matter
from concerns.publishing import file_note, joined_sentence
from concerns.queries.files import own_files
from concerns.queries.own import Standing, standing
from concerns.references import pin, tracking_token, tracking_url
from portal.forms import AnswerForm, FilesForm, NoQuestionForm, RateForm, TextForm
from portal.proof import for_author
from portal.sentences import next_of, state_of

Act = Callable[[int, Mapping[str, Any]], object]

# What a person can do: the form that asks, and the action that does it.
ACTS: Mapping[str, tuple[type[forms.Form], Act]] = {
    "answer": (
        AnswerForm,
        lambda concern_id, said: reply(concern_id=concern_id, text=said["text"]),
    ),
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
    "files": (
        FilesForm,
        lambda concern_id, said: attach(
            actor=Actor.citizen(concern_id), concern_id=concern_id, uploads=said["uploads"]
        ),
    ),
    "withdraw": (NoQuestionForm, lambda concern_id, _said: withdraw(concern_id=concern_id)),
}
QUESTION = (MessageKind.QUESTION, Direction.OUT)


@require_http_methods(["GET", "POST"])
@for_author
def status(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """The status page; its forms post here and name their act."""
    if request.method == "GET":
        return status_page(request, standing(actor))
    name = request.POST.get("act", "")
    if name not in ACTS:
        raise BadRequest
    form_class, act = ACTS[name]
    form = form_class(request.POST, request.FILES, prefix=name)
    if form.is_valid():
        try:
            count_files(
                network=network_of(request), count=len(request.FILES.getlist("files-uploads"))
            )
            act(actor.concern_id or 0, form.cleaned_data)
        except TooManyAttempts:
            form.add_error(
                None, _("Many files came from your network today. Please try again tomorrow.")
            )
        except DomainError as refusal:
            form.add_error(field_of(refusal, form), str(refusal.message))
        else:
            return redirect("portal:status", reference=reference)
    return status_page(request, standing(actor), refused=(name, form))


def field_of(refusal: DomainError, form: forms.Form) -> str | None:
    """The field of the form that a refusal is about; None for the form as a whole."""
    name = {"words": "text", "files": "uploads"}.get(refusal.field, refusal.field)
    return name if name in form.fields else None


def as_message(form: forms.Form) -> forms.Form:
    """A refused answer once nothing waits for one any more: what was written stays, as a message."""
    message = TextForm({"message-text": form["text"].value()}, prefix="message")
    for errors in form.errors.values():
        message.add_error(None, errors)
    return message


def status_page(
    request: HttpRequest, stands: Standing, refused: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    concern = stands.concern
    question, answer = question_in(stands), last_word(stands)
    context = {
        "reference": concern.reference,
        # Not the ticket's own title: once joined, that names the place of somebody else.
        "title": matter(concern, stands.ticket),
        "icon": concern.category.icon if concern.category else "",
        "state_sentence": state_of(stands),
        "next_sentence": next_of(stands),
        "joined_sentence": joined_sentence(stands.company),
        "answer_words": answer.text if answer else "",
        "question": question,
        "messages_shown": shown_messages(stands, above={question, answer}),
        "course": stands.course[::-1],
        "own": {"words": concern.words, "filed_at": concern.created_at, "items": own_items(stands)},
        "files": [
            {**row, "note": file_note(row["state"], row["refusal"])}
            for row in own_files(Actor.citizen(concern.pk))
        ],
        "has_contact": concern.author_id is None,
        "here": "lookup",
        **act_forms(stands, refused),
    }
    answered = 422 if refused else 200
    return render(request, "portal/status.html", context, status=answered)


@dataclass(frozen=True, slots=True)
class Untouched:
    """A form nobody has filled in, drawn: it is the same on every page, and drawing it cost more than all else."""

    html: SafeString
    is_multipart: bool
    errors: tuple[()] = ()

    def __str__(self) -> str:
        return self.html


@lru_cache(maxsize=100)
def untouched(name: str, language: str | None) -> Untouched:  # noqa: ARG001 - drawn in the active language
    form = ACTS[name][0](prefix=name)
    return Untouched(form.render(), form.is_multipart())


def act_forms(stands: Standing, refused: tuple[str, forms.Form] | None) -> dict[str, Any]:
    """A form for everything the person may do now; the refused one as they filled it."""
    may = {
        "answer": stands.must_reply,
        "message": stands.can_reply and not stands.must_reply,
        "confirm": stands.can_confirm,
        "object": stands.can_object,
        "rate": stands.can_rate and stands.concern.rated_at is None,
        "files": stands.can_reply,
        "withdraw": stands.can_withdraw,
    }
    drawn: dict[str, Any] = {
        f"{name}_form": untouched(name, get_language()) if allowed else None
        for name, allowed in may.items()
    }
    if refused:
        name, form = refused
        if name == "answer" and not stands.must_reply:
            name, form = "message", as_message(form)
        drawn |= {f"{name}_form": form, "form": form}
    return drawn


def question_in(stands: Standing) -> Message | None:
    """The question that waits for this person's answer."""
    asked = [one for one in stands.messages if (one.kind, one.direction) == QUESTION]
    return asked[-1] if asked and stands.must_reply else None


def last_word(stands: Standing) -> Message | None:
    """The city's answer, as long as nobody has written since."""
    last = stands.messages[-1] if stands.messages else None
    return last if last and last.pk == stands.ticket.answer_message_id else None


def shown_messages(stands: Standing, *, above: set[Message | None]) -> list[dict[str, Any]]:
    """The conversation without what stands above it on the page."""
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
        if one not in above
    ]


def own_items(stands: Standing) -> list[tuple[str, str]]:
    """What was said besides the words: kind and place."""
    concern = stands.concern
    place = concern.address or (concern.district.name if concern.district else "")
    category = concern.category.name if concern.category else ""
    items = [(_("Kind of concern"), category), (_("Place"), place)]
    return [(label, value) for label, value in items if value]


@require_GET
@for_author
def done(request: HttpRequest, actor: Actor, _reference: str) -> HttpResponse:
    """Thank you: reference, PIN and link, and what happens next."""
    stands = standing(actor)
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
    return SafeString(drawn)  # drawn by us from our own address  # nosec B703


def contact_sentence(*, has_email: bool) -> str:
    if has_email:
        return _("We write to you by e-mail when something happens.")
    return _("You left no e-mail address, so please look here from time to time.")
