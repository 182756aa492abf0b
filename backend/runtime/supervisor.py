"""One run: takes the lock, starts children, watches them, and ends them in the reverse order."""

import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Self

from backend.runtime import leftovers, locks, processes, state
from backend.runtime.caller import Caller
from backend.runtime.errors import ChildDiedError, RefusedError, StopRequestedError
from backend.runtime.owner import Owner, owner_from, readable_by
from backend.runtime.paths import REPOSITORY, Layout
from backend.runtime.processes import Child

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
POLL_SECONDS = 0.05
SOCKET_ROOM = 107 - len("/.s.PGSQL.5432.lock")  # unix(7): a socket's path holds 107 bytes


class Supervisor:
    """Owns everything between the lock on VAR and the last child's end; use it as a context.

    Raises RefusedError on entry when VAR cannot be used, and inside when something does not come up.
    """

    def __init__(self, layout: Layout, environment: Mapping[str, str]) -> None:
        self.layout = layout
        self.owner: Owner = owner_from(environment)
        run = secrets.token_hex(16)
        own = {"VAR": str(layout.var), state.MARKER: run}
        kept = {"ATTACHMENTS_FOLDER": str(layout.files), "ERASURE_JOURNAL": str(layout.erasures)}
        self.environment = {**kept, **environment, **own}
        me = os.getpid()
        identity = processes.Identity("supervisor", me, processes.start_time(me) or 0)
        self.state = state.State(run=run, boot=processes.boot(), supervisor=identity)
        self.children: list[Child] = []
        self.stop_requested = 0
        self.caller = Caller()
        self.folder = Path()
        self.stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Undo whatever was done if any step fails, so that a refused start leaves nothing."""
        with contextlib.ExitStack() as undo:
            self.layout.prepare()
            self._catch_signals()
            lock = acquire_supervisor_lock(self.layout)
            undo.callback(lock.release)
            lock.write(str(os.getpid()))
            self.children_lock = leftovers.end(self.layout)
            undo.callback(self.children_lock.release)
            self.folder = self._make_folder(undo)
            self.state.folder = str(self.folder)
            undo.callback(self.layout.state.unlink, missing_ok=True)
            self.save()
            undo.callback(self.stop)
            self.stack = undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def save(self) -> None:
        self.state.children = [child.identity for child in self.children]
        self.state.environment = {
            name: self.environment[name] for name in state.SHARED if name in self.environment
        }
        self.state.save(self.layout.state)

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path = REPOSITORY,
        owner: Owner | None = None,
        stdin: int | None = subprocess.DEVNULL,
        text: str = "",
        keep: tuple[int, ...] = (),
        logged: bool = True,
    ) -> Child:
        """Start a child that is to run until we stop it."""
        child = processes.spawn(
            name,
            command,
            environment=self.environment if environment is None else environment,
            folder=folder,
            log=self._fresh_log(name) if logged else None,
            owner=owner,
            stdin=stdin,
            text=text,
            keep=(self.children_lock.descriptor, *keep),
        )
        self.children.append(child)
        self.save()
        return child

    def finish(self, child: Child) -> int:
        """Wait for a started child that ends by itself; its exit status, 128 + n after signal n."""
        try:
            while child.process.poll() is None:
                self.check(ignoring=child)
                time.sleep(POLL_SECONDS)
        finally:
            child.stop(self.stop_requested)
            self.children.remove(child)
            self.save()
        status = child.process.returncode
        return 128 - status if status < 0 else status

    def finish_well(self, child: Child, what: str) -> None:
        """As `finish`, for a step that must succeed."""
        if status := self.finish(child):
            raise RefusedError(f"{what} failed with status {status}.\n{_end_of_log(child)}")

    def wait_until(self, ready: Callable[[], bool], what: str, seconds: float) -> None:
        """Wait for a child to come up. Raises RefusedError when the seconds are over."""
        end = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > end:
                raise RefusedError(
                    f"{what} did not come up within {seconds:.0f} seconds. "
                    f"Read the logs under {self.layout.log}"
                )
            time.sleep(POLL_SECONDS)

    def watch(self) -> None:
        """Stay until somebody asks us to end (StopRequestedError) or a child dies (ChildDiedError)."""
        while True:
            self.check()
            time.sleep(POLL_SECONDS * 2)

    def check(self, *, ignoring: Child | None = None) -> None:
        if not self.stop_requested and self.caller.wants_end():
            self.stop_requested = signal.SIGHUP
        if self.stop_requested:
            raise StopRequestedError(signal.Signals(self.stop_requested).name)
        for child in self.children:
            if child is not ignoring and child.process.poll() is not None:
                raise ChildDiedError(
                    f"{child.name} ended by itself with status {child.process.returncode}.\n"
                    f"{_end_of_log(child)}"
                )

    def stop(self) -> None:
        """End all children, the last started first, each within bounded time."""
        while self.children:
            self.children.pop().stop()

    def _catch_signals(self) -> None:
        def note(signum: int, frame: FrameType | None) -> None:
            del frame
            self.stop_requested = self.stop_requested or signum

        for signum in STOP_SIGNALS:
            # nohup has hang-ups ignored on purpose. An ignored INT only means "started in the background".
            if signum == signal.SIGHUP and signal.getsignal(signum) is signal.SIG_IGN:
                continue
            signal.signal(signum, note)

    def _make_folder(self, undo: contextlib.ExitStack) -> Path:
        """A short private folder for the sockets, which belongs to the servers' user."""
        base = self.environment.get("RUNTIME_FOLDER") or "/tmp"  # noqa: S108 - mkdtemp makes it private  # nosec B108
        folder = Path(tempfile.mkdtemp(prefix=leftovers.FOLDER_PREFIX, dir=base))
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        if len(os.fsencode(folder)) > SOCKET_ROOM:
            raise RefusedError(f"{base} is too long for sockets. Name a shorter RUNTIME_FOLDER.")
        # systemd-tmpfiles leaves alone what somebody holds a lock on; a trial may run for weeks.
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        undo.callback(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        return folder

    def give_folder(self) -> None:
        """Hand the folder over once all our files are in it."""
        self.owner.give(self.folder)
        if not readable_by(self.owner, [self.folder]):
            raise RefusedError(
                f"User {self.owner.name} cannot reach {self.folder}. "
                "Name a folder everybody may pass: RUNTIME_FOLDER=/var/tmp"
            )

    def _fresh_log(self, name: str) -> Path:
        """The log of this run; that of the run before stays beside it."""
        log = self.layout.log / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".before.log"))
        return log


def acquire_supervisor_lock(layout: Layout) -> locks.Lock:
    """Raises RefusedError, naming the process to stop, when another supervisor has the folder."""
    if lock := locks.acquire(layout.lock):
        return lock
    other = locks.holder(layout.lock) or "unknown"
    raise RefusedError(
        f"Process {other} already runs on {layout.var}. Stop it (Ctrl-C there, or `kill {other}`), "
        "or run beside it: PORT=8001 VAR=var-2 make run"
    )


def _end_of_log(child: Child) -> str:
    tail = child.tail()
    return f"The end of {child.log}:\n{tail}" if tail else "It said nothing."
