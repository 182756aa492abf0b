"""Starting, ending in every way there is, and starting again."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.backend.runtime.trial import ask

pytestmark = pytest.mark.runtime


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_supervisor_ends_everything_at_each_signal(trial, signum):
    with trial.database() as database:
        answer = database.execute("SELECT 1").fetchone()
    pong = trial.broker().ping()

    status = trial.end(signum)

    assert (answer, pong, status) == ((1,), True, 0)
    assert trial.left() == []
    assert not Path(trial.state.folder).exists()
    assert not (trial.var / "runtime.json").exists()


def test_supervisor_killed_leaves_no_process_and_the_next_start_finds_all_data(trial, new_trial):
    with trial.database() as database:
        database.execute("CREATE TABLE kept (words text)")
        database.execute("INSERT INTO kept VALUES ('written before')")
    trial.broker().set("kept", "written before")

    assert trial.end(signal.SIGKILL) == -signal.SIGKILL
    again = new_trial(trial.var).start().ready()

    with again.database() as database:
        assert database.execute("SELECT words FROM kept").fetchall() == [("written before",)]
    assert again.broker().get("kept") == b"written before"
    assert trial.left() == []
    assert not Path(trial.state.folder).exists()


def test_data_survive_kill_9_of_supervisor_and_servers_together(trial, new_trial):
    with trial.database() as database:
        database.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        backends = [row[0] for row in database.execute("SELECT pid FROM pg_stat_activity")]
        trial.broker().set("kept", "1")

        for pid in [trial.process.pid, trial.pid("postgres"), trial.pid("valkey"), *backends]:
            os.kill(pid, signal.SIGKILL)
    trial.process.wait()
    assert (trial.var / "data" / "postgres" / "postmaster.pid").exists()
    again = new_trial(trial.var).start().ready()

    with again.database() as database:
        assert database.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
    assert again.broker().get("kept") == b"1"


def test_supervisor_says_which_child_died_and_ends_the_others(trial):
    os.kill(trial.pid("valkey"), signal.SIGKILL)

    assert trial.process.wait(30) == 1
    assert "valkey ended by itself with status -9." in trial.said()
    assert "Ready to accept connections" in trial.said()  # the end of its log
    assert trial.left() == []


def test_second_supervisor_on_the_same_folder_is_refused_with_a_remedy(trial):
    refused = ask(trial.var, "servers")

    assert refused.returncode == 2
    assert f"Process {trial.process.pid} already runs on {trial.var}." in refused.stderr
    assert f"kill {trial.process.pid}" in refused.stderr
    assert trial.broker().ping()


def test_two_supervisors_on_two_folders_do_not_meet(trial, new_trial, tmp_path):
    other = new_trial(tmp_path / "second").start().ready()
    trial.broker().set("mine", "1")

    assert other.broker().get("mine") is None
    assert trial.end(signal.SIGINT) == 0
    assert other.broker().ping()
    assert other.end(signal.SIGTERM) == 0
    assert other.left() == []


def test_supervisor_ends_during_start_as_well(new_trial):
    trial = new_trial().start()
    while not (trial.var / "log" / "initdb.log").exists():
        assert trial.process.poll() is None

    trial.process.send_signal(signal.SIGTERM)

    assert trial.process.wait(30) == 0
    again = new_trial(trial.var).start().ready()
    assert again.broker().ping()


def test_supervisor_hears_a_hang_up_only_if_nohup_did_not_forbid_it(new_trial):
    trial = new_trial()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        trial.start().ready()
    finally:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)

    trial.process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        trial.process.wait(0.5)

    assert trial.end(signal.SIGTERM) == 0
