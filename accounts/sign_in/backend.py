"""Whose session it is: the person, and in the same statement whether they have a second factor."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User
from accounts.queries import staff


class StaffBackend(AuthenticationBackend):
    """Somebody deactivated is nobody from the next request on."""

    def get_user(self, user_id: int) -> User | None:
        user = staff().filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
