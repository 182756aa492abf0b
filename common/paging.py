"""Long lists page by page, from the place of the last row shown: without counting, and no page slides meanwhile."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Func, Model, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.lookups import GreaterThan, LessThan

from common.prepared import Given

Key = int | dt.datetime
Listed = TypeVar("Listed", bound=Model)


class Row(Func):
    """Several values as one: PostgreSQL compares them in turn, and finds the place in an index."""

    template = "(%(expressions)s)"
    output_field = models.Field()  # a row has no type of its own


@dataclass(frozen=True, slots=True)
class Order:
    """What rows are sorted by, all keys rising or all falling; none is ever NULL, together they tell any two apart."""

    keys: Sequence[Combinable]
    falling: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Behind the row with these keys, or with `back` before it."""

    keys: tuple[Key, ...]
    back: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows in their order, and where the pages beside it begin; None where there is none."""

    rows: Sequence[Mapping[str, Any]]
    following: Place | None
    previous: Place | None


def page_of(
    rows: QuerySet[Listed, Mapping[str, Any]],
    order: Order,
    *,
    size: int,
    place: Place | None = None,
) -> Page:
    """So many rows of a `values()` query from a place on (one statement)."""
    found = list(cut(rows, order, size=size, place=place))
    return page_from(found, order, size=size, place=place)


def cut(
    rows: QuerySet[Listed, Mapping[str, Any]],
    order: Order,
    *,
    size: int,
    place: Place | None = None,
) -> QuerySet[Listed, Mapping[str, Any]]:
    """The query of a page: the rows in order, with their keys, and one more than the page has."""
    back = place is not None and place.back
    falling = order.falling is not back
    names = names_of(order)
    keyed = rows.annotate(**dict(zip(names, order.keys, strict=True)))
    if place is not None:
        beyond = LessThan if falling else GreaterThan
        keys = (key if isinstance(key, Given) else Value(key) for key in place.keys)
        keyed = keyed.filter(beyond(Row(*order.keys), Row(*keys)))
    sorting = [F(name).desc() if falling else F(name).asc() for name in names]
    page: QuerySet[Listed, Mapping[str, Any]] = keyed.order_by(*sorting)[: size + 1]
    return page


def page_from(
    rows: Sequence[Mapping[str, Any]], order: Order, *, size: int, place: Place | None = None
) -> Page:
    """The page made of what `cut` found."""
    back = place is not None and place.back
    more, found = len(rows) > size, list(rows[:size])
    names = names_of(order)
    if back:
        found.reverse()
    if not found:
        return Page([], None, None)
    return Page(
        found,
        following=place_of(found[-1], names) if back or more else None,
        previous=place_of(found[0], names, back=True) if (more if back else place) else None,
    )


def names_of(order: Order) -> list[str]:
    return [f"key_{number}" for number in range(len(order.keys))]


def place_of(row: Mapping[str, Any], names: list[str], *, back: bool = False) -> Place:
    return Place(tuple(row[name] for name in names), back)
