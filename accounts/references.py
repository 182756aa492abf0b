"""The link that lets a person choose a new password: derived at delivery, stored nowhere."""

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.http import int_to_base36

from accounts.models import User

# Stands in stored letters for the link.
LINK_MARK = "[[link for a new password]]"


class ResetTokens(PasswordResetTokenGenerator):
    """A link ends with its use, its time (PASSWORD_RESET_TIMEOUT), a sign-in, and when the account is closed."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.is_active}"


def reset_url(user: User) -> str:
    """A fresh link; its time begins now."""
    key = {"uidb36": int_to_base36(user.pk), "key": ResetTokens().make_token(user)}
    return f"{settings.PUBLIC_URL}{reverse('account_reset_password_from_key', kwargs=key)}"
