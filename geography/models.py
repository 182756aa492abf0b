"""Districts and quarters of the city as polygons; the city itself is the outermost one."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models

from common.words import in_language


class District(models.Model):
    """A polygon with a name: the city's boundary, a district, or a quarter in a district."""

    class Level(models.TextChoices):
        CITY = "city"
        DISTRICT = "district"
        QUARTER = "quarter"

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    key = models.SlugField(unique=True)
    # What the city's own maps and statistics call it, like "38"; may be empty.
    number = models.CharField(max_length=20, blank=True)
    names = models.JSONField(default=dict)
    level = models.CharField(max_length=10, choices=Level.choices)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    # GeoJSON geometry (Polygon or MultiPolygon), WGS84, longitude before latitude (RFC 7946).
    geometry = models.JSONField()
    # The geometry's bounding box in degrees, so that a point finds its candidates by index.
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    # Drawn roughly: good enough to try things out, wrong near borders. Pages that show it say so.
    schematic = models.BooleanField(default=False)
    # The geometry came by load_boundaries; the city's folder names the area and no longer draws it.
    official = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["west", "east", "south", "north"], name="district_box")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.names)


class Address(models.Model):
    """An entry of the city's gazetteer: a house, a street as a whole, or a place people know by name.

    `search` is what is typed to find it, folded; `rank` puts streets and places before houses (geography/gazetteer.py).
    """

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    label = models.CharField(max_length=200)
    search = models.CharField(max_length=200)
    rank = models.PositiveSmallIntegerField(default=0)
    postcode = models.CharField(max_length=10, blank=True)
    lat = models.FloatField()
    lon = models.FloatField()
    district = models.ForeignKey(
        District, null=True, blank=True, on_delete=models.SET_NULL, related_name="addresses"
    )
    # Came by load_addresses; the city's folder neither changes nor removes it.
    official = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "addresses"
        constraints = [
            models.UniqueConstraint(fields=["search", "postcode"], name="address_once"),
        ]
        indexes = [
            # For what begins with the letters typed, places first.
            models.Index(
                fields=["rank", "search"],
                name="address_beginning",
                opclasses=["int2_ops", "text_pattern_ops"],
            ),
            # For words that do not stand at the beginning. The list is written once and read for years.
            GinIndex(
                SearchVector("search", config="simple"), name="address_words", fastupdate=False
            ),
        ]

    def __str__(self) -> str:
        return self.label
