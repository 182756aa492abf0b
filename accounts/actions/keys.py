"""Keys for programs: made once, shown once, never stored."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection

from accounts.enums import Scope
from accounts.models import ApiKey, User
from common.clock import now

# 40 random bits name a key, 256 prove it; the name alone is worth nothing.
PREFIX_BYTES = 5
SECRET_BYTES = 32


def issue_api_key(
    *, user: User, label: str, days: int, scopes: Collection[Scope], requests_per_minute: int = 120
) -> tuple[ApiKey, str]:
    """A key with the rights of `user`, as far as the scopes reach, for so many days; its full text is shown this once.

    The text is «prefix.secret».
    """
    prefix = secrets.token_hex(PREFIX_BYTES)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    key = ApiKey.objects.create(
        user=user,
        label=label,
        prefix=prefix,
        secret_hash=hash_of(secret),
        scopes=sorted(scopes),
        requests_per_minute=requests_per_minute,
        expires_at=now() + dt.timedelta(days=days),
    )
    return key, f"{prefix}.{secret}"


def revoke_api_key(*, key: ApiKey) -> None:
    """From now on the key proves nothing; when that was stays on record."""
    key.revoked_at = key.revoked_at or now()
    key.save(update_fields=["revoked_at"])


def hash_of(secret: str) -> str:
    """SHA-256 is enough: the secret is random, so there is no dictionary to try, and a slow hash would only cost us."""
    return hashlib.sha256(secret.encode()).hexdigest()
