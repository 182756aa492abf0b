"""What kill -9 left is ended; what merely looks like it is never touched."""

# ruff: noqa: S603 - these tests are about processes, and start only our own

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.runtime import leftovers, locks, processes, state
from backend.runtime.errors import RefusedError
from backend.runtime.paths import Layout

SLEEP = ("sleep", "300")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "var")
    layout.prepare()
    return layout


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(SLEEP, start_new_session=True)
    yield process
    process.kill()
    process.wait()


def remember(layout: Layout, child: processes.Identity, **facts: str) -> None:
    gone = processes.Identity("supervisor", 1, 1)
    known = {"run": "0" * 32, "boot": processes.boot(), **facts}
    state.State(supervisor=gone, children=[child], **known).save(layout.state)


def identity(process: subprocess.Popen[bytes]) -> processes.Identity:
    return processes.Identity("web", process.pid, processes.start_time(process.pid))


def test_child_of_a_killed_supervisor_is_ended(layout, sleeper):
    remember(layout, identity(sleeper))

    leftovers.end(layout).release()

    assert sleeper.wait(5) == -15
    assert not layout.state.exists()


def test_recycled_process_number_is_never_signalled(layout, sleeper):
    remember(layout, processes.Identity("web", sleeper.pid, identity(sleeper).started - 1))

    leftovers.end(layout).release()

    assert sleeper.poll() is None


def test_number_of_another_boot_is_never_signalled(layout, sleeper):
    remember(layout, identity(sleeper), boot="another")

    leftovers.end(layout).release()

    assert sleeper.poll() is None


def test_grandchild_is_known_by_the_secret_in_its_environment(layout):
    run = os.urandom(16).hex()
    orphan = subprocess.Popen(SLEEP, env={**os.environ, state.MARKER: run})
    remember(layout, processes.Identity("web", 1, 1), run=run)

    leftovers.end(layout).release()

    assert orphan.wait(5) == -15


def test_start_is_refused_while_something_unknown_still_holds_the_data(layout, monkeypatch):
    monkeypatch.setattr(leftovers, "GRACE_SECONDS", 0.1)
    held = locks.acquire(layout.children_lock)

    with pytest.raises(RefusedError, match="A process of an earlier run still uses"):
        leftovers.end(layout)
    held.release()

    leftovers.end(layout).release()


def test_only_a_folder_of_ours_is_removed(layout, tmp_path):
    precious = tmp_path / "precious"
    sockets = tmp_path / "sachstand-abc"
    for folder in (precious, sockets):
        folder.mkdir()
        remember(layout, processes.Identity("web", 1, 1), folder=str(folder))
        leftovers.end(layout).release()

    assert precious.exists()
    assert not sockets.exists()


def test_unreadable_state_counts_as_none(layout):
    layout.state.write_text("{half")

    leftovers.end(layout).release()

    assert state.load(layout.state) is None
