"""GNU make above us. Told alone to end by INT or HUP, or killed, it passes nothing on; so we look."""

import os
import signal
from pathlib import Path

from backend.runtime.processes import PROC

PASSED_BY = (
    signal.SIGINT,
    signal.SIGHUP,
)  # make hands on TERM, and a terminal signals the whole group itself


class Caller:
    """The process that started us. Only make is watched: anything else may end and leave us running on purpose."""

    def __init__(self) -> None:
        self.pid = os.getppid()
        self.is_make = _line(PROC / str(self.pid) / "comm") in {"make", "gmake"}
        self.caught = self._caught()

    def wants_end(self) -> bool:
        """Whether make has gone, or has got a signal: it then restores the default before it waits for us."""
        return self.is_make and (os.getppid() != self.pid or self._caught() != self.caught)

    def _caught(self) -> int:
        """Those of the signals make has a handler for, as a bit mask (proc(5), SigCgt)."""
        mask = sum(1 << (signum - 1) for signum in PASSED_BY)
        status = _line(PROC / str(self.pid) / "status", "SigCgt:")
        return int(status or "0", 16) & mask


def _line(file: Path, start: str = "") -> str:
    """The rest of the first line that begins with `start`, or nothing."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.removeprefix(start).strip() for line in lines if line.startswith(start)), "")
