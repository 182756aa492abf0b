"""/api/v1/categories/: what can be filed, and what is asked then."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from concerns.api.serializers.categories import CategoryListOutput, CategoryOutput, category_shown
from concerns.api.views.doors import OpenDoor
from concerns.queries.categories import category_for, tree_for


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
