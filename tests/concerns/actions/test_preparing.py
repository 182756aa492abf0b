"""Files between arriving and being shown: looked through, drawn anew, or deleted with a reason."""

import errno
import hashlib
import io
import logging
import os
import threading
import time

import pytest
import time_machine
from django.db import connections
from PIL import Image

from backend.celery import app
from common.clock import now
from concerns.actions import attaching, preparing
from concerns.actions.attaching import sweep_files
from concerns.actions.preparing import LEASE, PAUSES, claim, prepare_due
from concerns.enums import FileRefusal, FileState
from concerns.models import Attachment
from concerns.models.attachment import attachment_storage
from concerns.queries.files import orphans
from concerns.queries.health import findings
from concerns.tasks import prepare_files
from tests.concerns.actions.test_attaching import add
from tests.support.files import JPEG, PDF, PNG, photo, photo_of, store, stored_in, upload
from tests.support.photos import SCHWEBEBAHN, exif_at, metadata_in
from tests.support.scanner import EICAR, scanner
from tests.support.sql import budget
from tests.support.town import file

__all__ = ["scanner", "store"]


def fresh(attachment: Attachment) -> Attachment:
    return Attachment.objects.get(pk=attachment.pk)


def held_with(content: bytes, name: str = "hole.png") -> Attachment:
    """A file that is held, whatever `uploads` would have said of it."""
    attachment = add(file(), upload(PNG, name))[0]
    with attachment_storage().open(attachment.file.name, "wb") as stored:
        stored.write(content)
    return attachment


def test_a_photo_is_drawn_in_three_sizes_and_what_was_sent_is_gone(town, store):
    sent = photo(size=(3000, 2000), exif=exif_at(*SCHWEBEBAHN), comment=b"Rita Roe")
    attachment = add(file(), upload(sent, "hole.png"))[0]
    before = attachment.file.name

    assert prepare_due() == 1

    kept = fresh(attachment)
    large = (store / kept.file.name).read_bytes()
    assert (kept.state, kept.refusal, kept.name, kept.media_type) == (
        FileState.READY,
        "",
        "hole.png.jpg",
        "image/jpeg",
    )
    assert (kept.width, kept.height) == (2560, 1707)
    assert (kept.size, kept.sha256) == (len(large), hashlib.sha256(large).hexdigest())
    names = [f"{before}-1-{size}" for size in ("large", "medium", "small")]
    assert kept.stored_names == names
    assert list(stored_in(store)) == [store / name for name in names]
    found = [Image.open(io.BytesIO((store / name).read_bytes())) for name in names]
    assert [image.size for image in found] == [(2560, 1707), (1024, 683), (256, 171)]
    assert [metadata_in((store / name).read_bytes()) for name in names] == [set(), set(), set()]


def test_what_is_no_photo_is_ready_at_once_and_as_it_was(town, store):
    attachment = add(file(), upload(PDF, "plan.pdf"))[0]

    assert prepare_due() == 0
    assert (attachment.state, attachment.stored_names) == (FileState.READY, [attachment.file.name])


def test_an_undone_photo_is_deleted_with_a_reason(town, store):
    whole = photo_of(Image.effect_noise((400, 300), 80).convert("RGB"), "PNG")
    attachment = held_with(whole[: len(whole) // 2])

    prepare_due()

    kept = fresh(attachment)
    assert (kept.state, kept.refusal, kept.file.name, kept.stored_names) == (
        FileState.REFUSED,
        FileRefusal.UNREADABLE,
        "",
        [],
    )
    assert list(stored_in(store)) == []


def test_a_bomb_that_came_past_the_door_is_deleted(town, store, monkeypatch):
    attachment = held_with(PNG)
    monkeypatch.setattr("common.photos.MOST_PIXELS", 64 * 48 - 1)

    prepare_due()

    assert fresh(attachment).refusal == FileRefusal.UNREADABLE


# The scanner


@pytest.fixture
def scanned(settings, scanner):
    settings.CLAMD_ADDRESS = scanner.address
    return scanner


def test_what_the_scanner_finds_harmless_is_ready(town, store, scanned):
    plan, hole = add(file(), upload(PDF, "plan.pdf"), upload(JPEG, "hole.jpg"))

    prepare_due()

    assert (fresh(plan).state, fresh(hole).state) == (FileState.READY, FileState.READY)
    assert (fresh(plan).sha256, fresh(plan).width) == (plan.sha256, None)
    assert (store / plan.file.name).read_bytes() == PDF
    assert sorted(scanned.asked) == sorted([PDF, JPEG])


def test_what_the_scanner_finds_harmful_is_deleted_and_the_log_says_what(
    town, store, scanned, caplog
):
    plan, hole = add(file(), upload(PDF + EICAR, "plan.pdf"), upload(JPEG + EICAR, "hole.jpg"))

    with caplog.at_level(logging.WARNING, logger="concerns.actions.preparing"):
        prepare_due()

    assert [
        (one.state, one.refusal, one.file.name, one.name) for one in (fresh(plan), fresh(hole))
    ] == [
        (FileState.REFUSED, FileRefusal.HARMFUL, "", "plan.pdf"),
        (FileState.REFUSED, FileRefusal.HARMFUL, "", "hole.jpg"),
    ]
    assert list(stored_in(store)) == []
    assert caplog.messages == [
        f"attachment {one.pk} was deleted: the scanner found Win.Test.EICAR_HDB-1"
        for one in (plan, hole)
    ]


def test_while_the_scanner_is_away_files_are_held_and_tried_again_later_and_later(
    town, store, settings, scanner
):
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    begin = now()
    with time_machine.travel(begin, tick=False) as clock:
        plan = add(file(), upload(PDF, "plan.pdf"))[0]
        waits = []
        for _try in range(7):
            assert (prepare_due(), prepare_due()) == (1, 0)
            waits.append((fresh(plan).next_attempt_at - now()).total_seconds() / 60)
            clock.move_to(fresh(plan).next_attempt_at)
        assert waits == [*PAUSES, PAUSES[-1], PAUSES[-1]]
        assert (fresh(plan).state, (store / plan.file.name).read_bytes()) == (FileState.HELD, PDF)

        settings.CLAMD_ADDRESS = scanner.address
        prepare_due()

    assert fresh(plan).state == FileState.READY


def test_files_that_waited_for_a_scanner_nobody_has_any_more_are_ready(town, store, settings):
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    plan = add(file(), upload(PDF, "plan.pdf"))[0]
    settings.CLAMD_ADDRESS = ""

    prepare_due()

    assert fresh(plan).state == FileState.READY


# Twice, at once, and halfway


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_each_have_a_file_of_their_own(town, store):
    add(file(), upload(), upload())
    start, claimed = threading.Barrier(2), []

    def work():
        start.wait()
        try:
            while attachment := claim():
                claimed.append(attachment.pk)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _each in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()

    assert sorted(claimed) == list(Attachment.objects.order_by("pk").values_list("pk", flat=True))


def test_a_file_whose_worker_was_killed_is_taken_up_after_the_lease(town, store):
    with time_machine.travel(now(), tick=False) as clock:
        attachment = add(file())[0]
        assert claim() == attachment
        assert (claim(), prepare_due()) == (None, 0)
        clock.shift(LEASE)

        assert prepare_due() == 1

    assert fresh(attachment).stored_names[0] == f"{attachment.file.name}-2-large"
    assert LEASE.total_seconds() > app.conf.task_time_limit


def test_of_two_that_draw_the_same_photo_the_first_is_kept_and_nothing_lost(town, store):
    attachment = add(file())[0]
    slow = claim()
    Attachment.objects.update(next_attempt_at=now())
    prepare_due()
    kept = fresh(attachment)
    with slow.file.storage.open(slow.file.name, "wb") as again:
        again.write(PNG)

    preparing.attempt(slow)

    assert fresh(attachment).stored_names == kept.stored_names
    names = [*kept.stored_names, slow.file.name]
    assert sorted(stored_in(store)) == sorted(store / name for name in names)


def test_a_photo_that_was_erased_while_it_was_drawn_leaves_nothing(town, store):
    attachment = add(file())[0]
    slow = claim()
    Attachment.objects.all().delete()

    preparing.attempt(slow)

    assert list(stored_in(store)) == [store / attachment.file.name]


def test_what_a_killed_worker_drew_or_left_is_swept(town, store):
    attachment = add(file())[0]
    half = store / f"{attachment.file.name}-1-large"
    half.write_bytes(JPEG[:20])
    with time_machine.travel(now(), tick=False):
        claim()
        Attachment.objects.update(next_attempt_at=now())
        prepare_due()
    sent = store / attachment.file.name
    sent.write_bytes(PNG)
    for path in stored_in(store):
        os.utime(path, (time.time() - 3700, time.time() - 3700))

    assert sorted(orphans()) == sorted([attachment.file.name, f"{attachment.file.name}-1-large"])
    assert sweep_files() == 2
    assert list(stored_in(store)) == [
        store / name for name in sorted(fresh(attachment).stored_names)
    ]


def test_a_full_store_holds_the_photo_and_keeps_what_was_sent(town, store, monkeypatch, caplog):
    attachment = add(file())[0]
    storage = attachment_storage()
    with monkeypatch.context() as full:
        full.setattr(storage, "_save", raises(OSError(errno.ENOSPC, "No space left on device")))
        prepare_due()

    assert fresh(attachment).state == FileState.HELD
    assert (store / attachment.file.name).read_bytes() == PNG
    assert "OSError" in caplog.text
    Attachment.objects.update(next_attempt_at=now())
    prepare_due()
    assert fresh(attachment).state == FileState.READY


def raises(fault):
    def save(*_given):
        raise fault

    return save


def test_a_photo_with_a_defect_of_ours_does_not_stop_those_behind_it(town, store, monkeypatch):
    first, second = add(file(), upload(), upload(JPEG, "second.jpg"))
    real = preparing.draw
    monkeypatch.setattr(
        preparing, "draw", lambda content, kind: 1 / 0 if content == PNG else real(content, kind)
    )

    assert prepare_due() == 2
    assert (fresh(first).state, fresh(second).state) == (FileState.HELD, FileState.READY)


def test_a_run_ends_when_its_time_is_up(town, store):
    add(file(), upload(), upload())

    assert prepare_due(seconds=0) == 0
    assert Attachment.objects.filter(state=FileState.HELD).count() == 2


def test_a_photo_costs_five_statements(town, store):
    """Its claim in a transaction, and its row; besides, one look that finds no more."""
    add(file())

    with budget(8):
        prepare_due()


def test_the_task_and_the_clock_know_it(town, store):
    attachment = add(file())[0]

    prepare_files()

    assert fresh(attachment).state == FileState.READY
    rung = [one["task"] for one in app.conf.beat_schedule.values()]
    assert rung.count(prepare_files.name) == 1
    assert ring_prepare_rings() == prepare_files.name


def ring_prepare_rings():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attaching, "ring", lambda task, **_more: rung.append(task.task))
        rung = []
        attaching.ring_prepare()
    return rung[0]


# What the doctor says


def test_the_doctor_finds_what_is_held_for_long_and_what_the_store_lost(town, store, settings):
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    plan = add(file(), upload(PDF, "plan.pdf"))[0]
    assert findings() == []

    with time_machine.travel(now() + preparing.LEASE * 11):
        assert [(one.what, one.count) for one in findings()] == [("files held for over an hour", 1)]
    settings.CLAMD_ADDRESS = ""
    hole = add(file())[0]
    prepare_due()
    assert findings() == []
    (store / plan.file.name).unlink()
    (store / fresh(hole).stored_names[2]).unlink()

    assert [(one.what, one.count) for one in findings()] == [
        ("attachments whose files are missing in the store", 2)
    ]
