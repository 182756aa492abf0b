"""Encryption at rest: AES-256-GCM under master keys that rotate, and a key per person.

Two ways, and when to take which:
- `seal` / `unseal` for what lives briefly and belongs to nobody's own key (a stored mail body);
- a data key per person (`new_data_key`) with `encrypt_with` / `decrypt_with` for contact data, so
  that destroying one small row makes every copy unreadable.

`context` names what the bytes belong to, e.g. b"reporter:17:email". It is authenticated, not kept:
a blob moved to another row or column no longer opens.

Every blob starts with a byte that names its format, so that a later format can stand beside it:
    sealed     0x01 | length of key id | key id | nonce (12) | ciphertext | tag (16)
    own key    0x02 | nonce | ciphertext | tag
    wrapping   0x03 | nonce | wrapped data key | tag        (base64; the key id is the map's key)
What stands before the nonce is authenticated too. Nonces are random: NIST SP 800-38D allows 2^32 of
them per key, far more than a city seals between two rotations.
"""

import base64
import binascii
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from common import keyrings

SEALED, OWN_KEY, WRAPPING = b"\x01", b"\x02", b"\x03"
NONCE_BYTES = 12
TAG_BYTES = 16


class SealBroken(Exception):
    """The bytes were changed, cut, moved to another context, or belong to another key."""


class UnknownKey(Exception):
    """The blob names a master key that is not configured (any more)."""


def seal(plaintext: bytes, *, context: bytes) -> bytes:
    """Encrypt under the current master key; the blob carries the key's id."""
    key_id, key = keyrings.current("MASTER_KEYS")
    name = key_id.encode("ascii")
    return _encrypt(key, plaintext, header=SEALED + bytes([len(name)]) + name, context=context)


def unseal(blob: bytes, *, context: bytes) -> bytes:
    """What `seal` was given. Raises SealBroken or UnknownKey."""
    blob = bytes(blob)  # the database hands out memoryviews
    key_id = key_id_of(blob)
    header = blob[: 2 + blob[1]]
    key = keyrings.ring("MASTER_KEYS").get(key_id)
    if key is None:
        raise UnknownKey(f"No master key {key_id!r} is configured.")
    return _decrypt(key, blob, header=header, context=context)


def key_id_of(blob: bytes) -> str:
    """Which master key sealed this. Raises SealBroken when it is no sealed blob."""
    if len(blob) < 2 or blob[:1] != SEALED:  # noqa: PLR2004 - format byte and length byte
        raise SealBroken("This is no sealed blob.")
    return blob[2 : 2 + blob[1]].decode("ascii", "replace")


def new_data_key() -> tuple[bytes, dict[str, str]]:
    """A fresh key for one person, raw and wrapped: {key id: base64} for every configured key.

    Any one of the wrappings opens it, so losing a master key loses nothing while another one wraps.
    """
    key = AESGCM.generate_key(bit_length=256)
    return key, _wrap(key)


def open_data_key(wrapped: Mapping[str, str]) -> bytes:
    """The raw key, by the first configured master key that fits.

    Raises UnknownKey when none of the wrapping keys is configured, SealBroken when none of those
    opens it.
    """
    fitting = [
        (key_id, key) for key_id, key in keyrings.ring("MASTER_KEYS").items() if key_id in wrapped
    ]
    if not fitting:
        raise UnknownKey(f"None of the master keys {sorted(wrapped)} is configured.")
    for key_id, key in fitting:
        try:
            return _decrypt(
                key, _decoded(wrapped[key_id]), header=WRAPPING, context=key_id.encode()
            )
        except SealBroken:
            continue
    raise SealBroken("No wrapping of this data key opens.")


def rewrap(wrapped: Mapping[str, str]) -> dict[str, str]:
    """The same data key, wrapped under exactly the master keys configured now.

    What it encrypts stays as it is. Rotation: configure the new key first, rewrap all rows, then
    remove the old key. Raises like `open_data_key`.
    """
    return _wrap(open_data_key(wrapped))


def encrypt_with(key: bytes, plaintext: bytes, *, context: bytes) -> bytes:
    """Encrypt under one person's raw data key."""
    return _encrypt(key, plaintext, header=OWN_KEY, context=context)


def decrypt_with(key: bytes, blob: bytes, *, context: bytes) -> bytes:
    """What `encrypt_with` was given. Raises SealBroken."""
    return _decrypt(key, bytes(blob), header=OWN_KEY, context=context)


def _wrap(key: bytes) -> dict[str, str]:
    return {
        key_id: base64.b64encode(
            _encrypt(master, key, header=WRAPPING, context=key_id.encode())
        ).decode()
        for key_id, master in keyrings.ring("MASTER_KEYS").items()
    }


def _encrypt(key: bytes, plaintext: bytes, *, header: bytes, context: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return header + nonce + AESGCM(key).encrypt(nonce, plaintext, header + context)


def _decrypt(key: bytes, blob: bytes, *, header: bytes, context: bytes) -> bytes:
    if not blob.startswith(header) or len(blob) < len(header) + NONCE_BYTES + TAG_BYTES:
        raise SealBroken("The blob is cut or of another format.")
    start = len(header)
    nonce, ciphertext = blob[start : start + NONCE_BYTES], blob[start + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, header + context)
    except InvalidTag:
        raise SealBroken(
            "The blob was changed, moved to another context, or belongs to another key."
        ) from None


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise SealBroken("A wrapping is not base64.") from None
