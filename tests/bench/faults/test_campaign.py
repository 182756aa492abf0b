"""A small campaign: everything is killed once while sixty people file, and every promise is kept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from backend.runtime.paths import REPOSITORY

pytestmark = [pytest.mark.runtime, pytest.mark.timeout(400)]


def campaign(var: Path, *wish: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-m", "bench.faults", *wish],
        cwd=REPOSITORY,
        env={**os.environ, "VAR": str(var), "SWEEP_SECONDS": "2"},
        capture_output=True,
        text=True,
        check=False,
        timeout=380,
    )


def test_everything_is_killed_once_and_every_promise_kept(tmp_path: Path) -> None:
    ended = campaign(tmp_path / "var", "--filings=60", "--rounds=1", "--away=0.5", "--hurry")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    lines = ended.stdout.splitlines()
    assert "60 filed, 60 confirmed, 60 accepted" in lines
    assert "5 kills: web, beat, valkey, postgres, worker" in lines
    assert "✗" not in ended.stdout


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Mine.")

    ended = campaign(tmp_path)

    assert (ended.returncode, [one.name for one in tmp_path.iterdir()]) == (1, ["letter.txt"])
    assert "is not empty" in ended.stderr
