"""Files that belong to a concern. They are served by an authorising view alone, never from an address of their own."""

from typing import ClassVar
from uuid import UUID

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from common.clock import now
from common.ids import uuid7
from common.photos import SIZES
from concerns.enums import Direction, FileRefusal, FileState
from concerns.models.concern import Concern
from concerns.models.conversation import Message

LARGE = "large"


def attachment_storage() -> Storage:
    return storages["attachments"]


def stored_as(attachment: "Attachment", _name: str) -> str:
    """A path that says nothing: neither the name somebody chose nor whose file it is."""
    hexed = UUID(str(attachment.pk)).hex
    return f"{hexed[-2:]}/{hexed}"


class Attachment(models.Model):
    """One file, with or without a message; `name` is what its sender called it, `media_type` what its content says.

    It goes where its concern goes: whoever sees the concern sees it, once it is ready. `sha256` and `size` are of the
    bytes stored; of a refused one, whose content is gone, of those that were sent. A photo that is ready was drawn by
    us in all sizes; it alone has `width` and `height`, those of its largest.
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
    file = models.FileField(
        upload_to=stored_as, storage=attachment_storage, max_length=100, blank=True
    )
    state = models.CharField(
        max_length=10,
        choices=FileState.choices,
        default=FileState.HELD,
        db_default=FileState.HELD,
    )
    refusal = models.CharField(
        max_length=20, choices=FileRefusal.choices, blank=True, default="", db_default=""
    )
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    next_attempt_at = models.DateTimeField(default=now, db_default=Now())
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values), name="attachment_direction_known"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_not_empty"),
            models.CheckConstraint(
                condition=Q(state__in=[FileState.HELD, FileState.READY], refusal="") & ~Q(file="")
                | Q(state=FileState.REFUSED, refusal__in=FileRefusal.values, file=""),
                name="attachment_refused_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(width__isnull=True, height__isnull=True)
                | Q(width__gt=0, height__gt=0, state=FileState.READY),
                name="attachment_drawn_when_ready",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state=FileState.HELD),
                name="attachment_held",
            )
        ]

    def __str__(self) -> str:
        return f"attachment {self.pk}"

    @property
    def is_drawn(self) -> bool:
        """Whether it is a photo of which we wrote every byte; nothing else may be shown in a page."""
        return self.width is not None

    def drawn_as(self, size: str) -> str:
        """Where this attempt puts a size of the photo. No name is used twice, so two that draw never meet."""
        return f"{stored_as(self, '')}-{self.attempts}-{size}"

    def stored_name(self, size: str = LARGE) -> str:
        """Where a size of a drawn photo is kept; of anything else, the file."""
        kept: str = self.file.name or ""
        return f"{kept.removesuffix(LARGE)}{size}" if self.is_drawn else kept

    @property
    def stored_names(self) -> list[str]:
        """Everything kept of it."""
        if self.is_drawn:
            return [self.stored_name(size) for size in SIZES]
        return [self.file.name] if self.file.name else []
