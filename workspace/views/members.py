"""People and what they may do, for administrators of their departments."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from common.actor import Actor
from concerns.actions import people
from concerns.errors import DomainError, NotAllowed, NotFound
from concerns.parsing import UNSTORABLE
from concerns.queries.placements import assigned_to
from departments.enums import Capability
from departments.queries import staff_of
from workspace.desk import for_staff, page
from workspace.forms.members import DutyForm, NewcomerForm

INVALID = 422
ROWS = 200


@require_GET
@for_staff
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everybody this administrator is in charge of, and those who have no duty anywhere."""
    words = UNSTORABLE.sub("", request.GET.get("words", "")).strip()
    found = list(staff_of(administered(actor), words)[: ROWS + 1])
    context = {"people": found[:ROWS], "more": len(found) > ROWS, "words": words}
    return page(request, actor, "workspace/members.html", context, current="members")


@require_http_methods(["GET", "POST"])
@for_staff
def add(request: HttpRequest, actor: Actor) -> HttpResponse:
    """An account for somebody new; they choose their password by mail."""
    administered(actor)
    form = NewcomerForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        done = tried(form, lambda: people.take_on(actor=actor, **form.cleaned_data))
        if isinstance(done, User):
            words = _(
                "%(name)s can sign in now: with “I have forgotten my password” they choose one."
            )
            messages.success(request, words % {"name": done.name})
            return redirect("workspace:member", user_id=done.pk)
    status = INVALID if form.errors else 200
    return page(request, actor, "workspace/member_add.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@for_staff
def one(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """One person: their duties, another one, and closing the account."""
    person = staff_of(administered(actor)).filter(pk=user_id).first()
    if person is None:
        raise NotFound
    form = DutyForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        done = tried(
            form, lambda: people.appoint(actor=actor, user_id=user_id, **form.cleaned_data)
        )
        if done is not None:
            return redirect("workspace:member", user_id=user_id)
    context = {"person": person, "form": form, "tickets": assigned_to(user_id)}
    status = INVALID if form.errors else 200
    return page(request, actor, "workspace/member.html", context, status=status)


def tried(form: forms.Form, act: Callable[[], object]) -> object | None:
    """What the action gives back, or None with its refusal in the form."""
    try:
        return act()
    except DomainError as refusal:
        name = refusal.field.rpartition(".")[2]
        form.add_error(name if name in form.fields else None, str(refusal.message))
        return None


@require_POST
@for_staff
def dismiss(request: HttpRequest, actor: Actor, user_id: int, membership_id: int) -> HttpResponse:
    administered(actor)
    try:
        people.dismiss(actor=actor, membership_id=membership_id)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    return redirect("workspace:member", user_id=user_id)


@require_POST
@for_staff
def close(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Close an account; what the person had goes back to their departments."""
    released = people.deactivate_user(actor=actor, user_id=user_id)
    words = _("The account is closed. Tickets released to their departments: %(count)d.")
    messages.success(request, words % {"count": len(released)})
    return redirect("workspace:members")


@require_POST
@for_staff
def reopen(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    people.readmit_user(actor=actor, user_id=user_id)
    messages.success(request, _("The account is open again."))
    return redirect("workspace:member", user_id=user_id)


def administered(actor: Actor) -> frozenset[int]:
    """The departments this person administers; NotAllowed without any."""
    mine = actor.departments([Capability.ADMIN])
    if not mine:
        raise NotAllowed
    return mine
