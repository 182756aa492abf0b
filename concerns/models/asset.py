"""Things in the street that the city keeps lists of, and the causes of damage."""

from typing import ClassVar

from django.db import models

from common.words import in_language
from geography.models import District


class Asset(models.Model):
    """A lamp, tree, container, bench … from the city's data."""

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    key = models.CharField(max_length=100, unique=True)
    asset_type = models.SlugField()
    names = models.JSONField(default=dict)
    lat = models.FloatField()
    lon = models.FloatField()
    district = models.ForeignKey(
        District, null=True, blank=True, on_delete=models.PROTECT, related_name="assets"
    )

    def __str__(self) -> str:
        return self.key


class Cause(models.Model):
    """Why it came to this (wear, vandalism, storm …): an optional code at resolving."""

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    key = models.SlugField(unique=True)
    names = models.JSONField(default=dict)
    retired = models.BooleanField(default=False)

    def __str__(self) -> str:
        return in_language(self.names)
