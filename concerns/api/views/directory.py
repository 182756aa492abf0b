"""Who works where, and by which rules: open to every employee, and to programs with the scope directory:read."""

import json

from django.db.models import F
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import Scope
from common.paging import Order, page_of
from concerns.api.pages import paged, place_in
from concerns.api.serializers.directory import (
    CauseList,
    CircleList,
    DepartmentList,
    MemberPage,
    MemberQuery,
    RuleList,
    cause_shown,
    circle_shown,
    department_shown,
    member_shown,
    rule_shown,
)
from concerns.api.serializers.listing import asked_in
from concerns.api.views.doors import Door
from concerns.queries import directory

TAGS = ["directory"]
MEMBERS = "members"


class Directory(Door):
    """The same for every employee, in the language of Accept-Language."""

    reading = Scope.DIRECTORY


class ListDepartments(Directory):
    """The tree, each department behind the one above it; retired ones name their successor."""

    @extend_schema(
        operation_id="list_departments",
        summary="Departments",
        responses=DepartmentList,
        tags=TAGS,
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        return Response({"results": [department_shown(row) for row in directory.departments()]})


class ListMembers(Directory):
    """Who has which duty today. Nobody whose account is closed is among them."""

    @extend_schema(
        operation_id="list_members",
        summary="Who works where",
        parameters=[MemberQuery],
        responses=MemberPage,
        tags=TAGS,
    )
    def get(self, request: Request) -> HttpResponse:
        asked = asked_in(request.query_params, MemberQuery)
        place, size = place_in(asked.pop("cursor", None), MEMBERS), asked.pop("limit")
        page = page_of(directory.members(**asked), Order([F("pk")]), size=size, place=place)
        return paged(request, page, MEMBERS, lambda row: json.dumps(member_shown(row)))


class ListRules(Directory):
    """By which rules concerns find their department. Which circle a rule names, only those see whom it admits."""

    @extend_schema(
        operation_id="list_rules",
        summary="Routing rules",
        responses=RuleList,
        tags=TAGS,
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        known = {circle["key"] for circle in directory.circles(self.actor)}
        return Response({"results": [rule_shown(row, known) for row in directory.rules()]})


class ListCauses(Directory):
    """Why it came to something: what an answer can give as its `cause`."""

    @extend_schema(
        operation_id="list_causes",
        summary="Causes",
        responses=CauseList,
        tags=TAGS,
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        return Response({"results": [cause_shown(row) for row in directory.causes()]})


class ListCircles(Directory):
    """Who may see confidential tickets of one sort. One sees the circles one belongs to, administrators all."""

    @extend_schema(
        operation_id="list_circles",
        summary="Circles this person belongs to",
        responses=CircleList,
        tags=TAGS,
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        return Response({"results": [circle_shown(row) for row in directory.circles(self.actor)]})
