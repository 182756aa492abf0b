import pytest

from bench.replay.errors import CannotReplay
from bench.replay.reports import COLUMNS, read
from tests.bench.replay.conftest import row, write

SIGNS = "Größe\r\nzwei\nZeilen\rund „Zitat“, U\u0308 und Ü 🚧👩‍🦽\t;\u00a0Ende  "


def test_words_are_read_byte_for_byte(reports):
    write(reports, row(1, description=SIGNS), row(2))

    assert [one.words for one in read(reports)] == [SIGNS, "Tiefes Schlagloch (2)."]


def test_what_is_not_known_is_none_or_empty(reports):
    write(reports, row(1, lon="", lat="", address="", responsible_office="", district=""))

    report = read(reports)[0]
    assert (report.lat, report.lon, report.address, report.office) == (None, None, "", "")


def test_about_half_are_held_out_by_their_id_alone(reports):
    write(reports, *(row(n, description=str(n % 3)) for n in range(1000)))

    first = [one.held_out for one in read(reports)]
    write(reports, *(row(n, description="other") for n in range(1000)))

    assert [one.held_out for one in read(reports)] == first
    assert 430 < sum(first) < 570


@pytest.mark.parametrize(
    ("rows", "columns", "told"),
    [
        ([row(1)], COLUMNS[:-1], "lacks the columns district"),
        ([row(1), row(2, id="r1")], COLUMNS, "has an id twice"),
        ([row(1), row(2, lat="north")], COLUMNS, "Report 2: lat and lon must be degrees"),
    ],
)
def test_another_file_is_refused(reports, rows, columns, told):
    write(reports, *rows, columns=columns)

    with pytest.raises(CannotReplay, match=told):
        read(reports)


@pytest.mark.parametrize("content", [None, b"id\xff\n"])
def test_what_cannot_be_read_is_refused_without_its_words(reports, content):
    if content:
        reports.write_bytes(content)

    with pytest.raises(CannotReplay, match="cannot be read"):
        read(reports)
