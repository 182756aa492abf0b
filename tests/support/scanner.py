"""A virus scanner that speaks clamd's INSTREAM and knows one virus: the harmless one everybody tests with."""

import socket
import struct
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import IO, Self

import pytest

# In two parts, so that no scanner of a developer's machine takes this file away.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner:
    """Listens until it is left; `asked` is what it was asked about."""

    def __init__(self, server: socket.socket) -> None:
        self.server = server
        self.asked: list[bytes] = []
        self._thread = threading.Thread(target=self._listen)

    @property
    def address(self) -> str:
        host, port = self.server.getsockname()
        return f"{host}:{port}"

    def __enter__(self) -> Self:
        self.server.listen()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self._thread.join()

    def _listen(self) -> None:
        while True:
            try:
                line, _peer = self.server.accept()
            except OSError:
                return
            with line, line.makefile("rb") as said:
                assert said.read(10) == b"zINSTREAM\0"
                content = b"".join(chunks(said))
                self.asked.append(content)
                harmful = b"Win.Test.EICAR_HDB-1 FOUND" if EICAR in content else b"OK"
                line.sendall(b"stream: " + harmful + b"\0")


def chunks(said: IO[bytes]) -> Iterator[bytes]:
    while length := struct.unpack("!L", said.read(4))[0]:
        yield said.read(length)


@pytest.fixture
def scanner() -> Iterator[Scanner]:
    with Scanner(socket.create_server(("127.0.0.1", 0))) as listening:
        yield listening
