"""What anybody may know of the city's matters."""

import math
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from concerns.api.pages import PageOutput, PageQuery
from concerns.api.serializers.fields import Query, Strict
from concerns.api.serializers.filing import ContactInput, Language
from concerns.api.serializers.labels import CategoryLabel, DistrictLabel
from concerns.queries.public import STATES, Box

SEEN = [(state.value, state.label) for state in STATES]
SIDES = 4


class BoxField(serializers.CharField):
    """`west,south,east,north` in degrees WGS84, as GeoJSON orders them."""

    default_error_messages = {
        "box": _("Please write four numbers: west,south,east,north in degrees."),
    }

    def to_internal_value(self, data: Any) -> Any:  # noqa: ANN401 - DRF's signature
        try:
            sides = [float(side) for side in super().to_internal_value(data).split(",")]
        except ValueError:
            self.fail("box")
        if len(sides) != SIDES or not all(map(math.isfinite, sides)):
            self.fail("box")
        box = Box(*sides)
        if box.west > box.east or box.south > box.north:
            self.fail("box")
        return box


class PublicQuery(Query):
    """Which published matters are asked for; all given must hold."""

    category = serializers.CharField(
        max_length=50, required=False, help_text="The slug of a category, those below it included."
    )
    district = serializers.CharField(
        max_length=50, required=False, help_text="The key of a part of the city."
    )
    state = serializers.ChoiceField(choices=SEEN, required=False)
    bbox = BoxField(required=False, help_text="west,south,east,north in degrees WGS84.")


class PublicListQuery(PublicQuery, PageQuery):
    pass


class PublicPlace(serializers.Serializer[Any]):
    """Rounded to about 100 m."""

    lat = serializers.FloatField()
    lon = serializers.FloatField()


class PublicFacts(serializers.Serializer[Any]):
    key = serializers.UUIDField(help_text="Its name outside.")
    category = CategoryLabel(allow_null=True)
    district = DistrictLabel(allow_null=True)
    state = serializers.ChoiceField(choices=SEEN)
    state_label = serializers.CharField()
    since = serializers.DateField(help_text="The day it was first reported.")
    reports = serializers.IntegerField(
        help_text="How many people reported or follow it: at least so many, in steps from 5 on."
    )
    words = serializers.CharField(
        allow_null=True,
        help_text="What the first of them wrote, if they agreed and the city released it.",
    )


class PublicOutput(PublicFacts):
    place = PublicPlace(allow_null=True)


class PublicPage(PageOutput):
    results = PublicOutput(many=True)


def constant(text: str) -> serializers.CharField:
    """A name that GeoJSON prescribes."""
    field = type("Constant", (serializers.CharField,), {})
    named: serializers.CharField = extend_schema_field({"type": "string", "const": text})(field)()
    return named


class PointOutput(serializers.Serializer[Any]):
    type = constant("Point")
    coordinates = serializers.ListField(
        child=serializers.FloatField(), min_length=2, max_length=2, help_text="Longitude, latitude."
    )


class FeatureOutput(serializers.Serializer[Any]):
    type = constant("Feature")
    id = serializers.UUIDField()
    geometry = PointOutput()
    properties = PublicFacts()


class FeatureCollectionOutput(serializers.Serializer[Any]):
    type = constant("FeatureCollection")
    features = FeatureOutput(many=True)
    truncated = serializers.BooleanField(
        help_text="Whether there are more than the newest, which are given. Ask for a smaller bbox then."
    )


class FollowInput(Strict):
    contact = ContactInput(required=False, help_text="Without it you follow by PIN and link alone.")
    language = Language()
