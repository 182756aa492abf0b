"""A web server under measurement: gunicorn with two sync workers, and what its processes and PostgreSQL use."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
from django.db import connection

HOST = "127.0.0.1"
WORKERS = 2
READY_SECONDS = 60.0
GUNICORN = (
    sys.executable,
    "-m",
    "gunicorn",
    "--worker-class=sync",
    f"--workers={WORKERS}",
    "--log-level=error",
    "--no-control-socket",
    "--max-requests=0",
    f"--bind={HOST}:{{port}}",
)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers; `process` is the one the workers are children of."""

    name: str
    port: int
    process: psutil.Process

    def workers(self) -> list[psutil.Process]:
        return [*self.process.children(recursive=True)]

    def megabytes(self) -> list[float]:
        """Proportional set size of each worker, in MB of 10^6 bytes: what is shared counts by halves."""
        return [one.memory_full_info().pss / 1e6 for one in self.workers()]


@contextmanager
def serving(
    name: str,
    application: str,
    environment: Mapping[str, str],
    command: Sequence[str] = GUNICORN,
) -> Iterator[Server]:
    """Start the server, wait until it answers, and end it."""
    port = free_port()
    child = subprocess.Popen(  # noqa: S603 - ours
        [*on_port(command, port), application], env={**os.environ, **environment}
    )
    try:
        wait_for(port, child)
        yield Server(name, port, psutil.Process(child.pid))
    finally:
        child.terminate()
        child.wait(timeout=20)


def on_port(command: Sequence[str], port: int) -> list[str]:
    return [part.format(port=port) for part in command]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, child: subprocess.Popen[bytes]) -> None:
    patience = time.monotonic() + READY_SECONDS
    while time.monotonic() < patience:
        if child.poll() is not None:
            raise RuntimeError(f"The server ended with status {child.returncode}.")
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("The server does not answer.")


def database_processes() -> list[psutil.Process]:
    """PostgreSQL's, when it runs on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = psutil.Process(cursor.fetchone()[0])
    main = backend.parent()
    return [main, *main.children()] if main else []


def cpu_seconds(processes: Sequence[psutil.Process]) -> float:
    """User and system time so far, of these and of their ended children."""
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total
