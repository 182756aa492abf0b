"""Which of the city's people hear of something: whom it concerns, who may know of it, and who wants to.

Confidential tickets are told to their circle alone, restricted ones to those who administer them.
"""

from collections.abc import Callable, Collection, Mapping

from accounts.enums import NoticeChoice
from accounts.models import User
from common.actor import Actor
from concerns.enums import Verb
from concerns.models import Event, Objection, Ticket
from concerns.notices.staff_occasions import Hearers
from concerns.notices.told import UNROUTED, Told, still_news
from concerns.permissions import MAY
from concerns.queries.approval import (
    approvers_of,
    circle_people,
    excluded_from,
    may_approve,
    may_review,
    reviewers_of,
)
from concerns.queries.visible import sees
from departments.enums import Capability
from departments.queries import actors_for, desks_of, people_with, stand_ins


def hearers(told: Told, after: int) -> list[User]:
    """Who gets a letter, in ascending order of id, beginning behind `after` (0: all)."""
    if not still_news(told):
        return []
    concerned, deputies = candidates(told), stand_ins()
    asked = concerned | {deputies[pk] for pk in concerned & deputies.keys()}
    people = User.objects.filter(pk__in=asked, is_active=True).in_bulk()
    able = {pk for pk, actor in actors_for([*people.values()]).items() if may_hear(told, actor)}
    heard = {deputy_in(able, deputies, pk) for pk in concerned} & able
    found = [people[pk] for pk in sorted(heard) if pk > after]
    return [person for person in found if wants(person, told)]


def deputy_in(able: Collection[int], deputies: Mapping[int, int], pk: int) -> int:
    """Who hears in this person's place; they themself if they are there, or their deputy may not know of it."""
    deputy = deputies.get(pk, pk)
    return deputy if deputy in able else pk


def wants(person: User, told: Told) -> bool:
    """Nobody hears what they did themself; of what is no alarm, who wants to hear at once."""
    if told.by and person.ref_id == told.by:
        return False
    return told.occasion.alarm or person.notices == NoticeChoice.AT_ONCE


def may_hear(told: Told, actor: Actor) -> bool:
    """Whether this person may know of it and, where they are asked to decide, may do so."""
    ticket, whom = told.ticket, told.occasion.hearers
    if ticket is None:
        return True
    if not sees(actor, ticket.pk):
        return False
    if whom == Hearers.APPROVERS:
        return may_approve(actor, ticket)
    if whom == Hearers.REVIEWERS and ticket.restricted_at is None:
        return may_review(actor, ticket, Objection.objects.filter(pk=told.data["objection"]))
    if whom == Hearers.DISPATCHERS and not told.is_protected:
        return MAY[Verb.ROUTE](actor, ticket)
    return True


def candidates(told: Told) -> frozenset[int]:
    """User ids of those it concerns; whether they may know of it is asked one by one."""
    ticket, whom = told.ticket, told.occasion.hearers
    if ticket is None:
        return people_with(Capability.ADMIN)
    if whom in PERSONAL:
        return PERSONAL[whom](told, ticket)
    if whom == Hearers.RESPONSIBLE and (mine := able_assignee(ticket)):
        return mine
    if ticket.restricted_at:
        return people_with(Capability.ADMIN)
    if ticket.is_confidential:
        return of_the_circle(ticket, whom)
    return GROUPS[whom](ticket)


def able_assignee(ticket: Ticket) -> frozenset[int]:
    """Who has the ticket, if they are still there and may know of it; else nobody."""
    person = ticket.assignee
    if person is None or not person.is_active:
        return frozenset()
    actor = actors_for([person])[person.pk]
    return frozenset({person.pk} if sees(actor, ticket.pk) else ())


def of_the_circle(ticket: Ticket, whom: Hearers) -> frozenset[int]:
    """Those of the circle who may do what is needed; if nobody may, all of them: somebody must know."""
    circle = circle_people(ticket) - frozenset(excluded_from(ticket).values_list("pk", flat=True))
    if whom == Hearers.REVIEWERS:
        return reviewers_of(ticket) or circle
    if whom != Hearers.DISPATCHERS:
        return circle
    actors = actors_for(list(User.objects.filter(pk__in=circle)))
    return frozenset(pk for pk, one in actors.items() if MAY[Verb.ROUTE](one, ticket)) or circle


def assigned(told: Told, ticket: Ticket) -> frozenset[int]:
    person = ticket.assignee
    still = person is not None and str(person.ref_id) == told.data.get("assignee")
    return frozenset({person.pk}) if person and still else frozenset()


def submitter(told: Told, ticket: Ticket) -> frozenset[int]:
    """Whose answer was sent back: who submitted last before that."""
    submitted = Event.objects.filter(ticket=ticket, verb=Verb.SUBMIT, sequence__lt=told.sequence)
    ref = submitted.order_by("-sequence").values_list("actor_ref", flat=True).first()
    return frozenset(User.objects.filter(ref=ref).values_list("pk", flat=True))


def desk(ticket: Ticket) -> frozenset[int]:
    """Who works the department's desk; in triage, and where nobody works there, it is the dispatchers' turn."""
    staff: frozenset[int] = frozenset()
    if ticket.department and ticket.state not in UNROUTED:
        staff = desks_of([ticket.department])[ticket.department.pk]
    return staff or people_with(Capability.DISPATCHER)


def assignee_and_leads(ticket: Ticket) -> frozenset[int]:
    mine = able_assignee(ticket) or desk(ticket)
    if ticket.department is None or ticket.state in UNROUTED:
        return mine
    leads = desks_of([ticket.department], [Capability.TEAM_LEAD])
    return mine | leads[ticket.department.pk]


def leads(ticket: Ticket) -> frozenset[int]:
    return with_duty(ticket, Capability.TEAM_LEAD) or desk(ticket)


def heads(ticket: Ticket) -> frozenset[int]:
    return with_duty(ticket, Capability.MANAGER) or leads(ticket)


def with_duty(ticket: Ticket, duty: Capability) -> frozenset[int]:
    """Who has the duty in the ticket's department or, where nobody has, in the next one above; nobody in triage."""
    if ticket.department is None or ticket.state in UNROUTED:
        return frozenset()
    return desks_of([ticket.department], [duty])[ticket.department.pk]


PERSONAL: Mapping[Hearers, Callable[[Told, Ticket], frozenset[int]]] = {
    Hearers.ASSIGNED: assigned,
    Hearers.SUBMITTER: submitter,
    Hearers.APPROVERS: lambda _told, ticket: approvers_of(ticket),
}
GROUPS: Mapping[Hearers, Callable[[Ticket], frozenset[int]]] = {
    Hearers.DESK: desk,
    Hearers.RESPONSIBLE: desk,
    Hearers.RESPONSIBLE_AND_LEADS: assignee_and_leads,
    Hearers.LEADS: leads,
    Hearers.HEADS: heads,
    Hearers.DISPATCHERS: lambda _ticket: people_with(Capability.DISPATCHER),
    Hearers.REVIEWERS: reviewers_of,
}
