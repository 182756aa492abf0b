"""Which tickets may be the same matter as another one: candidates from indexes, then compared one by one.

Nearby in space, of the same object, of the same person; for matters without a place the latest of their kind. What is
not a ticket yet is compared in nearby.py.
"""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Exists,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)

from common.actor import Actor
from common.clock import now
from concerns.duplicates import METRES_A_DEGREE, Likeness, Matter, likeness, root_of
from concerns.enums import OPEN_STATES, Finding, Standing, State
from concerns.models import Comparison, Placement, Ticket
from concerns.queries import listing
from concerns.queries.visible import visible

REACH_METRES = 250.0
# What was done this long ago may come back, but is another matter.
LOOKED_BACK = dt.timedelta(days=120)
NEAREST, LATEST = 30, 20
# Whoever said «later» is asked again after so long.
ASKED_AGAIN = dt.timedelta(days=7)
MOST_SHOWN = 5
# From here on it is worth a person's look.
WORTH_A_LOOK = 0.55
GONE = (State.MERGED, State.DISCARDED)


@dataclass(frozen=True, slots=True)
class Similar:
    """A candidate: what a door shows of it, and what it has in common with the matter asked about."""

    row: Mapping[str, Any]
    likeness: Likeness

    @property
    def ticket_id(self) -> int:
        """Of a published matter it stands beside what is published; of a ticket it is its own."""
        return int(self.row["ticket"] if "ticket" in self.row else self.row["id"])


class At(Func):
    """The point of two columns; an index is built of it."""

    function = "point"
    output_field = FloatField()


class Within(Func):
    arg_joiner = " <@ "
    template = "(%(expressions)s)"
    output_field = BooleanField()


class Apart(Func):
    arg_joiner = " <-> "
    template = "(%(expressions)s)"
    output_field = FloatField()


POINT = At(F("lon"), F("lat"))


def similar_to(actor: Actor, ticket: Ticket, *, most: int = MOST_SHOWN) -> list[Similar]:
    """Tickets this person sees that may be the same matter as one they see, most alike first (three statements)."""
    matter = matter_of(ticket)
    rows = described(visible(actor).filter(pk__in=candidates(ticket, matter)))
    return ranked(matter, ((row, ticket_matter(row)) for row in rows), most)


def matter_of(ticket: Ticket) -> Matter:
    """What is compared of a ticket (one statement)."""
    return matters_of([ticket.pk])[ticket.pk]


def matters_of(ticket_ids: Sequence[int]) -> dict[int, Matter]:
    """What is compared of tickets, by id, whoever may see them (one statement)."""
    rows = described(Ticket.objects.filter(pk__in=ticket_ids))
    return {row["id"]: ticket_matter(row) for row in rows}


def settled(ticket: Ticket) -> Exists:
    """Whether a person already said what an outer ticket is to this one, and need not be asked again yet."""
    pair = Q(first=ticket, second=OuterRef("pk")) | Q(first=OuterRef("pk"), second=ticket)
    over = Q(finding=Finding.LATER, decided_at__lt=now() - ASKED_AGAIN)
    return Exists(Comparison.objects.filter(pair).exclude(over))


def compared_before(actor: Actor, ticket: Ticket) -> list[Comparison]:
    """What people said of this ticket and others that this person sees, the latest first (one statement)."""
    seen = visible(actor).values("pk")
    mine = Q(first=ticket, second__in=seen) | Q(second=ticket, first__in=seen)
    found = Comparison.objects.filter(mine).select_related("first", "second")
    return list(found.order_by("-decided_at", "-pk"))


def candidates(ticket: Ticket, matter: Matter) -> list[int]:
    """Ids of tickets worth comparing, whoever may see them (one statement)."""
    others = Ticket.objects.exclude(pk=ticket.pk).exclude(settled(ticket)).exclude(state__in=GONE)
    recent = Q(created_at__gte=matter.at - LOOKED_BACK) | Q(state__in=OPEN_STATES)
    alive = others.filter(recent, audience=ticket.audience)
    ways = [alive.none()]
    if matter.lat is not None:
        near = in_family(alive.filter(Within(POINT, box_around(matter)), lat__isnull=False), matter)
        ways.append(near.order_by(Apart(POINT, point_of(matter)))[:NEAREST])
    elif ticket.category_id:
        placeless = alive.filter(lat__isnull=True, category=ticket.category_id)
        ways.append(placeless.order_by("-created_at")[:LATEST])
    if matter.asset:
        ways.append(alive.filter(asset=matter.asset).order_by("-pk")[:LATEST])
    if matter.people:
        ways.append(alive.filter(pk__in=tickets_of(matter.people)).order_by("-pk")[:LATEST])
    first, *rest = [way.values_list("pk", flat=True) for way in ways]
    return list(first.union(*rest))


def tickets_of(people: Iterable[str]) -> QuerySet[Placement, Any]:
    theirs = Placement.objects.open().filter(concern__reporter__email_index__in=list(people))
    return theirs.values("ticket")


def ranked(
    matter: Matter, rows: Iterable[tuple[Mapping[str, Any], Matter]], most: int
) -> list[Similar]:
    compared = [Similar(row, likeness(matter, other)) for row, other in rows]
    return best([one for one in compared if one.likeness.score >= WORTH_A_LOOK], most)


def best(found: list[Similar], most: int) -> list[Similar]:
    """The most alike first; of equals the older one, for it leads."""
    return sorted(found, key=lambda one: (-one.likeness.score, one.ticket_id))[:most]


def in_family(found: QuerySet[Any], matter: Matter) -> QuerySet[Any]:
    """Of the same branch of the tree of categories, where the matter has one."""
    root = root_of(matter.category)
    return found.filter(category__path__startswith=root) if root else found


def sides(matter: Matter) -> tuple[float, float, float, float]:
    lat, lon = matter.lat or 0.0, matter.lon or 0.0
    high = REACH_METRES / METRES_A_DEGREE
    wide = high / max(math.cos(math.radians(lat)), high)
    return lon - wide, lat - high, lon + wide, lat + high


def box_around(matter: Matter) -> Func:
    west, south, east, north = map(Value, sides(matter))
    corners = At(west, south), At(east, north)
    return Func(*corners, function="box", output_field=FloatField())


def point_of(matter: Matter) -> At:
    return At(Value(matter.lon), Value(matter.lat))


SHOWN = (
    *("id", "title", "state", "created_at", "lat", "lon", "asset_id", "address"),
    *("category__path", "category__slug", "category__names", "concern_count"),
    *("department__key", "department__names"),
)


def described(tickets: QuerySet[Ticket]) -> Sequence[Mapping[str, Any]]:
    """Tickets as rows of SHOWN, with `words` of their first concern and `people` of all (one statement)."""
    there = Placement.objects.open().filter(
        ticket=OuterRef("pk"), concern__standing=Standing.ACTIVE, concern__restricted_at=None
    )
    first = there.filter(concern__is_follow=False).order_by("concern").values("concern__words")
    people = there.exclude(concern__reporter__email_index="").values(
        "concern__reporter__email_index"
    )
    told = tickets.annotate(
        row=listing.row_of_list(), words=Subquery(first[:1]), people=ArraySubquery(people)
    )
    return list(told.values(*SHOWN, "row", "words", "people"))


def ticket_matter(row: Mapping[str, Any]) -> Matter:
    return Matter(
        at=row["created_at"],
        category=row["category__path"] or "",
        lat=row["lat"],
        lon=row["lon"],
        words=row["words"] or "",
        asset=row["asset_id"],
        people=frozenset(filter(None, row["people"])),
    )
