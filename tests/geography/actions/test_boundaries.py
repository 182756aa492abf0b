# ruff: noqa: E501 - the tables hold whole sentences
"""Official boundaries take the place of drawn ones, and every key stays."""

import os
from pathlib import Path

import pytest
from django.conf import settings as configured
from shapely.geometry import box, shape

from common.city_files import CityDataRefused, Problems
from common.city_rows import Tally
from geography.actions.boundaries import load_boundaries
from geography.actions.loading import OFF_THE_MAP, read_districts, retire_districts, write_districts
from geography.models import Address, District
from geography.queries import locate
from tests.factories.matters import RoutingRuleFactory
from tests.factories.organisation import DepartmentFactory, DistrictFactory
from tests.support.maps import collection, feature, shapes_zip, to_utm

pytestmark = pytest.mark.django_db
# The real boundary of a city, in 1,300 points; it is no part of this repository.
SHARED = Path(os.environ.get("SHARED_DATA", configured.BASE_DIR.parent / "shared" / "data"))
BOUNDARY = SHARED / "wuppertal_boundary.geojson"

TOWN, WEST, EAST = box(7.1, 51.2, 7.3, 51.3), box(7.1, 51.2, 7.18, 51.3), box(7.18, 51.2, 7.3, 51.3)


@pytest.fixture
def town() -> District:
    """A town in Germany, drawn roughly: its districts meet at 7.2 degrees, in truth at 7.18."""
    town = DistrictFactory(key="town", level="city", box=(7.0, 51.1, 7.4, 51.4), schematic=True)
    for key, number, names, west, east in (
        ("west", "0", {"en": "West End", "de": "Weststadt"}, 7.1, 7.2),
        ("east", "1", {"en": "East End", "de": "Oststadt"}, 7.2, 7.3),
    ):
        DistrictFactory(
            key=key,
            number=number,
            names=names,
            parent=town,
            box=(west, 51.2, east, 51.3),
            schematic=True,
        )
    return town


def area(key: str) -> District:
    return District.objects.get(key=key)


def refusal(file: Path, **options: str) -> list[str]:
    with pytest.raises(CityDataRefused) as refused:
        load_boundaries(file=file, **options)
    return [problem.removeprefix(f"{file}: the file: ") for problem in refused.value.problems]


@pytest.mark.parametrize("field", ["NR", "NAME"])
def test_districts_are_known_by_number_or_by_name(
    town: District, tmp_path: Path, field: str
) -> None:
    rule = RoutingRuleFactory(district=area("west"), department=DepartmentFactory())
    rows = [("WESTSTADT", 0, to_utm(WEST)), ("Oststadt", 1, to_utm(EAST))]
    file = shapes_zip(tmp_path / "a.zip", rows, 25832)
    option = {"key_field": "NR"} if field == "NR" else {"name_field": "NAME"}

    tally = load_boundaries(file=file, level="district", **option)

    assert tally.noun == "areas of level district"
    assert {key: sorted(fields) for key, fields in tally.changed.items()} == {
        "west": ["east", "geometry", "official", "schematic"],
        "east": ["geometry", "official", "schematic", "west"],
    }
    rule.refresh_from_db()
    assert rule.district == area("west")
    assert shape(area("west").geometry).hausdorff_distance(WEST) < 1e-6
    assert (area("west").schematic, area("west").official, area("town").official) == (
        False,
        True,
        False,
    )
    assert (area("west").names, area("west").parent) == (
        {"en": "West End", "de": "Weststadt"},
        town,
    )
    assert locate(lat=51.25, lon=7.19).district == area("east")


def test_loading_the_same_file_again_changes_nothing(town: District, tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    file.write_text(collection(feature(WEST, key="west"), feature(EAST, key="east")))
    load_boundaries(file=file, level="district", key_field="key")

    again = load_boundaries(file=file, level="district", key_field="key")

    assert again == Tally("areas of level district", unchanged=2)


def test_parts_of_one_area_are_put_together(town: District, tmp_path: Path) -> None:
    island = box(7.12, 51.32, 7.14, 51.34)
    file = tmp_path / "a.geojson"
    parts = (feature(WEST, k="west"), feature(EAST, k="east"), feature(island, k="west"))
    file.write_text(collection(*parts))

    load_boundaries(file=file, level="district", key_field="k")

    assert area("west").geometry["type"] == "MultiPolygon"
    assert shape(area("west").geometry).equals(WEST.union(island))


def test_the_boundary_of_the_city_needs_no_field(town: District, tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    file.write_text(collection(feature(WEST), feature(EAST, NAME="anything")))

    assert list(load_boundaries(file=file, level="city").changed) == ["town"]
    assert shape(area("town").geometry).equals(TOWN)
    assert (area("town").names, area("town").schematic) == (town.names, False)


def test_quarters_nobody_drew_are_added_where_they_lie(town: District, tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    north, south = box(7.1, 51.25, 7.18, 51.3), box(7.1, 51.2, 7.18, 51.25)
    file.write_text(
        collection(feature(north, NR="00", N="Nördlich"), feature(south, NR="01", N="West"))
    )

    tally = load_boundaries(file=file, level="quarter", key_field="NR", name_field="N")

    assert tally == Tally("areas of level quarter", created=["noerdlich", "quarter-west"])
    found = area("noerdlich")
    assert (found.number, found.names) == ("00", {"en": "Nördlich", "de": "Nördlich"})
    assert (found.level, found.parent, found.official) == ("quarter", area("west"), True)
    assert locate(lat=51.21, lon=7.15).quarter == area("quarter-west")


def test_official_areas_that_left_the_official_file_go(town: District, tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    a, b, c = (box(7.1 + n / 50, 51.2, 7.12 + n / 50, 51.3) for n in range(3))
    file.write_text(collection(feature(a, N="A"), feature(b, N="B"), feature(c, N="C")))
    load_boundaries(file=file, level="quarter", name_field="N")
    RoutingRuleFactory(district=area("b"), department=DepartmentFactory())
    file.write_text(collection(feature(a, N="A")))

    tally = load_boundaries(file=file, level="quarter", name_field="N")

    assert tally == Tally("areas of level quarter", retired=["b"], deleted=["c"], unchanged=1)
    assert area("b").west == OFF_THE_MAP["west"]


def test_places_find_their_district_anew(town: District, tmp_path: Path) -> None:
    Address.objects.create(label="Mill", search="mill", lat=51.25, lon=7.19, district=area("west"))
    file = tmp_path / "a.geojson"
    file.write_text(collection(feature(WEST, key="west"), feature(EAST, key="east")))

    load_boundaries(file=file, level="district", key_field="key")

    assert Address.objects.get().district == area("east")


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({}, "Name the field with the key or the name of an area. Its fields: NAME, NR."),
        ({"name_field": "NAEM"}, "has no field NAEM. Its fields: NAME, NR."),
        ({"key_field": "K", "name_field": "L"}, "has no field K, L. Its fields: NAME, NR."),
        ({"name_field": "NAME"}, "holds nothing for East End. It holds: Weststadt, Südstadt. Is it the right level, and the right field?"),
        ({"key_field": "NR"}, "holds nothing for East End. It holds: 0, 7. Is it the right level, and the right field?"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_is_refused_and_changes_nothing(
    town: District, tmp_path: Path, options: dict[str, str], problem: str
) -> None:
    file = shapes_zip(tmp_path / "a.zip", [("Weststadt", 0, WEST), ("Südstadt", 7, EAST)], 4326)
    before = list(District.objects.order_by("pk").values())

    assert refusal(file, level="district", **options) == [problem]
    assert list(District.objects.order_by("pk").values()) == before


def test_two_areas_for_one_are_refused(town: District, tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    areas = (feature(WEST, N="West End"), feature(EAST, N="East End"), feature(EAST, N="Oststadt"))
    file.write_text(collection(*areas))

    problem = "holds two areas for 'east': East End and Oststadt."
    assert refusal(file, level="district", name_field="N") == [problem]


def test_an_area_without_a_name_is_refused(town: District, tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    file.write_text(collection(feature(WEST, N="West End"), feature(EAST, N=None)))

    assert refusal(file, level="district", name_field="N") == ["has an area without N. Fill it in."]


def test_a_file_of_another_place_is_refused(town: District, tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    file.write_text(collection(feature(box(51.2, 7.1, 51.3, 7.3))))

    assert refusal(file, level="city") == [
        "lies nowhere near Town (longitude 51.200 to 51.300, latitude 7.100 to 7.300). Are the two swapped, or is it another city's file?"
    ]


def test_without_a_city_nothing_can_be_placed(tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    file.write_text(collection(feature(TOWN)))

    assert refusal(file, level="city") == [
        "cannot be placed: no city is loaded. Load its folder first, with manage.py load_city."
    ]


def test_the_real_boundary_of_a_city_is_taken_over(settings) -> None:
    if not BOUNDARY.exists():
        pytest.skip(f"{BOUNDARY} is not there; set SHARED_DATA to test with a real boundary")
    problems = Problems(settings.BASE_DIR / "cities" / "wuppertal")
    sheet = read_districts(problems, ("de", "en"))
    write_districts(sheet)

    load_boundaries(file=BOUNDARY, level="city")

    city = District.objects.get(level="city")
    whole = shape(city.geometry)
    # 168.3 square kilometres; a degree is 111.2 km of latitude, and of longitude 69.7 km at 51.25° north.
    assert whole.area * 111.2 * 69.7 == pytest.approx(168.3, rel=0.01)
    assert [round(edge, 3) for edge in whole.bounds] == [7.014, 51.166, 7.313, 51.318]
    assert (city.key, city.official) == ("wuppertal", True)
    again = write_districts(sheet)
    retire_districts(sheet, again)
    assert again.is_quiet
