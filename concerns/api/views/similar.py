"""What may be the same matter: published ones near a place, for anybody; tickets like a ticket, for staff."""

import json
from collections.abc import Iterable

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from common.clock import now
from concerns.api.pages import in_json
from concerns.api.serializers.listing import asked_in
from concerns.api.serializers.similar import NearbyOutput, NearbyQuery, SimilarOutput
from concerns.api.views.doors import Door, OpenDoor
from concerns.duplicates import Matter
from concerns.queries.categories import public_subtree
from concerns.queries.nearby import nearby
from concerns.queries.similar import Similar, similar_to
from concerns.queries.visible import ticket_for


class Nearby(OpenDoor):
    """What the city made public near a place and may be what somebody is about to report, most alike first."""

    @extend_schema(
        operation_id="nearby",
        summary="Published matters that may be the same",
        parameters=[NearbyQuery],
        responses=NearbyOutput,
        tags=["published"],
    )
    def get(self, request: Request) -> HttpResponse:
        asked = asked_in(request.query_params, NearbyQuery)
        path = public_subtree(asked["category"]) if "category" in asked else ""
        matter = Matter(at=now(), category=path, lat=asked["lat"], lon=asked["lon"])
        return in_json(said_of(nearby(matter=matter), "matter"))


class SimilarTickets(Door):
    """Tickets this person sees that may be the same matter, most alike first; whether they are, a person decides."""

    @extend_schema(
        operation_id="similar_tickets",
        summary="Tickets that may be the same matter",
        responses=SimilarOutput,
        tags=["tickets"],
    )
    def get(self, request: Request, ticket_id: int) -> HttpResponse:  # noqa: ARG002 - DRF's signature
        found = similar_to(self.actor, ticket_for(self.actor, ticket_id))
        return in_json(said_of(found, "ticket"))


def said_of(found: Iterable[Similar], name: str) -> str:
    """As JSON; the row of each is JSON already."""
    results = ",".join(f'{{"{name}":{one.row["row"]},{compared(one)}}}' for one in found)
    return f'{{"results":[{results}]}}'


def compared(one: Similar) -> str:
    """The members that say what they have in common."""
    likeness = one.likeness
    metres = None if likeness.metres is None else round(likeness.metres)
    said = {"score": likeness.score, "metres": metres, "reasons": likeness.reasons}
    return json.dumps(said, ensure_ascii=False)[1:-1]
