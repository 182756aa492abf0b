"""Tickets of a period as they were filed, for asking what other rules would have done with them."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet
from shapely.geometry import Point

from common.clock import city_zone
from concerns.conditions import Matter
from concerns.enums import PlacementReason
from concerns.keywords import Text
from concerns.models import Category, Placement, RoutingRule
from concerns.simulation import Past
from geography.models import District

AT_ONCE = 2_000
SAID = (
    *("ticket", "ticket__department__key", "concern__category", "concern__kind"),
    *("concern__audience", "concern__channel", "concern__created_at", "concern__words"),
    *("concern__lat", "concern__lon", "concern__answers", "concern__district"),
    "concern__district__level",
    "concern__district__parent",
)


def rules_in_force() -> list[RoutingRule]:
    """As routing asks them, with department and circle (one statement)."""
    found = RoutingRule.objects.filter(active=True).select_related("department", "circle")
    return list(found.order_by("key"))


def filed_in(since: dt.datetime, until: dt.datetime) -> QuerySet[Placement]:
    """The placements that opened a ticket in the period, the newest first."""
    return Placement.objects.filter(
        reason=PlacementReason.FILED, since__gte=since, since__lt=until
    ).order_by("-since", "-pk")


def past_matters(placements: QuerySet[Placement]) -> Iterator[Past]:
    """Each ticket with the concern that opened it (two statements). What was erased says nothing any more."""
    known = Category.objects.select_related("default_department", "circle").in_bulk()
    for row in placements.values(*SAID).iterator(chunk_size=AT_ONCE):
        said = {name.removeprefix("concern__"): value for name, value in row.items()}
        matter = Matter(
            category=known.get(said["category"]),
            kind=said["kind"],
            audience=said["audience"],
            area_ids=areas(said),
            text=Text(said["words"]),
            at=said["created_at"].astimezone(city_zone()),
            channel=said["channel"],
            point=None if said["lat"] is None else Point(said["lon"], said["lat"]),
            answers=said["answers"],
        )
        yield Past(said["ticket"], matter, said["ticket__department__key"] or "")


def areas(said: dict[str, object]) -> tuple[int, ...]:
    """District, then quarter, as far as they are known."""
    found = (said["district__parent"], said["district"])
    inner = said["district__level"] == District.Level.QUARTER
    ids = found if inner else (said["district"],)
    return tuple(one for one in ids if isinstance(one, int))
