"""What people send arrives whole and in UTF-8, or not at all.

A web server hands over what it got. To Django a body that breaks off looks like one that ends, and half a plan, or half
a person's words, like all of it. And it reads them by whatever encoding they name, some of which make no words at all.
"""

from collections.abc import Callable, Iterable
from typing import IO, Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_header_parameters

UTF8 = frozenset({"utf-8", "utf8", "us-ascii"})
UNKNOWN = "application/octet-stream"
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Whole:
    """A body of a known length. Reading beyond a premature end raises, which Django tells as UnreadablePostError."""

    def __init__(self, stream: IO[bytes], length: int) -> None:
        self.stream = stream
        self.left = length

    def read(self, size: int = -1) -> bytes:
        return self.arrived(self.stream.read(size), size)

    def readline(self, size: int = -1) -> bytes:
        return self.arrived(self.stream.readline(size), size)

    def arrived(self, data: bytes, size: int) -> bytes:
        self.left -= len(data)
        if not data and size and self.left > 0:
            raise ConnectionAbortedError
        return data


def whole(application: Application) -> Application:
    """The application, with bodies that raise where they break off."""

    def wrapped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isdecimal():
            environ["wsgi.input"] = Whole(environ["wsgi.input"], int(length))
        return application(environ, start_response)

    return wrapped


def in_utf8(application: Application) -> Application:
    """The application, to which a body in another encoding is one of a kind nobody takes.

    It would read even the address by the encoding a request names. Some of those Python knows make no words, and it
    would fall before there is anything to answer with.
    """

    def wrapped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if encoding_of(environ.get("CONTENT_TYPE", "")) not in UTF8:
            environ["CONTENT_TYPE"] = UNKNOWN
        return application(environ, start_response)

    return wrapped


def encoding_of(content_type: str) -> str:
    try:
        said: str = parse_header_parameters(content_type)[1].get("charset", "utf-8")
    except ValueError:
        return ""
    return said.lower()


class Tidied:
    """Puts away what was received of a file before the body broke off; Django does so with whole files alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.content_type == "multipart/form-data":
            for handler in request.upload_handlers:
                if file := getattr(handler, "file", None):
                    file.close()
        return response
