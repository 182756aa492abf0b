# ruff: noqa: E501 - the tables hold whole sentences
"""The official list of addresses: streets made of houses, districts found, what was there before replaced."""

from pathlib import Path

import pytest

from common.city_files import CityDataRefused
from geography.actions import addresses
from geography.actions.addresses import Loaded, load_addresses
from geography.models import Address
from geography.parsing.addresses import Columns
from tests.factories.organisation import DistrictFactory

pytestmark = pytest.mark.django_db
HOUSES = Columns(street="STR", number="NR", suffix="ZUS", postcode="PLZ", x="X", y="Y")
LABELS = Columns(label="label", postcode="plz")
HEAD = "X;Y;STR;NR;ZUS;PLZ\n"
# Around 7.15° east and 51.25° north; a step of a kilometre.
STREET = "".join(f"37{n}000,0;5679000,0;Am Markt;{n + 1};;42103\n" for n in range(3))


@pytest.fixture(autouse=True)
def town() -> None:
    city = DistrictFactory(key="town", level="city", box=(7.0, 51.1, 7.4, 51.4))
    DistrictFactory(key="west", parent=city, box=(7.0, 51.1, 7.16, 51.4))
    DistrictFactory(key="east", parent=city, box=(7.16, 51.1, 7.4, 51.4))


def load(folder: Path, text: str, columns: Columns = HOUSES) -> Loaded:
    file = folder / "list.csv"
    file.write_text(text, encoding="utf-8")
    return load_addresses(file=file, columns=columns)


def rows() -> list[tuple[object, ...]]:
    fields = ("label", "search", "rank", "postcode", "district__key", "official")
    return list(Address.objects.order_by("pk").values_list(*fields))


def test_streets_are_made_of_their_houses(tmp_path: Path) -> None:
    loaded = load(tmp_path, HEAD + STREET)

    assert loaded == Loaded(entries=3, streets=1, twice=0, replaced=0)
    assert rows() == [
        ("Am Markt", "am markt", 0, "42103", "west", True),
        ("Am Markt 1", "am markt 1", 1, "42103", "west", True),
        ("Am Markt 2", "am markt 2", 1, "42103", "west", True),
        ("Am Markt 3", "am markt 3", 1, "42103", "east", True),
    ]
    street, middle = (Address.objects.get(label=label) for label in ("Am Markt", "Am Markt 2"))
    assert (street.lat, street.lon) == (middle.lat, middle.lon)
    assert (middle.lat, middle.lon) == (
        pytest.approx(51.2477, abs=1e-3),
        pytest.approx(7.151, abs=1e-2),
    )


def test_a_street_with_several_postcodes_has_none_itself(tmp_path: Path) -> None:
    load(tmp_path, HEAD + STREET + "371500;5679000;Am Markt;9;b;42105\n")

    assert next(row[:4] for row in rows()) == ("Am Markt", "am markt", 0, "")
    assert Address.objects.filter(search="am markt 9b", postcode="42105").count() == 1


def test_places_may_stand_there_as_one_in_degrees(tmp_path: Path) -> None:
    text = "label,plz,lat,lon\nTown Hall,1,51.25,7.1\nMill Road 5,1,51.25,7.3\n"

    assert load(tmp_path, text, LABELS) == Loaded(entries=2, streets=0, twice=0, replaced=0)
    assert [row[:5] for row in rows()] == [
        ("Town Hall", "town hall", 0, "1", "west"),
        ("Mill Road 5", "mill road 5", 1, "1", "east"),
    ]


def test_lines_that_stand_there_twice_are_left_out(tmp_path: Path) -> None:
    again = "379000;5679000;AM MARKT;1;;42103\n"

    assert load(tmp_path, HEAD + STREET + again) == Loaded(3, 1, twice=1, replaced=0)
    assert Address.objects.get(search="am markt 1").label == "Am Markt 1"


def test_a_new_list_replaces_the_old_one_and_the_same_places_of_the_folder(tmp_path: Path) -> None:
    Address.objects.create(label="Am Markt", search="am markt", postcode="1", lat=51.2, lon=7.2)
    Address.objects.create(label="Fair", search="fair", lat=51.2, lon=7.2)
    load(tmp_path, HEAD + STREET)

    again = load(tmp_path, HEAD + STREET.splitlines()[0])

    assert again == Loaded(entries=1, streets=1, twice=0, replaced=4)
    assert [(row[0], row[5]) for row in rows()] == [
        ("Fair", False),
        ("Am Markt", True),
        ("Am Markt 1", True),
    ]


def test_batches_go_by_those_who_watch(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(addresses, "BATCH", 3)
    file = tmp_path / "list.csv"
    file.write_text(HEAD + STREET)
    seen: list[int] = []

    def watch(batches):
        for batch in batches:
            seen.append(len(batch))
            yield batch

    load_addresses(file=file, columns=HOUSES, watch=watch)

    assert (seen, Address.objects.count()) == ([3, 1], 4)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (HEAD, "the file: lists no places."),
        ("X;Y;STR\n", "the file: has no column NR, ZUS, PLZ. Its columns: X, Y, STR."),
        (HEAD + "371000;x;A;1;;1\n", "line 2: Y: 'x' is no number."),
        (HEAD + "2580000;5680000;A;1;;1\n", "the file: has coordinates that are neither degrees nor metres of EPSG:25832. Export it in WGS84 (EPSG:4326) or in EPSG:25832."),
        (HEAD + "51.25;7.1;A;1;;1\n", "the file: lies nowhere near Town (longitude 51.250 to 51.250, latitude 7.100 to 7.100). Are the two swapped, or is it another city's file?"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_used_is_refused_and_changes_nothing(
    tmp_path: Path, text: str, problem: str
) -> None:
    load(tmp_path, HEAD + STREET)
    before = rows()

    with pytest.raises(CityDataRefused) as refused:
        load(tmp_path, text)

    assert refused.value.problems == [f"{tmp_path}/list.csv: {problem}"]
    assert rows() == before
