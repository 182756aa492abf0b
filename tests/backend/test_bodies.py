"""Bodies that say they are written in something else than UTF-8. Python knows encodings that make no words at all."""

import io
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

import pytest

from backend.wsgi import application
from concerns.models import Concern
from tests.support.fuzz import one_connection
from tests.support.rest import some_network
from tests.support.town import Town

KINDS: Mapping[str, bytes] = {
    "multipart/form-data; boundary=B": (
        b'--B\r\nContent-Disposition: form-data; name="concern"\r\n\r\n{"description": "A hole."}\r\n'
        b'--B\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n%s\r\n'
        b'--B\r\nContent-Disposition: form-data; name="words"\r\n\r\nA hole.\r\n--B--\r\n'
    ),
    "application/x-www-form-urlencoded": b"csrfmiddlewaretoken=%s&words=A+hole.",
    "application/json": b'{"description": "A hole."}',
}
MULTIPART, URLENCODED, JSON = KINDS
TOKEN = "s" * 32


@pytest.fixture(autouse=True)
def connection(db: None) -> Iterator[None]:
    with one_connection():
        yield


def status_of(path: str, kind: str, encoding: str, method: str = "POST") -> int:
    """What a web server would be told."""
    body = KINDS[kind].replace(b"%s", TOKEN.encode())
    address = urlsplit(path)
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": address.path,
        "QUERY_STRING": address.query,
        "REMOTE_ADDR": some_network(),
        "CONTENT_TYPE": f"{kind}; {encoding}",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_COOKIE": f"csrftoken={TOKEN}",
        "HTTP_IDEMPOTENCY_KEY": "one",
        "wsgi.input": io.BytesIO(body),
    }
    setup_testing_defaults(environ)
    said: list[str] = []
    answer = application(environ, lambda status, _headers: said.append(status))
    b"".join(answer)
    return int(said[0].split()[0])


@pytest.mark.parametrize(
    "encoding", ["hex", "rot13", "idna", "utf-7", "utf-16", "latin-1", '"latin-1"', "nonsense"]
)
@pytest.mark.parametrize(
    ("path", "kind", "status"),
    [
        ("/report/?a=1", MULTIPART, 400),
        ("/report/?a=1", URLENCODED, 400),
        ("/workspace/new/?a=1", MULTIPART, 400),
        ("/api/v1/concerns/?a=1", MULTIPART, 415),
        ("/api/v1/concerns/?a=1", JSON, 415),
    ],
)
def test_another_encoding_is_refused_at_every_door(
    town: Town, path: str, kind: str, status: int, encoding: str
) -> None:
    assert status_of(path, kind, f"charset={encoding}") == status
    assert Concern.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "encoding"),
    [
        *((kind, encoding) for kind in KINDS for encoding in ("charset=utf-8", "a=b")),
        (MULTIPART, "charset=UTF8"),
        (JSON, "charset=UTF8"),
        (JSON, 'charset="us-ascii"'),
    ],
)
def test_utf8_is_taken_by_its_names(town: Town, kind: str, encoding: str) -> None:
    path, status = ("/api/v1/concerns/", 201) if kind == JSON else ("/report/", 200)

    assert status_of(path, kind, encoding) == status


@pytest.mark.parametrize("encoding", ["charset=hex", "charset*=hex''x", "charset*=nonsense''x"])
def test_what_needs_no_body_is_answered_all_the_same(town: Town, encoding: str) -> None:
    assert status_of("/published/?district=%C3%A4", JSON, encoding, "GET") == 200
