"""Who may approve an answer: never its author, never an excluded person, and never nobody."""

from common.actor import Actor
from concerns.models import CircleMember, Exclusion, Ticket
from departments.models import Membership
from departments.queries import approvers_for


def may_approve(actor: Actor, ticket: Ticket) -> bool:
    """Whether this person is among the approvers of a ticket that waits for approval."""
    return actor.user_id is not None and actor.user_id in approvers_of(ticket)


def approvers_of(ticket: Ticket) -> frozenset[int]:
    """The people who may approve now (user ids).

    The department's approvers, else its parent's, else the dispatchers (design.md §3). On a confidential ticket
    only people of the circle; if none of them is an approver, any of them but the author.
    """
    answer = ticket.answer_message
    author = frozenset({answer.author_id} if answer and answer.author_id else set())
    excluded = frozenset(Exclusion.objects.filter(ticket=ticket).values_list("user", flat=True))
    barred = author | excluded
    if not ticket.is_confidential:
        return approvers_for(ticket.department, without=barred)
    circle = circle_people(ticket) - barred
    everyone_else = barred | (all_members() - circle)
    return approvers_for(ticket.department, without=everyone_else) or circle


def circle_people(ticket: Ticket) -> frozenset[int]:
    """User ids of the circle: named people, and those with a named capability in a department."""
    members = list(
        CircleMember.objects.filter(circle=ticket.circle_id).select_related("department")
    )
    named = {member.user_id for member in members if member.user_id}
    for member in members:
        if member.department:
            line = [member.department.pk, *member.department.ancestor_ids]
            named |= set(
                Membership.objects.current()
                .filter(capability=member.capability, department__in=line)
                .values_list("user", flat=True)
            )
    return frozenset(named)


def all_members() -> frozenset[int]:
    return frozenset(Membership.objects.current().values_list("user", flat=True))
