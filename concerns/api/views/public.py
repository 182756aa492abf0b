"""/api/v1/published/: the matters the city made public, as a list, on a map, and to follow."""

import json
from typing import Any
from uuid import UUID

from django.db.models import F
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from common.actor import Actor
from common.idempotency import Answer
from common.paging import Order, page_of
from concerns.actions.filing import follow_ticket
from concerns.api.once import KEY_HEADER, once
from concerns.api.pages import in_json, paged, place_in
from concerns.api.serializers.filing import FiledOutput, language_in
from concerns.api.serializers.listing import asked_in
from concerns.api.serializers.public import (
    FeatureCollectionOutput,
    FollowInput,
    PublicListQuery,
    PublicOutput,
    PublicPage,
    PublicQuery,
)
from concerns.api.views.doors import OpenDoor
from concerns.api.views.filing import CREATED, answer_for, shown
from concerns.enums import Channel
from concerns.queries.public import (
    as_json,
    matching,
    one_as_json,
    rows_of,
    ticket_published_as,
)
from concerns.queries.public_map import on_the_map

NEWEST = Order([F("id")], falling=True)
LISTED = "published by newest"


class GeoJSONRenderer(JSONRenderer):
    media_type = "application/geo+json"
    format = "geojson"


class ListPublished(OpenDoor):
    """Category, place to about 100 m, state and how many reported it; never who, and words only with consent."""

    @extend_schema(
        operation_id="list_published",
        summary="Published matters, the latest made public first",
        parameters=[PublicListQuery],
        responses=PublicPage,
        tags=["published"],
    )
    def get(self, request: Request) -> HttpResponse:
        asked = asked_in(request.query_params, PublicListQuery)
        size, place = asked.pop("limit"), place_in(asked.pop("cursor", None), LISTED)
        page = page_of(
            as_json(rows_of(matching(**filters_in(asked)))), NEWEST, size=size, place=place
        )
        return paged(request, page, LISTED)


class PublishedMap(OpenDoor):
    """GeoJSON (RFC 7946) of what has a place: the newest 2,000 of the bbox, or of the whole city without one."""

    renderer_classes = (GeoJSONRenderer, JSONRenderer)

    @extend_schema(
        operation_id="published_map",
        summary="Published matters as GeoJSON",
        parameters=[PublicQuery],
        responses={(200, GeoJSONRenderer.media_type): FeatureCollectionOutput},
        tags=["published"],
    )
    def get(self, request: Request) -> HttpResponse:
        features, more = on_the_map(**filters_in(asked_in(request.query_params, PublicQuery)))
        said = '{"type":"FeatureCollection","truncated":%s,"features":[%s]}'
        text = said % (json.dumps(more), features)
        return HttpResponse(text, content_type=request.accepted_renderer.media_type)


class ShowPublished(OpenDoor):
    @extend_schema(
        operation_id="published",
        summary="One published matter",
        responses=PublicOutput,
        tags=["published"],
    )
    def get(self, request: Request, key: UUID) -> HttpResponse:  # noqa: ARG002 - DRF's signature
        return in_json(one_as_json(key))


class FollowPublished(OpenDoor):
    """«Me too»: a concern without words of its own. It is answered, and can be looked at, like any other."""

    throttle_scope = "filing"

    @extend_schema(
        operation_id="follow_published",
        summary="Follow a published matter",
        parameters=[KEY_HEADER],
        request=FollowInput,
        responses={CREATED: FiledOutput},
        tags=["published"],
    )
    def post(self, request: Request, key: UUID) -> Response:
        return shown(request, once(request, lambda: self.follow(key)))

    def follow(self, key: UUID) -> Answer:
        given = FollowInput(data=self.request.data)
        given.is_valid(raise_exception=True)
        said = dict(given.validated_data)
        followed = follow_ticket(
            # Whoever comes here follows as one of the public, whatever they see at their desk.
            actor=Actor.anonymous(),
            ticket_id=ticket_published_as(key),
            channel=Channel.API,
            language=language_in(said),
            contact=said.get("contact", {}),
        )
        return answer_for(followed)


def filters_in(asked: dict[str, Any]) -> dict[str, Any]:
    return {"box": asked.pop("bbox", None), **asked}
