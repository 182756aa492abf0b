"""The health check of a container asks as the outside would, and believes only a plain yes."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from backend.monitoring.probe import answers


class Web(BaseHTTPRequestHandler):
    status = 200
    asked: list[tuple[str, str]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Host"]))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        return


@pytest.fixture
def web(monkeypatch) -> Iterator[HTTPServer]:
    monkeypatch.setattr(Web, "asked", [])
    server = HTTPServer(("127.0.0.1", 0), Web)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("status", "well"), [(200, True), (503, False), (400, False)])
def test_only_200_is_well(web: HTTPServer, monkeypatch, status: int, well: bool) -> None:
    monkeypatch.setattr(Web, "status", status)

    assert answers(web.server_port) is well


def test_it_asks_under_a_name_that_is_allowed(web: HTTPServer, monkeypatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "anliegen.example, web")

    answers(web.server_port)

    assert Web.asked == [("/healthz", "anliegen.example")]


def test_nobody_there_is_not_well() -> None:
    assert answers(1) is False
