"""A concern as its own person sees it, and what they can say."""

from typing import Any

from rest_framework import serializers

from concerns.api.serializers.fields import Strict, Whole, Words
from concerns.api.serializers.labels import CategoryLabel, label_of
from concerns.enums import Direction, Kind, MessageKind, PublicState, Verb
from concerns.models import Event
from concerns.publishing import standing_sentence
from concerns.queries.own import Standing


class OwnPlace(serializers.Serializer[Any]):
    address = serializers.CharField()
    lat = serializers.FloatField(allow_null=True)
    lon = serializers.FloatField(allow_null=True)


class OwnMessage(serializers.Serializer[Any]):
    direction = serializers.ChoiceField(choices=Direction.choices)
    kind = serializers.ChoiceField(choices=MessageKind.choices)
    text = serializers.CharField()
    at = serializers.DateTimeField(source="released_at")


class OwnEvent(serializers.Serializer[Any]):
    verb = serializers.ChoiceField(choices=Verb.choices)
    label = serializers.SerializerMethodField()  # type: ignore[assignment] # DRF takes fields off the class
    at = serializers.DateTimeField()

    def get_label(self, event: Event) -> str:
        return label_of(event.verb)


class OwnCan(serializers.Serializer[Any]):
    """What the person can do now."""

    reply = serializers.BooleanField(source="can_reply")
    confirm = serializers.BooleanField(source="can_confirm")
    object = serializers.BooleanField(source="can_object")
    rate = serializers.BooleanField(source="can_rate")
    withdraw = serializers.BooleanField(source="can_withdraw")


class OwnConcern(serializers.Serializer[Any]):
    reference = serializers.CharField(source="concern.reference")
    state = serializers.ChoiceField(choices=PublicState.choices)
    sentence = serializers.SerializerMethodField(
        help_text="Where it stands, in the reader's language."
    )
    next_date = serializers.DateField(allow_null=True)
    must_reply = serializers.BooleanField(help_text="Whether a question to this person is open.")
    company = serializers.IntegerField(help_text="How many other concerns are handled with it.")
    can = OwnCan(source="*")
    words = serializers.CharField(source="concern.words")
    kind = serializers.ChoiceField(choices=Kind.choices, source="concern.kind")
    category = CategoryLabel(source="concern.category", allow_null=True)
    place = OwnPlace(source="concern")
    answers = serializers.DictField(source="concern.answers")
    filed_at = serializers.DateTimeField(source="concern.created_at")
    messages = OwnMessage(many=True)
    events = OwnEvent(many=True)

    def get_sentence(self, own: Standing) -> str:
        return standing_sentence(own.concern, own.ticket, own.state, date=own.next_date)


class SayInput(Strict):
    text = Words()


class RatingInput(Strict):
    rating = Whole(help_text="From 1 (poor) to 5 (very good).")
    words = Words(required=False)
