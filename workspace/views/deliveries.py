"""Post that is stuck, for administrators: what it is, why, and the two things that can be done about it."""

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.actor import Actor
from concerns.actions import deliveries
from concerns.permissions import must_administer
from notifications.queries import backlog, held, late, troubled
from workspace.desk import for_staff, page
from workspace.presenting.post import pauses, rows

# The sweep looks twice a minute; what is older than this waits for a reason.
PATIENCE = dt.timedelta(minutes=15)
ROWS = 100


@require_GET
@for_staff
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everything stuck, oldest first."""
    must_administer(actor)
    counts = backlog()
    context = {
        "pauses": pauses(counts.paused_channels),
        "given_up": rows(actor, troubled(ROWS)),
        "late": rows(actor, late(PATIENCE, ROWS)),
        "held": rows(actor, held(ROWS)),
        "given_up_count": counts.envelopes_dead + counts.deliveries_dead + counts.deliveries_failed,
        "held_count": counts.deliveries_held,
    }
    return page(request, actor, "workspace/deliveries.html", context, current="deliveries")


@require_POST
@for_staff
def try_again(request: HttpRequest, actor: Actor, errand_id: UUID) -> HttpResponse:
    deliveries.try_again(actor=actor, errand_id=errand_id)
    messages.success(request, _("The letter is on its way again."))
    return redirect("workspace:deliveries")


@require_http_methods(["GET", "POST"])
@for_staff
def give_up(request: HttpRequest, actor: Actor, errand_id: UUID) -> HttpResponse:
    """Ask first: what is given up is erased."""
    must_administer(actor)
    if request.method == "GET":
        return page(request, actor, "workspace/delivery_give_up.html", {"errand_id": errand_id})
    deliveries.give_up(actor=actor, errand_id=errand_id)
    messages.success(request, _("The letter was given up. Nothing is sent."))
    return redirect("workspace:deliveries")
