"""A concern as its own person sees it, and what they can say."""

from typing import Any

from rest_framework import serializers

from concerns.api.serializers.fields import Flag, Strict, Whole, Words
from concerns.api.serializers.labels import CategoryLabel, DepartmentLabel
from concerns.enums import Direction, Kind, MessageKind, PublicState
from concerns.parsing import CONTACT_FIELDS
from concerns.publishing import standing_sentence
from concerns.queries.contact import OwnContact
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
    """What happened, as its person is told; the city's own word for it stays inside."""

    at = serializers.DateTimeField()
    sentence = serializers.CharField()


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
    department = DepartmentLabel(
        allow_null=True,
        help_text="The office it is in progress with, as the sentence says; null in any other state.",
    )
    next_date = serializers.DateField(
        allow_null=True,
        help_text="The day its person can hold the city to, or the city them; never one that has passed.",
    )
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
    events = OwnEvent(many=True, source="course")

    def get_sentence(self, own: Standing) -> str:
        return standing_sentence(own.concern, own.ticket, own.state, date=own.told_date)


class SayInput(Strict):
    text = Words()


class RatingInput(Strict):
    rating = Whole(help_text="From 1 (poor) to 5 (very good).")
    words = Words(required=False)


class OwnContactInput(Strict):
    name = Words(required=False)
    email = Words(required=False)
    phone = Words(required=False)
    wants_mail = Flag(
        default=True,
        help_text="False: no mails of what happens; the person looks at the status page themselves and is asked there.",
    )


class OwnContactOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    wants_mail = serializers.BooleanField()
    confirmed = serializers.BooleanField(help_text="Whether the e-mail address was confirmed.")
    undeliverable = serializers.BooleanField(help_text="Whether a mail to it came back.")


def contact_shown(own: OwnContact) -> dict[str, Any]:
    return {
        **{name: own.contact.get(name, "") for name in CONTACT_FIELDS},
        "wants_mail": own.wants_mail,
        "confirmed": own.confirmed,
        "undeliverable": own.undeliverable,
    }
