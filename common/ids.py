"""Identifiers made by us before a row exists."""

import secrets
import time
from threading import Lock
from uuid import UUID

RANDOM_BITS = 74
STEP_BITS = 32

_lock = Lock()
_last_ms = 0
_last_random = 0


def uuid7() -> UUID:
    """A time-ordered UUID, version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, 74 random bits.

    Each is greater than the one before within a process, also within a millisecond and when the
    clock is set back (§6.2, method 2: the random part is raised by a random step), so that rows
    stand in the index in the order of their making.
    """
    global _last_ms, _last_random  # noqa: PLW0603 - the order is a property of the process
    with _lock:
        ms = time.time_ns() // 1_000_000
        if ms > _last_ms:
            _last_ms, _last_random = ms, secrets.randbits(RANDOM_BITS)
        else:
            _last_random += 1 + secrets.randbits(STEP_BITS)
            if _last_random >> RANDOM_BITS:
                _last_ms, _last_random = _last_ms + 1, secrets.randbits(RANDOM_BITS)
        return _assembled(_last_ms, _last_random)


def _assembled(ms: int, random: int) -> UUID:
    high, low = random >> 62, random & ((1 << 62) - 1)
    return UUID(int=ms << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
