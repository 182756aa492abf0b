"""Which of the city's people hear of something: whom it concerns, who may know of it, and who wants to.

Confidential tickets are told to their circle alone, restricted ones to those who administer them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from accounts.enums import NoticeChoice
from accounts.models import User
from common.actor import Actor
from concerns.enums import State, Verb
from concerns.models import Event, Exclusion, Ticket
from concerns.notices.facts import Facts
from concerns.notices.staff_occasions import Hearers, News, StaffOccasion
from concerns.permissions import MAY
from concerns.queries.approval import approvers_of, circle_people
from concerns.queries.visible import visible
from departments.enums import Capability
from departments.queries import actors_for, desks_of, people_with

RELATED = ("answer_message", "assignee", "department")
UNROUTED = (State.RECEIVED, State.IN_TRIAGE)
# What somebody must be allowed to do about it, so that telling them helps.
NEEDED = {Hearers.DISPATCHERS: Verb.ROUTE, Hearers.REVIEWERS: Verb.DECIDE_OBJECTION}


@dataclass(frozen=True, slots=True)
class Told:
    """Something to tell: of which ticket (as it stands now), and what the event or the alarm says of itself."""

    occasion: StaffOccasion
    ticket: Ticket | None
    data: Mapping[str, Any]
    verb: Verb | None = None
    by: UUID | None = None
    sequence: int = 0
    concern: int | None = None
    department: int | None = None

    @classmethod
    def of(cls, occasion: StaffOccasion, facts: Facts) -> Self:
        return cls(
            occasion=occasion,
            ticket=ticket_now(facts.ticket),
            data=facts.data,
            verb=facts.verb,
            by=facts.by,
            sequence=facts.sequence,
            concern=facts.concern,
            department=facts.department,
        )

    @property
    def is_protected(self) -> bool:
        """Whether an e-mail must not say what it is about."""
        ticket = self.ticket
        return ticket is not None and (ticket.is_confidential or ticket.restricted_at is not None)


def ticket_now(ticket_id: int) -> Ticket:
    return Ticket.objects.select_related(*RELATED).get(pk=ticket_id)


def hearers(told: Told, after: int) -> list[User]:
    """Who gets a letter, in ascending order of id, beginning behind `after` (0: all)."""
    if not still_news(told):
        return []
    people = User.objects.filter(pk__in=candidates(told), is_active=True, pk__gt=after)
    if told.by:
        people = people.exclude(ref=told.by)
    if not told.occasion.alarm:
        people = people.filter(notices=NoticeChoice.AT_ONCE)
    found = list(people.order_by("pk"))
    actors = actors_for(found)
    return [person for person in found if may_hear(told, actors[person.pk])]


def still_news(told: Told) -> bool:
    """Whether what happened is still so: a letter that comes late must not send people to what is done."""
    ticket = told.ticket
    if ticket is None:
        return True
    holds: dict[News, bool] = {
        News.NEW: ticket.is_open and ticket.department_id == told.department,
        News.TRIAGE: ticket.state in UNROUTED,
        News.PING_PONG: ticket.state in UNROUTED,
        News.APPROVAL: ticket.state == State.PENDING_APPROVAL,
    }
    return holds.get(told.occasion.news, True) and not is_repeat(told, ticket)


def is_repeat(told: Told, ticket: Ticket) -> bool:
    """Whether a person's address refused a letter before, and nobody has corrected it since."""
    if told.occasion.news != News.BOUNCE:
        return False
    before = Event.objects.filter(
        ticket=ticket, concern_ref=told.concern, sequence__lt=told.sequence
    ).filter(verb__in=[Verb.BOUNCE, Verb.CORRECT_CONTACT])
    last = before.order_by("-sequence").values_list("verb", flat=True).first()
    return last == Verb.BOUNCE


def may_hear(told: Told, actor: Actor) -> bool:
    ticket, needed = told.ticket, NEEDED.get(told.occasion.hearers)
    if ticket is None:
        return True
    if not visible(actor).filter(pk=ticket.pk).exists():
        return False
    return told.is_protected or needed is None or MAY[needed](actor, ticket)


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
        return of_the_circle(ticket, NEEDED.get(whom))
    return GROUPS[whom](ticket)


def able_assignee(ticket: Ticket) -> frozenset[int]:
    """Who has the ticket, if they are still there and may know of it; else nobody."""
    person = ticket.assignee
    if person is None or not person.is_active:
        return frozenset()
    actor = actors_for([person])[person.pk]
    sees = visible(actor).filter(pk=ticket.pk).exists()
    return frozenset({person.pk} if sees else ())


def of_the_circle(ticket: Ticket, needed: Verb | None) -> frozenset[int]:
    """Those of the circle who may do what is needed; if nobody may, all of them: somebody must know."""
    excluded = Exclusion.objects.filter(ticket=ticket).values_list("user", flat=True)
    circle = circle_people(ticket) - frozenset(excluded)
    if needed is None:
        return circle
    actors = actors_for(list(User.objects.filter(pk__in=circle)))
    return frozenset(pk for pk in circle if MAY[needed](actors[pk], ticket)) or circle


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


PERSONAL: Mapping[Hearers, Callable[[Told, Ticket], frozenset[int]]] = {
    Hearers.ASSIGNED: assigned,
    Hearers.SUBMITTER: submitter,
    Hearers.APPROVERS: lambda _told, ticket: approvers_of(ticket),
}
GROUPS: Mapping[Hearers, Callable[[Ticket], frozenset[int]]] = {
    Hearers.DESK: desk,
    Hearers.RESPONSIBLE: desk,
    Hearers.RESPONSIBLE_AND_LEADS: assignee_and_leads,
    Hearers.DISPATCHERS: lambda _ticket: people_with(Capability.DISPATCHER),
    Hearers.REVIEWERS: lambda _ticket: people_with(Capability.DISPATCHER, Capability.TEAM_LEAD),
}
