"""Families of tickets that real actions brought about, taken apart so that copies of them can be made.

A family is a ticket with everything that belongs to it, and all tickets it was ever joined to. The columns are read
from the models: a column that comes later is copied without a line here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models

from concerns.enums import OPEN_STATES
from concerns.models import (
    Concern,
    Event,
    Involvement,
    Message,
    Note,
    Objection,
    Placement,
    Publication,
    Reporter,
    Ticket,
)

Model = type[models.Model]
Row = list[Any]
# In the order in which their ids are known to each other; reporters come first, the rest points to them.
COPIED: tuple[Model, ...] = (
    Reporter,
    Ticket,
    Concern,
    Placement,
    Message,
    Note,
    Objection,
    Publication,
    Involvement,
    Event,
)
# What an event's `data` names by number.
NAMED_IN_DATA: Mapping[str, Model] = {
    "note": Note,
    "message": Message,
    "objection": Objection,
    "publication": Publication,
    "concern": Concern,
    "concerns": Concern,
    "to": Concern,
    "ticket": Ticket,
    "lead": Ticket,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """Where in a row of one table stand its own id, its times, and the ids of other rows that are copied too."""

    model: Model
    columns: tuple[str, ...]
    own: int
    times: tuple[int, ...]
    links: tuple[tuple[int, Model], ...]

    def at(self, column: str) -> int:
        return self.columns.index(column)


def shape_of(model: Model) -> Shape:
    fields = model._meta.concrete_fields
    columns = tuple(one.column for one in fields)
    times = tuple(n for n, one in enumerate(fields) if isinstance(one, models.DateField))
    links = tuple(
        (n, one.related_model)
        for n, one in enumerate(fields)
        if isinstance(one, models.ForeignKey) and one.related_model in COPIED
    )
    if model is Event:
        links += ((columns.index("concern_ref"), Concern),)
    return Shape(model, columns, columns.index(model._meta.pk.column), times, links)  # type: ignore[union-attr]


SHAPES: Mapping[Model, Shape] = {model: shape_of(model) for model in COPIED}


@dataclass
class Family:
    """Rows by table, each with the ids of its database; `places` says which id stands where in its list."""

    rows: dict[Model, list[Row]] = field(default_factory=lambda: defaultdict(list))
    places: dict[Model, dict[int, int]] = field(default_factory=dict)

    def settle(self) -> "Family":
        for model, rows in self.rows.items():
            rows.sort(key=lambda row: row[SHAPES[model].own])
            self.places[model] = {row[SHAPES[model].own]: n for n, row in enumerate(rows)}
        return self

    @property
    def is_open(self) -> bool:
        state = SHAPES[Ticket].at("state")
        return any(row[state] in OPEN_STATES for row in self.rows[Ticket])


def families() -> list[Family]:
    """All families in the database."""
    fetched = {model: rows_of(model) for model in COPIED}
    of_ticket, of_concern = kinship(fetched)
    found: defaultdict[int, Family] = defaultdict(Family)
    for model, rows in fetched.items():
        for row in rows:
            member = owner_of(model, row, of_ticket, of_concern)
            if member is not None:
                found[member].rows[model].append(row)
    return [family.settle() for _key, family in sorted(found.items())]


def rows_of(model: Model) -> list[Row]:
    quoted = ", ".join(f'"{name}"' for name in SHAPES[model].columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quoted} FROM {model._meta.db_table} ORDER BY id")  # noqa: S608 - names of models
        return [list(row) for row in cursor.fetchall()]


def kinship(fetched: Mapping[Model, Sequence[Row]]) -> tuple[dict[int, int], dict[int, int]]:
    """For each ticket and each concern the lowest ticket of its family."""
    placed = SHAPES[Placement]
    ticket, concern = placed.at("ticket_id"), placed.at("concern_id")
    ties = [(row[ticket], -row[concern]) for row in fetched[Placement]]
    own, lead = SHAPES[Ticket].own, SHAPES[Ticket].at("merged_into_id")
    ties += [(row[own], row[lead]) for row in fetched[Ticket] if row[lead]]
    own, whole = SHAPES[Concern].own, SHAPES[Concern].at("part_of_id")
    ties += [(-row[own], -row[whole]) for row in fetched[Concern] if row[whole]]
    # Two who share a reporter (a split concern) are one family as well.
    reporter, first = SHAPES[Concern].at("reporter_id"), dict[int, int]()
    for row in fetched[Concern]:
        if row[reporter]:
            ties.append((-row[own], first.setdefault(row[reporter], -row[own])))
    heads = united(ties)
    tickets = {member: head for member, head in heads.items() if member > 0}
    return tickets, {-member: head for member, head in heads.items() if member < 0}


def united(ties: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Each member's head, the same for all that ties connect (union-find)."""
    above: dict[int, int] = {}

    def head(member: int) -> int:
        above.setdefault(member, member)
        while above[member] != member:
            above[member] = above[above[member]]
            member = above[member]
        return member

    for one, other in ties:
        above[head(one)] = head(other)
    return {member: head(member) for member in above}


def owner_of(
    model: Model, row: Row, of_ticket: Mapping[int, int], of_concern: Mapping[int, int]
) -> int | None:
    shape = SHAPES[model]
    if model is Ticket:
        return of_ticket.get(row[shape.own])
    if model is Concern:
        return of_concern.get(row[shape.own])
    if model is Reporter:
        return None  # Made anew for each copy: what is sealed opens in its own row alone.
    return of_ticket.get(row[shape.at("ticket_id")])
