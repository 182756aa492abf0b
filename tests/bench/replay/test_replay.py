"""`manage.py replay` against a running instance."""

import json
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bench.replay.door import Door
from bench.replay.filing import Outcome, Run, Way
from bench.replay.names import Names
from bench.replay.reports import read
from concerns.models import Concern, Reporter, Ticket
from concerns.queries.contact import opened
from tests.bench.replay.conftest import row, write
from tests.factories.organisation import UserFactory
from tests.support.rest import program_of

WORDS = (
    "Größe\r\nzwei\nZeilen\rEnde",
    "Ü und U\u0308 sind nicht dasselbe",
    "🚧👩‍🦽 flag 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "  Ränder\u00a0\t\u2028 ",
    "\u202egedreht\u202c\ufeff",
)


def replay(file, url, folder, **options):
    out, err = StringIO(), StringIO()
    target = folder / "figures.json"
    call_command(
        "replay", str(file), url=url, city=folder, json=target, stdout=out, stderr=err, **options
    )
    return json.loads(target.read_text(encoding="utf-8")), out.getvalue()


def cells(shown: str) -> dict[str, list[str]]:
    rows = [line.strip("| ").split(" | ") for line in shown.splitlines() if line.startswith("|")]
    return {line[0].strip("* "): line[1:] for line in rows}


def test_every_word_comes_back_byte_for_byte(instance, reports, folder):
    write(reports, *(row(n, description=words) for n, words in enumerate(WORDS)))

    said, _shown = replay(reports, instance, folder)

    run = said["runs"][0]
    assert (run["filed"], run["refused"], run["changed_ids"]) == (5, {}, [])
    assert sorted(Concern.objects.values_list("words", flat=True)) == sorted(WORDS)


def test_words_that_only_look_the_same_are_not_the_same(instance, reports, folder):
    write(reports, row(1, description="U\u0308bel"))
    report = read(reports)[0]
    said = {"description": "\u00dcbel"}
    with closing(Door(instance)) as door:
        run = Run(door, Names({}, {}), Way.GIVEN, "x", with_mail=False)
        answer = door.post("concerns/", said, Idempotency_Key="composed-otherwise")
        outcome = run.read_back(Outcome(report, "", 0.1), answer.said)

    assert (outcome.same, outcome.office, outcome.state) == (False, "", "checking")


def test_what_became_of_each_is_counted(instance, reports, folder):
    write(
        reports,
        row(1),
        row(2, responsible_office="Parks"),
        row(3, category_child="Baum", responsible_office="Parks", lon="", lat="", address=""),
        row(4, category_child="Gulli", responsible_office="Niemand"),
        row(5, lon="10.0", lat="10.0"),
        row(6, description=" \n"),
    )

    said, shown = replay(reports, instance, folder)

    run = said["runs"][0]
    assert run["refused_ids"] == ["r5", "r6"]
    assert [why.split(" ")[:2] for why in run["refused"]] == [
        ["422", "/place"],
        ["422", "/description"],
    ]
    assert (run["to_an_office"], run["to_triage"]) == (3, 1)
    assert run["reached"]["all"]["of_all"] == {"hits": 2, "of": 6, "share": 0.3333}
    assert said["unknown"] == {"categories": {"Gulli": 1}, "offices": {"Niemand": 1}}
    told = cells(shown)
    assert (told["filed"], told["refused"], told["to triage"]) == (["4"], ["2"], ["1"])
    assert told["reached the office that dealt with it, of all"] == ["0.333"]
    assert "Unknown to the city (categories): Gulli, 1 reports" in shown
    assert "Refused (category given), by id: r5, r6" in shown
    assert "Schlagloch (" not in shown


def test_a_guessed_category_comes_from_the_words(instance, reports, folder):
    write(
        reports,
        row(1, category_child="Baum", description="Hier ist ein Schlagloch."),
        row(2, description="Moin."),
    )

    said, shown = replay(reports, instance, folder, categories="both")

    filed = Concern.objects.order_by("pk").values_list("words", "category__slug")
    assert sorted(filed, key=str) == sorted(
        [
            ("Hier ist ein Schlagloch.", "tree"),
            ("Moin.", "pothole"),
            ("Hier ist ein Schlagloch.", "pothole"),
            ("Moin.", None),
        ],
        key=str,
    )
    assert [run["categories"] for run in said["runs"]] == ["given", "guessed"]
    assert cells(shown)["to triage"] == ["0", "1"]


def test_without_a_place_a_category_that_needs_one_is_not_chosen(instance, reports, folder):
    nowhere = {"lon": "", "lat": "", "address": ""}
    words = "Ein Schlagloch neben dem Baum."
    write(
        reports,
        row(1, **nowhere),
        row(2, description=words, category_child="Baum", **nowhere),
        row(3, description=words, lon="", lat=""),
    )

    said, _shown = replay(reports, instance, folder, categories="both", concurrency=1)

    assert [run["refused"] for run in said["runs"]] == [{}, {}]
    filed = list(Concern.objects.order_by("pk").values_list("category__slug", flat=True))
    assert filed == [None, "tree", "pothole", None, "tree", "pothole"]


def test_limit_takes_the_first(instance, reports, folder):
    write(reports, *(row(n) for n in range(5)))

    said, _shown = replay(reports, instance, folder, limit=2, concurrency=1)

    assert said["runs"][0]["reports"] == 2
    assert Ticket.objects.count() == 2


def test_mails_are_counted_by_invented_addresses_of_their_own(
    instance, reports, folder, monkeypatch
):
    write(reports, row(1), row(2))
    mails = folder / "mails"
    mails.mkdir()

    said, shown = replay(reports, instance, folder, mails=mails, mail_seconds=0.0)

    addresses = [opened(one)["email"] for one in Reporter.objects.all()]
    assert len(set(addresses)) == 2
    assert {one.rpartition("@")[2] for one in addresses} == {"people.example"}
    assert said["runs"][0]["mails"] == {"addresses": 2, "reached": 0, "mails": 0}
    assert cells(shown)["mails delivered"] == ["0 to 0 of 2 addresses"]


def test_without_a_folder_of_mails_nobody_is_written_to(instance, reports, folder, settings):
    settings.MAIL_SINK = folder / "nowhere"
    write(reports, row(1))

    said, shown = replay(reports, instance, folder)

    assert "mails" not in said["runs"][0]
    assert cells(shown)["mails delivered"] == ["not counted"]
    assert Concern.objects.get().reporter is None


def test_a_lost_connection_files_nothing_twice(instance, reports, folder, monkeypatch):
    """The answer to the first sending never arrives; the second one is the same request."""
    write(reports, row(1))
    once, lost = Door._once, []

    def losing(door, method, path, body, headers):
        answer = once(door, method, path, body, headers)
        if path == "concerns/" and not lost:
            lost.append(answer.said["reference"])
            raise ConnectionResetError
        return answer

    monkeypatch.setattr(Door, "_once", losing)

    said, _shown = replay(reports, instance, folder)

    assert said["runs"][0]["filed"] == 1
    assert list(Concern.objects.values_list("reference", flat=True)) == lost


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"concurrency": 0}, "--concurrency must be at least 1."),
        ({"mails": Path("/nowhere/mails")}, "is no folder"),
        ({"url": "http://127.0.0.1:1/"}, "does not answer"),
    ],
)
def test_what_cannot_be_done_is_said(reports, folder, monkeypatch, options, told):
    monkeypatch.setattr("bench.replay.door.PAUSES", (0.0,))
    write(reports, row(1))
    arguments = {"url": "http://127.0.0.1:1/", "city": folder, **options}

    with pytest.raises(CommandError, match=told):
        call_command("replay", str(reports), **arguments)


def test_a_key_that_may_not_file_ends_the_replay(instance, reports, folder):
    write(reports, row(1), row(2))
    reader = program_of(UserFactory(), scopes=["tickets:read"])
    key = reader.headers["Authorization"].removeprefix("Api-Key ")

    with pytest.raises(CommandError, match="The key does not open the door: 403 "):
        replay(reports, instance, folder, key=key)
    with pytest.raises(CommandError, match="lists no categories: status 401"):
        replay(reports, instance, folder, key="0123456789.wrong")
    assert not Concern.objects.exists()


def test_an_address_without_the_product_is_refused(instance, reports, folder):
    write(reports, row(1))

    with pytest.raises(CommandError, match="lists no categories: status 404"):
        call_command("replay", str(reports), url=f"{instance}/elsewhere", city=folder)
