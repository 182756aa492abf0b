"""The name of the request at work, carried from the door into logs, problems and the tasks it rings for."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from common.ids import uuid7

# Hexadecimal as proxies make them, and nothing else: what a client sends stands in every line of the log.
GIVEN = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_current: ContextVar[str] = ContextVar("request id", default="")


def current() -> str:
    """The id of the request at work; "" outside every one."""
    return _current.get()


def current_or_new() -> str:
    return _current.get() or str(uuid7())


def begin(given: str) -> None:
    """What follows in this process, until the next begins, works on the request of this id."""
    _current.set(_well_formed(given))


@contextmanager
def named(given: str) -> Iterator[str]:
    """The block works on the request of this id; one that is not well-formed is replaced by a new one."""
    token = _current.set(_well_formed(given))
    try:
        yield _current.get()
    finally:
        _current.reset(token)


def _well_formed(given: str) -> str:
    return given if GIVEN.fullmatch(given) else str(uuid7())
