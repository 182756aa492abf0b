"""From a point to the part of the city it lies in."""

import math
from dataclasses import dataclass

from shapely.geometry import Point, shape

from geography.errors import NoSuchPoint, OutsideCity
from geography.models import District


@dataclass(frozen=True, slots=True)
class Location:
    """Where a point lies; district and quarter are None in a city that drew none there."""

    district: District | None
    quarter: District | None


def locate(*, lat: float, lon: float) -> Location:
    """The district and quarter of a point in degrees WGS84 (one statement).

    Raises NoSuchPoint for what is no point on earth (NaN, infinity, beyond ±90/±180) and OutsideCity for a point
    that no polygon of the city holds. Areas whose bounding box holds the point are candidates; their geometry
    decides.
    """
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):  # noqa: PLR2004 - degrees
        raise NoSuchPoint
    candidates = District.objects.filter(
        west__lte=lon, east__gte=lon, south__lte=lat, north__gte=lat
    )
    point = Point(lon, lat)
    found = {area.level: area for area in candidates if shape(area.geometry).covers(point)}
    if not found:
        raise OutsideCity
    return Location(found.get(District.Level.DISTRICT), found.get(District.Level.QUARTER))
