"""Filing a concern: what comes in, and what its person gets back."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from concerns.actions.filing import Consent, Filing, Place
from concerns.actions.uploads import Upload
from concerns.api.serializers.fields import Choice, Flag, Number, Strict, Text, Words
from concerns.enums import Channel, Kind, PublicState

FILES_HELP = (
    "Photos (JPEG, PNG, WebP, GIF, HEIC), PDF, TXT, ODT or DOCX; what a file is, its content says. Of a photo only the "
    "pixels are kept: if it says where it was taken and its person agrees, read it before and send it as `place`."
)


class PlaceInput(Strict):
    lat = Number(required=False, help_text="Degrees north, WGS84.")
    lon = Number(required=False, help_text="Degrees east, WGS84.")
    address = Words(
        required=False, help_text="As people say it: street and number, or a description."
    )

    def to_internal_value(self, data: Any) -> Place:  # noqa: ANN401 - DRF's signature
        return Place(**super().to_internal_value(data))


class ContactInput(Strict):
    name = Words(required=False)
    email = Words(required=False)
    phone = Words(required=False)


class Language(Choice):
    def __init__(self) -> None:
        super().__init__(
            choices=settings.LANGUAGES,
            required=False,
            help_text="In which the person is written to. Default: the request's (Accept-Language).",
        )


class ConsentInput(Strict):
    publish_words = Flag(default=False)
    publish_photos = Flag(default=False)

    def to_internal_value(self, data: Any) -> Consent:  # noqa: ANN401 - DRF's signature
        given = super().to_internal_value(data)
        return Consent(words=given["publish_words"], photos=given["publish_photos"])


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A pothole",
            value={
                "description": "There is a deep hole in front of the bakery.",
                "category": "pothole",
                "place": {"lat": 54.05, "lon": -0.95, "address": "Quay Street 5"},
                "contact": {"email": "rita@people.example"},
                "language": "en",
                "consent": {"publish_words": False, "publish_photos": False},
            },
            request_only=True,
        )
    ]
)
class FilingInput(Strict):
    description = Words(
        help_text="The person's own words, kept as they are; up to 10,000 characters."
    )
    kind = Choice(choices=Kind.choices, required=False, help_text="Default: the category's.")
    category = Text(required=False, max_length=50, help_text="The slug of a category.")
    place = PlaceInput(required=False)
    answers = serializers.DictField(
        required=False, help_text="Answers to the category's questions, by key."
    )
    contact = ContactInput(required=False)
    language = Language()
    consent = ConsentInput(required=False)
    asset = Text(required=False, max_length=100, help_text="The key of a lamp, tree, bench …")


class FilesInput(Strict):
    """A form of files."""

    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True), help_text=FILES_HELP
    )


class FilingForm(Strict):
    """The concern as a part of JSON, and files beside it."""

    concern = FilingInput()
    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True), required=False, help_text=FILES_HELP
    )


def filing_from(values: dict[str, Any], uploads: Sequence[Upload] = ()) -> Filing:
    """What the action wants to know, from validated values."""
    given = dict(values)
    return Filing(
        words=given.pop("description"),
        channel=Channel.API,
        language=language_in(given),
        uploads=uploads,
        **given,
    )


def language_in(values: dict[str, Any]) -> str:
    """Take the language out of validated values; the request's where none was given."""
    language: str = values.pop("language", None) or get_language() or settings.LANGUAGE_CODE
    return language.partition("-")[0]


class FiledOutput(serializers.Serializer[Any]):
    reference = serializers.CharField(help_text="Names the concern; proves nothing.")
    pin = serializers.CharField(help_text="With the reference, proves whose it is. Keep it secret.")
    tracking_url = serializers.URLField(help_text="Where its person follows it. Keep it secret.")
    state = serializers.ChoiceField(choices=PublicState.choices)
    next_date = serializers.DateField(
        allow_null=True, help_text="The date its person can hold the city to."
    )
