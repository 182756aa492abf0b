"""The processes of an installation, each of which can be killed and started again just as it was."""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from backend.runtime import household, postgres, processes, valkey
from backend.runtime.paths import Layout
from backend.runtime.processes import Child
from backend.runtime.supervisor import Supervisor
from bench.servers import GUNICORN, free_port, on_port

# The order in which they are killed. Worker last: whoever does not wait for leases frees them while it is gone.
PARTS = ("web", "beat", "valkey", "postgres", "worker")
WORKERS = 2
READY_SECONDS = 120.0
# What names servers outside must not reach a campaign: it kills.
OUTSIDE = ("DATABASE_URL", "REDIS_URL", "SMTP_HOST", "SMTP_PORT", "EMBEDDED", "MAIL_SINK")
WORKER = (*household.CELERY, "worker", f"--concurrency={WORKERS}")
QUIET = ("--without-gossip", "--without-mingle", "--loglevel=warning")


def own(environment: Mapping[str, str]) -> dict[str, str]:
    names = {*OUTSIDE, *(f"{name}_FILE" for name in OUTSIDE)}
    return {name: value for name, value in environment.items() if name not in names}


class House(Supervisor):
    """A supervisor that also kills."""

    def __init__(self, layout: Layout, environment: Mapping[str, str]) -> None:
        super().__init__(layout, own(environment))
        self.how: dict[str, Callable[[], Child]] = {}
        self.port = free_port()
        self.killed: list[str] = []

    def start(self, name: str, command: Sequence[str | Path], **how: Any) -> Child:
        starting = super().start

        def again() -> Child:
            return starting(name, command, **how)

        self.how[name] = again
        return again()

    def open(self, served: Mapping[str, str]) -> None:
        """Start web, worker and beat and wait until all answer."""
        environment = {**self.environment, **served}
        web = [*on_port(GUNICORN, self.port), "backend.wsgi:application"]
        schedule = self.layout.schedule / "schedule"
        beat = [*household.CELERY, "beat", f"--schedule={schedule}", "--pidfile=", QUIET[-1]]
        self.start("worker", [*WORKER, *QUIET], environment=environment)
        self.start("beat", beat, environment=environment)
        self.start("web", web, environment=environment)
        command = [sys.executable, "-m", "backend.runtime.ping"]
        ping = self.start("ping", command, environment=environment)
        self.finish_well(ping, "Waiting for the worker")
        self.wait_until(self.answers, "The web server", READY_SECONDS)

    def answers(self) -> bool:
        return household.answers(self.port)

    def kill(self, name: str) -> None:
        """-9 for a process and all it started, at once; PostgreSQL's and gunicorn's children go with them."""
        child = next(one for one in self.children if one.name == name)
        main = psutil.Process(child.process.pid)
        family = [main, *main.children(recursive=True)]
        for one in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        child.process.wait()
        psutil.wait_procs(family[1:], timeout=READY_SECONDS)
        self.children.remove(child)
        self.save()
        self.killed.append(name)

    def again(self, name: str) -> None:
        """As somebody does who looks after it; returns when it answers."""
        if name == "postgres":
            postgres.forget_recycled(self.layout.postgres)
        child = self.how[name]()
        password = urlsplit(self.environment["REDIS_URL"]).password or ""
        ready = {
            "postgres": lambda: postgres.is_ready(self.layout.postgres, child.process.pid),
            "valkey": lambda: valkey.is_ready(self.folder, password),
            "web": self.answers,
        }
        if name in ready:
            self.wait_until(ready[name], name, READY_SECONDS)

    def hire(self, module: str, *arguments: str, **environment: str) -> Child:
        """A program that ends by itself and is not to be missed when it does."""
        return processes.spawn(
            module.rpartition(".")[2],
            [sys.executable, "-m", module, *arguments],
            environment={**os.environ, **environment},
            folder=Path.cwd(),
            log=self._fresh_log(module.rpartition(".")[2]),
        )

    def rest(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.check()
            time.sleep(0.05)
