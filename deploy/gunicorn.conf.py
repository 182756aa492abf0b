"""gunicorn in a container: settings by its own names (docs.gunicorn.org, Settings)."""

import os
from pathlib import Path
from typing import Any

from prometheus_client import multiprocess

bind = "0.0.0.0:8000"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 4
# A read-only root has no other place.
worker_tmp_dir = "/tmp"  # noqa: S108 - a tmpfs of this container alone  # nosec B108
control_socket_disable = True
graceful_timeout = 20
# A worker is renewed now and then, not all at once: what leaks stays small.
max_requests = 20_000
max_requests_jitter = 2_000
# Requests have a line of ours, without addresses (backend/monitoring/middleware.py).
accesslog = None
logconfig_dict: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"class": "backend.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["console"], "propagate": False},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}


def on_starting(server: object) -> None:  # noqa: ARG001 - gunicorn's signature
    """The counts of a run before are no part of this one."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        for old in Path(folder).glob("*.db"):
            old.unlink()


def child_exit(server: object, worker: Any) -> None:  # noqa: ANN401, ARG001 - gunicorn's signature
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
