"""The whole of `make run`, once from nothing and once again."""

import os
import signal
import smtplib
import socket
import urllib.request

import pytest

from tests.backend.runtime.trial import Trial

pytestmark = [pytest.mark.runtime, pytest.mark.timeout(400)]
PATIENCE = 180
CHILDREN = ["postgres", "valkey", "mail-sink", "worker", "beat", "web"]


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def inbox_of(port: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/dev/mail/", timeout=30) as page:
        return page.read().decode()


def send_mail(trial: Trial, subject: str) -> None:
    door = trial.state.environment
    with smtplib.SMTP(door["SMTP_HOST"], int(door["SMTP_PORT"])) as connection:
        connection.sendmail(
            "a@city.invalid", ["b@people.invalid"], f"Subject: {subject}\n\nWords\n"
        )


def test_run_serves_web_worker_and_mail_and_keeps_the_data_when_a_child_dies(new_trial, tmp_path):
    port = free_port()
    first = new_trial(tmp_path / "var").start("run", PORT=port).ready(PATIENCE)
    send_mail(first, "Eingang")
    names = [child.name for child in first.state.children]
    inbox = inbox_of(port)

    os.kill(first.pid("worker"), signal.SIGKILL)
    died = first.process.wait(60)
    second = new_trial(first.var).start("run", PORT=port).ready(PATIENCE)
    inbox_again = inbox_of(port)
    ended = second.end(signal.SIGINT)

    assert names == CHILDREN
    assert f"ready http://127.0.0.1:{port}/" in first.said().splitlines()
    assert died == 1
    assert "worker ended by itself with status -9." in first.said()
    assert "Eingang" in inbox
    assert "Eingang" in inbox_again
    assert ended == 0
    assert (first.left(), second.left()) == ([], [])
