# ruff: noqa: E501 - the tables hold whole sentences
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from shapely.geometry import shape
from shapely.ops import unary_union

from common.city_files import Problems
from common.city_rows import Tally
from geography.actions.loading import read_districts, retire_districts, write_districts
from geography.errors import OutsideCity
from geography.models import District
from geography.queries import Location, locate

LANGUAGES = ("en", "de")
SHIPPED = sorted(path.parent for path in (settings.BASE_DIR / "cities").glob("*/city.yaml"))
FOLDERS = [settings.CITY_FOLDER, *SHIPPED]


def square(west: float, east: float, north: float = 54.1) -> dict[str, Any]:
    ring = [[west, 54.0], [east, 54.0], [east, north], [west, north], [west, 54.0]]
    return {"type": "Polygon", "coordinates": [ring]}


def area(key: str, level: str, geometry: dict[str, Any] | None, **more: object) -> dict[str, Any]:
    properties = {
        "key": key,
        "level": level,
        "names": {"en": key.title(), "de": key.title()},
        **more,
    }
    return {"type": "Feature", "properties": properties, "geometry": geometry}


TOWN = area("town", "city", square(-1.0, -0.8))
HARBOUR = area("harbour", "district", square(-1.0, -0.9), parent="town")
HILL = area("hill", "district", square(-0.9, -0.8), parent="town")
DOCKS = area("docks", "quarter", square(-1.0, -0.9, 54.05), parent="harbour")


@pytest.fixture
def problems(tmp_path) -> Problems:
    return Problems(tmp_path)


def write_file(problems: Problems, *features: object) -> None:
    collection = {"type": "FeatureCollection", "features": features}
    (problems.folder / "districts.geojson").write_text(json.dumps(collection), encoding="utf-8")


def load(problems: Problems, *features: object) -> Tally:
    write_file(problems, *features)
    sheet = read_districts(problems, LANGUAGES)
    problems.raise_any()
    tally = write_districts(sheet)
    retire_districts(sheet, tally)
    return tally


def refused(problems: Problems, *features: object) -> list[str]:
    write_file(problems, *features)
    read_districts(problems, LANGUAGES)
    return [
        problem.removeprefix(f"{problems.folder}/districts.geojson: ") for problem in problems.found
    ]


@pytest.mark.django_db
def test_write_districts_stores_areas_in_any_order_of_the_file(problems: Problems) -> None:
    assert load(problems, DOCKS, HILL, HARBOUR, TOWN) == Tally(
        "areas", created=["town", "hill", "harbour", "docks"]
    )

    docks = District.objects.get(key="docks")
    assert docks.parent.parent == District.objects.get(key="town")
    assert docks.geometry == square(-1.0, -0.9, 54.05)
    assert (docks.west, docks.south, docks.east, docks.north) == (-1.0, 54.0, -0.9, 54.05)
    assert docks.names == {"en": "Docks", "de": "Docks"}
    assert locate(lat=54.02, lon=-0.95) == Location(District.objects.get(key="harbour"), docks)


@pytest.mark.django_db
def test_write_districts_a_second_time_changes_nothing(problems: Problems) -> None:
    load(problems, TOWN, HARBOUR, DOCKS)

    assert load(problems, TOWN, HARBOUR, DOCKS) == Tally("areas", unchanged=3)


@pytest.mark.django_db
def test_write_districts_takes_over_a_new_border(problems: Problems) -> None:
    load(problems, TOWN, HARBOUR)
    wider = area("harbour", "district", square(-1.0, -0.85), parent="town")

    assert load(problems, TOWN, wider) == Tally(
        "areas", changed={"harbour": ["geometry", "east"]}, unchanged=1
    )
    assert locate(lat=54.05, lon=-0.87).district == District.objects.get(key="harbour")


@pytest.mark.django_db
def test_write_districts_deletes_what_left_the_file(problems: Problems) -> None:
    load(problems, TOWN, HARBOUR, HILL, DOCKS)

    assert load(problems, TOWN, HILL) == Tally("areas", deleted=["docks", "harbour"], unchanged=2)
    assert sorted(District.objects.values_list("key", flat=True)) == ["hill", "town"]


@pytest.mark.django_db
def test_write_districts_keeps_what_is_referred_to_but_never_finds_it_again(
    problems: Problems,
) -> None:
    load(problems, TOWN, HARBOUR)
    kept = District.objects.get(key="harbour")
    kept.assets.create(key="bench-1", asset_type="bench", lat=54.02, lon=-0.95)

    first, second = load(problems, TOWN), load(problems, TOWN)

    assert (first, second) == (
        Tally("areas", retired=["harbour"], unchanged=1),
        Tally("areas", unchanged=1),
    )
    assert District.objects.filter(pk=kept.pk).exists()
    assert locate(lat=54.02, lon=-0.95) == Location(None, None)
    with pytest.raises(OutsideCity):
        locate(lat=0.0, lon=0.0)


@pytest.mark.django_db
def test_write_districts_puts_an_area_back_on_the_map(problems: Problems) -> None:
    load(problems, TOWN, HARBOUR)
    harbour = District.objects.get(key="harbour")
    harbour.assets.create(key="bench-1", asset_type="bench", lat=54.02, lon=-0.95)
    load(problems, TOWN)

    assert load(problems, TOWN, HARBOUR) == Tally(
        "areas", changed={"harbour": ["west", "south", "east", "north"]}, unchanged=1
    )
    assert locate(lat=54.02, lon=-0.95).district == harbour


@pytest.mark.django_db
def test_a_folder_neither_draws_nor_removes_what_is_official(problems: Problems) -> None:
    load(problems, TOWN, HARBOUR, DOCKS)
    District.objects.filter(key__in=["harbour", "docks"]).update(official=True)
    wider = area("harbour", "district", square(-1.0, -0.85), parent="town", number="7")

    assert load(problems, TOWN, wider) == Tally(
        "areas", changed={"harbour": ["number"]}, unchanged=1
    )
    harbour = District.objects.get(key="harbour")
    assert (harbour.geometry, harbour.number) == (square(-1.0, -0.9), "7")
    assert District.objects.filter(key="docks").exists()


@pytest.mark.django_db
def test_write_districts_remembers_what_is_drawn_roughly(problems: Problems) -> None:
    load(
        problems, TOWN, area("harbour", "district", square(-1, -0.9), parent="town", schematic=True)
    )

    drawn = dict(District.objects.values_list("key", "schematic"))
    assert drawn == {"town": False, "harbour": True}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_maps_in_this_repository_have_districts_side_by_side_that_fill_the_city(
    folder: Path,
) -> None:
    problems = Problems(folder)
    records = read_districts(problems, LANGUAGES).records.values()
    problems.raise_any()

    city = [shape(r.values["geometry"]) for r in records if r.values["level"] == "city"]
    districts = [shape(r.values["geometry"]) for r in records if r.values["level"] == "district"]

    assert unary_union(districts).symmetric_difference(city[0]).area < city[0].area / 1e6
    assert sum(district.area for district in districts) == pytest.approx(city[0].area)


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_maps_the_product_ships_have_quarters_side_by_side_in_their_district(folder: Path) -> None:
    problems = Problems(folder)
    records = read_districts(problems, LANGUAGES).records
    inside: dict[str, list[Any]] = {}
    for record in records.values():
        if record.values["level"] == "quarter":
            inside.setdefault(record.values["parent"], []).append(shape(record.values["geometry"]))

    for district, quarters in inside.items():
        whole = shape(records[district].values["geometry"])
        assert unary_union(quarters).symmetric_difference(whole).area < whole.area / 1e4
        assert sum(one.area for one in quarters) == pytest.approx(whole.area, rel=1e-4)
    assert all(record.values["schematic"] for record in records.values())


BOW_TIE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


@pytest.mark.parametrize(
    ("feature", "problem"),
    [
        (area("a", "district", square(-1, 0)), "area 'a': parent: name the city that this area lies in."),
        (area("a", "quarter", square(-1, 0), parent="town"), "area 'a': parent: 'town' is no district."),
        (area("a", "district", square(-1, 0), parent="twn"), "area 'a': parent 'twn' is not in districts.geojson. Did you mean 'town'?"),
        (area("a", "zone", square(-1, 0), parent="town"), "area 'a': level: 'zone' is not one of city, district, quarter."),
        (area("a", "district", square(-1, 0), parent="town", colour="red"), "area 'a': 'colour' is not known here."),
        (area("a", "district", None, parent="town"), "area 'a': geometry: must be a Polygon or a MultiPolygon."),
        (area("a", "district", {"type": "Point", "coordinates": [0, 0]}, parent="town"), "area 'a': geometry: must be a Polygon or a MultiPolygon."),
        (area("a", "district", {"type": "Polygon", "coordinates": []}, parent="town"), "area 'a': geometry: has no coordinates. Export the area again."),
        (area("a", "district", square(374000, 375000, 5680000), parent="town"), "area 'a': geometry: Degrees are wanted (WGS84, longitude first), these look like metres."),
        (area("a", "district", BOW_TIE, parent="town"), "area 'a': geometry: is no clean area: Self-intersection[0.5 0.5]. Repair it in your map program."),
        ({"type": "Feature", "properties": None, "geometry": None}, "entry 2: 'key' must be small letters, digits and single hyphens, at most 50 characters."),
        ("word", "entry 2: 'key' must be small letters, digits and single hyphens, at most 50 characters."),
        (area("b", "city", square(-1, 0)), "the file: must hold one area of level city; it holds 2."),
    ],
)  # fmt: skip
def test_read_districts_refuses_with_key_and_remedy(
    problems: Problems, feature: object, problem: str
) -> None:
    assert refused(problems, TOWN, feature) == [problem]


def test_read_districts_refuses_a_city_that_lies_in_something(problems: Problems) -> None:
    inside = area("town", "city", square(-1, 0), parent="town")

    assert refused(problems, inside) == [
        "area 'town': parent: the city lies in no other area. Remove it."
    ]


@pytest.mark.parametrize(
    "coordinates", ["x", [[0, 0]], [["a", "b"]], [[[0, 0], [1]]], [[[0, 0], [1, 1]]], 5, None]
)
def test_read_districts_refuses_coordinates_that_are_none(
    problems: Problems, coordinates: object
) -> None:
    broken = area("a", "district", {"type": "Polygon", "coordinates": coordinates}, parent="town")

    (problem,) = refused(problems, TOWN, broken)

    assert problem.startswith("area 'a': geometry: has ")
    assert problem.endswith("Export the area again.")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "line 1: is no JSON (Expecting property name enclosed in double quotes). Export the file again."),
        ("[]", "the file: must be a GeoJSON FeatureCollection (RFC 7946)."),
        ("{}", "the file: must be a GeoJSON FeatureCollection (RFC 7946)."),
        ('{"type": "FeatureCollection", "features": {}}', "the file: must be a GeoJSON FeatureCollection (RFC 7946)."),
        ('{"type": "FeatureCollection", "features": [NaN]}', "the file: is no JSON: NaN is no coordinate. Export the file again."),
    ],
)  # fmt: skip
def test_read_districts_refuses_what_is_no_collection(
    problems: Problems, content: str, problem: str
) -> None:
    (problems.folder / "districts.geojson").write_text(content, encoding="utf-8")

    sheet = read_districts(problems, LANGUAGES)

    assert problems.found == [f"{problems.folder}/districts.geojson: {problem}"]
    assert sheet.complete is False
