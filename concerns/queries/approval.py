"""Who of the organisation comes into question for a ticket: to approve its answer, to review it, to have it."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from common.actor import Actor
from concerns.enums import Verb, Verdict
from concerns.models import CircleMember, Exclusion, Objection, Ticket
from concerns.permissions import MAY
from departments.enums import Capability
from departments.models import Membership
from departments.queries import actors_for, approvers_for, people_with, stand_ins


def may_approve(actor: Actor, ticket: Ticket) -> bool:
    """Whether this person is among the approvers of a ticket that waits for approval, or stands in for one of them.

    Whom `approvers_of` bars, nobody's absence admits.
    """
    if actor.user_id is None:
        return False
    found = approvers_of(ticket)
    if actor.user_id in found or not found & actor.stands_in_for:
        return actor.user_id in found
    admitted = not ticket.is_confidential or actor.user_id in circle_people(ticket)
    return admitted and actor.user_id not in barred_from_approving(ticket)


def approvers_of(ticket: Ticket) -> frozenset[int]:
    """The people who may approve now (user ids): never the author, never an excluded person, and never nobody.

    The department's approvers, else its parent's, else the dispatchers (design.md §3). On a confidential ticket
    only people of the circle; if none of them is an approver, any of them but the author.
    """
    barred = barred_from_approving(ticket)
    if not ticket.is_confidential:
        return approvers_for(ticket.department, without=barred)
    circle = circle_people(ticket) - barred
    return approvers_for(ticket.department, without=barred, among=circle) or circle


def barred_from_approving(ticket: Ticket) -> frozenset[int]:
    """Who wrote the answer, and the persons the matter is about (user ids)."""
    answer = ticket.answer_message
    author = frozenset({answer.author_id} if answer and answer.author_id else set())
    return author | frozenset(
        Exclusion.objects.filter(ticket=ticket).values_list("user", flat=True)
    )


def may_review(actor: Actor, ticket: Ticket, waiting: QuerySet[Objection]) -> bool:
    """Whether this reviewer may decide on these objections: not who upheld the answer to the same person before.

    But never nobody: where no other reviewer is left, up to the dispatchers, they decide once more. One statement for
    whoever never did.
    """
    upheld = Objection.objects.filter(
        concern__in=waiting.values("concern"), verdict=Verdict.UPHELD, decided_by__isnull=False
    )
    before = frozenset(upheld.values_list("decided_by", flat=True))
    return actor.user_id not in before or not reviewers_of(ticket) - before


def upheld_before(actor: Actor) -> Exists:
    """Whether this person upheld the answer to an objection's author before: only then `may_review` can say no."""
    return Exists(
        Objection.objects.filter(
            concern=OuterRef("concern"), verdict=Verdict.UPHELD, decided_by=actor.user_id
        )
    )


def waiting_objections(ticket: Ticket) -> QuerySet[Objection]:
    """The objections on a ticket that wait for their decision."""
    return Objection.objects.filter(ticket=ticket, verdict="")


def reviewers_of(ticket: Ticket) -> frozenset[int]:
    """The people whom permissions.py lets decide on objections: never who answered, never an excluded person."""
    able = people_with(Capability.TEAM_LEAD, Capability.DISPATCHER)
    able |= {deputy for away, deputy in stand_ins().items() if away in able}
    if ticket.is_confidential:
        able &= circle_people(ticket)
    people = User.objects.filter(pk__in=able).exclude(pk__in=excluded_from(ticket))
    actors = actors_for(list(people))
    return frozenset(pk for pk, one in actors.items() if MAY[Verb.DECIDE_OBJECTION](one, ticket))


def excluded_from(ticket: Ticket) -> QuerySet[User]:
    """The persons the matter is about."""
    return User.objects.filter(pk__in=Exclusion.objects.filter(ticket=ticket).values("user"))


def circle_people(ticket: Ticket) -> frozenset[int]:
    """User ids of the circle: named people, and those with a named capability in a department (one statement)."""
    members = CircleMember.objects.filter(circle=ticket.circle_id)
    # A capability in a department holds for everything below it, so its path begins that of the member's.
    below = members.filter(
        capability=OuterRef("capability"), department__path__startswith=OuterRef("department__path")
    )
    entitled = Membership.objects.current().filter(Exists(below)).exclude(department__path="")
    belong = Q(pk__in=members.values("user")) | Q(pk__in=entitled.values("user"))
    return frozenset(User.objects.filter(belong, is_active=True).values_list("pk", flat=True))


def assignable_to(ticket: Ticket) -> QuerySet[User]:
    """Who can be given a ticket: the workers of its department, of a confidential one its circle; nobody excluded."""
    if ticket.is_confidential:
        people = User.objects.filter(pk__in=circle_people(ticket))
    else:
        home = ticket.department
        works = Membership.objects.current().filter(
            department__in=[home.pk, *home.ancestor_ids] if home else [],
            capability__in=[Capability.CLERK, Capability.TEAM_LEAD],
        )
        people = User.objects.filter(pk__in=works.values("user"))
    return people.exclude(pk__in=excluded_from(ticket))
