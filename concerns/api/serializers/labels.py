"""Things by their key, with their name in the reader's language."""

from typing import Any

from rest_framework import serializers

from concerns.enums import Verb


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


class PersonLabel(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
