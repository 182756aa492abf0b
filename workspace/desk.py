"""What every page of the workspace needs: who is at it, and their queues with counters."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django_stubs_ext import StrOrPromise

from accounts.models import User
from accounts.queries import lacks_second_factor
from common.actor import Actor
from common.forms import filled_with
from concerns.errors import DomainError
from concerns.queries.tickets import queue_counts
from departments.enums import Capability
from departments.queries import actor_for
from workspace import drafts
from workspace.door import led_to_second_factor, shown_the_door

Rest = ParamSpec("Rest")
REFUSED = 409
BACK = _("Your session had ended. What you typed is here again; nothing has been sent yet.")
LABELS: dict[str, StrOrPromise] = {
    "mine": _("Assigned to me"),
    "standing_in": _("Standing in"),
    "department": _("My department"),
    "triage": _("Triage"),
    "waiting": _("Waiting"),
    "follow_up": _("Follow-ups"),
    "due": _("With a deadline"),
    "unanswered": _("Unanswered"),
    "review": _("To review"),
    "approval": _("To approve"),
    "all": _("Everything"),
}
# Other pages, by the name of their address.
PAGES: dict[str, StrOrPromise] = {
    "new": _("New concern"),
    "own": _("Reported by me"),
    "absences": _("Absence and deputies"),
}
ADMIN_PAGES: dict[str, StrOrPromise] = {
    "members": _("People and duties"),
    "categories": _("Categories"),
    "rules": _("Routing rules"),
    "deliveries": _("Deliveries"),
}
EMPTY: dict[str, StrOrPromise] = {
    "mine": _("Nothing is assigned to you. Look into “My department” and accept a ticket."),
    "standing_in": _("Those you stand in for have no open ticket."),
    "department": _("Your department has no open ticket. Well done."),
    "triage": _("Nothing waits for a decision on who is responsible."),
    "waiting": _("Nobody has to answer you and nothing is planned."),
    "follow_up": _("Nothing comes up again today."),
    "due": _("No deadline runs."),
    "unanswered": _("Every message has been answered."),
    "review": _("No objection waits for a decision."),
    "approval": _("No answer waits for approval."),
    "all": _("There is no ticket that you may see."),
}


@dataclass(frozen=True, slots=True)
class QueueLink:
    key: str
    label: StrOrPromise
    count: int | None
    url: str
    current: bool


def queues(actor: Actor, current: str = "") -> list[QueueLink]:
    """The queues at the left, with how much stands in each (one statement)."""
    counts = queue_counts(actor)
    return [
        QueueLink(
            key,
            label,
            counts.get(key),
            reverse("workspace:named-queue", args=[key]),
            key == current,
        )
        for key, label in LABELS.items()
        if key != "standing_in" or actor.stands_in_for or key == current
    ]


def pages(actor: Actor, current: str = "") -> list[QueueLink]:
    """What stands below the queues: what everybody has, and what only administrators need."""
    shown = [*PAGES.items(), *(ADMIN_PAGES.items() if actor.has(Capability.ADMIN) else ())]
    return [
        QueueLink(key, label, None, reverse(f"workspace:{key}"), key == current)
        for key, label in shown
    ]


def for_staff(
    view: Callable[Concatenate[HttpRequest, Actor, Rest], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """Admit people who have proven all we ask for, and hand the view the actor they are; never cached."""

    @wraps(view)
    def wrapped(
        request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs
    ) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User):
            return shown_the_door(request)
        if lacks_second_factor(user):
            return led_to_second_factor(request)
        typed = drafts.typed_before(request, user.ref_id)
        if typed is not None:
            messages.warning(request, BACK)
        actor = actor_for(user)
        try:
            with filled_with(typed):
                response = view(request, actor, *args, **kwargs)
        except DomainError as refusal:
            if typed is None:
                raise
            response = draft_to_copy(request, actor, typed, refusal)
        drafts.remember_person(response, user.ref_id)
        return response

    return never_cache(wrapped)


def is_said(text: str) -> bool:
    """Whether somebody would miss it: no empty field, no number of a choice."""
    return bool(text) and not text.isdigit()


def draft_to_copy(
    request: HttpRequest, actor: Actor, typed: MultiValueDict[str, str], refusal: DomainError
) -> HttpResponse:
    """What somebody wanted became impossible while they were away: what they wrote is there to be copied."""
    said = [text for _name, texts in typed.lists() for text in texts if is_said(text)]
    context = {"refusal": refusal.message, "said": said}
    return page(request, actor, "workspace/draft.html", context, status=REFUSED)


def page(
    request: HttpRequest,
    actor: Actor,
    template: str,
    context: dict[str, Any],
    *,
    current: str = "",
    status: int = 200,
) -> HttpResponse:
    """A page of the workspace with its queues."""
    frame = {"queues": queues(actor, current), "pages": pages(actor, current)}
    return render(request, template, {**frame, **context}, status=status)
