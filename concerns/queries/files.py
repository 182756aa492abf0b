"""Files of concerns: who may have which, and what lies in the store without belonging to anybody."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from common.actor import Actor, ActorKind
from common.clock import now
from common.prepared import Given, Prepared
from concerns.errors import NotFound
from concerns.models import Attachment, Placement
from concerns.models.attachment import attachment_storage
from concerns.queries.visible import visible

# What a list of files says of each.
LISTED = ("id", "name", "media_type", "size", "sha256", "direction", "created_at")
# A transaction that writes files is over long before.
UNDER_WAY = dt.timedelta(hours=1)


def readable(actor: Actor) -> QuerySet[Attachment]:
    """The files this actor may have: a person those of their own concern, staff those of concerns they see."""
    if actor.kind is ActorKind.CITIZEN:
        return Attachment.objects.filter(concern=actor.concern_id)
    placed = Placement.objects.open().filter(ticket__in=visible(actor))
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
    """Names of stored files that have no row, one statement for each folder of the store."""
    storage = attachment_storage()
    before = now() - older_than
    for folder in storage.listdir("")[0] if storage.exists("") else []:
        named = dict(ours(folder, storage.listdir(folder)[1]))
        kept = set(Attachment.objects.filter(pk__in=named).values_list("pk", flat=True))
        for pk, name in named.items():
            if pk not in kept and storage.get_modified_time(name) < before:
                yield name


def ours(folder: str, names: list[str]) -> Iterator[tuple[UUID, str]]:
    """What was stored by `models/attachment.py:stored_as`; nothing else is ours to judge."""
    for name in names:
        try:
            yield UUID(hex=name), f"{folder}/{name}"
        except ValueError:
            continue
