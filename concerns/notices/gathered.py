"""What one person reads in the daily mail: the tickets of each section, as they stand when it is written.

New and assigned tickets are news of the period; what waits and what is overdue is told as a whole, but by itself only
when it became so in the period: a mail without news is not sent.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Self

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from common.actor import Actor
from concerns.enums import OPEN_STATES, WAITING_STATES, State, Verb
from concerns.models import Event, Objection, Ticket
from concerns.notices.told import UNROUTED
from concerns.permissions import MAY
from concerns.queries.approval import approvers_of, may_review, waiting_objections
from concerns.queries.visible import visible
from departments.models import Department
from departments.queries import desks_of

LINES = 15
ARRIVING = (Verb.ROUTE, Verb.TRANSFER, Verb.REOPEN)
COMING_BACK = (Verb.ANSWER, Verb.EXPIRE, Verb.REPORT_BACK, Verb.REOPEN)


class Part(StrEnum):
    """The sections of the mail, in their order."""

    NEW = auto()
    ASSIGNED = auto()
    WAITING = auto()
    OVERDUE = auto()


@dataclass(frozen=True, slots=True)
class Section:
    """The first tickets of a section, how many there are, and whether any of it is news."""

    part: Part
    tickets: list[Ticket]
    count: int
    is_news: bool


@dataclass(frozen=True, slots=True)
class Day:
    """What all mails of one day have in common: the period, whose desk each department is, who may approve what."""

    since: dt.datetime
    until: dt.datetime
    desks: Mapping[int, frozenset[int]]
    approvers: Mapping[int, frozenset[int]]

    @classmethod
    def of(cls, since: dt.datetime, until: dt.datetime) -> Self:
        waiting = Ticket.objects.filter(state=State.PENDING_APPROVAL)
        waiting = waiting.select_related("answer_message", "department")
        return cls(
            since=since,
            until=until,
            desks=desks_of(Department.objects.all()),
            approvers={ticket.pk: approvers_of(ticket) for ticket in waiting},
        )

    def within(self, name: str) -> Q:
        return Q(**{f"{name}__gt": self.since, f"{name}__lte": self.until})


@dataclass(frozen=True, slots=True)
class Reader:
    """One person and the day's tickets that concern them; all of it asks `visible` first."""

    person: User
    actor: Actor
    day: Day

    def sections(self) -> list[Section]:
        """The sections that hold something; none at all when nothing in them is news."""
        waiting, overdue = self.waiting(), self.overdue()
        due_now = self.day.within("resolution_due")
        found = [
            section(Part.NEW, self.new()),
            section(Part.ASSIGNED, self.assigned()),
            section(Part.WAITING, waiting, news=self.began_to_wait()),
            section(Part.OVERDUE, overdue, news=due_now),
        ]
        filled = [one for one in found if one.count]
        return filled if any(one.is_news for one in filled) else []

    def seen(self) -> QuerySet[Ticket]:
        related = ("category", "answer_message")
        return visible(self.actor).select_related(*related).order_by("resolution_due", "pk")

    def happened(self, *verbs: Verb) -> QuerySet[Event]:
        """Events of a ticket in the period that somebody else did."""
        events = Event.objects.filter(self.day.within("at"), ticket=OuterRef("pk"), verb__in=verbs)
        return events.exclude(actor_ref=self.person.ref_id)

    def of_the_desk(self) -> Q:
        """Nobody's tickets that this person's desk takes up; a protected one is for whoever may see it."""
        mine = [pk for pk, staff in self.day.desks.items() if self.person.pk in staff]
        protected = Q(circle__isnull=False) | Q(restricted_at__isnull=False)
        here = Q(department__in=mine) | protected
        return here & Q(assignee__isnull=True) & ~Q(state__in=UNROUTED)

    def responsible(self) -> Q:
        theirs = Q(assignee=self.person) | Q(assignee__in=self.actor.stands_in_for)
        return theirs | self.of_the_desk()

    def new(self) -> QuerySet[Ticket]:
        arrived = Exists(self.happened(*ARRIVING))
        return self.seen().filter(self.of_the_desk(), arrived, state=State.ASSIGNED)

    def assigned(self) -> QuerySet[Ticket]:
        given = self.happened(Verb.ASSIGN).filter(data__assignee=str(self.person.ref_id))
        return self.seen().filter(Exists(given), assignee=self.person, state__in=OPEN_STATES)

    def waiting(self) -> QuerySet[Ticket]:
        """Messages, follow-ups, work that came back, and what this person may decide."""
        left = (Q(unanswered_since__isnull=False) | Q(follow_up_told=True)) & self.responsible()
        return self.seen().filter(left | self.came_back() | Q(pk__in=self.to_decide()))

    def came_back(self) -> Q:
        back = Q(Exists(self.happened(*COMING_BACK)), self.responsible())
        mine = Event.objects.filter(
            ticket=OuterRef("pk"), verb=Verb.SUBMIT, actor_ref=self.person.ref_id
        )
        sent_back = Q(Exists(self.happened(Verb.REJECT)), Exists(mine))
        return Q(state=State.IN_PROGRESS) & (back | sent_back)

    def to_decide(self) -> list[int]:
        """Ids of tickets to be routed, approved or reviewed by this person."""
        objected = Exists(Objection.objects.filter(ticket=OuterRef("pk"), verdict=""))
        found = self.seen().filter(Q(state__in=UNROUTED) | objected)
        ids = [ticket.pk for ticket in found if self.may_decide(ticket)]
        return ids + [pk for pk, staff in self.day.approvers.items() if self.person.pk in staff]

    def may_decide(self, ticket: Ticket) -> bool:
        if ticket.is_confidential or ticket.restricted_at is not None:
            return True
        if ticket.state in UNROUTED:
            return MAY[Verb.ROUTE](self.actor, ticket)
        able = MAY[Verb.DECIDE_OBJECTION](self.actor, ticket)
        return able and may_review(self.actor, ticket, waiting_objections(ticket))

    def began_to_wait(self) -> Q:
        objections = Objection.objects.filter(
            self.day.within("created_at"), ticket=OuterRef("pk"), verdict=""
        )
        changed = Q(state__in=[*UNROUTED, State.PENDING_APPROVAL]) & self.day.within("state_since")
        written = self.day.within("unanswered_since")
        come = Q(Exists(self.happened(Verb.FOLLOW_UP_DUE)))
        return Q(Exists(objections)) | changed | written | come | self.came_back()

    def overdue(self) -> QuerySet[Ticket]:
        """Late by our own fault: a wait for others moves the date when it ends."""
        late = self.seen().filter(state__in=OPEN_STATES, resolution_due__lte=self.day.until)
        return late.exclude(state__in=WAITING_STATES).filter(self.responsible())


def section(part: Part, tickets: QuerySet[Ticket], *, news: Q | None = None) -> Section:
    """A section of the mail; `news` says which of its tickets are news (None: all)."""
    first = list(tickets[:LINES])
    count = tickets.count() if len(first) == LINES else len(first)
    fresh = bool(first) and (news is None or tickets.filter(news).exists())
    return Section(part=part, tickets=first, count=count, is_news=fresh)
