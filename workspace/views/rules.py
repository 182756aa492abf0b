"""The routing rules: which hold, which held, and drafts that can be tried before they hold."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.actor import Actor
from common.city_files import CityDataRefused
from common.clock import city_zone, now
from concerns.actions.rule_sets import (
    OPEN,
    activate_rules,
    change_draft,
    checked,
    draft_rules,
    rules_in,
)
from concerns.enums import RuleSetState
from concerns.models import RuleSet
from concerns.queries.past import filed_in, past_matters, rules_in_force
from concerns.queries.rule_sets import rule_set, rule_sets
from concerns.simulation import simulate
from departments.queries import administers_city
from workspace.desk import for_staff, page
from workspace.forms.rules import RuleSetForm
from workspace.presenting.simulation import shown

INVALID = 422
# So many are tried while a person waits; `manage.py simulate_rules` tries all.
MOST_TRIED = 5_000
# Of the number of a set.
LONGEST_NUMBER = 9
TRY, ACTIVATE = "try", "activate"


@require_GET
@for_staff
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    context = {"sets": rule_sets(actor)}
    return page(request, actor, "workspace/rules.html", context, current="rules")


@require_POST
@for_staff
def draft(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A draft that begins as a copy of another set."""
    said = request.POST.get("number", "")
    copied = rule_set(actor, int(said) if said.isdecimal() and len(said) < LONGEST_NUMBER else 0)
    words = _("Copy of set %(number)s") % {"number": copied.number}
    made = draft_rules(actor=actor, source=copied.source, note=words)
    return redirect("workspace:rule-set", number=made.number)


@require_http_methods(["GET", "POST"])
@for_staff
def one(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One set. A draft can be changed, tried and put in force; one that was replaced can be put in force again."""
    found = rule_set(actor, number)
    if found.state not in OPEN or not administers_city(actor):
        return kept(request, actor, found)
    form = RuleSetForm(request.POST or None, initial={"note": found.note, "source": found.source})
    context: dict[str, Any] = {"form": form, "set": found}
    if request.method == "POST" and form.is_valid():
        said, go = form.cleaned_data, request.POST.get("go")
        found = change_draft(actor=actor, number=number, source=said["source"], note=said["note"])
        context["set"] = found
        try:
            if go == ACTIVATE:
                return activated(request, actor, found, said["valid_from"])
            context["found"] = tried(found.source, said["days"]) if go == TRY else None
            checked(found.source)
        except CityDataRefused as refusal:
            form.add_error("source", refusal.problems)
        context["saved"] = True
    status = INVALID if form.errors else 200
    return page(request, actor, "workspace/rule_set.html", context, status=status, current="rules")


def kept(request: HttpRequest, actor: Actor, found: RuleSet) -> HttpResponse:
    """A set that is or was in force, or somebody else's draft: read, copied, put in force again."""
    context: dict[str, Any] = {
        "set": found,
        "mine": administers_city(actor),
        "again": found.state == RuleSetState.REPLACED,
    }
    if request.method == "POST" and request.POST.get("go") == ACTIVATE:
        try:
            return activated(request, actor, found, None)
        except CityDataRefused as refusal:
            context["problems"] = refusal.problems
    status = INVALID if "problems" in context else 200
    return page(request, actor, "workspace/rule_set.html", context, status=status, current="rules")


def activated(
    request: HttpRequest, actor: Actor, found: RuleSet, day: dt.date | None
) -> HttpResponse:
    begin = dt.datetime.combine(day, dt.time(), city_zone()) if day else None
    done = activate_rules(actor=actor, number=found.number, valid_from=begin)
    planned = _("Set %(number)s will be in force from that day.")
    in_force = _("Set %(number)s is in force. It decides on what is filed from now on.")
    words = planned if done.state == RuleSetState.PLANNED else in_force
    messages.success(request, words % {"number": done.number})
    return redirect("workspace:rules")


def tried(source: str, days: int) -> dict[str, Any]:
    """What the draft would have done with the newest tickets of so many days."""
    rules = rules_in(checked(source))
    filed = filed_in(now() - dt.timedelta(days=days), now())[:MOST_TRIED]
    return shown(simulate(past_matters(filed), rules_in_force(), rules), rules)
