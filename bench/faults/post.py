"""What arrived at the mail sink: to whom, and under which Message-ID."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Arrived:
    file: Path
    address: str
    message_id: str

    def text(self) -> bytes:
        message = message_from_bytes(self.file.read_bytes(), policy=default)
        part = message.get_body(("plain",))
        return part.get_content().encode() if part else b""


class Post:
    """A sink's folder; every look tells what came since the last one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: set[str] = set()

    def look(self) -> Iterator[Arrived]:
        for file in sorted(self.folder.glob("[!.]*.eml")):
            if file.name not in self.seen:
                self.seen.add(file.name)
                yield arrived(file)

    def forget(self, letter: Arrived) -> None:
        """It will be told again: whoever it is for is not ready for it yet."""
        self.seen.discard(letter.file.name)


def arrived(file: Path) -> Arrived:
    message = message_from_bytes(file.read_bytes(), policy=default)
    # The sink writes whom the mail was really for on top.
    return Arrived(file, str(message["X-Envelope-To"]).strip(), str(message["Message-ID"]).strip())
