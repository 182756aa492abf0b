"""exec, status, clean, and what is refused before anything starts."""

import socket

import pytest

from backend.runtime import commands
from backend.runtime.errors import RefusedError
from backend.runtime.paths import Layout
from tests.backend.runtime.trial import ask

pytestmark = pytest.mark.runtime


def test_exec_gives_the_commands_own_status_and_addresses(var):
    answer = ask(var, "exec", "--", "sh", "-c", 'echo "$EMBEDDED"; exit 7')

    assert (answer.returncode, answer.stdout) == (7, "1\n")
    assert answer.stderr == ""


def test_exec_shares_the_servers_of_a_run_that_is_up(trial):
    answer = ask(trial.var, "exec", "--share", "--", "sh", "-c", 'echo "$DATABASE_URL"')

    assert (answer.returncode, answer.stdout) == (0, f"{trial.state.environment['DATABASE_URL']}\n")
    assert trial.broker().ping()


def test_exec_starts_servers_if_there_are_none_to_share(var):
    answer = ask(var, "exec", "--share", "--", "sh", "-c", "exit 4")

    assert answer.returncode == 4


def test_status_names_what_runs(trial):
    answer = ask(trial.var, "status")

    assert answer.returncode == 0
    assert [line.split()[0] for line in answer.stdout.splitlines()[1:]] == ["postgres", "valkey"]


def test_status_of_nothing_is_3(tmp_path):
    assert ask(tmp_path / "var", "status").returncode == 3


def test_clean_is_refused_while_something_runs(trial):
    answer = ask(trial.var, "clean")

    assert answer.returncode == 2
    assert trial.broker().ping()


def test_clean_removes_the_data_and_leaves_what_is_not_ours(trial):
    trial.end(15)
    mine = trial.var / "my-notes.txt"
    mine.touch()

    answer = ask(trial.var, "clean")

    assert answer.returncode == 0
    assert list(trial.var.iterdir()) == [mine]
    assert "my-notes.txt" in answer.stderr


def test_clean_removes_the_folder_and_the_one_of_the_tests(tmp_path):
    var = tmp_path / "var"
    for layout in (Layout(var), Layout(var).test):
        layout.prepare()
        (layout.data / "postgres").mkdir()

    assert ask(var, "clean").returncode == 0
    assert not var.exists()


def test_run_refuses_a_taken_port_and_names_another(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = ask(tmp_path / "var", "run", PORT=str(port))

    assert answer.returncode == 2
    assert f"Port {port} of 127.0.0.1 cannot be used" in answer.stderr
    assert f"PORT={port + 1} make run" in answer.stderr


@pytest.mark.parametrize("text", ["0", "65536", "web", "-1", "８０"])
def test_port_that_is_none_is_refused(text):
    with pytest.raises(RefusedError, match="is not a port"):
        commands.port_from({"PORT": text})


def test_welcome_ends_with_ready_and_shows_the_log_ins(tmp_path):
    layout = Layout(tmp_path)
    layout.logins.write_text("clerk@city.invalid  secret\n")

    lines = commands.welcome(layout, "http://127.0.0.1:8000/").splitlines()

    assert lines[-1] == "ready http://127.0.0.1:8000/"
    assert "clerk@city.invalid  secret" in lines
    assert any(line.endswith("http://127.0.0.1:8000/dev/mail/") for line in lines)
