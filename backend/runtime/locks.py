"""Locks of the kernel, which end with their holder however it ends; a lock file alone proves nothing."""

import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Lock:
    """A held lock. Children that inherit the descriptor hold it too, until the last of them is gone."""

    path: Path
    descriptor: int

    def write(self, text: str) -> None:
        """Leave a note for whoever is refused."""
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, text.encode(), 0)

    def release(self) -> None:
        """Let go of our descriptor; idempotence is not needed, each holder releases once."""
        os.close(self.descriptor)


def acquire(path: Path, *, seconds: float = 0) -> Lock | None:
    """The lock on `path`, or None if somebody still holds it after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        if lock := _try(path):
            return lock
        if time.monotonic() >= end:
            return None
        time.sleep(0.05)


def _try(path: Path) -> Lock | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # `make clean` removes the file; a lock on a removed file would exclude nobody.
        if path.exists() and os.path.samestat(os.fstat(descriptor), path.stat()):
            return Lock(path, descriptor)
    except OSError:
        pass
    os.close(descriptor)
    return None


def holder(path: Path) -> str:
    """The note its holder left, or nothing."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
