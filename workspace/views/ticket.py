"""One ticket: what was said, what happened, and only the acts this person may do now."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from common.actor import Actor
from concerns.enums import Standing, Verb
from concerns.models import Concern, Ticket
from concerns.permissions import MAY
from concerns.queries.contact import contact_of
from concerns.queries.tickets import TicketDetail, ticket_detail
from concerns.queries.visible import visible
from workspace.desk import for_staff, page
from workspace.forms import FORMS
from workspace.labels import BESIDE, BUTTONS, KEYS, ON_A_CONCERN, PRIMARY, WEIGHED
from workspace.presenting import glance, people, timeline
from workspace.presenting.deadline import deadline_of

CONCERNS_SHOWN = 10
EVENTS_SHOWN = 30


@require_GET
@for_staff
def show(request: HttpRequest, actor: Actor, ticket_id: int) -> HttpResponse:
    """The ticket's page; `?all=1` shows every concern and event, `?contact=` opens one person's contact data."""
    detail = ticket_detail(actor, ticket_id)
    return page(request, actor, "workspace/ticket.html", context_of(request, actor, detail))


def context_of(request: HttpRequest, actor: Actor, detail: TicketDetail) -> dict[str, Any]:
    ticket = detail.ticket
    everything = "all" in request.GET
    concerns = detail.concerns if everything else detail.concerns[:CONCERNS_SHOWN]
    events = detail.events if everything else detail.events[:EVENTS_SHOWN]
    more = f"{glance.url_of(ticket)}?all=1"
    contact = opened_contact(request, actor, detail)
    return {
        "ticket": {
            "number": ticket.pk,
            "icon": ticket.category.icon if ticket.category else "",
            "title": ticket.title,
            "state_sentence": glance.state_sentence(ticket),
            "version": ticket.version,
            "marks": glance.marks(ticket),
            "url": glance.url_of(ticket),
        },
        "alerts": glance.alerts(ticket, detail),
        "concerns": [
            people.concern_row(concern, contact, ticket)
            | {"acts": concern_acts(actor, detail, concern)}
            for concern in concerns
        ],
        "more_concerns_url": more if len(detail.concerns) > len(concerns) else "",
        "concern_sentence": glance.concern_sentence(detail),
        "conversation": people.conversation(detail),
        "timeline": [timeline.event_row(event) for event in events],
        "more_timeline_url": more if len(detail.events) > len(events) else "",
        "deadline": deadline_of(ticket),
        "deadline_url": reverse("workspace:deadline", args=[ticket.pk]),
        "facts": glance.side_facts(ticket),
        "joined": lead_of(actor, ticket),
        "similar_url": reverse("workspace:similar", args=[ticket.pk]),
        **actions(detail),
    }


def opened_contact(
    request: HttpRequest, actor: Actor, detail: TicketDetail
) -> tuple[int, dict[str, str]] | None:
    """One person's contact data, if they were asked for; the view log keeps that."""
    wanted = request.GET.get("contact", "")
    for concern in detail.concerns:
        if str(concern.pk) == wanted and concern.reporter:
            return concern.pk, contact_of(actor, concern.reporter, purpose="ticket")
    return None


def actions(detail: TicketDetail) -> dict[str, Any]:
    """The likely next step, what stands beside it, and the rest."""
    allowed = [verb for verb in detail.allowed if verb not in ON_A_CONCERN and verb in BUTTONS]
    primary = next((verb for verb in PRIMARY if verb in allowed), None)
    beside = [verb for verb in BESIDE if verb in allowed and verb != primary]
    rest = [verb for verb in allowed if verb != primary and verb not in beside]
    return {
        "primary": button(detail.ticket, primary) if primary else None,
        "actions": [button(detail.ticket, verb) for verb in beside],
        "more_actions": [button(detail.ticket, verb) for verb in rest],
    }


def button(ticket: Ticket, verb: Verb) -> dict[str, Any]:
    return {
        "code": verb.value,
        "label": BUTTONS[verb],
        "url": reverse("workspace:act", args=[ticket.pk, verb.value.replace("_", "-")]),
        "needs_input": verb in FORMS or verb in WEIGHED,
        "key": KEYS.get(verb, ""),
    }


def concern_acts(actor: Actor, detail: TicketDetail, concern: Concern) -> list[dict[str, Any]]:
    """What may be done with one concern: its objection, split, spam, contact data, detach."""
    acts = [
        {
            "label": BUTTONS[verb],
            "url": reverse(
                "workspace:act-on-concern", args=[concern.pk, verb.value.replace("_", "-")]
            ),
        }
        for verb in allowed_on_concern(actor, detail, concern)
    ]
    objection = getattr(concern, "waiting_objection", None)
    if objection and MAY[Verb.DECIDE_OBJECTION](actor, detail.ticket):
        url = reverse("workspace:decide-objection", args=[objection])
        acts.insert(0, {"label": BUTTONS[Verb.DECIDE_OBJECTION], "url": url})
    return acts


def allowed_on_concern(actor: Actor, detail: TicketDetail, concern: Concern) -> list[Verb]:
    """The verbs for this one concern; detaching one from the others is no transition of the ticket."""
    unfit = {
        Verb.MARK_SPAM: not concern.is_active,
        Verb.UNMARK_SPAM: concern.standing != Standing.SPAM,
        Verb.SPLIT: concern.is_follow,
        # Who files an internal matter signs in.
        Verb.RENEW_PROOF: concern.author_id is not None,
    }
    found = [verb for verb in detail.allowed if verb in ON_A_CONCERN and not unfit.get(verb)]
    if detail.company.placed > 1 and MAY[Verb.DETACH](actor, detail.ticket):
        found.append(Verb.DETACH)
    return found


def lead_of(actor: Actor, ticket: Ticket) -> list[dict[str, str]]:
    """Where work on a joined ticket goes on, if this person may know of that one."""
    lead = ticket.merged_into
    if lead is None or not visible(actor).filter(pk=lead.pk).exists():
        return []
    return [{"title": lead.title, "url": glance.url_of(lead), "state": lead.get_state_display()}]
