"""Runs the runtime as a person would: a process of its own, a VAR folder, signals."""

# ruff: noqa: S603 - these tests are about processes, and start only our own

import os
import pwd
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import redis

from backend.runtime import state
from backend.runtime.paths import REPOSITORY, Layout

# What an outer `make test` has set must not reach the runs under test.
FOREIGN = (
    "DATABASE_URL",
    "REDIS_URL",
    "EMBEDDED",
    "SMTP_HOST",
    "SMTP_PORT",
    "MAIL_SINK",
    "ATTACHMENTS_FOLDER",
    "ERASURE_JOURNAL",
    "PORT",
    "PUBLIC_URL",
)
READY_SECONDS = 60


def environment(var: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return {**kept, "VAR": str(var), **more}


def runtime(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "backend.runtime", *arguments]


def ask(var: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command of the runtime that ends by itself."""
    return subprocess.run(
        runtime(*arguments),
        cwd=REPOSITORY,
        env=environment(var, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=READY_SECONDS,
    )


@dataclass
class Trial:
    """One `servers` or `run`, watched from outside."""

    var: Path
    output: Path
    process: subprocess.Popen[bytes] = field(init=False)
    seen: state.State | None = None

    def start(self, *arguments: str, **more: str) -> "Trial":
        return self.start_command(runtime(*(arguments or ("servers",))), **more)

    def start_command(self, command: list[str], **more: str) -> "Trial":
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=REPOSITORY,
                env=environment(self.var, **more),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    def ready(self, seconds: float = READY_SECONDS) -> "Trial":
        end = time.monotonic() + seconds
        while not any(line.startswith("ready") for line in self.said().splitlines()):
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.02)
        self.seen = state.load(Layout(self.var).state)
        return self

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    @property
    def state(self) -> state.State:
        assert self.seen is not None
        return self.seen

    def pid(self, name: str) -> int:
        return next(child.pid for child in self.state.children if child.name == name)

    def database(self) -> psycopg.Connection:
        return psycopg.connect(self.state.environment["DATABASE_URL"], autocommit=True)

    def broker(self) -> redis.Redis:
        return redis.Redis.from_url(self.state.environment["REDIS_URL"])

    def end(self, signum: int) -> int:
        self.process.send_signal(signum)
        return self.process.wait(READY_SECONDS)

    def left(self) -> list[str]:
        """Command lines of processes that belong to this trial, by folder of sockets or by VAR."""
        marks = (self.state.folder.encode(), self.state.marker.encode())
        return [line for line in map(_traces, _pids()) if any(mark in line for mark in marks)]

    def left_after(self, seconds: float) -> list[str]:
        end = time.monotonic() + seconds
        while (left := self.left()) and time.monotonic() < end:
            time.sleep(0.05)
        return left

    def close(self) -> None:
        """End what the test left, kindly so that the folder of sockets goes too, then by force."""
        if self.process.poll() is None:
            self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(READY_SECONDS)
        self.process.kill()
        for child in self.state.children if self.seen else []:
            child.send(signal.SIGKILL)
        if self.seen:
            shutil.rmtree(self.seen.folder, ignore_errors=True)


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _traces(pid: int) -> bytes:
    """Command line and environment of a live process; what may not be read is not ours."""
    traces = b""
    for name in ("cmdline", "environ"):
        with suppress(OSError):
            traces += Path(f"/proc/{pid}/{name}").read_bytes()
    return traces if pid != os.getpid() else b""


def modes_above(*paths: Path) -> dict[Path, tuple[int, int, int]]:
    """Mode and owner of every folder from each path up to the root."""
    folders = {folder for path in paths for folder in (path, *path.parents) if folder.exists()}
    return {
        folder: (stat.st_mode, stat.st_uid, stat.st_gid)
        for folder in folders
        for stat in (folder.stat(),)
    }


def ordinary_user_command(user: str) -> list[str] | None:
    """A Python with our packages that an ordinary user can run, or None if nothing lies within their reach."""
    entry = pwd.getpwnam(user)
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        with suppress(OSError):
            tried = subprocess.run(
                [python, "-c", "import backend.runtime, psycopg"],
                cwd=REPOSITORY,
                env=ordinary_environment(),
                user=entry.pw_uid,
                group=entry.pw_gid,
                extra_groups=[],
                capture_output=True,
                check=False,
            )
            if tried.returncode == 0:
                return [python]
    return None


def ordinary_environment() -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
    }
