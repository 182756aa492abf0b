"""Trials in folders of their own, ended whatever a test did to them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.backend.runtime.trial import Trial


@pytest.fixture
def new_trial(tmp_path: Path) -> Iterator[Callable[..., Trial]]:
    trials: list[Trial] = []

    def make(var: Path | None = None) -> Trial:
        trial = Trial(var or tmp_path / "var", tmp_path / f"output-{len(trials)}")
        trials.append(trial)
        return trial

    yield make
    for trial in trials:
        trial.close()


@pytest.fixture
def trial(new_trial: Callable[..., Trial]) -> Trial:
    """Servers that are up."""
    return new_trial().start().ready()
