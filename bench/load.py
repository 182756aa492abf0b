"""One line of measurements: wrk sends prepared requests, and beside it stands what the processors did meanwhile."""

import json
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.servers import HOST, Server, cpu_seconds, database_processes

SCRIPT = Path(__file__).with_name("requests.lua")
ONE, EIGHT = 1, 8


@dataclass(frozen=True, slots=True)
class Message:
    """One HTTP request."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def rendered(self) -> bytes:
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {HOST}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.body:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True, slots=True)
class Load:
    """Requests for a line; with `again` they may be sent more than once."""

    messages: tuple[Message, ...]
    again: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """What wrk saw in `seconds`, and CPU milliseconds a request: of the generator, and of workers and PostgreSQL."""

    requests: int
    seconds: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    generator_ms: float
    workers_ms: float
    database_ms: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def refuse_without_wrk() -> None:
    if shutil.which("wrk") is None:
        raise SystemExit("The load generator wrk is missing. On Debian: apt-get install wrk")


def measure(server: Server, load: Load, *, concurrency: int, seconds: int) -> Measured:
    """Raises RuntimeError if any answer was an error: a refusal is quicker than the work."""
    threads = min(concurrency, 2)
    with tempfile.NamedTemporaryFile(suffix=".http") as file:
        file.write(b"".join(one.rendered() + b"\0" for one in load.messages))
        file.flush()
        database, workers = database_processes(), server.workers()
        before = cpu_seconds(workers), cpu_seconds(database), _generator_seconds()
        said = _wrk(server.port, file.name, threads, concurrency, seconds, again=load.again)
        after = cpu_seconds(workers), cpu_seconds(database), _generator_seconds()
    if said["refused"] or said["broken"] or not said["requests"]:
        raise RuntimeError(f"{server.name}: {said['refused']} errors, {said['broken']} broken.")
    each = [
        1000 * (end - begin) / said["requests"] for begin, end in zip(before, after, strict=True)
    ]
    return Measured(
        requests=said["requests"],
        seconds=said["seconds"],
        p50_ms=said["p50_ms"],
        p95_ms=said["p95_ms"],
        p99_ms=said["p99_ms"],
        workers_ms=each[0],
        database_ms=each[1],
        generator_ms=each[2],
    )


def _generator_seconds() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _wrk(
    port: int, file: str, threads: int, concurrency: int, seconds: int, *, again: bool
) -> dict[str, float]:
    command = ["wrk", "--latency", f"-t{threads}", f"-c{concurrency}", f"-d{seconds}s"]
    command += ["--timeout", "30s", "-s", str(SCRIPT), f"http://{HOST}:{port}"]
    said = subprocess.run(  # noqa: S603 - ours
        [*command, "--", file, str(threads), "round" if again else "once"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found: dict[str, float] = json.loads(said.strip().splitlines()[-1])
    return found


def get(path: str, headers: Iterable[tuple[str, str]] = ()) -> Message:
    return Message("GET", path, tuple(headers))
