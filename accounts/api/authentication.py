"""`Authorization: Api-Key <prefix>.<secret>`: a program acts with the rights of a person."""

import hmac
import re

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.actions.keys import hash_of
from accounts.models import ApiKey, User
from common.clock import now
from common.prepared import Given, Prepared

SCHEME = "Api-Key"
# What no key can look like never reaches the database.
SHAPE = re.compile(r"(?P<prefix>[0-9a-z]{1,12})\.(?P<secret>[A-Za-z0-9_-]{1,100})")
NOT_VALID = _(
    "This API key is not valid: it is unknown, revoked or expired, or its account is closed. Please ask for a new one."
)


class ApiKeyAuthentication(BaseAuthentication):
    """One statement: the key with its user. Other schemes are left to other authenticators."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        key = valid_key(text.strip())
        if key is None:
            raise AuthenticationFailed(NOT_VALID)
        return key.user, key

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - DRF's signature
        return SCHEME


BY_PREFIX = Prepared(lambda: ApiKey.objects.select_related("user").filter(prefix=Given("prefix")))


def valid_key(text: str) -> ApiKey | None:
    """The key with this full text, unless it has expired or its user may no longer sign in."""
    given = SHAPE.fullmatch(text)
    if given is None:
        return None
    key = BY_PREFIX.first(prefix=given["prefix"])
    expected = key.secret_hash if key else hash_of("")
    proven = hmac.compare_digest(hash_of(given["secret"]), expected)
    if key is None or not proven or not is_good(key):
        return None
    return key


def is_good(key: ApiKey) -> bool:
    return key.revoked_at is None and key.expires_at > now() and key.user.is_active
