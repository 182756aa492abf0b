"""Address and wording of a delivery, readable only between `open_sealed` and the sending."""

import json
from dataclasses import asdict, dataclass
from uuid import UUID

from common import crypto


@dataclass(frozen=True, slots=True, repr=False)  # a repr would carry the words into tracebacks
class Contents:
    address: str
    subject: str
    text: str
    html: str


def sealed(contents: Contents, *, delivery_id: UUID) -> bytes:
    """The contents encrypted under the current master key, bound to this delivery."""
    return crypto.seal(json.dumps(asdict(contents)).encode(), context=_context(delivery_id))


def open_sealed(blob: bytes | memoryview, *, delivery_id: UUID) -> Contents:
    """The contents again. Raises crypto.SealBroken or crypto.UnknownKey."""
    return Contents(**json.loads(crypto.unseal(bytes(blob), context=_context(delivery_id))))


def _context(delivery_id: UUID) -> bytes:
    return b"delivery:" + delivery_id.bytes
