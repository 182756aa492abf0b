"""Who is placed on a ticket, and who of them can be reached or has said something about the result."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from common.actor import Actor
from common.clock import today
from common.prepared import Given
from concerns.enums import Direction, MessageKind, Standing
from concerns.errors import NotFound
from concerns.models import (
    Concern,
    Exclusion,
    Message,
    Objection,
    Placement,
    Publication,
    Ticket,
)
from concerns.queries.visible import PreparedFor, details
from departments.models import Absence

ACTIVE = Q(concern__standing=Standing.ACTIVE)
# Who can be asked: who has a working address, who signs in, and who chose to look at the status page themselves. The
# last get no mail of the question; it stands there for them, and the wait for an answer ends by itself.
REACHABLE = ACTIVE & (
    Q(concern__reporter__has_email=True, concern__reporter__undeliverable_since__isnull=True)
    | Q(concern__reporter__wants_mail=False)
    | Q(concern__author__isnull=False)
)
# To whom letters go; notices/recipients.py says the same of concerns.
MAILED = ACTIVE & (
    Q(
        concern__reporter__has_email=True,
        concern__reporter__undeliverable_since__isnull=True,
        concern__reporter__wants_mail=True,
    )
    | Q(concern__author__is_active=True)
)
WAITING_OBJECTION = Exists(Objection.objects.filter(concern=OuterRef("concern"), verdict=""))

UNCONFIRMED = Q(concern__confirmed_at__isnull=True) | Q(
    concern__confirmed_at__lt=F("ticket__answered_at")
)
EXCLUSION = Exists(Exclusion.objects.filter(ticket=OuterRef("ticket")))
OPEN_PUBLICATION = Exists(
    Publication.objects.filter(ticket=OuterRef("ticket"), withdrawn_at__isnull=True)
)
COUNTS = {
    "placed": Count("pk"),
    "active": Count("pk", filter=ACTIVE),
    "reachable": Count("pk", filter=REACHABLE),
    "mailed": Count("pk", filter=MAILED),
    "unconfirmed": Count("pk", filter=REACHABLE & UNCONFIRMED),
    "objecting": Count("pk", filter=ACTIVE & Q(WAITING_OBJECTION)),
    "published": BoolOr(OPEN_PUBLICATION, default=False),
    "excluding": BoolOr(EXCLUSION, default=False),
}


@dataclass(frozen=True, slots=True)
class Company:
    """How many concerns are on a ticket, and in what standing."""

    placed: int = 0
    active: int = 0
    reachable: int = 0
    mailed: int = 0
    unconfirmed: int = 0  # reachable people who have not confirmed the result
    objecting: int = 0  # active concerns whose objection waits for its decision
    published: bool = False  # whether facts of their ticket are released to everybody
    excluding: bool = False  # whether somebody is kept from their ticket


def company(ticket: Ticket) -> Company:
    """The counts for a ticket, in one statement whatever their number."""
    return Company(**Placement.objects.open().filter(ticket=ticket).aggregate(**COUNTS))


def ticket_in_company(actor: Actor, ticket_id: int) -> tuple[Ticket, Company]:
    """The ticket as `ticket_for` finds it, and the counts for it, in one statement.

    The ticket carries `away`: until when its assignee is away and the name of who stands in, None if they are there.
    """
    ticket = COUNTED.one(actor, pk=ticket_id, day=today())
    return ticket, Company(**getattr(ticket, "counts", None) or {})


def counted(actor: Actor) -> QuerySet[Ticket]:
    placed = Placement.objects.open().filter(ticket=OuterRef("pk")).values("ticket")
    counts = placed.annotate(counts=JSONObject(**COUNTS)).values("counts")
    away = Absence.objects.current(Given("day")).filter(user=OuterRef("assignee"))
    described = away.order_by("pk").values(said=JSONObject(until="ends", deputy="deputy__name"))
    found = details(actor).annotate(counts=Subquery(counts), away=Subquery(described[:1]))
    return found.filter(pk=Given("pk"))


COUNTED = PreparedFor(counted)


def has_confirmed(concern: Concern, ticket: Ticket) -> bool:
    """Whether the person confirmed the ticket's present answer; one given before a reopening does not count."""
    said, answered = concern.confirmed_at, ticket.answered_at
    return said is not None and answered is not None and said >= answered


def concerns_on(ticket: Ticket | Given) -> QuerySet[Concern]:
    """The concerns placed on a ticket now."""
    return Concern.objects.filter(
        placements__ticket=ticket, placements__until__isnull=True
    ).order_by("pk")


def reachable_concerns(ticket: Ticket, among: Iterable[int] | None = None) -> QuerySet[Concern]:
    """Active concerns on a ticket whose person can be asked; `among` narrows to these ids."""
    placed = Placement.objects.open().filter(REACHABLE, ticket=ticket)
    if among is not None:
        placed = placed.filter(concern__in=list(among))
    return Concern.objects.filter(pk__in=placed.values("concern")).order_by("pk")


def ticket_id_of(concern_id: int) -> int:
    """The ticket a concern is placed on now; NotFound when there is no such concern."""
    found = (
        Placement.objects.open().filter(concern=concern_id).values_list("ticket", flat=True).first()
    )
    if found is None:
        raise NotFound
    return found


def was_asked(ticket: Ticket, concern_id: int) -> bool:
    """Whether the ticket's present wait has a question to this concern."""
    return Message.objects.filter(
        ticket=ticket,
        concern=concern_id,
        direction=Direction.OUT,
        kind=MessageKind.QUESTION,
        created_at__gte=ticket.state_since,
    ).exists()


def assigned_to(user_id: int) -> int:
    """How many tickets are assigned to a person, ended ones included: so many closing the account releases."""
    return Ticket.objects.filter(assignee=user_id).count()
