"""A backup brings back what was lost, and nobody who was erased since."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from concerns.models import Attachment, Concern, Event, Ticket
from concerns.models.attachment import attachment_storage
from concerns.queries.audit import broken_chains
from privacy.actions import backing_up
from privacy.actions.erasing import sweep
from tests.support.erasing import MARK, later, left_behind, tables_with
from tests.support.town import Town, file

pytestmark = pytest.mark.django_db(transaction=True)


def said_by(command: str, *arguments: object) -> str:
    said = StringIO()
    call_command(command, *map(str, arguments), stdout=said, stderr=StringIO(), no_color=True)
    return said.getvalue()


def content_of(name: str) -> bytes:
    with attachment_storage().open(name) as file:
        return file.read()


def backed_up(folder: Path) -> Path:
    said_by("backup", folder)
    (made,) = folder.iterdir()
    return made


def test_a_backup_made_before_an_erasure_brings_nobody_back(town: Town, tmp_path: Path) -> None:
    traces = left_behind(town)
    kept = file("Words that must come back.", email="anna@people.example")
    events = list(Event.objects.order_by("pk").values())
    made = backed_up(tmp_path / "backups")
    with later(31):
        sweep()
    lost = file("Filed after the backup.")

    said = said_by("restore", made, "--replace")

    assert said.splitlines()[1:] == [
        "Erased again from the journal: 2 tickets and concerns.",
        f"All chains are whole ({len(events)} events).",
    ]
    assert tables_with(MARK) == []
    assert Concern.objects.get(pk=kept.concern.pk).words == "Words that must come back."
    assert not Concern.objects.filter(reference=lost.concern.reference).exists()
    assert list(Event.objects.order_by("pk").values()) == events
    assert not attachment_storage().exists(traces.file_name)
    assert list(broken_chains()) == []


def test_attachments_come_back_with_their_rows(town: Town, tmp_path: Path, journal_file) -> None:
    traces = left_behind(town)
    content = content_of(traces.file_name)
    made = backed_up(tmp_path / "backups")
    attachment_storage().delete(traces.file_name)

    said = said_by("restore", made, "--replace", "--without-journal")

    assert said.startswith("The database is back, and 1 attachments that were missing.")
    assert content_of(traces.file_name) == content
    assert Attachment.objects.get().file.name == traces.file_name


def test_the_guards_of_the_record_come_back(town: Town, tmp_path: Path, journal_file) -> None:
    file()
    made = backed_up(tmp_path / "backups")

    said_by("restore", made, "--replace", "--without-journal")

    with pytest.raises(Exception, match="append-only"):
        Event.objects.update(verb="close")


def test_a_backup_says_what_is_in_it_and_holds_no_key(town: Town, tmp_path: Path, settings) -> None:
    left_behind(town)

    made = backed_up(tmp_path / "backups")

    told = json.loads((made / "backup.json").read_text())
    assert sorted(name.partition("/")[0] for name in told["sha256"]) == ["database.dump", "files"]
    assert made.stat().st_mode & 0o777 == 0o700
    whole = b"".join(path.read_bytes() for path in backing_up.files_in(made))
    assert all(key.encode() not in whole for key in settings.MASTER_KEYS.values())


@pytest.mark.parametrize("damage", ["changed", "missing", "added", "unfinished"])
def test_a_damaged_backup_is_refused_and_nothing_changes(
    town: Town, tmp_path: Path, damage: str, journal_file
) -> None:
    left_behind(town)
    made = backed_up(tmp_path / "backups")
    dump = made / "database.dump"
    if damage == "changed":
        dump.write_bytes(dump.read_bytes()[:-1])
    elif damage == "missing":
        dump.unlink()
    elif damage == "added":
        (made / "files" / "x").write_text("x")
    else:
        (made / "backup.json").unlink()
    later_on = file()

    with pytest.raises(CommandError, match=r"damaged|no whole backup"):
        said_by("restore", made, "--replace", "--without-journal")

    assert Ticket.objects.filter(pk=later_on.ticket.pk).exists()


def test_a_database_in_use_and_a_missing_journal_stop_a_restore(
    town: Town, tmp_path: Path, journal_file: Path
) -> None:
    file()
    made = backed_up(tmp_path / "backups")

    with pytest.raises(CommandError, match="brings erased people back"):
        said_by("restore", made, "--replace")
    with pytest.raises(CommandError, match="This database holds tickets"):
        said_by("restore", made, "--without-journal")


def test_a_failing_program_says_so_and_leaves_a_partial_folder(
    town: Town, tmp_path: Path, settings
) -> None:
    settings.POSTGRES_PROGRAMS = str(tmp_path)

    with pytest.raises(CommandError, match=r"pg_dump is not there.*\.partial"):
        said_by("backup", tmp_path / "backups")

    (left,) = (tmp_path / "backups").iterdir()
    assert left.name.endswith(".partial")
    assert connection.is_usable()
