"""Being away: who stands in from when until when, being back, and taking over what a colleague has."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from common.actor import Actor
from common.clock import today
from concerns.actions import absences
from concerns.errors import DomainError
from departments.queries import absences_known_to, works_for
from workspace.desk import for_staff, page
from workspace.forms.absences import AbsenceForm, TakeOverForm

INVALID = 422
MOST_NAMED = 20


@require_http_methods(["GET", "POST"])
@for_staff
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who is away and who stands in; announcing an absence."""
    form = AbsenceForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            away = absences.announce_absence(actor=actor, **form.cleaned_data)
        except DomainError as refusal:
            put_into(form, refusal)
        else:
            words = _("%(deputy)s stands in for %(person)s.")
            messages.success(
                request, words % {"deputy": away.deputy.name, "person": away.user.name}
            )
            return redirect("workspace:absences")
    return shown(request, actor, form, TakeOverForm(actor=actor, prefix="take"))


@for_staff
@require_POST
def end(request: HttpRequest, actor: Actor, absence_id: int) -> HttpResponse:
    absences.end_absence(actor=actor, absence_id=absence_id)
    messages.success(request, _("The absence has ended."))
    return redirect("workspace:absences")


@for_staff
@require_POST
def take_over(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All open tickets of a colleague go to somebody else; what could not is named."""
    form = TakeOverForm(request.POST, actor=actor, prefix="take")
    if form.is_valid():
        holder, new = form.cleaned_data["holder_id"], form.cleaned_data["new_id"]
        try:
            done = absences.take_over(actor=actor, user_id=holder, new_id=new)
        except DomainError as refusal:
            put_into(form, refusal)
        else:
            tell(request, done)
            return redirect("workspace:absences")
    return shown(request, actor, AbsenceForm(actor=actor), form)


def tell(request: HttpRequest, done: absences.TakenOver) -> None:
    count = done.taken
    if count:
        words = ngettext("%(count)d ticket taken over.", "%(count)d tickets taken over.", count)
        messages.success(request, words % {"count": count})
    if done.left:
        named = ", ".join(f"#{pk}" for pk in done.left[:MOST_NAMED])
        words = _("These could not be given to that person, who may not work there: %(tickets)s")
        more = " …" if len(done.left) > MOST_NAMED else ""
        messages.warning(request, words % {"tickets": named} + more)
    if not count and not done.left:
        messages.info(request, _("There was no open ticket to take over."))


def put_into(form: forms.Form, refusal: DomainError) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))


def shown(
    request: HttpRequest, actor: Actor, form: AbsenceForm, taking: TakeOverForm
) -> HttpResponse:
    led = set(works_for(actor).values_list("user", flat=True)) | {actor.user_id}
    known = [
        {"absence": one, "can_end": one.user_id in led, "is_now": one.starts <= today()}
        for one in absences_known_to(actor)
    ]
    context = {"absences": known, "form": form, "taking": taking, "works": bool(actor.grants)}
    status = INVALID if form.errors or taking.errors else 200
    return page(
        request, actor, "workspace/absences.html", context, current="absences", status=status
    )
