"""Files of a concern."""

from collections.abc import Mapping
from typing import Any

from django.utils.timezone import localtime
from rest_framework import serializers

from concerns.enums import Direction


class FileOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    media_type = serializers.CharField(help_text="What the content is, whatever its name says.")
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField()
    direction = serializers.ChoiceField(choices=Direction.choices)
    at = serializers.DateTimeField()


class TicketFileOutput(FileOutput):
    concern = serializers.CharField(help_text="The reference of the concern it belongs to.")


class FileListOutput(serializers.Serializer[Any]):
    results = FileOutput(many=True)


class TicketFileListOutput(serializers.Serializer[Any]):
    results = TicketFileOutput(many=True)


def file_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `queries/files.py:LISTED`."""
    return {
        "id": str(row["id"]),
        "name": row["name"],
        "media_type": row["media_type"],
        "size": row["size"],
        "sha256": row["sha256"],
        "direction": row["direction"],
        "at": localtime(row["created_at"]).isoformat(),
    }


def ticket_file_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**file_shown(row), "concern": row["concern__reference"]}
