"""How long a letter takes from filing to the mail server, at a steady rate of filings."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from backend.runtime import mailsink
from bench.servers import HOST, Server, serving
from notifications.queries import backlog

RATE = 20
SECONDS = 20
PATIENCE_SECONDS = 300.0
CREATED = 201
WORKER = (sys.executable, "-m", "celery", "-A", "backend", "worker", "--concurrency=2")
QUIET = ("--without-gossip", "--without-mingle", "--loglevel=error")


def measured(folder: Path, served: Mapping[str, str], key: str) -> dict[str, Any]:
    """Seconds from sending the request to the mail on the sink's disk."""
    mail = folder / "mail"
    mail.mkdir(exist_ok=True)
    with mailsink.listening_socket() as listener:
        port = str(listener.getsockname()[1])
        environment = {**served, "SMTP_HOST": HOST, "SMTP_PORT": port}
        with sink(mail, listener), worker(environment):
            wait_until_nothing_waits()
            with serving("product", "backend.wsgi:application", environment) as server:
                filed = file_steadily(server, key)
                wait_until_nothing_waits()
    arrived = arrivals(mail)
    spans = sorted(arrived[one] - began for one, began in filed.items() if one in arrived)
    return {
        "rate": RATE,
        "filed": len(filed),
        "delivered": len(spans),
        "p50_seconds": round(spans[len(spans) // 2], 2),
        "p95_seconds": round(spans[int(len(spans) * 0.95)], 2),
    }


@contextmanager
def sink(mail: Path, listener: socket.socket) -> Iterator[None]:
    descriptor = listener.fileno()
    command = [sys.executable, "-m", mailsink.__name__, str(mail), str(descriptor)]
    with ended(subprocess.Popen(command, pass_fds=(descriptor,))):  # noqa: S603 - ours
        yield


@contextmanager
def worker(environment: Mapping[str, str]) -> Iterator[None]:
    everything = {**os.environ, **environment}
    with ended(subprocess.Popen([*WORKER, *QUIET], env=everything)):  # noqa: S603 - ours
        yield


@contextmanager
def ended(child: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        child.terminate()
        child.wait(timeout=60)


def wait_until_nothing_waits() -> None:
    """Raises TimeoutError if the post does not get through with it."""
    patience = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < patience:
        waiting = backlog()
        if not (waiting.envelopes_pending or waiting.deliveries_pending):
            return
        time.sleep(0.5)
    raise TimeoutError("Letters wait for minutes.")


def file_steadily(server: Server, key: str) -> dict[str, float]:
    """File at RATE for SECONDS, whatever the answers take; when each address was filed."""
    begin = time.time() + 0.5

    def file(n: int) -> tuple[str, float]:
        time.sleep(max(begin + n / RATE - time.time(), 0))
        address = f"person{n}.{uuid.uuid4().hex[:8]}@people.example"
        sent = time.time()
        post(server, key, address)
        return address, sent

    with ThreadPoolExecutor(max_workers=RATE * 2) as people:
        return dict(people.map(file, range(RATE * SECONDS)))


def post(server: Server, key: str, address: str) -> None:
    body = {"description": "Vor der Bäckerei ist ein Loch.", "contact": {"email": address}}
    headers = {
        "Authorization": f"Api-Key {key}",
        "Idempotency-Key": str(uuid.uuid4()),
        "Content-Type": "application/json",
        "X-Forwarded-Proto": "https",
    }
    connection = http.client.HTTPConnection(HOST, server.port, timeout=60)
    connection.request("POST", "/api/v1/concerns/", json.dumps(body), headers)
    answer = connection.getresponse()
    if answer.status != CREATED:
        raise RuntimeError(f"{answer.status}: {answer.read()[:300]!r}")
    connection.close()


def arrivals(mail: Path) -> dict[str, float]:
    """When the first mail to each address was on disk."""
    found: dict[str, float] = {}
    for file in sorted(mail.glob("*.eml")):
        route = file.read_bytes().split(b"\n", 2)[1].decode()
        address = route.partition(":")[2].strip()
        found.setdefault(address, file.stat().st_mtime)
    return found
