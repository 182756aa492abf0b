from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from geography.models import Address
from tests.factories.organisation import DistrictFactory

pytestmark = pytest.mark.django_db
TEXT = "ort;lon;lat;str;nr;plz\nx;-0.9;54.05;Quay Street;5;NM1\nx;-0.91;54.05;Quay Street;7;NM1\n"
COLUMNS = ("--street", "str", "--number", "nr", "--postcode", "plz")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    DistrictFactory(key="town", level="city", box=(-1.0, 54.0, -0.7, 54.1))
    file = tmp_path / "list.csv"
    file.write_text(TEXT)
    return file


def load(*arguments: object) -> str:
    printed = StringIO()
    call_command("load_addresses", *map(str, arguments), stdout=printed)
    return printed.getvalue()


def test_load_addresses_says_how_many(file: Path) -> None:
    said = "2 places and 1 streets; 0 entries replaced, 0 lines stood there twice.\n"

    assert load(file, *COLUMNS) == said
    assert load(file, *COLUMNS) == said.replace("0 entries", "3 entries")
    labels = Address.objects.order_by("search").values_list("label", flat=True)
    assert list(labels) == ["Quay Street", "Quay Street 5", "Quay Street 7"]


def test_load_addresses_takes_a_label_and_another_encoding(file: Path) -> None:
    file.write_bytes("name;lon;lat\nMühle;-0.9;54.05\n".encode("cp1252"))

    assert load(file, "--label", "name", "--encoding", "cp1252").startswith(
        "1 places and 0 streets"
    )
    assert Address.objects.get().search == "muehle"


def test_load_addresses_asks_for_the_column_of_the_place(file: Path) -> None:
    with pytest.raises(CommandError, match="Name the column of the place with --label"):
        load(file)


def test_load_addresses_tells_what_to_correct(file: Path) -> None:
    with pytest.raises(CommandError) as refusal:
        load(file, "--label", "name")

    assert str(refusal.value).splitlines() == [
        "Nothing was loaded.",
        f"{file}: the file: has no column name. Its columns: ort, lon, lat, str, nr, plz.",
    ]
