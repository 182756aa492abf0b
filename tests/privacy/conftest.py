"""A journal of erasures of each test's own."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def journal_file(settings, tmp_path: Path) -> Path:
    settings.ERASURE_JOURNAL = tmp_path / "outside" / "erasures.jsonl"
    return settings.ERASURE_JOURNAL
