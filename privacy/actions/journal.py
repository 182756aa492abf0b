"""The journal of erasures: a file outside the database, so that a restored backup brings nobody back.

A line names what was erased by id and the moment it was made; together they never name another row, even where a
restored database gives an id a second time. It is written before the transaction ends: a line too many erases what
was about to be erased, a line too few would bring a person back.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from django.conf import settings

from common.clock import now

PRIVATE = 0o600


@dataclass(frozen=True, slots=True)
class Entry:
    """`made` is when the row was created, in ISO 8601 to the microsecond."""

    kind: Literal["ticket", "concern"]
    id: int
    made: str


def append(entries: Iterable[Entry]) -> None:
    """Write the entries and wait until they are on disk. Raises OSError; nothing may be erased then."""
    path = Path(settings.ERASURE_JOURNAL)
    at = now().isoformat()
    text = "".join(json.dumps({"at": at, **asdict(entry)}) + "\n" for entry in entries)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = not path.exists()
    with os.fdopen(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, PRIVATE), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write((("" if ends_whole(path) else "\n") + text).encode())
        file.flush()
        os.fsync(file.fileno())
    if fresh:
        sync_folder(path.parent)


def ends_whole(path: Path) -> bool:
    """Whether the last line is complete: a process killed while writing leaves half of one."""
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        if not file.tell():
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(descriptor)
    os.close(descriptor)


def read() -> Iterator[Entry | None]:
    """The entries, oldest first; None for a line that cannot be read (half of one that was never acted upon)."""
    path = Path(settings.ERASURE_JOURNAL)
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        yield from (entry_in(line) for line in file if line.strip())


def entry_in(line: str) -> Entry | None:
    try:
        said = json.loads(line)
        return Entry(kind=said["kind"], id=int(said["id"]), made=str(said["made"]))
    except (ValueError, KeyError, TypeError):
        return None
