# ruff: noqa: S603 - the program is a copy of sleep

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from backend.runtime import postgres
from backend.runtime.processes import start_time


@pytest.fixture
def pid_file(tmp_path: Path) -> Path:
    return tmp_path / "postmaster.pid"


def test_pid_file_whose_number_went_to_another_program_is_forgotten(pid_file, tmp_path):
    pid_file.write_text(f"{os.getpid()}\n/proc/self/cwd\n")

    postgres.forget_recycled(tmp_path)

    assert not pid_file.exists()


def test_pid_file_of_a_server_that_only_waits_to_be_reaped_is_forgotten(pid_file, tmp_path):
    dead = os.fork()
    if dead == 0:
        os._exit(0)
    while start_time(dead) is not None:
        pass
    pid_file.write_text(f"{dead}\n/proc/self/cwd\n")

    postgres.forget_recycled(tmp_path)
    os.waitpid(dead, 0)

    assert not pid_file.exists()


def test_pid_file_of_a_server_started_by_hand_is_respected(pid_file, tmp_path):
    program = tmp_path / "postgres"
    shutil.copy2("/bin/sleep", program)
    with subprocess.Popen([program, "60"], cwd=tmp_path) as by_hand:
        pid_file.write_text(f"{by_hand.pid}\n")

        postgres.forget_recycled(tmp_path)
        by_hand.kill()

    assert pid_file.exists()


@pytest.mark.parametrize("content", ["", "words\n"])
def test_pid_file_without_a_number_is_left_to_postgres(pid_file, tmp_path, content):
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
