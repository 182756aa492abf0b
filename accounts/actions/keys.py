"""Keys for programs: made once, shown once, never stored."""

import datetime as dt
import hashlib
import secrets

from accounts.models import ApiKey, User
from common.clock import now

# 40 random bits name a key, 256 prove it; the name alone is worth nothing.
PREFIX_BYTES = 5
SECRET_BYTES = 32


def issue_api_key(*, user: User, label: str, days: int, read_only: bool) -> tuple[ApiKey, str]:
    """A key with the rights of `user` for so many days, and its full text «prefix.secret», shown this once."""
    prefix = secrets.token_hex(PREFIX_BYTES)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    key = ApiKey.objects.create(
        user=user,
        label=label,
        prefix=prefix,
        secret_hash=hash_of(secret),
        read_only=read_only,
        expires_at=now() + dt.timedelta(days=days),
    )
    return key, f"{prefix}.{secret}"


def hash_of(secret: str) -> str:
    """SHA-256 is enough: the secret is random, so there is no dictionary to try, and a slow hash would only cost us."""
    return hashlib.sha256(secret.encode()).hexdigest()
