"""Files where there are no paths: taken, drawn, handed out, swept and missed as in a folder."""

import datetime as dt

from django.core.files.base import ContentFile
from django.db import transaction

from common.actor import Actor
from concerns.actions.attaching import files_with_rows, sweep_files
from concerns.actions.preparing import prepare_due
from concerns.enums import FileState
from concerns.models import Attachment
from concerns.queries.files import attachment_for, content_of, lost, orphans
from tests.concerns.actions.test_attaching import add, filed_with
from tests.support.files import JPEG, PDF, bucket, upload
from tests.support.town import file

__all__ = ["bucket"]


def names_in(bucket):
    return sorted(bucket.kept)


def test_files_are_taken_drawn_and_handed_out(town, bucket):
    filed = file()
    plan, hole = add(filed, upload(PDF, "plan.pdf"), upload(JPEG, "hole.jpg"))
    prepare_due()
    author = Actor.citizen(filed.concern.pk)

    plan, hole = (attachment_for(author, one.pk) for one in (plan, hole))

    assert hole.state == FileState.READY
    assert names_in(bucket) == sorted([*plan.stored_names, *hole.stored_names])
    with content_of(plan) as content:
        assert content.read() == PDF
    with content_of(hole, size="small") as content:
        assert content.read(2) == b"\xff\xd8"


def test_an_empty_bucket_is_swept_and_looked_through(town, bucket):
    assert (list(orphans()), sweep_files(), list(lost())) == ([], 0, [])


def test_what_nobody_names_is_swept_and_what_is_gone_is_missed(town, bucket):
    _kept, gone = add(file(), upload(PDF, "plan.pdf"), upload(PDF, "gone.pdf"))
    bucket.delete(gone.file.name)
    orphan = f"ab/{'0' * 30}ab-1-large"
    bucket.save(orphan, ContentFile(JPEG))

    assert list(orphans(older_than=-dt.timedelta(minutes=1))) == [orphan]
    assert list(lost()) == [gone.pk]


def test_a_rollback_leaves_nothing(town, bucket):
    with files_with_rows(), transaction.atomic():
        filed_with(upload())
        assert len(names_in(bucket)) == 1
        transaction.set_rollback(True)

    assert (Attachment.objects.count(), names_in(bucket)) == (0, [])
