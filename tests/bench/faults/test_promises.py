"""What a campaign counts: a promise that was broken is seen, each kind alone."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bench.faults import promises
from bench.faults.journal import Journal, Receipt, Story
from bench.faults.people import words_of
from bench.faults.post import Arrived, Post
from bench.faults.promises import Promise
from concerns.models import Event
from notifications.models import Delivery, Envelope
from tests.support.forging import unguarded
from tests.support.town import Town, file

RITA = "rita@people.example"
PURPOSES = ("confirmation", "condensed", "in_progress")


def broken(found: list[Promise]) -> Mapping[str, int]:
    return {one.what: one.broken for one in found if not one.kept}


def story(*keys: str, silent: str = "") -> Story:
    told = Story(begun={*keys, *filter(None, [silent])})
    told.filed = {key: Receipt(f"{key}@people.example", "", "") for key in keys}
    return told


@pytest.mark.parametrize(
    ("stored", "silent", "seen"),
    [
        (["one", "two"], "", {}),
        (["one", "two", "three"], "three", {}),
        (["one"], "", {"acknowledged and not stored": 1}),
        (["one", "two", "two"], "", {"acknowledged and stored twice": 1}),
        (["one", "two", "three", "three"], "three", {"never acknowledged and stored twice": 1}),
        (["one", "two", "three"], "", {"stored and never asked for": 1}),
    ],
)
def test_each_filing_is_counted_by_its_words(
    town: Town, stored: list[str], silent: str, seen: Mapping[str, int]
) -> None:
    for key in stored:
        file(words_of(key))
    file("Somebody else's hole.")

    assert broken(promises.stored(story("one", "two", silent=silent))) == seen


@pytest.fixture
def written(db: None) -> dict[str, str]:
    """Message-IDs of the three letters to Rita, by purpose."""
    for number, purpose in enumerate(PURPOSES):
        envelope = Envelope.objects.create(topic="t", subject_id=number)
        Delivery.objects.create(
            envelope=envelope,
            recipient="concern:1",
            channel="email",
            language="de",
            purpose=purpose,
            message_id=f"<{purpose}>",
        )
    return {purpose: f"<{purpose}>" for purpose in PURPOSES}


@pytest.mark.parametrize(
    ("came", "kills", "seen"),
    [
        (PURPOSES, 0, {}),
        ((*PURPOSES, "condensed"), 1, {}),
        ((*PURPOSES, "condensed"), 0, {"notices repeated under the same Message-ID": 1}),
        (PURPOSES[:2], 0, {"notices that did not come": 1}),
        ((*PURPOSES, "strange"), 9, {"notices written twice, or not due": 1}),
    ],
)
def test_each_notice_is_counted_at_the_sink(
    written: dict[str, str], came: tuple[str, ...], kills: int, seen: Mapping[str, int]
) -> None:
    told = story()
    told.filed = {"one": Receipt(RITA, "", "")}
    told.confirmed = told.accepted = {"one"}
    mails = [Arrived(Path(), RITA, written.get(purpose, "<strange>")) for purpose in came]
    mails.append(Arrived(Path(), "wanda@demo.example", "<news>"))

    assert broken(promises.notices(told, mails, kills=kills)) == seen


def test_a_second_letter_about_the_same_is_no_repeat(written: dict[str, str]) -> None:
    again = Delivery.objects.get(purpose="condensed")
    again.pk, again.message_id, again.channel = None, "<condensed again>", "other"
    again.save(force_insert=True)
    told = story()
    told.filed, told.confirmed = {"one": Receipt(RITA, "", "")}, {"one"}
    ids = ("<confirmation>", "<condensed>", "<condensed again>")

    found = promises.notices(told, [Arrived(Path(), RITA, one) for one in ids], kills=9)

    assert broken(found) == {"notices written twice, or not due": 1}


def test_a_broken_chain_and_a_letter_that_waits_are_seen(town: Town) -> None:
    filed = file(email=RITA)
    before = [promises.chains().broken, promises.lag().broken]
    with unguarded():
        type(filed.ticket).objects.filter(pk=filed.ticket.pk).update(event_count=9)

    assert before == [0, Envelope.objects.filter(state="pending").count()]
    assert Event.objects.exists()
    assert (promises.chains().broken, promises.lag().kept) == (1, False)


def test_the_table_marks_what_was_broken() -> None:
    rows = promises.table([Promise("kept", 3, 1, 1), Promise("broken", 0, 1)]).splitlines()

    assert rows[2:] == ["| kept | 3 | 1 | 1 | ✓ |", "| broken |  | 1 | 0 | ✗ |"]


def test_a_journal_is_read_while_it_is_written(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.note("began", "one")
    journal.note("filed", "one", address=RITA, reference="R", token="t")
    journal.note("confirmed", "one")
    journal.note("status_503", "one")
    with journal.path.open("a") as half:
        half.write('{"did": "accep')

    told = journal.told()

    assert told.filed == {"one": Receipt(RITA, "R", "t")}
    assert (told.begun, told.confirmed, told.accepted) == ({"one"}, {"one"}, set())
    assert (told.refusals, told.acts) == ({"status_503": 1}, 2)


def test_a_letter_nobody_is_ready_for_is_told_again(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(
        b"X-Envelope-From: a@city.example\r\nX-Envelope-To: rita@people.example\r\n"
        b"Message-ID: <one>\r\nSubject: x\r\n\r\nWords\r\n"
    )
    post = Post(tmp_path)

    [letter] = post.look()
    assert list(post.look()) == []
    post.forget(letter)

    assert [(one.address, one.message_id) for one in post.look()] == [(RITA, "<one>")]
    assert letter.text().split() == [b"Words"]
