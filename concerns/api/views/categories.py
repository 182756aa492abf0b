"""/api/v1/categories/: what can be filed, and what is asked then; which of it a person's words point to."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from concerns.api.serializers.categories import (
    CategoryListOutput,
    CategoryOutput,
    SuggestionListOutput,
    SuggestionsInput,
    category_shown,
)
from concerns.api.views.doors import OpenDoor
from concerns.parsing import clean_words
from concerns.queries.categories import category_for, choosable, guesses, tree_for


class ListCategories(OpenDoor):
    """The tree, each category behind the one above it, in the language of Accept-Language.

    Who files as an employee also sees internal ones.
    """

    @extend_schema(
        operation_id="list_categories",
        summary="What can be filed",
        responses=CategoryListOutput,
        tags=["categories"],
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        return Response({"results": [category_shown(row) for row in tree_for(self.actor)]})


class ShowCategory(OpenDoor):
    @extend_schema(
        operation_id="category",
        summary="One category and its questions",
        responses=CategoryOutput,
        tags=["categories"],
    )
    def get(self, request: Request, slug: str) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(category_shown(category_for(self.actor, slug)))


class SuggestCategories(OpenDoor):
    """Up to three categories that words point to, the most telling first, each with the word that does.

    The words come in the body, for addresses are kept in logs; they are not stored. Nothing may be found: then ask, or
    file without a category, and a person decides.
    """

    @extend_schema(
        operation_id="suggest_categories",
        summary="Which categories words point to",
        request=SuggestionsInput,
        responses=SuggestionListOutput,
        tags=["categories"],
    )
    def post(self, request: Request) -> Response:
        given = SuggestionsInput(data=request.data)
        given.is_valid(raise_exception=True)
        found = guesses(clean_words(given.validated_data["description"]), choosable(self.actor))
        return Response(SuggestionListOutput({"results": found}).data)
