"""The sink as a child of its own, spoken to by SMTP."""

# ruff: noqa: S603 - these tests are about processes, and start only our own

import smtplib
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from backend.devmail import mails
from backend.runtime import mailsink
from backend.runtime.paths import REPOSITORY

pytestmark = pytest.mark.runtime


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[tuple[str, int]]:
    with mailsink.listening_socket() as listener:
        descriptor = listener.fileno()
        process = subprocess.Popen(
            [sys.executable, "-m", "backend.runtime.mailsink", str(tmp_path), str(descriptor)],
            cwd=REPOSITORY,
            pass_fds=(descriptor,),
        )
        address = listener.getsockname()
    yield address
    process.terminate()
    process.wait(10)


def letter(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "a@city.invalid",
        "b@people.invalid",
        subject,
    )
    message.set_content("Schöne Grüße\n")
    message.add_alternative("<p>Schöne Grüße</p>", subtype="html")
    return message


def test_each_mail_becomes_one_file_that_reads_back_identical(sink, tmp_path):
    with smtplib.SMTP(*sink) as connection:
        connection.send_message(letter("Über Schlaglöcher"), to_addrs=["hidden@people.invalid"])
        connection.send_message(letter("Zweite"))

    second, first = mails.newest(tmp_path)

    assert (first.subject, second.subject) == ("Über Schlaglöcher", "Zweite")
    assert (first.words, first.html) == ("Schöne Grüße\n", "<p>Schöne Grüße</p>\n")
    assert dict(first.headers)["X-Envelope-To"] == "hidden@people.invalid"
    assert sorted(tmp_path.iterdir()) == sorted(tmp_path.glob("*.eml"))


def test_files_are_private_and_named_by_arrival(sink, tmp_path):
    with smtplib.SMTP(*sink) as connection:
        connection.send_message(letter("Eins"))

    (file,) = tmp_path.iterdir()

    assert file.stat().st_mode & 0o777 == 0o600
    assert mails.read(tmp_path, file.stem).at.tzinfo is not None
