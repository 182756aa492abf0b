"""The settings of the measurements: those of production, with keys of their own."""

import base64
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import django

PRODUCTION, TRIAL = "backend.settings.production", "backend.settings.development"
SECRETS = ("MASTER_KEYS", "INDEX_KEYS", "TOKEN_KEYS")


def key(name: str) -> str:
    """Always the same, so that a population can be measured again; it protects invented data alone."""
    return base64.b64encode(hashlib.sha256(f"bench {name}".encode()).digest()).decode()


def variables(folder: Path) -> dict[str, str]:
    """What a city would set."""
    return {
        "SECRET_KEY": key("SECRET_KEY"),
        **{name: f"bench:{key(name)}" for name in SECRETS},
        "PUBLIC_URL": "https://bench.example",
        "ATTACHMENTS_FOLDER": str(folder / "files"),
        "STATIC_ROOT": str(folder / "static"),
        "DATABASE_CONN_MAX_AGE": "600",
        "REQUESTS_PER_MINUTE_PER_NETWORK": "10000000",
    }


def served(folder: Path) -> dict[str, str]:
    """For servers and workers; production refuses to know that the servers are a trial's."""
    return {**variables(folder), "DJANGO_SETTINGS_MODULE": PRODUCTION, "EMBEDDED": ""}


def set_up(folder: Path) -> None:
    """Let this process prepare data, which production's settings leave to nobody (the demo's people, the past)."""
    os.environ.update(variables(folder))
    os.environ["DJANGO_SETTINGS_MODULE"] = TRIAL
    django.setup()


def collect_static(folder: Path) -> None:
    """Production's pages name static files by their content."""
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
    subprocess.run(command, check=True, env={**os.environ, **served(folder)})  # noqa: S603 - ours
