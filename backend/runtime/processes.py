"""Starting, knowing again and ending processes: the part that talks to the kernel."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from backend.runtime.owner import Owner

PROC = Path("/proc")
PR_SET_PDEATHSIG = 1  # prctl(2)
LIBC = ctypes.CDLL(None, use_errno=True)
TAIL_LINES = 20
STOP_SIGNALS = {
    "postgres": signal.SIGINT
}  # PostgreSQL's fast shutdown; its TERM waits for every client
PATIENCE = {"postgres": 60.0, "worker": 15.0}  # seconds until a child is killed
DEFAULT_PATIENCE = 10.0


@dataclass(frozen=True)
class Identity:
    """A process beyond doubt: a number is used again, a number with its start time (clock ticks) is not."""

    name: str
    pid: int
    started: int

    def lives(self) -> bool:
        """Whether this very process still runs; one that only waits to be reaped does not."""
        return start_time(self.pid) == self.started

    def send(self, signum: int) -> None:
        if self.lives():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signum)


@dataclass
class Child:
    """A process we started, in a session of its own so that a terminal's Ctrl-C reaches only us."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path | None
    started: int

    @property
    def identity(self) -> Identity:
        return Identity(self.name, self.process.pid, self.started)

    def stop(self, signum: int = 0) -> None:
        """Ask, wait a bounded time, then kill; whatever is left of its process group goes with it.

        A `signum` is somebody's own wish and goes to the whole group, as a terminal would send it.
        """
        if self.process.poll() is None:
            if signum:
                os.killpg(self.process.pid, signum)
            else:
                self.process.send_signal(stop_signal(self.name))
            try:
                self.process.wait(PATIENCE.get(self.name, DEFAULT_PATIENCE))
            except subprocess.TimeoutExpired:
                self.process.kill()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def tail(self) -> str:
        """The end of its log, to show why it ended."""
        if self.log is None or not self.log.exists():
            return ""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"    {line}" for line in lines[-TAIL_LINES:])


def stop_signal(name: str) -> int:
    return STOP_SIGNALS.get(name, signal.SIGTERM)


def spawn(
    name: str,
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    folder: Path,
    log: Path | None = None,
    owner: Owner | None = None,
    stdin: int | None = subprocess.DEVNULL,
    text: str = "",
    keep: tuple[int, ...] = (),
) -> Child:
    """Start a process in `folder` as `owner` (else as oneself), its output appended to `log`.

    The folder is entered before root is given up, so that it may lie where the owner could not walk.
    The kernel tells the child when we die, even by kill -9. `text` becomes its standard input; `keep` are
    descriptors it inherits.
    """
    supervisor = os.getpid()

    def enter() -> None:
        if owner is not None:
            owner.become()
        # After becoming another user, because the kernel forgets the wish at that moment.
        LIBC.prctl(PR_SET_PDEATHSIG, stop_signal(name), 0, 0, 0)
        if os.getppid() != supervisor:  # we died in between; nobody would tell the child any more
            os._exit(1)

    with _opened(log) as output:
        process = subprocess.Popen(  # noqa: S603 - commands are ours, no shell
            command,
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.PIPE if text else stdin,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            start_new_session=True,
            pass_fds=keep,
            preexec_fn=enter,  # noqa: PLW1509 - the supervisor has no threads
        )
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError), process.stdin:
            process.stdin.write(text.encode())
    return Child(name, process, log, start_time(process.pid) or 0)


@contextlib.contextmanager
def _opened(log: Path | None) -> Iterator[int | None]:
    if log is None:
        yield None
        return
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def start_time(pid: int) -> int | None:
    """Start of a live process in clock ticks since boot, or None; field 22 of proc(5) stat."""
    try:
        text = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else int(fields[19])


def boot() -> str:
    """Names this boot of the machine: start times of another boot mean nothing."""
    return (PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def processes_with(marker: str) -> list[Identity]:
    """Every live process whose environment holds `marker`, as far as we may look."""
    needle = marker.encode()
    found = []
    for entry in PROC.iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            if needle in (entry / "environ").read_bytes().split(b"\0"):
                pid = int(entry.name)
                found.append(Identity(entry.name, pid, start_time(pid) or 0))
    return found


def wait_until_gone(processes: Sequence[Identity], seconds: float) -> list[Identity]:
    """Wait until all are gone or the seconds are over; those still alive."""
    end = time.monotonic() + seconds
    while (
        alive := [process for process in processes if process.lives()]
    ) and time.monotonic() < end:
        time.sleep(0.05)
    return alive
