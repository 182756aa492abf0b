"""Rings of secret keys from the settings: id → 32 bytes. The first key writes, every key reads.

Three rings stand in backend/settings/keys.py: MASTER_KEYS, INDEX_KEYS and TOKEN_KEYS.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
# An id travels inside blobs and in front of blind indexes: short, without colon and comma.
KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,20}")


def ring(name: str) -> Mapping[str, bytes]:
    """The keys of the setting `name`, the current one first.

    Raises ImproperlyConfigured for an empty ring and for a key that is not 32 bytes in base64; the
    message names ring and id, never the key.
    """
    return _decoded(name, tuple(getattr(settings, name).items()))


def current(name: str) -> tuple[str, bytes]:
    """Id and key that write now."""
    return next(iter(ring(name).items()))


def digest(key: bytes, purpose: str, message: str) -> bytes:
    """HMAC-SHA-256 of a message, 32 bytes, apart from every other purpose the same key may serve.

    `purpose` is a constant of the code and holds no NUL, so that no two pairs share an encoding.
    """
    return hmac.digest(
        key, f"{purpose}\0{message}".encode("utf-8", "surrogatepass"), hashlib.sha256
    )


@lru_cache(maxsize=16)
def _decoded(name: str, entries: tuple[tuple[str, str], ...]) -> Mapping[str, bytes]:
    if not entries:
        raise ImproperlyConfigured(f"{name} is empty. It needs at least one key.")
    return {key_id: _key(name, key_id, text) for key_id, text in entries}


def _key(name: str, key_id: str, text: str) -> bytes:
    if not KEY_ID.fullmatch(key_id):
        raise ImproperlyConfigured(
            f"{name}: the id {key_id!r} must be 1 to 20 letters, digits, dots, hyphens or _."
        )
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(
            f"{name}: the key {key_id!r} must be {KEY_BYTES} bytes in base64."
        )
    return key
