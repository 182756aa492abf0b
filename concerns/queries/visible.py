"""Who may see which ticket: one function, used by every list, detail, search, counter, hint and export."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from common.actor import Actor, ActorKind
from concerns.errors import NotFound
from concerns.models import CircleMember, Exclusion, Involvement, Placement, Ticket
from departments.enums import Capability


def visible(actor: Actor) -> QuerySet[Ticket]:
    """The tickets this actor may know of.

    Staff see what stands with a department they work in, what once did, and what has no department yet if they
    dispatch. A confidential ticket is seen by its circle alone, never by an excluded person; a restricted one
    (Art. 18 GDPR) only by administrators of those. A citizen sees the ticket their proven concern is placed on.
    """
    tickets = Ticket.objects.all()
    if actor.is_system:
        return tickets
    if actor.kind is ActorKind.CITIZEN:
        return tickets.filter(concern_on_it(actor))
    if not actor.is_staff:
        return tickets.none()
    excluded = Exists(Exclusion.objects.filter(ticket=OuterRef("pk"), user=actor.user_id))
    seen = tickets.filter(Q(circle__isnull=True) & working_on(actor) | in_circle(actor)).exclude(
        excluded
    )
    return seen.filter(Q(restricted_at__isnull=True) | administered_by(actor))


def working_on(actor: Actor) -> Q:
    departments = actor.departments()
    once = Exists(Involvement.objects.filter(ticket=OuterRef("pk"), department__in=departments))
    mine = Q(department__in=departments) | Q(once)
    return mine | Q(department__isnull=True) if actor.has(Capability.DISPATCHER) else mine


def administered_by(actor: Actor) -> Q:
    """As in permissions: a capability counts in its department, and anywhere for what has none or has a circle."""
    there = Q(department__in=actor.departments([Capability.ADMIN]))
    anywhere = Q(department__isnull=True) | Q(circle__isnull=False)
    return there | anywhere if actor.has(Capability.ADMIN) else there


def in_circle(actor: Actor) -> Q:
    return Q(Exists(CircleMember.objects.filter(admits(actor), circle=OuterRef("circle"))))


def admits(actor: Actor) -> Q:
    """The members of circles that this actor is."""
    # Rows that admit a capability have no person: somebody without an account must not match them.
    member = Q(user=actor.user_id, user__isnull=False)
    for capability in sorted({granted for granted, _ in actor.grants}):
        member |= Q(capability=capability, department__in=actor.departments([capability]))
    return member


def concern_on_it(actor: Actor) -> Q:
    mine = Placement.objects.open().filter(ticket=OuterRef("pk"), concern=actor.concern_id)
    return Q(Exists(mine))


def ticket_for(actor: Actor, ticket_id: int, **beside: Subquery) -> Ticket:
    """The ticket with everything a detail needs, or NotFound — also when it exists but this person may not know.

    `beside` are values that the same statement fetches, by the attribute they become.
    """
    related = (
        "category",
        "department__calendar",
        "assignee",
        "answer_message",
        "circle",
        "district",
        "merged_into",
    )
    try:
        return visible(actor).select_related(*related).annotate(**beside).get(pk=ticket_id)
    except Ticket.DoesNotExist:
        raise NotFound from None
