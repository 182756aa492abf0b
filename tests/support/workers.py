"""Worker processes that halt at a chosen moment, to be killed there like a machine that loses power."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection


def database_url() -> str:
    at = connection.settings_dict
    return (
        f"postgresql://{at['USER']}:{at['PASSWORD']}@/{at['NAME']}"
        f"?host={at['HOST']}&port={at['PORT'] or 5432}"
    )


def kill_when_halted(script: Path, *arguments: str, smtp_port: int) -> None:
    """Run the script on this test's database and mail server until it says "here", then kill it."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(smtp_port),
        "PYTHONPATH": os.pathsep.join([str(settings.BASE_DIR), *sys.path]),
    }
    command = [sys.executable, str(script), *arguments]
    with subprocess.Popen(  # noqa: S603 - our own script
        command, env=environment, stdout=subprocess.PIPE, text=True
    ) as worker:
        said = worker.stdout.readline() if worker.stdout else ""
        worker.kill()
    assert said == "here\n"
