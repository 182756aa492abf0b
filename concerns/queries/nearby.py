"""Which matters near a place may be what somebody is about to tell: they are asked before it is filed.

Outside, only what is published is compared, by what is published of it.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from common.actor import Actor
from common.clock import now
from concerns.duplicates import Matter
from concerns.enums import OPEN_STATES, Audience
from concerns.models import Category
from concerns.queries import public
from concerns.queries.similar import (
    LOOKED_BACK,
    MOST_SHOWN,
    NEAREST,
    POINT,
    Apart,
    Similar,
    Within,
    best,
    box_around,
    described,
    in_family,
    point_of,
    ranked,
    sides,
    ticket_matter,
)
from concerns.queries.visible import visible

ROW = (
    *("row", "key", "ticket", "ticket__created_at", "state", "reports", "said", "lat", "lon"),
    *("category__slug", "category__names", "category__icon", "category__path"),
    *("ticket__district__key", "ticket__district__names", "ticket__district__schematic"),
)


def told(
    words: str, category: Category | None, lat: float | None, lon: float | None
) -> Matter | None:
    """What somebody is about to file, to be compared; None for what has no place, is for a circle or internal."""
    if lat is None or lon is None:
        return None
    if category and (category.circle_id or category.audience != Audience.PUBLIC):
        return None
    path = category.path if category else ""
    return Matter(at=now(), category=path, lat=lat, lon=lon, words=words)


def nearby(*, matter: Matter, most: int = MOST_SHOWN, only_open: bool = False) -> list[Similar]:
    """Published matters that may be the one somebody is about to report, most alike first (one statement)."""
    found = public.told().filter(around(matter), ticket__created_at__gte=now() - LOOKED_BACK)
    alive = found.filter(ticket__state__in=OPEN_STATES) if only_open else found
    nearest = in_family(alive, matter).order_by(Apart(POINT, point_of(matter)))
    rows = nearest.annotate(row=public.row_of_list()).values(*ROW)[:NEAREST]
    return ranked(matter, ((row, published_matter(row)) for row in rows), most)


def nearby_for(actor: Actor, *, matter: Matter, most: int = MOST_SHOWN) -> list[Similar]:
    """Open matters an employee may place somebody's words on: tickets they see, and what is published of others.

    None that is confidential, restricted or internal, whoever sees it (two statements).
    """
    there = visible(actor).filter(
        Within(POINT, box_around(matter)),
        lat__isnull=False,
        audience=Audience.PUBLIC,
        circle__isnull=True,
        restricted_at__isnull=True,
        state__in=OPEN_STATES,
    )
    near = in_family(there, matter).order_by(Apart(POINT, point_of(matter)))[:NEAREST]
    rows = described(visible(actor).filter(pk__in=near.values("pk")))
    seen = {row["id"] for row in rows}
    outside = nearby(matter=matter, most=NEAREST, only_open=True)
    others = [one for one in outside if one.ticket_id not in seen]
    mine = ranked(matter, ((row, ticket_matter(row)) for row in rows), most)
    return best([*mine, *others], most)


def around(matter: Matter) -> Q:
    west, south, east, north = sides(matter)
    return Q(lat__gte=south, lat__lte=north, lon__gte=west, lon__lte=east)


def published_matter(row: Mapping[str, Any]) -> Matter:
    return Matter(
        at=row["ticket__created_at"],
        category=row["category__path"] or "",
        lat=row["lat"],
        lon=row["lon"],
        words=row["said"] or "",
    )
