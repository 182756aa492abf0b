from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from shapely.geometry import box

from geography.models import District
from tests.factories.organisation import DistrictFactory
from tests.support.maps import collection, feature

pytestmark = pytest.mark.django_db
WEST, EAST = box(-1.0, 54.0, -0.9, 54.1), box(-0.9, 54.0, -0.8, 54.1)


def load(*arguments: object) -> list[str]:
    printed = StringIO()
    call_command("load_boundaries", *map(str, arguments), stdout=printed)
    return printed.getvalue().splitlines()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "a.geojson"
    file.write_text(collection(feature(WEST, N="Harbour", K=1), feature(EAST, N="Hill", K=2)))
    return file


def test_load_boundaries_says_what_changed(file: Path) -> None:
    city = DistrictFactory(key="town", level=District.Level.CITY, box=(-1.0, 54.0, -0.7, 54.1))
    DistrictFactory(key="harbour", number="1", parent=city, box=(-1.0, 54.0, -0.95, 54.1))

    assert load(file) == ["changed: town", "areas of level city: 0 unchanged"]
    assert load(file, "--level", "district", "--key-field", "K", "--name-field", "N") == [
        "new: hill",
        "changed: harbour",
        "areas of level district: 0 unchanged",
    ]
    assert load(file, "--level", "district", "--name-field", "N") == [
        "areas of level district: 2 unchanged"
    ]


def test_load_boundaries_tells_what_to_correct(file: Path) -> None:
    DistrictFactory(key="town", level=District.Level.CITY, box=(-1.0, 54.0, -0.7, 54.1))

    with pytest.raises(CommandError) as refusal:
        load(file, "--level", "district")

    assert str(refusal.value).splitlines() == [
        "Nothing was loaded.",
        f"{file}: the file: Name the field with the key or the name of an area. Its fields: K, N.",
    ]
