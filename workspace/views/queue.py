"""The dense list: one row a ticket, most urgent first."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from common.actor import Actor
from concerns.parsing import UNSTORABLE
from concerns.queries.listing import narrowed
from concerns.queries.named import ticket_with_reference
from concerns.queries.tickets import found_by, queue
from workspace.desk import EMPTY, LABELS, for_staff, page
from workspace.forms.filters import FilterForm
from workspace.presenting.glance import row

ROWS = 50
MOST_DIGITS = 9


@require_GET
@for_staff
def show(request: HttpRequest, actor: Actor, name: str = "") -> HttpResponse:
    """A queue, or what a search found whatever queue it stands in."""
    words = searchable(request.GET.get("search", ""))
    key = name or ("mine" if actor.grants else "all")
    if key not in LABELS:
        raise Http404
    if words and (ticket_id := ticket_with_reference(actor, words)):
        return redirect("workspace:ticket", ticket_id=ticket_id)
    filters = FilterForm(request.GET) if "filter" in request.GET else None
    asked = filters.asked() if filters else {}
    tickets = narrowed(found_by(actor, words) if words else queue(actor, key), actor, asked)
    start = whole(request.GET.get("from", ""))
    found = list(tickets[start : start + ROWS + 1])
    context = {
        "queue": {"label": LABELS[key], "empty_sentence": EMPTY[key]},
        "filter_form": filters,
        "filtered": bool(asked),
        "search": words,
        "tickets": [row(ticket) for ticket in found[:ROWS]],
        "next_url": link(request, start + ROWS) if len(found) > ROWS else "",
        "previous_url": link(request, max(start - ROWS, 0)) if start else "",
    }
    return page(request, actor, "workspace/queue.html", context, current="" if words else key)


def searchable(text: str) -> str:
    """What was typed, without what no text of ours can hold: the database would refuse to compare with it."""
    return UNSTORABLE.sub("", text).strip()


def whole(text: str) -> int:
    """A row to begin at; 0 for what is none, or further than any list reaches."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 0


def link(request: HttpRequest, start: int) -> str:
    parameters = request.GET.copy()
    parameters["from"] = str(start)
    return f"{request.path}?{parameters.urlencode()}"
