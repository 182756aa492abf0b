# ruff: noqa: E501 - the tables hold whole sentences
import json

import pytest
from pyproj import CRS
from shapely.geometry import MultiPolygon, Polygon, box

from common.city_files import Problems
from geography.parsing.areas import read_features, united
from tests.support.maps import collection, feature, shapes_zip, to_utm

WEST, EAST = box(7.1, 51.2, 7.2, 51.3), box(7.2, 51.2, 7.3, 51.3)


@pytest.fixture
def problems(tmp_path) -> Problems:
    return Problems(tmp_path)


def refusal(problems: Problems, file: str) -> str:
    assert read_features(problems, file) == []
    (problem,) = problems.found
    return problem.removeprefix(f"{problems.folder / file}: the file: ")


def test_geojson_in_degrees(problems: Problems) -> None:
    content = collection(feature(WEST, NAME="West", NR=1), feature(EAST, NAME="East", NR=2))
    (problems.folder / "a.geojson").write_text(content)

    found = read_features(problems, "a.geojson")

    assert [
        (one.properties, one.form.equals(form))
        for one, form in zip(found, (WEST, EAST), strict=True)
    ] == [
        ({"NAME": "West", "NR": 1}, True),
        ({"NAME": "East", "NR": 2}, True),
    ]


@pytest.mark.parametrize("crs", ["", "urn:ogc:def:crs:EPSG::25832"])
def test_geojson_in_metres(problems: Problems, crs: str) -> None:
    (problems.folder / "a.json").write_text(collection(feature(to_utm(WEST)), crs=crs))

    (found,) = read_features(problems, "a.json")

    assert found.form.hausdorff_distance(WEST) < 1e-6


@pytest.mark.parametrize("code", [4326, 4258, 25832, None])
def test_zipped_shapes(problems: Problems, code: int | None) -> None:
    forms = [to_utm(WEST), to_utm(EAST)] if code == 25832 else [WEST, EAST]
    shapes_zip(problems.folder / "a.zip", [("Süd-West", 1, forms[0]), ("Ost", 2, forms[1])], code)

    found = read_features(problems, "a.zip")

    assert [one.properties for one in found] == [
        {"NAME": "Süd-West", "NR": 1},
        {"NAME": "Ost", "NR": 2},
    ]
    assert [
        one.form.hausdorff_distance(form) < 1e-6
        for one, form in zip(found, (WEST, EAST), strict=True)
    ] == [True, True]


@pytest.mark.parametrize(
    ("encoding", "cpg"),
    [
        ("cp1252", "1252"),
        ("cp1252", ""),
        ("utf-8", "UTF-8"),
        ("utf-8", ""),
        ("latin-1", "ISO-8859-1"),
        ("utf-8", "nonsense"),
    ],
)
def test_zipped_shapes_in_the_encodings_of_the_trade(
    problems: Problems, encoding: str, cpg: str
) -> None:
    shapes_zip(problems.folder / "a.zip", [("Süd", 1, WEST)], 4326, encoding=encoding, cpg=cpg)

    (found,) = read_features(problems, "a.zip")

    assert found.properties["NAME"] == "Süd"


def test_areas_of_several_parts_with_holes_stay_as_they_are(problems: Problems) -> None:
    hole = box(7.13, 51.23, 7.17, 51.27)
    with_hole = Polygon(WEST.exterior.coords, [hole.exterior.coords])
    islands = MultiPolygon([box(7.25, 51.2, 7.26, 51.21), box(7.27, 51.2, 7.28, 51.21)])
    shapes_zip(problems.folder / "a.zip", [("Hole", 1, with_hole), ("Islands", 2, islands)], 4326)

    first, second = read_features(problems, "a.zip")

    assert (first.form.equals(with_hole), second.form.equals(islands)) == (True, True)


def test_heights_are_dropped_and_crossing_borders_repaired(problems: Problems) -> None:
    ring = [[7.1, 51.2, 80], [7.2, 51.3, 80], [7.2, 51.2, 80], [7.1, 51.3, 80], [7.1, 51.2, 80]]
    bow_tie = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    (problems.folder / "a.json").write_text(
        json.dumps({"type": "FeatureCollection", "features": [bow_tie]})
    )

    (found,) = read_features(problems, "a.json")

    assert (found.form.is_valid, found.form.has_z, found.form.geom_type) == (
        True,
        False,
        "MultiPolygon",
    )


def test_united_makes_one_area_of_neighbours() -> None:
    assert united([WEST, EAST]).equals(box(7.1, 51.2, 7.3, 51.3))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("no JSON", "is neither GeoJSON nor a zip of shapes (.shp with its .dbf and .prj). Choose another file."),
        ("[]", "must be a GeoJSON FeatureCollection (RFC 7946)."),
        ('{"features": [1]}', "must be a GeoJSON FeatureCollection (RFC 7946)."),
        ('{"features": []}', "holds no areas. Export the file again."),
        ('{"features": [{"geometry": null}]}', "must hold areas only (Polygon or MultiPolygon)."),
        ('{"features": [{"geometry": {"type": "Point", "coordinates": [7, 51]}}]}', "must hold areas only (Polygon or MultiPolygon)."),
        ('{"features": [{"geometry": {"type": "Polygon", "coordinates": [["x"]]}}]}', "has coordinates that cannot be read. Export the file again."),
        ('{"features": [{"geometry": {"type": "Polygon", "coordinates": []}}]}', "holds an area without coordinates. Export the file again."),
    ],
)  # fmt: skip
def test_what_is_no_geojson_is_refused(problems: Problems, content: str, words: str) -> None:
    (problems.folder / "a.json").write_text(content)

    assert refusal(problems, "a.json") == words


def test_a_missing_file_is_refused(problems: Problems) -> None:
    assert refusal(problems, "none.zip") == "cannot be read (No such file or directory)."


def test_shapes_in_another_system_are_refused(problems: Problems) -> None:
    shapes_zip(problems.folder / "a.zip", [("A", 1, to_utm(WEST))], 25833)

    name = CRS(25833).name
    assert (
        refusal(problems, "a.zip")
        == f"has coordinates in {name}. Export it in WGS84 (EPSG:4326) or in EPSG:25832."
    )


@pytest.mark.parametrize(
    ("leave_out", "words"),
    [
        (".shp", "must hold one file .shp; it holds 0."),
        (".dbf", "lacks the file .dbf, which holds the names. Zip all parts together."),
    ],
)
def test_a_zip_that_lacks_a_part_is_refused(problems: Problems, leave_out: str, words: str) -> None:
    shapes_zip(problems.folder / "a.zip", [("A", 1, WEST)], 4326, leave_out=leave_out)

    assert refusal(problems, "a.zip") == words


@pytest.mark.parametrize("part", [".shp", ".dbf"])
def test_a_zip_with_a_broken_part_is_refused(problems: Problems, part: str) -> None:
    shapes_zip(problems.folder / "a.zip", [("A", 1, WEST)], 4326, broken=part)

    assert refusal(problems, "a.zip") == "holds shapes that cannot be read. Export the file again."


def test_a_table_in_another_encoding_than_it_says_is_refused(problems: Problems) -> None:
    rows = [("Süd", 1, WEST)]
    shapes_zip(problems.folder / "a.zip", rows, 4326, encoding="cp1252", cpg="UTF-8")

    words = "holds a table (.dbf) that cannot be read. Export the file again."
    assert refusal(problems, "a.zip") == words
