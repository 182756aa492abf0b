"""How far an API key reaches."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.enums import Scope
from accounts.models import ApiKey

if TYPE_CHECKING:  # views read the settings that name this module
    from rest_framework.views import APIView


class InScope(BasePermission):
    """A program gets no further than its key's scopes; the view names the one it needs, for reading and for writing."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not isinstance(request.auth, ApiKey):
            return True
        needed = scope_for(view, request.method or "")
        if needed not in request.auth.scopes:
            words = _(
                "This API key does not reach so far. Please ask for one with the scope %(scope)s."
            )
            raise PermissionDenied(words % {"scope": needed})
        return True


def scope_for(view: "APIView", method: str) -> Scope:
    """The scope a key needs for a view."""
    reading = method in SAFE_METHODS
    needed: Scope = getattr(view, "reading" if reading else "writing", Scope.WRITE)
    return needed
