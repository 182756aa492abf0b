# ruff: noqa: E501 - the tables hold whole sentences
import pytest

from common.city_files import Problems
from geography.parsing.addresses import Columns, Entry, read_entries

PLACES = Columns(label="label", postcode="postcode")
HOUSES = Columns(street="STR", number="NR", suffix="ZUS", postcode="PLZ", x="X", y="Y")


@pytest.fixture
def problems(tmp_path) -> Problems:
    return Problems(tmp_path)


def read(problems: Problems, text: str, columns: Columns = PLACES, **more: str) -> list[Entry]:
    (problems.folder / "a.csv").write_text(text, encoding="utf-8")
    return read_entries(problems, "a.csv", columns, **more)


def test_read_entries_of_one_label(problems: Problems) -> None:
    text = "# Rough.\n\nlabel;postcode;lat;lon\nTown Hall; NM1 ;54.05;-0.92\n\n# More.\nPark;;54,1;-0,9\n"

    assert read(problems, text) == [
        Entry("Town Hall", "", "NM1", -0.92, 54.05),
        Entry("Park", "", "", -0.9, 54.1),
    ]
    assert problems.found == []


def test_read_entries_of_street_and_number(problems: Problems) -> None:
    text = 'X,Y,STR,NR,ZUS,PLZ,OTHER\n374000.5,5680000,"Am Diek",5,a,42277,x\n374000,5680001,Markt,,,42103,y\n'

    assert read(problems, text, HOUSES) == [
        Entry("Am Diek 5a", "Am Diek", "42277", 374000.5, 5680000.0),
        Entry("Markt", "", "42103", 374000.0, 5680001.0),
    ]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_read_entries_finds_the_delimiter(problems: Problems, delimiter: str) -> None:
    text = "\n".join(
        delimiter.join(cells)
        for cells in (["label", "postcode", "lat", "lon"], ["A-B", "1", "5", "6"])
    )

    assert read(problems, f"\ufeff{text}") == [Entry("A-B", "", "1", 6.0, 5.0)]


def test_read_entries_in_another_encoding(problems: Problems) -> None:
    (problems.folder / "a.csv").write_bytes("label;lat;lon\nMühle;1;2\n".encode("cp1252"))

    assert read_entries(problems, "a.csv", Columns(label="label"), "cp1252") == [
        Entry("Mühle", "", "", 2.0, 1.0)
    ]
    assert read_entries(problems, "a.csv", Columns(label="label")) == []
    assert problems.found == [
        f"{problems.folder}/a.csv: the file: is not in utf-8-sig. Store it as UTF-8, or name its encoding, for example cp1252."
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the file: is empty. The first line must name the columns."),
        ("name;lat;lon\n", "the file: has no column label, postcode. Its columns: name, lat, lon."),
        ("label;postcode;lat;lon\n;1;5;6\n", "line 2: names no place. Fill in its name, or remove the line."),
        ("label;postcode;lat;lon\nA;1;5;x\n", "line 2: lon: 'x' is no number."),
        ("label;postcode;lat;lon\nA;1;5\n", "line 2: lon: '' is no number."),
        ("label;postcode;lat;lon\nA;1;nan;6\n", "line 2: lat: 'nan' is no number."),
        (f"label;postcode;lat;lon\n{'A' * 121};1;5;6\n", "line 2: names a place with more than 120 characters. Shorten it."),
    ],
)  # fmt: skip
def test_read_entries_refuses_with_line_and_remedy(
    problems: Problems, text: str, problem: str
) -> None:
    assert read(problems, text) == []
    assert problems.found == [f"{problems.folder}/a.csv: {problem}"]


def test_read_entries_refuses_a_missing_file_and_a_strange_encoding(problems: Problems) -> None:
    read_entries(problems, "none.csv", PLACES)
    read(problems, "label;postcode;lat;lon\n", encoding="klingon")

    assert problems.found == [
        f"{problems.folder}/none.csv: the file: cannot be read (No such file or directory).",
        f"{problems.folder}/a.csv: the file: is not in klingon. Store it as UTF-8, or name its encoding, for example cp1252.",
    ]


def test_read_entries_tells_no_more_mistakes_than_people_read(problems: Problems) -> None:
    read(problems, "label;postcode;lat;lon\n" + "A;1;5;x\n" * 500)

    assert len(problems.found) == 21
    assert problems.found[-1].endswith("the file: has more such lines. Correct these first.")
