"""Files that belong to a concern. They are served by an authorising view alone, never from an address of their own."""

from typing import ClassVar
from uuid import UUID

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q

from common.clock import now
from common.ids import uuid7
from concerns.enums import Direction
from concerns.models.concern import Concern
from concerns.models.conversation import Message


def attachment_storage() -> Storage:
    return storages["attachments"]


def stored_as(attachment: "Attachment", _name: str) -> str:
    """A path that says nothing: neither the name somebody chose nor whose file it is."""
    hexed = UUID(str(attachment.pk)).hex
    return f"{hexed[-2:]}/{hexed}"


class Attachment(models.Model):
    """One file, with or without a message; `name` is what its sender called it, `media_type` what its content says.

    It goes where its concern goes: whoever sees the concern sees it. `sha256` is of the bytes stored.
    """

    personal_fields: ClassVar[frozenset[str]] = frozenset({"name", "file"})

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="attachments")
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.PROTECT, related_name="attachments"
    )
    direction = models.CharField(max_length=3, choices=Direction.choices, default=Direction.IN)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=stored_as, storage=attachment_storage, max_length=100)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values), name="attachment_direction_known"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_not_empty"),
        ]

    def __str__(self) -> str:
        return f"attachment {self.pk}"
