"""From a point to the part of the city it lies in, and from what people type to a point."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from shapely import STRtree, points, prepare
from shapely.affinity import scale
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from common.prepared import Given, Prepared
from geography.errors import NoSuchPoint, OutsideCity
from geography.gazetteer import HOUSE, PLACE, fold
from geography.models import Address, District

# About a kilometre: nobody draws a city by hand more exactly.
NEAR_DEGREES = 0.009


@dataclass(frozen=True, slots=True)
class Location:
    """Where a point lies; district and quarter are None in a city that drew none there."""

    district: District | None
    quarter: District | None


def locate(*, lat: float, lon: float) -> Location:
    """The district and quarter of a point in degrees WGS84 (one statement).

    Raises NoSuchPoint for what is no point on earth (NaN, infinity, beyond ±90/±180) and OutsideCity for a point
    that no polygon of the city holds. Areas whose bounding box holds the point are candidates; their geometry
    decides. A border that is only drawn roughly is no wall: what lies near it belongs to the area next to it.
    """
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):  # noqa: PLR2004 - degrees
        raise NoSuchPoint
    point = Point(lon, lat)
    candidates = candidates_at(lat, lon)
    found = {area.level: area for area in candidates if outline(area.drawn).covers(point)}
    if not found:
        found = _next_to(point, [area for area in candidates if area.schematic])
    return Location(found.get(District.Level.DISTRICT), found.get(District.Level.QUARTER))


def candidates_at(lat: float, lon: float) -> list[Any]:
    """Areas whose box holds the point, roughly drawn ones also if it is near; each with its geometry as text."""
    wide = NEAR_DEGREES / max(math.cos(math.radians(lat)), NEAR_DEGREES)
    return AROUND.all(
        lat=lat,
        lon=lon,
        west=lon - wide,
        south=lat - NEAR_DEGREES,
        east=lon + wide,
        north=lat + NEAR_DEGREES,
    )


def around() -> QuerySet[Any]:
    lat, lon = Given("lat"), Given("lon")
    here = Q(west__lte=lon, east__gte=lon, south__lte=lat, north__gte=lat)
    near = Q(
        schematic=True,
        west__lte=Given("east"),
        east__gte=Given("west"),
        south__lte=Given("north"),
        north__gte=Given("south"),
    )
    drawn = District.objects.annotate(drawn=Cast("geometry", TextField()))
    return drawn.filter(here | near).defer("geometry")


AROUND = Prepared(around)


@lru_cache(maxsize=512)
def outline(drawn: str) -> BaseGeometry:
    """A geometry from its GeoJSON, prepared to be asked about many points."""
    form = shape(json.loads(drawn))
    prepare(form)
    return form


def _next_to(point: Point, areas: Sequence[Any]) -> dict[str, District]:
    """The nearest area of each level; raises OutsideCity unless the city itself is drawn roughly and near."""
    # A degree of longitude shrinks towards the poles; seen so, distances are the same in all directions.
    shrink = partial(scale, xfact=math.cos(math.radians(point.y)), origin=(0, 0))
    here = shrink(point)
    away = [(shrink(outline(area.drawn)).distance(here), area) for area in areas]
    near = sorted((pair for pair in away if pair[0] <= NEAR_DEGREES), key=lambda pair: -pair[0])
    found = {area.level: area for _degrees, area in near}
    if District.Level.CITY not in found:
        raise OutsideCity
    return found


def districts_of(places: Sequence[tuple[float, float]]) -> list[int | None]:
    """For each (lon, lat) the id of the district that holds it; for many at once (one statement)."""
    districts = list(District.objects.filter(level=District.Level.DISTRICT, west__lte=180))
    found: list[int | None] = [None] * len(places)
    if districts and places:
        tree = STRtree([shape(district.geometry) for district in districts])
        for place, district in tree.query(points(places), predicate="intersects").T.tolist():
            found[place] = districts[district].pk
    return found


def find_addresses(text: str, limit: int = 8) -> list[Address]:
    """Entries of the gazetteer that what was typed may mean, streets and places before houses.

    First those that begin with it; where they are few, also those in which every word typed begins some word, like
    «allee 7». All by index; three statements at most.
    """
    typed = fold(text)
    found: list[Address] = []
    for hits in _hits(typed) if typed else ():
        if len(found) < limit:
            found += hits[: limit - len(found)]
    return found


def _hits(typed: str) -> Iterator[QuerySet[Address]]:
    entries = Address.objects.select_related("district").order_by("rank", "search")
    for rank in (PLACE, HOUSE):
        yield entries.filter(rank=rank, search__startswith=typed)
    words = " & ".join(f"{word}:*" for word in typed.split())
    query = SearchQuery(words, config="simple", search_type="raw")
    having = entries.annotate(words=SearchVector("search", config="simple")).filter(words=query)
    yield having.exclude(search__startswith=typed)


def drawn_roughly() -> bool:
    """Whether the city's own border is only drawn roughly (one statement)."""
    return District.objects.filter(level=District.Level.CITY, schematic=True).exists()


def districts() -> list[District]:
    """The districts by name, without their geometry (one statement)."""
    found = District.objects.filter(level=District.Level.DISTRICT).defer("geometry")
    return sorted(found, key=lambda one: one.name)


def areas() -> list[District]:
    """Districts and quarters without their shapes (one statement)."""
    below_the_city = District.objects.exclude(level=District.Level.CITY)
    return list(below_the_city.defer("geometry"))
