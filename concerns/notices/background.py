"""What all letters of one event have in common, fetched once however many there are."""

from dataclasses import dataclass
from typing import Self

from django.db.models import QuerySet

from common.prepared import Given, Prepared
from concerns.enums import Direction, MessageKind, Verb
from concerns.models import Message, Objection, Ticket
from concerns.notices.facts import Facts
from concerns.notices.occasions import OCCASIONS, Purpose
from concerns.references import defuse
from departments.models import Department

# The city's own words that a letter carries.
SAID = {
    Purpose.QUESTION: MessageKind.QUESTION,
    Purpose.REMINDER: MessageKind.QUESTION,
    Purpose.MESSAGE: MessageKind.UPDATE,
    Purpose.DECISION: MessageKind.DECISION,
}


@dataclass(frozen=True, slots=True)
class Background:
    """`words` are what a clerk wrote to the people; "" where the letter carries none or they are erased."""

    facts: Facts
    purpose: Purpose
    ticket: Ticket
    department: Department | None
    words: str
    objection: Objection | None

    @classmethod
    def of(cls, facts: Facts) -> Self:
        purpose = OCCASIONS[facts.verb].purpose
        if purpose == Purpose.JOINED and facts.is_answered:
            purpose = Purpose.ANSWER
        return cls(
            facts=facts,
            purpose=purpose,
            ticket=_ticket(facts),
            department=_department(facts.department),
            words=defuse(_words(facts, purpose)),
            objection=_objection(facts.data.get("objection")),
        )


def _ticket(facts: Facts) -> Ticket:
    pk = facts.data["ticket"] if facts.verb == Verb.SPLIT else facts.about
    [ticket] = TICKET.all(pk=pk)
    return ticket


TICKET = Prepared(
    lambda: Ticket.objects.select_related("category", "district").filter(pk=Given("pk"))
)
DEPARTMENT = Prepared(lambda: Department.objects.filter(pk=Given("pk")))


def _department(pk: int | None) -> Department | None:
    return DEPARTMENT.first(pk=pk) if pk else None


def _objection(pk: int | None) -> Objection | None:
    return Objection.objects.filter(pk=pk).first() if pk else None


def _words(facts: Facts, purpose: Purpose) -> str:
    if purpose == Purpose.ANSWER:
        said = Message.objects.filter(pk__in=[facts.answer] if facts.answer else [])
    elif purpose in SAID:
        said = _said(facts, SAID[purpose])
    else:
        return ""
    latest = said.filter(released_at__isnull=False).order_by("-created_at", "-pk")
    return latest.values_list("text", flat=True).first() or ""


def _said(facts: Facts, kind: MessageKind) -> QuerySet[Message]:
    """What was said at the event or, for a reminder, before it; never what was said to others."""
    said = Message.objects.filter(
        ticket=facts.ticket, direction=Direction.OUT, kind=kind, created_at__lte=facts.at
    )
    if facts.verb == Verb.REMIND:
        return said.filter(created_at__gte=facts.state_since)
    to = [facts.concern] if facts.verb == Verb.DECIDE_OBJECTION else facts.data.get("to")
    return said.filter(concern__isnull=True) if to is None else said.filter(concern__in=to)
