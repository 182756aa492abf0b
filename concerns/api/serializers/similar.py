"""What may be the same matter, and why."""

import math
from typing import Any

from rest_framework import serializers

from concerns.api.serializers.fields import Query
from concerns.api.serializers.public import PublicOutput
from concerns.api.serializers.tickets import TicketRow


class Degrees(serializers.FloatField):
    def __init__(self, most: int) -> None:
        super().__init__(min_value=-most, max_value=most, help_text="Degrees WGS84.")

    def to_internal_value(self, data: Any) -> float:  # noqa: ANN401 - DRF's signature
        value: float = super().to_internal_value(data)
        if not math.isfinite(value):
            self.fail("invalid")
        return value


class NearbyQuery(Query):
    lat = Degrees(90)
    lon = Degrees(180)
    category = serializers.CharField(
        max_length=50, required=False, help_text="The slug of a category."
    )


class Compared(serializers.Serializer[Any]):
    score = serializers.FloatField(
        min_value=0, max_value=1, help_text="How much they have in common."
    )
    metres = serializers.IntegerField(
        allow_null=True, help_text="Between their places; null where one of them has none."
    )
    reasons = serializers.ListField(
        child=serializers.CharField(),
        help_text="Why they may be the same, in the request's language.",
    )


class NearbyOne(Compared):
    matter = PublicOutput()


class NearbyOutput(serializers.Serializer[Any]):
    results = NearbyOne(many=True)


class SimilarOne(Compared):
    ticket = TicketRow()


class SimilarOutput(serializers.Serializer[Any]):
    results = SimilarOne(many=True)
