"""What every page of the workspace needs: who is at it, and their queues with counters."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django_stubs_ext import StrOrPromise

from common.actor import Actor
from concerns.queries.tickets import queue_counts
from departments.queries import actor_for

Rest = ParamSpec("Rest")
LABELS: dict[str, StrOrPromise] = {
    "mine": _("Assigned to me"),
    "department": _("My department"),
    "triage": _("Triage"),
    "waiting": _("Waiting"),
    "due": _("With a deadline"),
    "unanswered": _("Unanswered"),
    "review": _("To review"),
    "approval": _("To approve"),
    "all": _("Everything"),
}
EMPTY: dict[str, StrOrPromise] = {
    "mine": _("Nothing is assigned to you. Look into “My department” and accept a ticket."),
    "department": _("Your department has no open ticket. Well done."),
    "triage": _("Nothing waits for a decision on who is responsible."),
    "waiting": _("Nobody has to answer you and nothing is planned."),
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
    ]


def for_staff(
    view: Callable[Concatenate[HttpRequest, Actor, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """Admit signed-in people only and hand the view the actor they are; never cached."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        return view(request, actor_for(request.user), *args, **kwargs)

    return never_cache(login_required(wrapped))


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
    return render(request, template, {"queues": queues(actor, current), **context}, status=status)
