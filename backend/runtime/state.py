"""VAR/runtime.json: what runs, for `status`, for joining the servers, and for the next start after kill -9."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from backend.runtime.processes import Identity

MARKER = (
    "SACHSTAND_RUN"  # in the environment of every child, so that its own children are known as well
)
SHARED = (
    "DATABASE_URL",
    "REDIS_URL",
    "EMBEDDED",
    "SMTP_HOST",
    "SMTP_PORT",
    "MAIL_SINK",
    "LOGINS_FILE",
    "ATTACHMENTS_FOLDER",
    "ERASURE_JOURNAL",
    "PUBLIC_URL",
)  # what a command that joins a run needs to know


@dataclass
class State:
    """One run. Readable by its owner only: `environment` holds the password of the broker."""

    run: str
    boot: str
    supervisor: Identity
    folder: str = ""
    url: str = ""
    children: list[Identity] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def marker(self) -> str:
        return f"{MARKER}={self.run}"

    def save(self, path: Path) -> None:
        """Replace the file whole, so that nobody ever reads half of it."""
        fresh = path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(self), file, indent=1)
        fresh.replace(path)


def load(path: Path) -> State | None:
    """The state last saved, or None when there is none or it cannot be understood."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        kept["supervisor"] = Identity(**kept["supervisor"])
        kept["children"] = [Identity(**child) for child in kept["children"]]
        return State(**kept)
    except (OSError, ValueError, TypeError, KeyError):
        return None
