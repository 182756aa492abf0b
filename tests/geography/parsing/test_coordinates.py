# ruff: noqa: E501 - the tables hold whole sentences
import pytest
from pyproj import CRS

from geography.parsing.coordinates import DEGREES, UTM, UnknownSystem, system_of, to_degrees

IN_DEGREES = (7.0, 51.1, 7.3, 51.3)
IN_METRES = (361_000.0, 5_670_000.0, 382_000.0, 5_686_000.0)


def wkt(code: int) -> str:
    return CRS(code).to_wkt("WKT1_ESRI")


@pytest.mark.parametrize(
    ("bounds", "declared", "system"),
    [
        (IN_DEGREES, "", DEGREES),
        (IN_METRES, "", UTM),
        (IN_DEGREES, "urn:ogc:def:crs:OGC:1.3:CRS84", DEGREES),
        (IN_DEGREES, "EPSG:4326", DEGREES),
        (IN_DEGREES, wkt(4326), DEGREES),
        (IN_DEGREES, wkt(4258), DEGREES),
        (IN_METRES, "urn:ogc:def:crs:EPSG::25832", UTM),
        (IN_METRES, wkt(25832), UTM),
        (IN_METRES, wkt(32632), UTM),
    ],
)
def test_system_of(bounds: tuple[float, ...], declared: str, system: str) -> None:
    assert system_of(bounds, declared) == system


WANTED = "Export it in WGS84 (EPSG:4326) or in EPSG:25832."


@pytest.mark.parametrize(
    ("bounds", "declared", "words"),
    [
        (IN_METRES, "EPSG:4326", f"says EPSG:4326, but its numbers look like metres. {WANTED}"),
        (IN_DEGREES, wkt(25832), f"says EPSG:25832, but its numbers look like degrees. {WANTED}"),
        (IN_METRES, wkt(31466), f"has coordinates in DHDN / 3-degree Gauss-Kruger zone 2. {WANTED}"),
        (IN_METRES, wkt(25833), f"has coordinates in ETRS89 / UTM zone 33N. {WANTED}"),
        (IN_METRES, "EPSG:25832x", f"names a coordinate system nobody knows. {WANTED}"),
        ((2_580_000, 5_670_000, 2_590_000, 5_680_000), "", f"has coordinates that are neither degrees nor metres of EPSG:25832. {WANTED}"),
        ((float("nan"),) * 4, "", f"has coordinates that are neither degrees nor metres of EPSG:25832. {WANTED}"),
        ((float("-inf"), 51.0, 7.3, 51.3), "", f"has coordinates that are neither degrees nor metres of EPSG:25832. {WANTED}"),
    ],
)  # fmt: skip
def test_system_of_refuses_what_nobody_can_place(
    bounds: tuple[float, ...], declared: str, words: str
) -> None:
    with pytest.raises(UnknownSystem) as refusal:
        system_of(bounds, declared)

    assert str(refusal.value) == words


def test_to_degrees_converts_numbers_and_lists() -> None:
    # The central meridian of the zone is 9° east; its easting is 500 km.
    lon, lat = to_degrees(UTM)(500_000, 5_678_000)
    assert (lon, lat) == (pytest.approx(9.0), pytest.approx(51.25336, abs=1e-5))
    assert to_degrees(UTM)([500_000], [5_678_000]) == ([lon], [lat])
    assert to_degrees(DEGREES)(7.0, 51.0) == (7.0, 51.0)
