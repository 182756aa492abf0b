import os
from pathlib import Path

import pytest

from backend.runtime import postgres


@pytest.fixture
def pid_file(tmp_path: Path) -> Path:
    return tmp_path / "postmaster.pid"


def test_pid_file_whose_number_went_to_another_program_is_forgotten(pid_file, tmp_path):
    pid_file.write_text(f"{os.getpid()}\n/proc/self/cwd\n")

    postgres.forget_recycled(tmp_path)

    assert not pid_file.exists()


@pytest.mark.parametrize("content", ["", "words\n", f"{2**22 + 1}\n"])
def test_pid_file_of_nobody_is_left_to_postgres(pid_file, tmp_path, content):
    pid_file.write_text(content)

    postgres.forget_recycled(tmp_path)

    assert pid_file.read_text() == content


def test_server_is_ready_only_if_the_file_is_its_own(pid_file, tmp_path):
    lines = ["17", "/proc/self/cwd", "0", "5432", "/sockets", "", "1 2", "ready   "]
    pid_file.write_text("\n".join(lines))

    assert postgres.is_ready(tmp_path, 17)
    assert not postgres.is_ready(tmp_path, 18)
    pid_file.write_text("\n".join([*lines[:7], "starting"]))
    assert not postgres.is_ready(tmp_path, 17)
    pid_file.unlink()
    assert not postgres.is_ready(tmp_path, 17)
