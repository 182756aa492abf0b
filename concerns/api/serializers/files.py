"""Files of a concern."""

from collections.abc import Mapping
from typing import Any

from django.utils.timezone import localtime
from rest_framework import serializers

from common.photos import SIZES
from concerns.enums import Direction, FileRefusal, FileState


class SizesOutput(serializers.Serializer[Any]):
    """Addresses of a photo's sizes, to be shown."""

    large = serializers.URLField()
    medium = serializers.URLField()
    small = serializers.URLField()


class FileOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    media_type = serializers.CharField(help_text="What the content is, whatever its name says.")
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField()
    direction = serializers.ChoiceField(choices=Direction.choices)
    state = serializers.ChoiceField(
        choices=FileState.choices, help_text="Only a file that is ready can be had."
    )
    refusal = serializers.ChoiceField(
        choices=FileRefusal.choices,
        allow_null=True,
        help_text="Why it was deleted again.",
    )
    url = serializers.URLField(help_text="Where it is to be saved from.")
    sizes = SizesOutput(
        allow_null=True,
        help_text="Null for what is no photo, and as long as a photo is held.",
    )
    width = serializers.IntegerField(allow_null=True, help_text="Of a photo, in pixels.")
    height = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()


class TicketFileOutput(FileOutput):
    concern = serializers.CharField(help_text="The reference of the concern it belongs to.")


class FileListOutput(serializers.Serializer[Any]):
    results = FileOutput(many=True)


class TicketFileListOutput(serializers.Serializer[Any]):
    results = TicketFileOutput(many=True)


def file_shown(row: Mapping[str, Any], url: str) -> dict[str, Any]:
    """A row of `queries/files.py:LISTED`, to be had from `url`."""
    drawn = row["width"] is not None
    return {
        "id": str(row["id"]),
        "name": row["name"],
        "media_type": row["media_type"],
        "size": row["size"],
        "sha256": row["sha256"],
        "direction": row["direction"],
        "state": row["state"],
        "refusal": row["refusal"] or None,
        "url": url,
        "sizes": {size: f"{url}?size={size}" for size in SIZES} if drawn else None,
        "width": row["width"],
        "height": row["height"],
        "at": localtime(row["created_at"]).isoformat(),
    }


def ticket_file_shown(row: Mapping[str, Any], url: str) -> dict[str, Any]:
    return {**file_shown(row, url), "concern": row["concern__reference"]}
