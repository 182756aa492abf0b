"""The same matter reported many times: joining moves placements, loses nothing, and is undone."""

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from common.actor import Actor
from common.clock import now
from concerns.actions.comparing import keep_finding
from concerns.actions.desk import (
    counted_in,
    happened,
    lock_all,
    lock_concern,
    locked,
    move,
    permit,
    possible,
    recount,
    take_placed,
    unchanged,
    write_down,
)
from concerns.actions.filing import new_ticket, store, title_for
from concerns.actions.moving import move_placements, place_part
from concerns.actions.responsibility import drop_plans, take_responsibility
from concerns.deadlines import OBJECTION_TIME, earlier, start_clocks
from concerns.enums import Finding, PlacementReason, State, Verb
from concerns.errors import Invalid, NotFound, Refused
from concerns.models import Category, Concern, Event, Placement, Ticket
from concerns.parsing import clean_words
from concerns.queries.visible import visible
from geography.queries import Location

LONGEST_CHAIN = 50


@transaction.atomic
def join(*, actor: Actor, ticket_id: int, lead_id: int, version: int | None = None) -> Ticket:
    """Place this ticket's concerns on another ticket about the same matter; the lead, where work goes on.

    Only within one audience and the same confidentiality, into an open lead or one resolved less than 14 days ago.
    The earlier date stays. Raises Refused or Invalid(field="lead") when it does not fit.
    """
    lead_id = last_lead(actor, lead_id)
    both = {ticket.pk: ticket for ticket in lock_all(actor, [ticket_id, lead_id])}
    # Only now: whoever does not see the lead must not learn that their ticket was joined to it.
    if lead_id == ticket_id:
        raise Invalid(_("A ticket cannot be joined to itself."), field="lead")
    ticket, lead = both[ticket_id], both[lead_id]
    permit(actor, ticket, Verb.JOIN)
    unchanged(ticket, version)
    possible(ticket, Verb.JOIN)
    fit_together(ticket, lead)
    moment = now()
    drop_plans(ticket)
    lead.unanswered_since = earlier(lead.unanswered_since, ticket.unanswered_since)
    ticket.merged_into, ticket.assignee, ticket.unanswered_since = lead, None, None
    ticket.review_due = None
    before = move(ticket, Verb.JOIN)
    moved = move_placements(ticket, lead, actor, PlacementReason.JOINED)
    joined = {"lead": lead.pk, "count": moved}
    events = [happened(ticket, Verb.JOIN, actor, before=before, at=moment, data=joined)]
    absorbed: dict[str, Any] = {"ticket": ticket.pk, "count": moved}
    if lead.is_open:
        hurry(lead, ticket.priority)
        absorbed |= bound_by(ticket)
    events.append(happened(lead, Verb.ABSORB, actor, at=moment, data=absorbed))
    keep_finding(actor, ticket, lead, Finding.SAME)
    write_down(events)
    return lead


def hurry(lead: Ticket, priority: int) -> None:
    """The higher priority holds for all, with the targets it has (no statement where it is not higher)."""
    if priority > lead.priority:
        lead.priority = priority
        recount(lead)


def bound_by(other: Ticket) -> dict[str, str]:
    """What an event says of another ticket's date, so that the earlier one stays (concerns/deadlines.py)."""
    due = other.resolution_due
    return {"resolution_due": due.isoformat()} if due else {}


def last_lead(actor: Actor, lead_id: int) -> int:
    """The end of the chain that starts at a ticket, two steps a statement; the lock says whether it is visible."""
    seen: set[int] = set()
    current = lead_id
    while current not in seen and len(seen) < LONGEST_CHAIN:
        seen.add(current)
        chain = visible(actor).filter(pk=current)
        steps = chain.values_list("merged_into", "merged_into__merged_into").first()
        if steps is None or steps[0] is None:
            return current
        if steps[1] is None:
            return steps[0]
        current = steps[1]
    raise Refused


def fit_together(ticket: Ticket, lead: Ticket) -> None:
    """Raise Invalid when two tickets may not be joined."""
    restricted = ticket.restricted_at is not None or lead.restricted_at is not None
    if ticket.audience != lead.audience or ticket.circle_id != lead.circle_id or restricted:
        raise Invalid(
            _("Only tickets of the same audience and confidentiality can be joined."), field="lead"
        )
    fresh = lead.answered_at is not None and now() - lead.answered_at < OBJECTION_TIME
    if not (lead.is_open or (lead.state == State.RESOLVED and fresh)):
        raise Invalid(
            _(
                "This ticket has ended. Only an open one, or one resolved in the last 14 days, takes others in."
            ),
            field="lead",
        )


@transaction.atomic
def detach(*, actor: Actor, ticket_id: int, version: int | None = None) -> Ticket:
    """Undo a join: the ticket is on its own again, in triage, with the concerns that came from it."""
    lead_id = last_lead(actor, ticket_id)
    both = {ticket.pk: ticket for ticket in lock_all(actor, [ticket_id, lead_id])}
    ticket, lead = both[ticket_id], both[lead_id]
    permit(actor, ticket, Verb.DETACH)
    unchanged(ticket, version)
    possible(ticket, Verb.DETACH)
    there = Placement.objects.open().filter(ticket=lead, concern__in=came_with(ticket))
    coming = list(there.values_list("concern", flat=True))
    if not coming:
        raise Refused(_("Nobody who came with this ticket is on the other one any more."))
    write_down(go_back(actor, ticket, lead, coming))
    return ticket


def came_with(ticket: Ticket) -> QuerySet[Placement, int]:
    """The concerns that this ticket's last join took along and that have not left it since, as a subquery.

    Detaching takes a concern away from all tickets behind the one it goes back to, but not from those it had passed
    before: of A → B → C, what goes back to B still belongs to A.
    """
    joins = ticket.events.filter(verb=Verb.JOIN).order_by("-sequence")
    later = Placement.objects.filter(concern=OuterRef("concern"), pk__gt=OuterRef("pk"))
    passed = Placement.objects.filter(
        concern=OuterRef("concern"),
        ticket=OuterRef("ticket"),
        pk__gte=OuterRef(OuterRef("pk")),
        pk__lt=OuterRef("pk"),
    )
    left = later.filter(~Exists(passed), reason=PlacementReason.DETACHED)
    taken = Placement.objects.filter(
        origin=ticket, reason=PlacementReason.JOINED, since__gte=Subquery(joins.values("at")[:1])
    )
    return taken.filter(~Exists(left)).values_list("concern", flat=True)


@transaction.atomic
def detach_concern(*, actor: Actor, concern_id: int, version: int | None = None) -> Ticket:
    """Take one concern off the ticket it is placed on: back to its own ticket, or to a new one in triage."""
    ticket, own = lock_with_own(actor, Placement.objects.filter(concern=concern_id))
    permit(actor, ticket, Verb.DETACH)
    unchanged(ticket, version)
    detached, events = detach_placed(actor, ticket, own, concern_id)
    write_down(events)
    return detached


def lock_with_own(actor: Actor, placements: QuerySet[Placement]) -> tuple[Ticket, Ticket | None]:
    """The ticket a concern is placed on and the one it was filed on (None: the same), locked in the one order.

    `placements` are all of the concern. Its own ticket may stand where this actor cannot see it; the one it is on
    decides what they may know. NotFound without concern or right.
    """
    stood_on = list(placements.order_by("pk").values_list("ticket", "until"))
    if not stood_on:
        raise NotFound
    own_id = stood_on[0][0]
    lead_id = next(ticket_id for ticket_id, until in stood_on if until is None)
    lead = visible(actor).filter(pk=lead_id)
    tickets = lead if own_id == lead_id else lead | Ticket.objects.filter(pk=own_id)
    found = {ticket.pk: ticket for ticket in locked(tickets)}
    if lead_id not in found:
        raise NotFound
    return found.pop(lead_id), found.get(own_id)


def detach_placed(
    actor: Actor, lead: Ticket, own: Ticket | None, concern_id: int
) -> tuple[Ticket, list[Event]]:
    """Detach a concern from its ticket: back to its own, or to a new one; all locked. `write_down` must follow.

    Its own ticket takes it back if it was joined here and took in no other itself: those stay joined through it.
    Raises Refused when the concern is alone here: it already stands for itself.
    """
    took_in = {"took_in": Exists(own.merged_tickets.all())} if own else {}
    concern = lock_concern(concern_id, lead, **took_in)
    if lead.concern_count == 1:
        raise Refused(_("This concern is the only one on its ticket."))
    if own and own.state == State.MERGED and not getattr(concern, "took_in", True):
        return own, go_back(actor, own, lead, [concern_id])
    return on_a_new_ticket(actor, lead, concern)


def go_back(actor: Actor, ticket: Ticket, lead: Ticket, concern_ids: list[int]) -> list[Event]:
    before = move(ticket, Verb.DETACH)
    ticket.merged_into = None
    moved = move_placements(lead, ticket, actor, PlacementReason.DETACHED, concern_ids)
    given, came = {"ticket": ticket.pk, "count": moved}, {"lead": lead.pk, "count": moved}
    return [
        happened(lead, Verb.GIVE_UP, actor, data=given),
        happened(ticket, Verb.DETACH, actor, before=before, data=came),
    ]


def on_a_new_ticket(actor: Actor, lead: Ticket, concern: Concern) -> tuple[Ticket, list[Event]]:
    ticket = Ticket(
        audience=concern.audience,
        kind=concern.kind,
        category=concern.category or lead.category,
        answers=concern.answers,
        title=title_for(
            concern.category or lead.category, concern.address, Location(concern.district, None)
        ),
        address=concern.address,
        lat=concern.lat,
        lon=concern.lon,
        district=concern.district,
        circle=lead.circle,
        department=lead.department,
        restricted_at=lead.restricted_at,
        restriction_reason=lead.restriction_reason,
    )
    start_clocks(ticket, counted_in(lead))
    ticket.first_response_due = lead.first_response_due
    ticket.save()
    move_placements(lead, ticket, actor, PlacementReason.DETACHED, [concern.pk])
    ticket.start_triage()
    given = {"ticket": ticket.pk, "count": 1}
    came = {"lead": lead.pk, "count": 1, "calendar": ticket.calendar_id, **bound_by(lead)}
    return ticket, [
        happened(lead, Verb.GIVE_UP, actor, concern_id=concern.pk, data=given),
        happened(ticket, Verb.DETACH, actor, before="", concern_id=concern.pk, data=came),
    ]


@transaction.atomic
def split(
    *, actor: Actor, concern_id: int, words: str, category: str = "", version: int | None = None
) -> Ticket:
    """Two matters in one text: a second concern of the same person, with its own reference, on its own ticket.

    `words` is the part of the text that is about the second matter; the first concern stays as it was said.
    """
    ticket, whole = take_placed(actor, concern_id, Verb.SPLIT, version)
    if whole.is_follow:
        raise NotFound
    chosen = (
        Category.objects.select_related("default_department__calendar", "circle")
        .filter(slug=category)
        .first()
    )
    if category and (chosen is None or chosen.audience != whole.audience or chosen.retired):
        raise Invalid(
            _("There is no such kind of concern. Please choose one from the list."),
            field="category",
        )
    part = Concern(
        audience=whole.audience,
        channel=whole.channel,
        language=whole.language,
        words=clean_words(words, field="words"),
        kind=chosen.kind if chosen else whole.kind,
        category=chosen,
        address=whole.address,
        lat=whole.lat,
        lon=whole.lon,
        district=whole.district,
        part_of=whole,
        reporter=whole.reporter,
        author_id=whole.author_id,
        words_consent_version=whole.words_consent_version,
        words_consent_at=whole.words_consent_at,
    )
    store(part)
    quarter = part.district
    location = Location(quarter.parent if quarter and quarter.parent else quarter, quarter)
    second = new_ticket(part, location)
    place_part(part, second, ticket, actor)
    events = take_responsibility(actor, second, concern=part, location=location)
    keep_closed(ticket, second)
    data = {"ticket": second.pk, "concern": part.pk}
    write_down([*events, happened(ticket, Verb.SPLIT, actor, concern_id=whole.pk, data=data)])
    return second


def keep_closed(ticket: Ticket, second: Ticket) -> None:
    """What was split off is known to nobody who could not know of the whole."""
    second.circle = second.circle or ticket.circle
    second.restricted_at = ticket.restricted_at
    second.restriction_reason = ticket.restriction_reason
