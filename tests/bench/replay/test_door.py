"""The door against a server that breaks off, is away, or asks for patience."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.replay import door
from bench.replay.door import Answer, Door
from bench.replay.errors import CannotReplay

CUT = 0


class Scripted(ThreadingHTTPServer):
    """Answers one status after the other, and keeps what it was sent; CUT ends the connection without an answer."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: list[tuple[int, dict[str, str]]] = []
        self.heard: list[tuple[str, dict[str, str], bytes]] = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Scripted

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, dict(self.headers), body))
        status, said = self.server.script.pop(0)
        if status == CUT:
            self.close_connection = True
            self.connection.close()
            return
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/problem+json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_words: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    monkeypatch.setattr(door, "PAUSES", (0.0,) * 3)
    with Scripted() as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def asked(server: Scripted) -> Answer:
    address = f"http://127.0.0.1:{server.server_port}/city/"
    with closing(Door(address, key="k.secret")) as client:
        return client.post("concerns/", {"description": "Ü 🚧"}, Idempotency_Key="one")


BUSY = {"type": "https://city.example/api/docs/#problem-in_progress"}
OTHERWISE = {"type": "https://city.example/api/docs/#problem-refused"}


@pytest.mark.parametrize(
    "script",
    [
        [(201, {})],
        [(CUT, {}), (201, {})],
        [(503, {}), (CUT, {}), (201, {})],
        [(409, BUSY), (201, {})],
        [(429, {}), (429, {}), (429, {}), (429, {}), (201, {})],
    ],
)
def test_the_same_request_is_sent_until_it_is_answered(server, script):
    server.script = list(script)

    assert asked(server) == Answer(201, {}, "0")
    assert len(server.heard) == len(script)
    headers = server.heard[-1][1]
    assert {(one[0], one[1]["Idempotency-Key"], one[2]) for one in server.heard} == {
        ("/city/api/v1/concerns/", "one", '{"description": "Ü 🚧"}'.encode())
    }
    assert (headers["Authorization"], headers["Accept-Language"]) == ("Api-Key k.secret", "de")


@pytest.mark.parametrize("refusal", [(422, {"detail": "No."}), (409, OTHERWISE), (500, {})])
def test_a_refusal_is_an_answer(server, refusal):
    server.script = [refusal]

    assert asked(server) == Answer(*refusal, "0")


def test_who_never_answers_ends_the_replay(server):
    server.script = [(CUT, {})] * 3

    with pytest.raises(CannotReplay, match="does not answer"):
        asked(server)
    assert server.script == []


@pytest.mark.parametrize("url", ["city.example", "ftp://city.example/", "http://", ""])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(CannotReplay, match="is no address"):
        Door(url)
