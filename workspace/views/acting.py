"""Doing something to a ticket: ask for what the act needs, say what it will do to whom, do it once."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.actor import Actor
from concerns.actions.by_verb import BY_VERB
from concerns.actions.contact import correct_contact
from concerns.actions.joining import detach_concern, split
from concerns.actions.screening import mark_spam, unmark_spam
from concerns.enums import Verb
from concerns.errors import Conflict, DomainError, NotAllowed, NotFound
from concerns.models import Ticket
from concerns.queries.placements import company, ticket_id_of
from concerns.queries.visible import ticket_for
from workspace import presenting
from workspace.desk import for_staff, page
from workspace.forms import FORMS, ActForm, ContactForm, SplitForm
from workspace.labels import BUTTONS, consequence

Do = Callable[[Mapping[str, Any]], object]


@require_http_methods(["GET", "POST"])
@for_staff
def act(request: HttpRequest, actor: Actor, ticket_id: int, verb: str) -> HttpResponse:
    """One act on a ticket, by its verb in the address."""
    chosen = verb_named(verb, BY_VERB)
    version = version_in(request)

    def do(said: Mapping[str, Any]) -> object:
        return BY_VERB[chosen](actor, ticket_id, version, said)

    return answer(request, actor, ticket_id, chosen, FORMS.get(chosen, ActForm), do)


@require_http_methods(["GET", "POST"])
@for_staff
def act_on_concern(request: HttpRequest, actor: Actor, concern_id: int, verb: str) -> HttpResponse:
    """One act on a concern: its ticket's rights decide."""
    acts: dict[Verb, tuple[type[ActForm], Do]] = {
        Verb.SPLIT: (SplitForm, lambda said: split(actor=actor, concern_id=concern_id, **said)),
        Verb.MARK_SPAM: (ActForm, lambda _said: mark_spam(actor=actor, concern_id=concern_id)),
        Verb.UNMARK_SPAM: (ActForm, lambda _said: unmark_spam(actor=actor, concern_id=concern_id)),
        Verb.DETACH: (ActForm, lambda _said: detach_concern(actor=actor, concern_id=concern_id)),
        Verb.CORRECT_CONTACT: (
            ContactForm,
            lambda said: correct_contact(actor=actor, concern_id=concern_id, contact=said),
        ),
    }
    chosen = verb_named(verb, acts)
    form_class, do = acts[chosen]
    return answer(request, actor, ticket_id_of(concern_id), chosen, form_class, do)


def verb_named(text: str, known: Mapping[Verb, object]) -> Verb:
    code = text.replace("-", "_")
    if code not in Verb.values or Verb(code) not in known:
        raise Http404
    return Verb(code)


def version_in(request: HttpRequest) -> int | None:
    """The version the page was made from; a page always carries one."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() else None


def answer(
    request: HttpRequest,
    actor: Actor,
    ticket_id: int,
    verb: Verb,
    form_class: type[ActForm],
    do: Do,
) -> HttpResponse:
    """Draw the form, or do the act and return to the ticket; what was refused keeps the input."""
    ticket = ticket_for(actor, ticket_id)
    if request.method == "GET":
        return act_page(request, actor, ticket, verb, form_class(ticket=ticket))
    form = form_class(request.POST, ticket=ticket)
    if not form.is_valid():
        return act_page(request, actor, ticket, verb, form, status=422)
    try:
        do(form.cleaned_data)
    except (NotFound, NotAllowed):
        raise
    except Conflict as conflict:
        return conflict_page(request, actor, ticket, verb, form, str(conflict.message))
    except DomainError as refusal:
        form.add_error(
            refusal.field if refusal.field in form.fields else None, str(refusal.message)
        )
        return act_page(request, actor, ticket, verb, form, status=409)
    return back(actor, ticket)


def back(actor: Actor, ticket: Ticket) -> HttpResponse:
    """To the ticket, or to the queue if this person no longer sees it."""
    try:
        ticket_for(actor, ticket.pk)
    except NotFound:
        return redirect("workspace:queue")
    return redirect(presenting.url_of(ticket))


def act_page(
    request: HttpRequest,
    actor: Actor,
    ticket: Ticket,
    verb: Verb,
    form: forms.Form,
    *,
    status: int = 200,
) -> HttpResponse:
    return page(
        request, actor, "workspace/action.html", context_of(ticket, verb, form), status=status
    )


def context_of(ticket: Ticket, verb: Verb, form: forms.Form) -> dict[str, Any]:
    answer_message = ticket.answer_message
    return {
        "ticket": {
            "title": ticket.title,
            "url": presenting.url_of(ticket),
            "state_sentence": presenting.state_sentence(ticket),
        },
        "action": {"code": verb.value, "label": BUTTONS[verb], "explanation": ""},
        "consequence": consequence(verb, company(ticket)),
        "preview": answer_message.text if verb == Verb.APPROVE and answer_message else "",
        "form": form,
        "version": ticket.version,
    }


def conflict_page(
    request: HttpRequest, actor: Actor, ticket: Ticket, verb: Verb, form: ActForm, said: str
) -> HttpResponse:
    """Somebody else was faster: nothing was saved, the input stands in the form, which has the new version now."""
    last = ticket.events.order_by("-sequence").first()
    happened = _("Last: %(what)s.") % {"what": Verb(last.verb).label} if last else ""
    context = context_of(ticket, verb, form) | {
        "changed": f"{said} {happened}",
        "still_possible": True,
        "kept": [
            (form.fields[name].label, value)
            for name, value in form.cleaned_data.items()
            if name in form.fields
        ],
    }
    return page(request, actor, "workspace/conflict.html", context, status=409)
