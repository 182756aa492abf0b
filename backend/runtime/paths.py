"""What lies where under VAR, the one folder that holds everything a trial writes."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backend.runtime.errors import RefusedError

REPOSITORY = Path(__file__).resolve().parents[2]
PRIVATE = 0o700


@dataclass(frozen=True)
class Layout:
    """The names under one VAR folder. Two layouts never share anything, so two runs do not either."""

    var: Path

    @property
    def lock(self) -> Path:
        """Held by the supervisor."""
        return self.var / "lock"

    @property
    def children_lock(self) -> Path:
        """Held by every child, so that it is free only when the last of them is gone."""
        return self.var / "children.lock"

    @property
    def state(self) -> Path:
        return self.var / "runtime.json"

    @property
    def data(self) -> Path:
        return self.var / "data"

    @property
    def postgres(self) -> Path:
        return self.data / "postgres"

    @property
    def valkey(self) -> Path:
        return self.data / "valkey"

    @property
    def mail(self) -> Path:
        return self.var / "mail"

    @property
    def files(self) -> Path:
        """What people attach to their concerns."""
        return self.var / "files"

    @property
    def erasures(self) -> Path:
        """The journal of what was erased."""
        return self.var / "erasures.jsonl"

    @property
    def log(self) -> Path:
        return self.var / "log"

    @property
    def schedule(self) -> Path:
        return self.var / "beat"

    @property
    def logins(self) -> Path:
        """Written by the demo loader, shown when everything is ready."""
        return self.var / "logins.txt"

    @property
    def test(self) -> "Layout":
        """The servers of `make test` keep apart from those of `make run`."""
        return Layout(self.var / "test")

    def prepare(self) -> None:
        """Make what is missing, private to the invoking person; leave alone whatever exists."""
        self.var.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        if self.var.stat().st_uid != os.geteuid():
            raise RefusedError(
                f"{self.var} belongs to another user. Choose a folder of your own: "
                "VAR=~/sachstand-var make run"
            )
        for folder in (self.data, self.mail, self.files, self.log, self.schedule):
            folder.mkdir(mode=PRIVATE, exist_ok=True)


def layout_from(environment: Mapping[str, str]) -> Layout:
    """The layout under VAR, or under `var` in the repository."""
    return Layout(Path(environment.get("VAR") or REPOSITORY / "var").expanduser().absolute())
