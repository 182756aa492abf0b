"""Precision and recall by threshold, the threshold proposed, and what is wrong with a file of labels."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bench.replay.duplicates import Pair, judged, proposed
from concerns.actions.comparing import compare
from concerns.enums import Finding
from tests.support.stages import in_progress
from tests.support.town import Town

HEAD = "id,description,category_parent,category_child,address,responsible_office,lon,lat,reported,district\n"
ROWS = (
    "1,Die Laterne ist aus,Licht,Laterne,Kai 1,Werke,9.17,47.66,2021-03-01,Mitte\n"
    "2,Die Laterne ist aus!,Licht,Laterne,Kai 1,Werke,9.17,47.66,2021-03-02,Mitte\n"
    "3,Müll im Wald,Müll,Wald,Waldweg,Forst,9.27,47.76,2020-03-02,Wald\n"
)


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    file = tmp_path / "reports.csv"
    file.write_text(HEAD + ROWS, encoding="utf-8")
    return file


def run(*arguments: object) -> str:
    said = StringIO()
    call_command("evaluate_duplicates", *map(str, arguments), stdout=said)
    return said.getvalue()


def labels(folder: Path, *lines: str) -> Path:
    file = folder / "labels.csv"
    file.write_text("\n".join(["first,second,label", *lines]) + "\n", encoding="utf-8")
    return file


def test_each_threshold_is_judged_by_what_it_shows() -> None:
    pairs = [
        Pair(0.9, same=True),
        Pair(0.72, same=False),
        Pair(0.6, same=True),
        Pair(0.2, same=False),
    ]

    rows = {row.threshold: row for row in judged(pairs)}

    assert (rows[0.3].shown, rows[0.3].right, rows[0.3].same) == (3, 2, 2)
    assert (rows[0.3].precision, rows[0.3].recall) == (pytest.approx(2 / 3), 1.0)
    assert (rows[0.7].precision, rows[0.7].recall) == (0.5, 0.5)
    assert (rows[0.95].precision, rows[0.95].recall) == (1.0, 0.0)


def test_the_lowest_threshold_that_is_right_often_enough_is_proposed() -> None:
    good = [
        Pair(0.9, same=True),
        Pair(0.62, same=True),
        Pair(0.52, same=False),
        Pair(0.5, same=False),
    ]

    found = proposed(judged(good))

    assert found is not None
    assert found.threshold == 0.55
    assert proposed(judged([Pair(0.9, same=False)])) is None


def test_the_command_prints_a_table_and_the_threshold(reports: Path, tmp_path: Path) -> None:
    said = run(reports, labels(tmp_path, "1,2,same", "1,3,different"))

    assert said.splitlines()[0] == "Pairs: 2, of these the same: 1"
    assert "     0.60       1       1       1.00    1.00" in said.splitlines()
    assert said.splitlines()[-1].startswith("Proposed: 0.30, the lowest that is right 60% of the")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("1,9,same", "line 2: the reports have no id 9."),
        ("1,1,same", "line 2: write first,second,label with two ids"),
        ("1,2,perhaps", "and one of same, different."),
        ("1,2,same\n2,1,same", "line 3: this pair is labelled twice. Keep one."),
        ("1", "line 2: write first,second,label"),
    ],
)
def test_a_label_that_is_none_is_named_with_its_line(
    reports: Path, tmp_path: Path, line: str, says: str
) -> None:
    with pytest.raises(CommandError) as refusal:
        run(reports, labels(tmp_path, line))

    assert says in str(refusal.value)


def test_a_day_that_is_none_and_a_file_that_is_none_are_named(
    reports: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(HEAD + ROWS.replace("2021-03-01", "March"), encoding="utf-8")

    with pytest.raises(CommandError, match="Report 1: reported must be a day"):
        run(bad, labels(tmp_path, "1,2,same"))
    with pytest.raises(CommandError, match="cannot be read"):
        run(reports, tmp_path / "none.csv")
    with pytest.raises(CommandError, match="Name a file of reports"):
        run()


def test_what_people_decided_here_is_judged_too(town: Town) -> None:
    with pytest.raises(CommandError, match="There is no pair"):
        run("--decisions")
    first, second = in_progress(town).ticket, in_progress(town).ticket
    compare(
        actor=town.actor("carl"),
        ticket_id=first.pk,
        other_id=second.pk,
        finding=Finding.DIFFERENT,
    )

    assert run("--decisions").splitlines()[0] == "Pairs: 1, of these the same: 0"


def test_the_labels_that_are_kept_are_enough_and_hold_ids_alone() -> None:
    file = Path("bench/labels/konstanz_duplicates.csv")
    lines = file.read_text(encoding="utf-8").splitlines()

    assert lines[0] == "first,second,label"
    rows = [line.split(",") for line in lines[1:]]
    assert len(rows) >= 150
    assert all(one.isdigit() and other.isdigit() for one, other, _label in rows)
    assert {label for _one, _other, label in rows} == {"same", "different"}
