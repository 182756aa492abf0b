"""Files and their rows come and go together, whatever happens to the transaction."""

import errno
import hashlib
import os
import time
from contextlib import closing

import pytest
import time_machine
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import transaction

from common.actor import Actor
from common.clock import now
from common.limits import TooManyAttempts
from concerns.actions import attaching
from concerns.actions.attaching import attach, count_files, files_with_rows, sweep_files
from concerns.actions.filing import Filing, file_concern
from concerns.actions.screening import mark_spam
from concerns.actions.voicing import withdraw
from concerns.actions.words import send_message
from concerns.enums import Channel, Direction, FileRefusal, FileState, Verb
from concerns.errors import Invalid, NotFound, Refused, StoreAway
from concerns.models import Attachment, Concern, Event
from concerns.queries.files import orphans
from concerns.queries.health import findings
from tests.support.files import JPEG, PDF, PNG, SVG, store, stored_in, upload
from tests.support.rest import some_network
from tests.support.sql import budget
from tests.support.stages import in_progress
from tests.support.town import file, fresh

__all__ = ["store"]


def add(filed, *uploads):
    concern_id = filed.concern.pk
    return attach(
        actor=Actor.citizen(concern_id), concern_id=concern_id, uploads=list(uploads) or [upload()]
    )


def test_attach_keeps_the_file_and_says_so_in_the_course(town, store):
    filed = file()

    one, two = add(filed, upload(PDF, "plan.pdf"), upload(JPEG, "../photo.png"))

    rows = Attachment.objects.order_by("pk").values_list(
        "concern", "message", "direction", "name", "media_type", "size", "sha256"
    )
    assert list(rows) == [
        (filed.concern.pk, None, Direction.IN, "plan.pdf", "application/pdf", len(PDF), sha(PDF)),
        (filed.concern.pk, None, Direction.IN, "photo.png.jpg", "image/jpeg", len(JPEG), sha(JPEG)),
    ]
    assert [path.read_bytes() for path in (store / one.file.name, store / two.file.name)] == [
        PDF,
        JPEG,
    ]
    event = Event.objects.get(verb=Verb.ATTACH)
    assert (event.ticket_id, event.concern_ref, event.data) == (
        filed.ticket.pk,
        filed.concern.pk,
        {"attachments": [str(one.pk), str(two.pk)]},
    )


def sha(content):
    return hashlib.sha256(content).hexdigest()


def test_the_path_says_nothing_and_is_closed_to_others(town, store):
    one = add(file(), upload(PNG, "rita-roe.png"))[0]

    assert one.file.name == f"{one.pk.hex[-2:]}/{one.pk.hex}"
    path = store / one.file.name
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_attach_is_for_the_author_alone(town, store):
    filed, other = file(), file()

    for actor in (Actor.citizen(other.concern.pk), town.actor("dora"), Actor.anonymous()):
        with pytest.raises(NotFound):
            attach(actor=actor, concern_id=filed.concern.pk, uploads=[upload()])
    assert list(stored_in(store)) == []


def test_attach_is_refused_once_the_concern_is_withdrawn_or_spam(town, store):
    withdrawn, spam = file(), file()
    withdraw(concern_id=withdrawn.concern.pk)
    mark_spam(actor=town.actor("dora"), concern_id=spam.concern.pk)

    with pytest.raises(Refused):
        add(withdrawn)
    with pytest.raises(NotFound):
        add(spam)
    assert list(stored_in(store)) == []


def test_an_added_file_is_unanswered_until_its_person_hears(town, store):
    filed = in_progress(town)

    add(filed)

    assert fresh(filed.ticket).unanswered_since is not None
    send_message(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text="Thank you.")
    assert fresh(filed.ticket).unanswered_since is None


def test_a_file_waits_on_when_somebody_else_hears(town, store):
    filed = in_progress(town)
    other = file()
    with transaction.atomic():
        move_to(other.concern, filed.ticket)
    add(filed)
    since = Attachment.objects.get().created_at

    send_message(
        actor=town.actor("carl"),
        ticket_id=filed.ticket.pk,
        text="Thank you.",
        concern_ids=[other.concern.pk],
    )

    assert fresh(filed.ticket).unanswered_since == since


def move_to(concern, ticket):
    concern.placements.update(until=now())
    concern.placements.create(ticket=ticket, reason="joined")


def test_files_filed_with_a_concern_are_no_message_of_their_own(town, store):
    filed = filed_with(upload())

    assert fresh(filed.ticket).unanswered_since is None
    verbs = filed.ticket.events.order_by("sequence").values_list("verb", flat=True)
    assert list(verbs) == [Verb.FILED, Verb.ROUTE, Verb.ATTACH]


def filed_with(*uploads):
    filing = Filing(
        words="A hole.",
        channel=Channel.PORTAL,
        language="en",
        category="tree",
        uploads=list(uploads),
    )
    return file_concern(actor=Actor.anonymous(), filing=filing)


def test_a_file_that_cannot_be_taken_files_nothing(town, store):
    with pytest.raises(Invalid) as refusal:
        filed_with(upload(), upload(SVG, "drawing.png"))

    assert refusal.value.field == "files.1"
    assert (Concern.objects.count(), list(stored_in(store))) == (0, [])


def test_the_limit_counts_what_is_there(town, store):
    filed = filed_with(*[upload()] * 9)

    add(filed)

    with pytest.raises(Invalid):
        add(filed)
    assert Attachment.objects.count() == len(list(stored_in(store))) == 10


def test_a_deleted_file_leaves_its_place_to_another(town, store):
    filed = filed_with(*[upload()] * 10)
    Attachment.objects.filter(pk=Attachment.objects.first().pk).update(
        state=FileState.REFUSED, refusal=FileRefusal.HARMFUL, file=""
    )

    add(filed)

    with pytest.raises(Invalid):
        add(filed)


def test_photos_wait_for_the_worker_and_other_files_for_nobody(town, store):
    photo, plan = add(file(), upload(), upload(PDF, "plan.pdf"))

    assert (photo.state, plan.state) == (FileState.HELD, FileState.READY)


def test_where_there_is_a_scanner_all_files_wait(town, store, settings):
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    photo, plan = add(file(), upload(), upload(PDF, "plan.pdf"))

    assert (photo.state, plan.state) == (FileState.HELD, FileState.HELD)


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_woken_once_the_files_are_there(town, store, monkeypatch):
    rung = []
    monkeypatch.setattr(
        attaching,
        "ring",
        lambda task, **_more: rung.append((task.task, Attachment.objects.count())),
    )

    add(file(), upload(PDF, "plan.pdf"))
    assert rung == []
    add(file(), upload(), upload())
    assert rung == [("concerns.prepare_files", 3)]


def test_a_rolled_back_transaction_leaves_no_file(town, store):
    with files_with_rows(), transaction.atomic():
        filed_with(upload())
        there = len(list(stored_in(store)))
        transaction.set_rollback(True)

    assert there == 1
    assert (Attachment.objects.count(), list(stored_in(store))) == (0, [])


def test_an_error_after_the_files_were_written_leaves_none(town, store):
    with pytest.raises(ZeroDivisionError):
        file_and_fail()

    assert (Attachment.objects.count(), list(stored_in(store))) == (0, [])


@files_with_rows()
@transaction.atomic
def file_and_fail():
    filed_with(upload())
    raise ZeroDivisionError


def test_a_transaction_carried_out_again_leaves_the_second_file(town, store):
    """As `common/idempotency.py` does when another request of the same name was remembered meanwhile."""
    with closing(upload_on_disk(PDF)) as kept, files_with_rows():
        for undone in (True, False):
            with transaction.atomic():
                filed_with(kept)
                transaction.set_rollback(undone)

    one = Attachment.objects.get()
    assert [path.read_bytes() for path in stored_in(store)] == [PDF]
    assert (store / one.file.name).exists()


def upload_on_disk(content):
    """As Django hands over what is large."""
    held = TemporaryUploadedFile("plan.pdf", "application/pdf", len(content), None)
    held.write(content)
    held.seek(0)
    return held


def test_a_store_that_fails_halfway_leaves_nothing(town, store, monkeypatch):
    filed = file()
    monkeypatch.setattr(Attachment._meta.get_field("file").storage, "_save", full_at_the_second())

    with pytest.raises(StoreAway):
        add(filed, upload(), upload(JPEG, "second.jpg"))

    assert (Attachment.objects.count(), list(stored_in(store))) == (0, [])
    assert not Event.objects.filter(verb=Verb.ATTACH).exists()


def full_at_the_second():
    storage = Attachment._meta.get_field("file").storage
    real, names = storage._save, []

    def save(name, content):
        names.append(name)
        saved = real(name, content)
        if len(names) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return saved

    return save


def test_what_a_killed_process_left_is_swept_after_an_hour(town, store):
    kept = add(file())[0]
    orphan = store / "ab" / ("0" * 30 + "ab")
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(PNG)
    foreign = orphan.with_name("README")
    foreign.write_text("not ours")

    assert (list(orphans()), sweep_files()) == ([], 0)
    for path in (orphan, foreign, store / kept.file.name):
        os.utime(path, (time.time() - 3700, time.time() - 3700))

    assert list(orphans()) == [f"ab/{orphan.name}"]
    assert sweep_files() == 1
    assert [orphan.exists(), foreign.exists(), (store / kept.file.name).exists()] == [
        False,
        True,
        True,
    ]


def test_the_doctor_finds_what_no_sweep_found(town, store):
    assert findings() == []
    orphan = store / "ab" / ("0" * 30 + "ab")
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(PNG)
    os.utime(orphan, (time.time() - 49 * 3600, time.time() - 49 * 3600))

    assert [(one.what, one.count) for one in findings()] == [
        ("stored files that belong to no concern", 1)
    ]


def test_files_of_a_network_are_counted_by_the_day(settings):
    settings.FILES_PER_NETWORK_PER_DAY = 3
    network = some_network()
    noon = now().replace(hour=12, minute=0, second=0, microsecond=0)

    with time_machine.travel(noon, tick=False):
        count_files(network=network, count=3)
        count_files(network=some_network(), count=3)
        with pytest.raises(TooManyAttempts) as refusal:
            count_files(network=network, count=1)

    assert refusal.value.retry_after_seconds == 12 * 3600


def test_attach_costs_the_same_for_one_file_and_for_ten(town, store):
    one, ten = file(), file()
    with budget(9):
        add(one)
    with budget(9):
        add(ten, *[upload()] * 10)


def test_filing_with_files_costs_three_statements_more(town, store):
    with budget(18):
        filed_with(*[upload()] * 10)
