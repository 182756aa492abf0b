"""Files on a concern. A file and its row come and go together, though a rollback takes back the row alone."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from celery import signature
from django.conf import settings
from django.core.files.base import File
from django.db import connection, transaction
from django.db.models import Count, Sum

from common.actor import Actor
from common.clock import now
from common.limits import TooManyAttempts
from common.throttling import exceeds, seconds_left
from concerns.actions.desk import happened, lock_placed, write_down
from concerns.actions.uploads import PHOTOS, Checked, Upload, checked, must_fit
from concerns.enums import FileState, Standing, Verb
from concerns.errors import NotFound, Refused, StoreAway
from concerns.models import Attachment, Concern, Event, Ticket
from concerns.models.attachment import attachment_storage, stored_as
from concerns.queries.files import orphans
from notifications import defects
from notifications.bells import ring

DAY = 24 * 3600
# By name: tasks stand above actions.
PREPARE = signature("concerns.prepare_files")
log = logging.getLogger(__name__)
_written: ContextVar[list[Attachment] | None] = ContextVar("attachments written", default=None)


@contextmanager
def files_with_rows() -> Iterator[None]:
    """Around a transaction: files it wrote go again unless their rows stay.

    Whoever puts an action with files into a transaction of their own opens this outside it; inside another one it
    does nothing. A process killed in between leaves a file without a row, which `sweep_files` finds.
    """
    if _written.get() is not None:
        yield
        return
    written: list[Attachment] = []
    token = _written.set(written)
    try:
        yield
    finally:
        _written.reset(token)
        staying = rows_of(written)
        for attachment in written:
            if attachment.pk not in staying:
                attachment.file.delete(save=False)


def rows_of(written: Sequence[Attachment]) -> set[UUID]:
    """The ids of those whose rows stay (one statement, none without files)."""
    # What a transaction that is bound to roll back still shows is gone in a moment.
    if not written or connection.needs_rollback:
        return set()
    found = Attachment.objects.filter(pk__in=[attachment.pk for attachment in written])
    return set(found.values_list("pk", flat=True))


@files_with_rows()
@transaction.atomic
def attach(*, actor: Actor, concern_id: int, uploads: Sequence[Upload]) -> list[Attachment]:
    """The author of a concern adds files. Like their words, they are unanswered until somebody deals with them.

    Raises Invalid for files that cannot be taken (`uploads.checked`) and StoreAway; nothing is stored then.
    """
    if actor.concern_id != concern_id:
        raise NotFound
    files = checked(uploads)
    ticket, concern = lock_placed(concern_id)
    if not concern.is_active:
        raise NotFound if concern.standing == Standing.SPAM else Refused
    ticket.unanswered_since = ticket.unanswered_since or now()
    stored, event = put_on(concern, ticket, actor, files)
    write_down([event])
    return stored


def put_on(
    concern: Concern, ticket: Ticket, actor: Actor, files: Sequence[Checked]
) -> tuple[list[Attachment], Event]:
    """Store checked files of a concern that is locked or new (two statements); the event must be written down.

    Raises Invalid where they are too many, and StoreAway.
    """
    kept = concern.attachments.exclude(state=FileState.REFUSED)
    there = kept.aggregate(count=Count("pk"), size=Sum("size"))
    sizes = [file.size for file in files]
    must_fit(sizes, there=there["count"], bytes_there=there["size"] or 0)
    stored = [written(concern, file) for file in files]
    Attachment.objects.bulk_create(stored)
    if any(one.state == FileState.HELD for one in stored):
        transaction.on_commit(ring_prepare, robust=True)
    data = {"attachments": [str(one.pk) for one in stored]}
    return stored, happened(ticket, Verb.ATTACH, actor, concern_id=concern.pk, data=data)


def written(concern: Concern, file: Checked) -> Attachment:
    """The row of a file whose content is stored; the row itself is not yet."""
    attachment = Attachment(
        concern=concern,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        state=FileState.HELD if must_wait(file) else FileState.READY,
    )
    # Named before it is written, so that half a file is known as well.
    attachment.file.name = stored_as(attachment, file.name)
    if (noted := _written.get()) is not None:
        noted.append(attachment)
    # Copied, not moved: if the transaction must be tried again, the upload is read again.
    try:
        attachment.file.save(file.name, File(file.content.file), save=False)
    except Exception as fault:  # each store fails in its own way
        log.error("files cannot be stored: %s", defects.name(fault))  # noqa: TRY400 - no words
        raise StoreAway from fault
    return attachment


def must_wait(file: Checked) -> bool:
    """Whether a worker has to see it before anybody else does."""
    return bool(settings.CLAMD_ADDRESS) or file.media_type in PHOTOS


def ring_prepare() -> None:
    ring(PREPARE, about="files that are held")


def count_files(*, network: str, count: int) -> None:
    """Count files that come from a network. Raises TooManyAttempts over the day's limit."""
    limit: int = settings.FILES_PER_NETWORK_PER_DAY
    over = [
        exceeds(what="files", who=network, limit=limit, window_seconds=DAY) for _one in range(count)
    ]
    if any(over):
        raise TooManyAttempts(seconds_left(DAY))


def sweep_files() -> int:
    """Delete files that no row names, left by a process that was killed; how many."""
    found = list(orphans())
    for name in found:
        attachment_storage().delete(name)
    return len(found)
