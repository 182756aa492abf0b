"""Files of concerns: who may have which, and what lies in the store without belonging to anybody."""

import datetime as dt
import logging
from collections.abc import Iterator
from itertools import groupby
from typing import IO, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from common.actor import Actor, ActorKind
from common.clock import now
from common.photos import SIZES
from common.prepared import Given, Prepared
from concerns.enums import FileState
from concerns.errors import NotFound, Refused
from concerns.models import Attachment, Placement, Referral
from concerns.models.attachment import LARGE, attachment_storage
from concerns.publishing import file_note
from concerns.queries.visible import visible

# What a list of files says of each.
LISTED = (
    "id",
    "name",
    "media_type",
    "size",
    "sha256",
    "direction",
    "state",
    "refusal",
    "width",
    "height",
    "created_at",
)
# A transaction that writes files is over long before.
UNDER_WAY = dt.timedelta(hours=1)
log = logging.getLogger(__name__)


def readable(actor: Actor) -> QuerySet[Attachment]:
    """The files this actor may have: a person those of their own concern, staff those of concerns they see.

    A partner those of the ticket it was passed, if they go along.
    """
    if actor.kind is ActorKind.CITIZEN:
        return Attachment.objects.filter(concern=actor.concern_id)
    seen = visible(actor)
    if actor.kind is ActorKind.PARTNER:
        with_files = Referral.objects.open().filter(with_files=True, ticket=OuterRef("pk"))
        seen = seen.filter(Exists(with_files))
    placed = Placement.objects.open().filter(ticket__in=seen)
    return Attachment.objects.filter(concern__in=placed.values("concern"))


def attachment_for(
    actor: Actor, attachment_id: UUID, *, ticket_id: int | None = None
) -> Attachment:
    """The file, or NotFound, also when it exists but is not this person's to see (one statement).

    With `ticket_id` only if its concern is placed on that ticket.
    """
    found = on(ticket_id, readable(actor)).filter(pk=attachment_id).first()
    if found is None:
        raise NotFound
    return found


def content_of(attachment: Attachment, *, size: str = "") -> IO[bytes]:
    """What is kept of a file, to be read; of a photo that we drew, in this size.

    Raises Refused while it is held or when it was deleted, saying so, and NotFound for a size it does not have.
    """
    if attachment.state != FileState.READY:
        raise Refused(file_note(attachment.state, attachment.refusal))
    if size and not (attachment.is_drawn and size in SIZES):
        raise NotFound
    try:
        return attachment_storage().open(attachment.stored_name(size or LARGE), "rb")
    except FileNotFoundError:
        log.error("attachment %s: the store has no such file", attachment.pk)  # noqa: TRY400 - the doctor finds it
        raise NotFound from None


def on(ticket_id: int | None, files: QuerySet[Attachment]) -> QuerySet[Attachment]:
    if ticket_id is None:
        return files
    there = Placement.objects.open().filter(ticket=ticket_id)
    return files.filter(concern__in=there.values("concern"))


def own_files(actor: Actor) -> list[dict[str, Any]]:
    """The files of a proven concern as rows of LISTED, oldest first (one statement)."""
    return OWN.all(concern=actor.concern_id)


OWN = Prepared(
    lambda: Attachment.objects.filter(concern=Given("concern")).order_by("pk").values(*LISTED)
)


def files_on(actor: Actor, ticket_id: int) -> list[dict[str, Any]]:
    """The files of all concerns placed on a ticket, each with its concern's reference (two statements)."""
    if not visible(actor).filter(pk=ticket_id).exists():
        raise NotFound
    files = on(ticket_id, readable(actor)).order_by("pk")
    return list(files.values(*LISTED, "concern__reference"))


def orphans(*, older_than: dt.timedelta = UNDER_WAY) -> Iterator[str]:
    """Names of stored files that no row names, one statement for each folder of the store."""
    storage = attachment_storage()
    before = now() - older_than
    for folder in entries("")[0]:
        stored = dict(ours(folder))
        rows = Attachment.objects.filter(pk__in=set(stored.values()))
        kept = {name for row in rows for name in row.stored_names}
        for name in stored:
            if name not in kept and storage.get_modified_time(name) < before:
                yield name


def ours(folder: str) -> Iterator[tuple[str, UUID]]:
    """What is called as `models/attachment.py` names files, and whose; nothing else is ours to judge."""
    for name in entries(folder)[1]:
        try:
            yield f"{folder}/{name}", UUID(hex=name.partition("-")[0])
        except ValueError:
            continue


def lost() -> Iterator[UUID]:
    """Attachments of which not everything is in the store (one statement, and a look into each folder)."""
    rows = Attachment.objects.exclude(file="").order_by("file").iterator()
    for folder, there in groupby(rows, key=lambda row: row.stored_name().partition("/")[0]):
        stored = {f"{folder}/{name}" for name in entries(folder)[1]}
        yield from (row.pk for row in there if not stored.issuperset(row.stored_names))


def entries(folder: str) -> tuple[list[str], list[str]]:
    """Folders and files in a folder; a store that nothing was put into has no folder yet."""
    try:
        return attachment_storage().listdir(folder)
    except FileNotFoundError:
        return [], []


def held_since(moment: dt.datetime) -> int:
    """How many files that came before then are still held."""
    return Attachment.objects.filter(state=FileState.HELD, created_at__lt=moment).count()
