"""The processes of `make run`: mail sink, worker, beat and web, and when they count as ready."""

import http.client
import socket
import sys

from backend.runtime import mailsink
from backend.runtime.errors import RefusedError
from backend.runtime.supervisor import Supervisor

HOST = "127.0.0.1"
READY_SECONDS = 60.0
SERVER_ERROR = 500
CELERY = (sys.executable, "-m", "celery", "-A", "backend")


def refuse_taken_port(port: int) -> None:
    """Say so before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise RefusedError(
                f"Port {port} of {HOST} cannot be used ({error.strerror}). "
                f"Choose another: PORT={port + 1} make run"
            ) from None


def start_sink(supervisor: Supervisor) -> None:
    """Take mails for /dev/mail/, unless the environment names a mail server; name the trial's own files."""
    supervisor.environment["MAIL_SINK"] = str(supervisor.layout.mail)
    supervisor.environment["LOGINS_FILE"] = str(supervisor.layout.logins)
    if supervisor.environment.get("SMTP_HOST"):
        return
    with mailsink.listening_socket() as listener:
        host, port = listener.getsockname()
        supervisor.environment |= {"SMTP_HOST": host, "SMTP_PORT": str(port)}
        descriptor = listener.fileno()
        supervisor.start(
            "mail-sink",
            [sys.executable, "-m", mailsink.__name__, str(supervisor.layout.mail), str(descriptor)],
            keep=(descriptor,),
        )


def prepare(supervisor: Supervisor) -> None:
    """Migrate, load the city and its demo, in one process because starting Django costs a second."""
    child = supervisor.start("prepare", [sys.executable, "-m", "backend.runtime.prepare"])
    supervisor.finish_well(child, "Preparing the database")


def start_household(supervisor: Supervisor, port: int) -> None:
    """Start worker, beat and web and wait until both doors answer: HTTP, and a ping through the broker."""
    supervisor.start(
        "worker",
        [*CELERY, "worker", "--concurrency=2", "--without-gossip", "--without-mingle"],
    )
    schedule = supervisor.layout.schedule / "schedule"
    supervisor.start("beat", [*CELERY, "beat", f"--schedule={schedule}", "--pidfile="])
    supervisor.start("web", _web_command(port))
    ping = supervisor.start("ping", [sys.executable, "-m", "backend.runtime.ping"])
    supervisor.finish_well(ping, "Waiting for the worker")
    supervisor.wait_until(lambda: answers(port), "The web server", READY_SECONDS)


def _web_command(port: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "backend.wsgi:application",
        "--workers=2",
        "--threads=4",
        f"--bind={HOST}:{port}",
        "--graceful-timeout=5",
        # Its default place is shared by all runs of one person.
        "--no-control-socket",
    ]


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=20)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
