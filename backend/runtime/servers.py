"""PostgreSQL and Valkey as children of a supervisor, each unless the environment names one already."""

import os
import secrets
from pathlib import Path

from backend.runtime import postgres, valkey
from backend.runtime.binaries import Programs, find_programs, refuse_unusable
from backend.runtime.errors import RefusedError
from backend.runtime.paths import PRIVATE
from backend.runtime.processes import Child
from backend.runtime.supervisor import Supervisor

READY_SECONDS = 120.0  # recovery after a power cut may take a while


def start_servers(supervisor: Supervisor) -> None:
    """Start what is not given, wait until both answer, and tell all later children their addresses."""
    own_postgres = not _given(supervisor, "DATABASE_URL")
    own_valkey = not _given(supervisor, "REDIS_URL")
    if own_postgres or own_valkey:
        programs = find_programs(supervisor.owner, supervisor.folder)
        postgres.write_access_rules(supervisor.folder)
        supervisor.give_folder()
        refuse_unusable(supervisor.owner, programs)
        supervisor.environment["EMBEDDED"] = "1"
        if own_postgres:
            _make_cluster(supervisor, programs)
        database = _start_postgres(supervisor, programs) if own_postgres else None
        password = _start_valkey(supervisor, programs) if own_valkey else ""
        _wait(supervisor, database, password)


def _given(supervisor: Supervisor, name: str) -> bool:
    return any(supervisor.environment.get(given) for given in (name, f"{name}_FILE"))


def _own_folder(supervisor: Supervisor, folder: Path) -> None:
    """Make a folder for the servers' user, or refuse one that belongs to another."""
    owner = supervisor.owner
    if not folder.exists():
        folder.mkdir(mode=PRIVATE)
        owner.give(folder)
    elif folder.stat().st_uid != owner.uid:
        raise RefusedError(
            f"{folder} does not belong to {owner.name}, who runs the servers. Name its owner in "
            "RUNTIME_USER, or choose another folder: VAR=var-2 make run"
        )


def _make_cluster(supervisor: Supervisor, programs: Programs) -> None:
    data = supervisor.layout.postgres
    if data.exists():
        return
    postgres.discard_unfinished(data)
    fresh = postgres.unfinished(data)
    _own_folder(supervisor, fresh)
    steps = (
        ("initdb", postgres.initdb_command(programs.initdb), ""),
        (
            "first-statements",
            postgres.first_command(programs.postgres),
            "".join(f"{statement}\n" for statement in postgres.FIRST_STATEMENTS),
        ),
    )
    for name, command, text in steps:
        child = supervisor.start(
            name,
            command,
            environment=postgres.server_environment(),
            folder=fresh,
            owner=supervisor.owner,
            text=text,
        )
        supervisor.finish_well(child, f"Making the database ({name})")
    fresh.rename(data)
    _sync(data.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(descriptor)
    os.close(descriptor)


def _start_postgres(supervisor: Supervisor, programs: Programs) -> Child:
    data = supervisor.layout.postgres
    _own_folder(supervisor, data)
    postgres.forget_recycled(data)
    supervisor.environment["DATABASE_URL"] = postgres.database_url(supervisor.folder)
    return supervisor.start(
        "postgres",
        postgres.command(programs.postgres, supervisor.folder),
        environment=postgres.server_environment(),
        folder=data,
        owner=supervisor.owner,
    )


def _start_valkey(supervisor: Supervisor, programs: Programs) -> str:
    """Start Valkey; the password of this run."""
    _own_folder(supervisor, supervisor.layout.valkey)
    password = secrets.token_hex(24)
    supervisor.environment["REDIS_URL"] = valkey.redis_url(supervisor.folder, password)
    supervisor.start(
        "valkey",
        [programs.valkey, "-"],
        environment=postgres.server_environment(),
        folder=supervisor.layout.valkey,
        owner=supervisor.owner,
        text=valkey.configuration(supervisor.folder, password),
    )
    return password


def _wait(supervisor: Supervisor, database: Child | None, password: str) -> None:
    data, folder = supervisor.layout.postgres, supervisor.folder
    if database is not None:
        pid = database.process.pid
        supervisor.wait_until(lambda: postgres.is_ready(data, pid), "PostgreSQL", READY_SECONDS)
    if password:
        supervisor.wait_until(lambda: valkey.is_ready(folder, password), "Valkey", READY_SECONDS)
