"""Which web server carries the product best: `python -m bench.contest [--granian PATH]`, after `make bench`.

VAR names the folder of a `make bench`. Two processes each time, settings of production, the same lines; at the end
people with bad reception send photos, a byte now and then, while others ask for their status page.
"""

import argparse
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bench import environment
from bench.load import measure, refuse_without_wrk
from bench.servers import GUNICORN, HOST, Server, serving

LINES = ("status page", "file a concern")
CONCURRENCY = (1, 8, 32)
SLOW_PEOPLE = 4
BYTE_SECONDS = 0.2
THREADS = 4
SECONDS = 5
WARM_UP_SECONDS = 3
MOST_PER_SECOND = 400
SYNC = "gunicorn sync"
HEAD = (
    "| server | request | at once | requests/s | p50 ms | p95 ms | p99 ms | CPU ms: workers | database | MB |",
    "|---|---|---|---|---|---|---|---|---|---|",
)


def contestants(granian: str) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Command and settings of each."""
    threaded = [part for part in GUNICORN if "worker-class" not in part]
    servers = {
        SYNC: ([*GUNICORN], {}),
        f"gunicorn gthread, {THREADS} threads": (
            [*threaded, "--worker-class=gthread", f"--threads={THREADS}"],
            {},
        ),
        f"gunicorn gthread, {THREADS} threads, pool": (
            [*threaded, "--worker-class=gthread", f"--threads={THREADS}"],
            {"DATABASE_POOL": str(THREADS)},
        ),
    }
    if granian:
        options = ("--interface=wsgi", "--workers=2", f"--host={HOST}", "--port={port}")
        servers["granian, 1 blocking thread"] = (
            [granian, *options, "--blocking-threads=1", "--log-level=error"],
            {},
        )
    return servers


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.contest", description=__doc__)
    parser.add_argument("--granian", default="", help="the program, if it is installed")
    wish = parser.parse_args()
    refuse_without_wrk()
    folder = Path(os.environ["VAR"]).resolve()
    environment.set_up(folder)
    from bench import lines, stage  # noqa: PLC0415 - they import models

    environment.collect_static(folder)
    population = stage.population_of(0, folder / "population.json")
    chosen = [
        line for line in lines.lines(stage.new_key(), population) if line.name.startswith(LINES)
    ]
    sys.stdout.write("\n".join(HEAD) + "\n")
    for name, (command, more) in contestants(wish.granian).items():
        settings = {**environment.served(folder), **more}
        with serving(name, "backend.wsgi:application", settings, command) as server:
            for line in chosen:
                warm(server, line)
                for many in CONCURRENCY:
                    told(name, server, line, many)
            with slow_people(server.port):
                told(f"{name}, {SLOW_PEOPLE} slow", server, chosen[-1], CONCURRENCY[1])


def warm(server: Server, line: Any) -> None:  # noqa: ANN401 - bench.lines imports models
    measure(server, line.load(MOST_PER_SECOND), concurrency=1, seconds=WARM_UP_SECONDS)


def told(name: str, server: Server, line: Any, many: int) -> None:  # noqa: ANN401 - as above
    try:
        found = measure(
            server, line.load(MOST_PER_SECOND * SECONDS), concurrency=many, seconds=SECONDS
        )
    except RuntimeError as nothing:
        sys.stdout.write(f"| {name} | {line.name} | {many} | {nothing} |\n")
        return
    times = (found.per_second, found.p50_ms, found.p95_ms, found.p99_ms)
    figures = (
        *(f"{one:.0f}" for one in times),
        f"{found.workers_ms:.1f}",
        f"{found.database_ms:.1f}",
        f"{sum(server.megabytes()):.0f}",
    )
    sys.stdout.write(f"| {' | '.join((name, line.name, str(many), *figures))} |\n")
    sys.stdout.flush()


@contextmanager
def slow_people(port: int) -> Iterator[None]:
    """Uploads that never come to their end, as from a phone in a tunnel."""
    over = threading.Event()
    head = b"POST /api/v1/concerns/ HTTP/1.1\r\nHost: bench.example\r\nX-Forwarded-Proto: https\r\n"
    head += b"Content-Type: application/json\r\nContent-Length: 1000000\r\n"
    head += b"Idempotency-Key: slow\r\n\r\n"

    def upload() -> None:
        with socket.create_connection((HOST, port)) as line, suppress(OSError):
            line.sendall(head)
            while not over.wait(BYTE_SECONDS):
                line.sendall(b" ")

    people = [threading.Thread(target=upload) for _ in range(SLOW_PEOPLE)]
    for one in people:
        one.start()
    time.sleep(1)
    try:
        yield
    finally:
        over.set()
        for one in people:
            one.join()


if __name__ == "__main__":
    main()
