"""What all endpoints share, and how a citizen proves a concern is theirs."""

from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, NotAuthenticated
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.api.scopes import InScope
from accounts.enums import Scope
from accounts.models import User
from common.actor import Actor, ActorKind
from common.network import network_of
from concerns.actions.proving import prove
from concerns.errors import NotFound
from concerns.references import BadReference
from departments.queries import actor_for

SCHEME = "Concern"


class LengthMissing(APIException):
    """WSGI hands no body over whose length nobody named; without this it would look empty."""

    status_code = 411
    default_code = "length_missing"
    default_detail = _("Please send the request in one piece, with its Content-Length.")


class OpenToRead(InScope):
    """What anybody may read, any program may; to write, its key must reach so far."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or super().has_permission(request, view)


class Door(APIView):
    """An endpoint whose answers nobody on the way may keep: they are about people.

    `reading` and `writing` are the scopes an API key needs for it.
    """

    reading = Scope.READ
    writing = Scope.WRITE

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if "Transfer-Encoding" in request.headers and "Content-Length" not in request.headers:
            raise LengthMissing
        super().initial(request, *args, **kwargs)

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {**super().default_response_headers, "Cache-Control": "no-store"}

    @cached_property
    def actor(self) -> Actor:
        """Who is at the door, with all grants (one statement for somebody signed in)."""
        return actor_for(self.request.user)


class OpenDoor(Door):
    """An endpoint for anybody. An API key needs a scope only to write."""

    permission_classes = (OpenToRead,)
    writing = Scope.FILE

    @cached_property
    def actor(self) -> Actor:
        """Asked is only whether somebody works here, so that their grants need not be fetched."""
        user = self.request.user
        if not isinstance(user, User):
            return Actor.anonymous()
        return Actor(kind=ActorKind.STAFF, ref=user.ref_id, user_id=user.pk)


class ConcernProof(BaseAuthentication):
    """`Authorization: Concern <token>`, or `Concern-Pin: <pin>`, for the concern the address names."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Actor]:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        token = token.strip() if scheme.lower() == SCHEME.lower() else ""
        pin = request.headers.get("Concern-Pin", "")
        if not (token or pin):
            raise NotAuthenticated(
                _(
                    "Please prove that this concern is yours: with the link we sent you, or with its PIN."
                )
            )
        try:
            actor = prove(
                reference=request.parser_context["kwargs"]["reference"],
                token=token,
                pin=pin,
                network=network_of(request._request),  # noqa: SLF001 - DRF's name for Django's request
            )
        except BadReference as refusal:
            raise NotFound(refusal.message) from None
        return AnonymousUser(), actor

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - DRF's signature
        return SCHEME


class IsProven(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:  # noqa: ARG002 - DRF's signature
        return isinstance(request.auth, Actor)


class OwnDoor(Door):
    """An endpoint for the person of one concern."""

    authentication_classes = (ConcernProof,)
    permission_classes = (IsProven,)

    @cached_property
    def actor(self) -> Actor:
        """The proven author."""
        proven = self.request.auth
        return proven if isinstance(proven, Actor) else Actor.anonymous()

    @property
    def concern_id(self) -> int:
        """Theirs; ConcernProof lets nobody in without one."""
        return self.actor.concern_id or 0
