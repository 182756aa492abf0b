# ruff: noqa: E501 - the tables hold whole sentences
from pathlib import Path

import pytest

from common.city_files import UNREADABLE, CityDataRefused, Problems, Sheet, read_sheet, read_yaml
from common.city_schema import Field, flag, slug, text, whole

FIELDS = {
    "key": Field(slug),
    "name": Field(text(20)),
    "size": Field(whole(1, 9), default=5),
    "open": Field(flag, default=False),
    "next": Field(slug, default=None),
}


@pytest.fixture
def problems(tmp_path: Path) -> Problems:
    return Problems(tmp_path)


def read(problems: Problems, content: str, **options: list[str]) -> Sheet:
    (problems.folder / "things.yaml").write_text(content, encoding="utf-8")
    return read_sheet(problems, "things.yaml", "thing", FIELDS, **options)


def told(problems: Problems) -> list[str]:
    """The problems without the path of the temporary folder."""
    return [problem.removeprefix(f"{problems.folder}/") for problem in problems.found]


def test_read_sheet_gives_values_and_defaults(problems: Problems) -> None:
    sheet = read(
        problems,
        "- {key: a, name: First, open: true}\n- {key: b, name: Second, next: a, size: 7}\n",
    )

    assert {key: dict(record.values) for key, record in sheet.records.items()} == {
        "a": {"key": "a", "name": "First", "size": 5, "open": True, "next": None},
        "b": {"key": "b", "name": "Second", "size": 7, "open": False, "next": "a"},
    }
    assert problems.found == []


def test_read_sheet_lets_children_take_over_what_they_do_not_say(problems: Problems) -> None:
    content = """
- key: a
  name: Root
  size: 2
  next: z
  children:
    - {key: b, name: Child}
    - key: c
      name: Other
      size: 3
      next: null
      children:
        - {key: d, name: Grandchild}
"""
    sheet = read(problems, content, inherited=["size", "next"])

    found = [(r.key, r.parent, r.values["size"], r.values["next"]) for r in sheet.records.values()]
    assert found == [
        ("a", None, 2, "z"),
        ("b", "a", 2, "z"),
        ("c", "a", 3, None),
        ("d", "c", 3, None),
    ]
    assert problems.found == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("- {key: a}", "thing 'a': 'name' is missing. Add it."),
        ("- {key: a, name: A, sise: 3}", "thing 'a': 'sise' is not known here. Did you mean 'size'?"),
        ("- {key: a, name: A, size: 10}", "thing 'a': size: must be a whole number from 1 to 9."),
        ("- {key: a, name: A, size: true}", "thing 'a': size: must be a whole number from 1 to 9."),
        ("- {key: a, name: A, open: yes}", "thing 'a': open: must be true or false."),
        ("- {key: a, name: 4}", "thing 'a': name: must be text. Put it in quotation marks."),
        ("- {key: a, name: ' '}", "thing 'a': name: must not be empty."),
        ("- {key: a, name: This is far too long to be a name}", "thing 'a': name: is longer than 20 characters. Shorten it."),
        ("- {key: a, name: A}\n- {key: a, name: B}", "thing 'a': stands here twice. Give one of them another key."),
        ("- {name: A}", "entry 1: 'key' must be small letters, digits and single hyphens, at most 50 characters."),
        ("- {key: A b, name: A}", "entry 1: 'key' must be small letters, digits and single hyphens, at most 50 characters."),
        ("- word", "entry 1: 'key' must be small letters, digits and single hyphens, at most 50 characters."),
        ("- {key: a, name: A, children: []}", "thing 'a': 'children' is not known here."),
        ("key: a", "the file: must be a list: each entry after a hyphen, or only []."),
        ("", "the file: must be a list: each entry after a hyphen, or only []."),
        ("- key: a\n  key: b", "line 2: the key 'key' stands twice. Look at the indentation and the quotation marks there."),
        ("- {key: a", "line 1: expected ',' or '}', but got '<stream end>'. Look at the indentation and the quotation marks there."),
    ],
)  # fmt: skip
def test_read_sheet_refuses_with_key_and_remedy(
    problems: Problems, content: str, problem: str
) -> None:
    read(problems, content)

    assert told(problems) == [f"things.yaml: {problem}"]


def test_read_sheet_refuses_children_that_are_no_list(problems: Problems) -> None:
    sheet = read(problems, "- {key: a, name: A, children: b}", inherited=[])

    assert told(problems) == ["things.yaml: thing 'a': children: must be a list."]
    assert list(sheet.records) == ["a"]


def test_read_sheet_names_the_parent_of_a_child_without_key(problems: Problems) -> None:
    read(problems, "- {key: a, name: A, children: [{name: B}]}", inherited=[])

    form = "small letters, digits and single hyphens, at most 50 characters"
    assert told(problems) == [f"things.yaml: entry 1 under 'a': 'key' must be {form}."]


def test_read_sheet_knows_when_it_could_not_read_the_file(problems: Problems) -> None:
    complete = [read(problems, content).complete for content in ("[]", "- {", "a: b")]

    assert complete == [True, False, False]


def test_read_sheet_tells_a_value_that_is_handed_down_once(problems: Problems) -> None:
    content = (
        "- {key: a, name: A, size: 10, children: [{key: b, name: B}, {key: c, name: C, size: 11}]}"
    )

    sheet = read(problems, content, inherited=["size"])

    assert told(problems) == [
        "things.yaml: thing 'a': size: must be a whole number from 1 to 9.",
        "things.yaml: thing 'c': size: must be a whole number from 1 to 9.",
    ]
    assert sheet.records["b"].values["size"] == 5


def test_read_sheet_hangs_the_children_of_a_refused_record_on_the_one_above(
    problems: Problems,
) -> None:
    content = "- {key: a, name: A, children: [{key: B, name: B, children: [{key: c, name: C}]}]}"

    sheet = read(problems, content, inherited=[])

    assert [(record.key, record.parent) for record in sheet.records.values()] == [
        ("a", None),
        ("c", "a"),
    ]


def test_read_sheet_refuses_what_is_not_utf8(problems: Problems) -> None:
    (problems.folder / "things.yaml").write_bytes("- {key: a, name: Straße}".encode("latin-1"))

    read_sheet(problems, "things.yaml", "thing", FIELDS)

    (problem,) = told(problems)
    assert problem.startswith("things.yaml: the file: cannot be read (")
    assert problem.endswith("Store it as UTF-8.")


def test_read_yaml_reads_what_people_mean(problems: Problems) -> None:
    content = "{a: no, b: on, c: 16:00, d: 2026-12-24, e: 0202, f: 12, g: -3.5, h: true, i: null, j: , k: ~}"
    (problems.folder / "x.yaml").write_text(content, encoding="utf-8")

    assert read_yaml(problems, "x.yaml") == {
        "a": "no",
        "b": "on",
        "c": "16:00",
        "d": "2026-12-24",
        "e": "0202",
        "f": 12,
        "g": -3.5,
        "h": True,
        "i": None,
        "j": None,
        "k": None,
    }


def test_read_yaml_refuses_to_make_objects(problems: Problems) -> None:
    (problems.folder / "x.yaml").write_text("!!python/object/apply:os.getcwd []", encoding="utf-8")

    assert read_yaml(problems, "x.yaml") is UNREADABLE
    (problem,) = told(problems)
    assert problem.startswith("x.yaml: line 1: could not determine a constructor for the tag")


def test_check_reference_finds_the_record(problems: Problems) -> None:
    sheet = read(problems, "- {key: streets, name: A}\n- {key: parks, name: B, next: streets}")

    found = [sheet.check_reference(record, "next", sheet) for record in sheet.records.values()]

    assert found == [None, sheet.records["streets"]]
    assert problems.found == []


def test_check_reference_tells_a_key_that_is_handed_down_once(problems: Problems) -> None:
    sheet = read(
        problems, "- {key: a, name: A, next: z, children: [{key: b, name: B}]}", inherited=["next"]
    )

    for record in sheet.records.values():
        sheet.check_reference(record, "next", sheet)

    assert told(problems) == ["things.yaml: thing 'a': next 'z' is not in things.yaml."]


def test_check_reference_refuses_an_unknown_key_with_the_one_meant(problems: Problems) -> None:
    sheet = read(
        problems,
        "- {key: streets, name: A}\n- {key: parks, name: B, next: streats}\n- {key: c, name: C, next: xyz}",
    )

    for record in sheet.records.values():
        sheet.check_reference(record, "next", sheet)

    assert told(problems) == [
        "things.yaml: thing 'parks': next 'streats' is not in things.yaml. Did you mean 'streets'?",
        "things.yaml: thing 'c': next 'xyz' is not in things.yaml.",
    ]


def test_check_reference_says_nothing_of_a_file_that_could_not_be_read(problems: Problems) -> None:
    sheet = read(problems, "- {key: a, name: A, next: b}")
    target = Sheet(problems, "others.yaml", "other", complete=False)

    assert sheet.check_reference(sheet.records["a"], "next", target) is None
    assert problems.found == []


def test_problems_are_raised_together(problems: Problems) -> None:
    problems.raise_any()
    problems.add("a.yaml", "one", "is wrong.")
    problems.add("b.yaml", "two", "is wrong, too.")

    with pytest.raises(CityDataRefused) as refusal:
        problems.raise_any()

    assert refusal.value.problems == problems.found
    assert str(refusal.value) == "\n".join(problems.found)


def test_problems_show_the_path_from_here(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    problems = Problems(tmp_path / "cities" / "x")

    problems.add("categories.yaml", "category 'pothole'", "is wrong.")

    assert problems.found == ["cities/x/categories.yaml: category 'pothole': is wrong."]
