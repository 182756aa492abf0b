"""The scanner asked by its own protocol, over TCP and a Unix socket, by a scanner that speaks it."""

import os
import socket
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from common.clamd import ScannerAway, finding
from tests.support.scanner import EICAR, Scanner, scanner

__all__ = ["scanner"]


def test_what_is_fine_is_asked_about_whole(scanner):
    content = os.urandom(200_000)

    assert finding(content, scanner.address) == ""
    assert scanner.asked == [content]


def test_nothing_is_fine_too(scanner):
    assert finding(b"", scanner.address) == ""


def test_harm_is_called_by_its_name(scanner):
    assert finding(b"x" * 70_000 + EICAR, scanner.address) == "Win.Test.EICAR_HDB-1"


def test_it_is_asked_by_a_unix_socket_too():
    # Paths of sockets are short; pytest's folders are not.
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/clamd"
        line = socket.socket(socket.AF_UNIX)
        line.bind(path)
        with Scanner(line) as listening:
            assert finding(EICAR, path) == "Win.Test.EICAR_HDB-1"
            assert listening.asked == [EICAR]


def test_a_scanner_that_is_not_there_is_away(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    for address in (f"127.0.0.1:{port}", str(tmp_path / "none")):
        with pytest.raises(ScannerAway):
            finding(b"x", address)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"stream: OK but not quite\0",
        b"x" * 10_000,
    ],
)
def test_what_is_no_verdict_is_none(answer):
    with answering(answer) as address, pytest.raises(ScannerAway):
        finding(b"x" * 5_000_000, address)


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """Somebody who says the same whatever is asked, and does not listen to the end."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer_one() -> None:
            line, _peer = server.accept()
            with line:
                line.recv(100)
                line.sendall(answer)
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 0, 0))

        thread = threading.Thread(target=answer_one)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join()
