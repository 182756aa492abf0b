"""Before an employee files what somebody tells them: whether it is known already and belongs there."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from common.actor import Actor
from common.words import in_language
from concerns.actions.filing import Filing
from concerns.enums import PublicState, State
from concerns.models import Category
from concerns.queries.nearby import nearby_for, told
from concerns.queries.similar import Similar
from workspace.desk import page

# The answer: the number of a ticket, or none; and the way back to the form.
SAME, UNLIKE, BACK = "same", "none", "back"
STEERING = frozenset({"csrfmiddlewaretoken", SAME, BACK})
MOST_DIGITS = 18


def known_near(actor: Actor, filing: Filing, category: Category | None) -> list[Similar]:
    """Open matters worth a look that this person may place it on (two statements)."""
    matter = told(filing.words, category, filing.place.lat, filing.place.lon)
    return nearby_for(actor, matter=matter) if matter else []


def ticket_said(request: HttpRequest) -> int | None:
    """The ticket they said it is about."""
    said = request.POST.get(SAME, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS else None


def known_page(
    request: HttpRequest, actor: Actor, filing: Filing, found: Sequence[Similar]
) -> HttpResponse:
    context = {
        "words": filing.words,
        "place": filing.place.address,
        "found": [ticket(one) if "title" in one.row else published(one) for one in found],
        "same": SAME,
        "unlike": UNLIKE,
        "back": BACK,
        "hidden_fields": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in STEERING
            for value in values
        ],
    }
    return page(request, actor, "workspace/known.html", context, current="new")


def ticket(one: Similar) -> dict[str, Any]:
    """One that this person sees."""
    row = one.row
    return {
        "number": one.ticket_id,
        "title": row["title"],
        "url": reverse("workspace:ticket", args=[one.ticket_id]),
        "state": State(row["state"]).label,
        "department": in_language(row["department__names"]) if row["department__names"] else "",
        "since": row["created_at"],
        "count": row["concern_count"],
        "words": row["words"] or "",
        "reasons": ", ".join(one.likeness.reasons_today),
    }


def published(one: Similar) -> dict[str, Any]:
    """One of another department: what everybody may know of it."""
    row = one.row
    about = in_language(row["category__names"] or {}) or _("Concern without a category")
    where = in_language(row["ticket__district__names"] or {})
    return {
        "number": one.ticket_id,
        "title": ", ".join(filter(None, (about, where))),
        "url": "",
        "state": PublicState(row["state"]).label,
        "department": _("another department"),
        "since": row["ticket__created_at"],
        "count": row["reports"],
        "words": row["said"] or "",
        "reasons": ", ".join(one.likeness.reasons_today),
    }
