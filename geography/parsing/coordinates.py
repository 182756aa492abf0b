"""Which coordinates a file has, and the way from there to degrees.

Two systems are known: WGS84 in degrees (ETRS89 is the same to a metre), and ETRS89 / UTM zone 32N in metres, in which
German surveying offices keep their data.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

DEGREES, UTM = "EPSG:4326", "EPSG:25832"
WANTED = f"Export it in WGS84 ({DEGREES}) or in {UTM}."
# By the numbers the registry of surveyors gives them: WGS84 and ETRS89; UTM 32N on either.
SAME_AS = {4326: DEGREES, 4258: DEGREES, 25832: UTM, 32632: UTM}
# Metres that lie in or near Germany: west, south, east, north.
NEAR_GERMANY = (100_000, 5_000_000, 1_000_000, 6_300_000)

Bounds = tuple[float, float, float, float]
# Takes x and y as numbers or as lists of numbers.
Convert = Callable[[Any, Any], tuple[Any, Any]]


class UnknownSystem(ValueError):
    """Nobody can say where these numbers are on earth; the words go behind the name of the file."""


def system_of(bounds: Bounds, declared: str = "") -> str:
    """The system of numbers within `bounds`, by what the file declares (a WKT, an EPSG code) and by their size."""
    named, measured = _named(declared) if declared else "", _measured(bounds)
    if named and named != measured:
        words = "degrees" if measured == DEGREES else "metres"
        raise UnknownSystem(f"says {named}, but its numbers look like {words}. {WANTED}")
    return measured


def _named(declared: str) -> str:
    try:
        found = CRS.from_user_input(declared)
    except CRSError:
        raise UnknownSystem(f"names a coordinate system nobody knows. {WANTED}") from None
    if found.is_geographic and "CRS84" in found.name:
        return DEGREES
    number = found.to_epsg(min_confidence=50)
    if number not in SAME_AS:
        raise UnknownSystem(f"has coordinates in {found.name}. {WANTED}")
    return SAME_AS[number]


def _measured(bounds: Bounds) -> str:
    west, south, east, north = bounds
    if west >= -180 and east <= 180 and south >= -90 and north <= 90:  # noqa: PLR2004 - degrees
        return DEGREES
    if (
        NEAR_GERMANY[0] <= west
        and NEAR_GERMANY[1] <= south
        and east <= NEAR_GERMANY[2]
        and north <= NEAR_GERMANY[3]
    ):
        return UTM
    raise UnknownSystem(f"has coordinates that are neither degrees nor metres of {UTM}. {WANTED}")


@cache
def to_degrees(system: str) -> Convert:
    """Converts x and y (numbers or arrays) to longitude and latitude."""
    if system == DEGREES:
        return lambda x, y: (x, y)
    convert: Convert = Transformer.from_crs(system, DEGREES, always_xy=True).transform
    return convert
