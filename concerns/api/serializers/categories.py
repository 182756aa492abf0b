"""What can be filed, as a program asks for it."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from common.words import in_language
from concerns.api.questions import body_shown, questions_schema
from concerns.api.serializers.fields import Strict, Words
from concerns.api.serializers.labels import CategoryLabel
from concerns.enums import Audience, Kind


class BodyOutput(serializers.Serializer[Any]):
    """Who is responsible where the city is not."""

    name = serializers.CharField()
    phone = serializers.CharField()
    website = serializers.CharField()


class RedirectOutput(serializers.Serializer[Any]):
    words = serializers.CharField()
    body = BodyOutput(allow_null=True)


class CategoryOutput(serializers.Serializer[Any]):
    slug = serializers.CharField()
    parent = serializers.CharField(  # type: ignore[assignment] # DRF takes fields off the class
        allow_null=True, help_text="The slug of the category above it; null at the root."
    )
    name = serializers.CharField()
    description = serializers.CharField()
    icon = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    audience = serializers.ChoiceField(choices=Audience.choices)
    needs_place = serializers.BooleanField()
    redirect = RedirectOutput(
        allow_null=True,
        help_text="Nothing is filed under this category; people are told these words and whom to turn to.",
    )
    questions_schema = serializers.DictField(
        help_text="JSON Schema 2020-12 of `answers` when filing under this category. Beside the standard's "
        "keywords `x-when` says when a question is asked, `x-stops` which answers end the report and with what words."
    )


class CategoryListOutput(serializers.Serializer[Any]):
    results = CategoryOutput(many=True)


class SuggestionsInput(Strict):
    description = Words(help_text="The person's own words; up to 10,000 characters.")


class SuggestionOutput(serializers.Serializer[Any]):
    category = CategoryLabel()
    word = serializers.CharField(
        help_text="Why: the category's own word that begins a word of the description."
    )


class SuggestionListOutput(serializers.Serializer[Any]):
    results = SuggestionOutput(many=True)


def category_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `queries/categories.py:DESCRIBED`, texts in the active language."""
    return {
        "slug": row["slug"],
        "parent": row["parent__slug"],
        "name": in_language(row["names"]),
        "description": in_language(row["descriptions"]),
        "icon": row["icon"],
        "kind": row["kind"],
        "audience": row["audience"],
        "needs_place": row["needs_place"],
        "redirect": redirect_shown(row["redirect"]),
        "questions_schema": questions_schema(row["questions"]),
    }


def redirect_shown(redirect: Mapping[str, Any]) -> dict[str, Any] | None:
    if not redirect:
        return None
    body = body_shown(redirect.get("body", ""))
    return {"words": in_language(redirect["words"]), "body": body}
