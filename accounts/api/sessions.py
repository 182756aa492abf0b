"""A session of the workspace at the REST door: as good there as at the desk, and no better."""

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from accounts.models import User
from accounts.queries import lacks_second_factor

NEEDED = _(
    "Your account needs a second factor first. Please sign in to the workspace, which leads you to it."
)


class StaffSession(SessionAuthentication):
    """Django's session, once its person has set up the second factor the settings demand."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found = super().authenticate(request)
        if found is not None and lacks_second_factor(found[0]):
            raise PermissionDenied(NEEDED)
        return found
