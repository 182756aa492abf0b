"""Trials in folders of their own, ended whatever a test did to them."""

# ruff: noqa: S603, S607 - these tests are about processes, and start only our own

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.backend.runtime.trial import Trial, ask


@pytest.fixture(scope="session")
def made_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of servers that have run once; a copy of it saves most tests the making of a cluster."""
    var = tmp_path_factory.mktemp("made") / "var"
    made = ask(var, "exec", "--", "true")
    assert made.returncode == 0, made.stderr
    return var / "data"


@pytest.fixture
def new_trial(tmp_path: Path) -> Iterator[Callable[..., Trial]]:
    """Makes trials that begin with an empty folder."""
    trials: list[Trial] = []

    def make(var: Path | None = None) -> Trial:
        trial = Trial(var or tmp_path / "var", tmp_path / f"output-{len(trials)}")
        trials.append(trial)
        return trial

    yield make
    for trial in trials:
        trial.close()


@pytest.fixture
def var(tmp_path: Path, made_data: Path) -> Path:
    """A VAR folder with data made before."""
    folder = tmp_path / "var"
    folder.mkdir(mode=0o700)
    subprocess.run(["cp", "-a", made_data, folder / "data"], check=True)
    return folder


@pytest.fixture
def trial(new_trial: Callable[..., Trial], var: Path) -> Trial:
    """Servers that are up."""
    return new_trial(var).start().ready()
