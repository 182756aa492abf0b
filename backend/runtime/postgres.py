"""PostgreSQL 18 on a Unix socket only, durable, reached by peer authentication.

`-D /proc/self/cwd` names the folder the process stands in without walking its parents: the supervisor enters the
folder as root and gives root up afterwards, so the data may lie below a folder the server's user cannot pass.
"""

import os
import pwd
import shutil
from collections.abc import Iterable
from pathlib import Path

from backend.runtime.processes import PROC, start_time

HERE = "/proc/self/cwd"
SUPERUSER = "postgres"
ROLE = "sachstand"
DATABASE = "sachstand"
PORT = 5432  # only part of the socket's name
READY_LINE = 7  # of postmaster.pid, counted from 0; pg_ctl reads the same line
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "max_connections": "200",
    # A solid-state disk finds any page as fast as the next one. Compiling short queries costs more than it saves.
    "random_page_cost": "1.1",
    "jit": "off",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "cluster_name": "sachstand-embedded",
    # An error quotes the row it refused and the statement: people's words. Neither into the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
# The application's role is not a superuser, as in a city's installation: a migration that needs one must fail here.
FIRST_STATEMENTS = (
    f"CREATE ROLE {ROLE} LOGIN CREATEDB",
    f"CREATE DATABASE {DATABASE} OWNER {ROLE}",
)


def server_environment() -> dict[str, str]:
    """Only this: PGPORT, PGDATA and the like of the invoking person must not reach the server."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def initdb_command(program: Path) -> list[str]:
    """Make a cluster with checksums whose sorting does not depend on the system's libraries."""
    return [
        str(program),
        f"--pgdata={HERE}",
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--auth=reject",
        "--no-instructions",
    ]


def first_command(program: Path) -> list[str]:
    """A single-user server, which takes FIRST_STATEMENTS on standard input, one a line."""
    return [str(program), "--single", "-D", HERE, "postgres"]


def command(program: Path, run_folder: Path) -> list[str]:
    settings = SETTINGS | {
        "unix_socket_directories": str(run_folder),
        "hba_file": str(run_folder / "pg_hba.conf"),
        "ident_file": str(run_folder / "pg_ident.conf"),
    }
    return [str(program), "-D", HERE, *_flags(settings.items())]


def _flags(settings: Iterable[tuple[str, str]]) -> list[str]:
    return [flag for name, value in settings for flag in ("-c", f"{name}={value}")]


def write_access_rules(run_folder: Path) -> None:
    """Let in the invoking person and nobody else: the kernel vouches for the peer, no password exists.

    Call it before the folder is handed to the servers' user.
    """
    person = pwd.getpwuid(os.geteuid()).pw_name
    rules = "local all all peer map=runtime\n"
    people = f'runtime "{person}" {ROLE}\nruntime "{person}" {SUPERUSER}\n'
    for name, text in (("pg_hba.conf", rules), ("pg_ident.conf", people)):
        (run_folder / name).write_text(text, encoding="utf-8")
        (run_folder / name).chmod(0o644)


def database_url(run_folder: Path) -> str:
    return f"postgresql://{ROLE}@/{DATABASE}?host={run_folder}&port={PORT}"


def is_ready(data: Path, pid: int) -> bool:
    """Whether the server with this process number takes connections, as it says itself in postmaster.pid."""
    lines = _pid_lines(data)
    return len(lines) > READY_LINE and lines[0] == str(pid) and lines[READY_LINE].strip() == "ready"


def forget_recycled(data: Path) -> None:
    """Remove a postmaster.pid whose number is no server of this folder. Call it under the children's lock.

    PostgreSQL only asks whether the number is taken. After a power cut or in a restarted container, where numbers
    come again, or while a killed server still waits to be reaped, it would refuse to start. The lock tells that no
    server of ours is left, so what remains to respect is one that somebody started by hand.
    """
    lines = _pid_lines(data)
    if lines and lines[0].isdigit() and not _may_serve(int(lines[0]), data):
        (data / "postmaster.pid").unlink(missing_ok=True)


def _may_serve(pid: int, data: Path) -> bool:
    if start_time(pid) is None:
        return False
    try:
        if (PROC / str(pid) / "comm").read_text(encoding="utf-8").strip() != "postgres":
            return False
        return (PROC / str(pid) / "cwd").readlink() == data.resolve()
    except OSError:  # gone meanwhile, which PostgreSQL sees itself, or somebody else's
        return True


def _pid_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def unfinished(data: Path) -> Path:
    """Where a cluster is made before it gets its name, so that a killed initdb leaves no half cluster."""
    return data.with_name(f"{data.name}.new")


def discard_unfinished(data: Path) -> None:
    if unfinished(data).exists():
        shutil.rmtree(unfinished(data))
