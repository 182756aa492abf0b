"""A connection that breaks off while something is sent, at a real server: no row, no half file, nothing on the way."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

from backend.wsgi import application
from concerns.models import Attachment, Concern
from tests.support.files import store, stored_in
from tests.support.rest import POTHOLE
from tests.support.town import build_town

__all__ = ["store"]

# More than is kept in memory, so that it is received on the disk.
LARGE = 6 * 1024 * 1024
PATIENCE = 10
SECRET = "s" * 32


@pytest.fixture
def on_the_way(tmp_path: Path, settings) -> Path:
    """Where the server receives what is large."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "received")
    Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir()
    return Path(settings.FILE_UPLOAD_TEMP_DIR)


def head_of(path: str, length: int, parts: dict[str, str], name: str) -> bytes:
    """The head of a request; with parts, its form as far as a file begins."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: one\r\n"
        f"Connection: close\r\nCookie: csrftoken={SECRET}\r\n"
        f"Content-Type: multipart/form-data; boundary=B\r\nContent-Length: {length}\r\n\r\n"
    )
    return head.encode() + (form_of(parts, name) if parts else b"")


def form_of(parts: dict[str, str], name: str) -> bytes:
    said = "".join(
        f'--B\r\nContent-Disposition: form-data; name="{part}"\r\n\r\n{text}\r\n'
        for part, text in parts.items()
    )
    file = f'--B\r\nContent-Disposition: form-data; name="{name}"; filename="hole"\r\n\r\n'
    return (said + file).encode()


@pytest.fixture
def port(transactional_db: None) -> Iterator[int]:
    """Where what a web server loads is served."""
    # As the last thing of every request, the connections of its thread are closed: the next test empties the tables.
    with ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler) as server:
        server.set_app(application)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


BREAKS = {
    "a photo": (
        "/api/v1/concerns/",
        {"concern": json.dumps(POTHOLE)},
        "files",
        b"\xff\xd8\xff\xe0",
    ),
    "a plan": ("/api/v1/concerns/", {"concern": json.dumps(POTHOLE)}, "files", b"%PDF-1.7\n"),
    "a text": ("/api/v1/concerns/", {"concern": json.dumps(POTHOLE)}, "files", b"The hole"),
    "a report": (
        "/report/",
        {"csrfmiddlewaretoken": SECRET, "words": "A hole.", "step": "check", "go": "next"},
        "uploads",
        b"%PDF-1.7\n",
    ),
}


@pytest.mark.parametrize(("path", "parts", "name", "begin"), BREAKS.values(), ids=BREAKS)
def test_what_breaks_off_halfway_leaves_nothing(
    port: int,
    store: Path,
    on_the_way: Path,
    path: str,
    parts: dict[str, str],
    name: str,
    begin: bytes,
) -> None:
    build_town()
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(head_of(path, LARGE, parts, name) + begin)
        line.sendall(b"x" * (LARGE // 2))
        assert until(lambda: list(stored_in(on_the_way)))
        line.shutdown(socket.SHUT_WR)
        answer = line.makefile("rb").read()

    assert answer.split(b"\r\n")[0].split()[1] in {b"400", b"403"}
    assert (Concern.objects.count(), Attachment.objects.count()) == (0, 0)
    assert (list(stored_in(on_the_way)), list(stored_in(store))) == ([], [])


def test_what_arrives_whole_is_taken_by_the_same_server(
    port: int, store: Path, on_the_way: Path
) -> None:
    build_town()
    end = b"\r\n--B--\r\n"
    body = b"x" * (LARGE // 2)
    with socket.create_connection(("127.0.0.1", port)) as line:
        parts = {"concern": json.dumps(POTHOLE)}
        form = form_of(parts, "files") + b"%PDF-1.7\n" + body + end
        line.sendall(head_of("/api/v1/concerns/", len(form), {}, "") + form)
        line.shutdown(socket.SHUT_WR)
        answer = line.makefile("rb").read()

    assert answer.split(b"\r\n")[0].split()[1] == b"201"
    assert Attachment.objects.get().size == 9 + LARGE // 2
    assert (list(stored_in(on_the_way)), len(list(stored_in(store)))) == ([], 1)


def until(holds) -> bool:
    """Whether something comes true while the server works."""
    over = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < over:
        time.sleep(0.01)
    return bool(holds())
