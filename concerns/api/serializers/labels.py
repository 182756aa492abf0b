"""Things by their key, with their name in the reader's language."""

from functools import cache
from typing import Any

from rest_framework import serializers

from concerns.enums import Verb


@cache
def drawer(description: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    return description()


def drawn(description: type[serializers.Serializer[Any]], instance: object) -> dict[str, Any]:
    """What a serializer says of an instance, without copying all its fields first, which costs more."""
    said: dict[str, Any] = drawer(description).to_representation(instance)
    return said


def label_of(verb: str) -> str:
    return str(Verb(verb).label)


class CategoryLabel(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()


class DepartmentLabel(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()


class DistrictLabel(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    schematic = serializers.BooleanField(
        help_text="Its border is only drawn roughly so far; close to it, the district may be another."
    )


class PersonLabel(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
