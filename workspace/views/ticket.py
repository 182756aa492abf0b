"""One ticket: what was said, what happened, and only the acts this person may do now."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from common.actor import Actor
from concerns.enums import Verb
from concerns.models import Ticket
from concerns.queries.contact import contact_of
from concerns.queries.tickets import TicketDetail, ticket_detail
from workspace import presenting
from workspace.desk import for_staff, page
from workspace.forms import FORMS
from workspace.labels import BESIDE, BUTTONS, KEYS, ON_A_CONCERN, PRIMARY

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
    more = f"{presenting.url_of(ticket)}?all=1"
    contact = opened_contact(request, actor, detail)
    return {
        "ticket": {
            "title": ticket.title,
            "state_sentence": presenting.state_sentence(ticket),
            "version": ticket.version,
            "marks": presenting.marks(ticket),
            "url": presenting.url_of(ticket),
        },
        "alerts": presenting.alerts(ticket, detail),
        "concerns": [
            presenting.concern_row(concern, contact, ticket)
            | {"acts": concern_acts(detail, concern.pk)}
            for concern in concerns
        ],
        "more_concerns_url": more if len(detail.concerns) > len(concerns) else "",
        "concern_sentence": presenting.concern_sentence(detail),
        "conversation": presenting.conversation(detail),
        "timeline": [presenting.event_row(event) for event in events],
        "more_timeline_url": more if len(detail.events) > len(events) else "",
        "deadline": presenting.deadline_of(ticket),
        "facts": presenting.side_facts(ticket),
        "joined": lead_of(ticket),
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
        "needs_input": verb in FORMS or verb == Verb.APPROVE,
        "key": KEYS.get(verb, ""),
    }


def concern_acts(detail: TicketDetail, concern_id: int) -> list[dict[str, Any]]:
    """What may be done with one concern: split, spam, contact data, detach, and its objection."""
    concern = next(one for one in detail.concerns if one.pk == concern_id)
    offered = [verb for verb in detail.allowed if verb in ON_A_CONCERN]
    unfit = {Verb.MARK_SPAM if not concern.is_active else Verb.UNMARK_SPAM}
    if concern.is_follow:
        unfit.add(Verb.SPLIT)
    acts = [
        {
            "label": BUTTONS[verb],
            "url": reverse(
                "workspace:act-on-concern", args=[concern_id, verb.value.replace("_", "-")]
            ),
        }
        for verb in offered
        if verb not in unfit
    ]
    objection = getattr(concern, "waiting_objection", None)
    if objection:
        acts.insert(
            0,
            {
                "label": BUTTONS[Verb.DECIDE_OBJECTION],
                "url": reverse("workspace:decide-objection", args=[objection]),
            },
        )
    return acts


def lead_of(ticket: Ticket) -> list[dict[str, str]]:
    lead = ticket.merged_into
    if lead is None:
        return []
    return [
        {"title": lead.title, "url": presenting.url_of(lead), "state": lead.get_state_display()}
    ]
