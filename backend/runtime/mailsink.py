"""A local SMTP server that delivers nothing: each mail becomes one .eml file for /dev/mail/.

`python -m backend.runtime.mailsink <folder> <descriptor>`: the supervisor hands over a listening socket, so the
port is known and taken before anybody needs it.
"""

import asyncio
import os
import secrets
import socket
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

SIZE_LIMIT = 32 * 1024 * 1024


class Sink:
    """Keeps what it is given, whole or not at all; the sender hears 250 when the mail is on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(  # noqa: N802 - aiosmtpd finds its hooks by these names
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del server, session
        keep(self.folder, envelope)
        return "250 Kept"


def keep(folder: Path, envelope: Envelope) -> Path:
    """Write the mail with its SMTP addresses on top; names sort by arrival."""
    arrived = datetime.now(UTC)  # noqa: TID251 - the sink runs without Django, hence without our clock
    route = f"X-Envelope-From: {envelope.mail_from}\r\n" + "".join(
        f"X-Envelope-To: {recipient}\r\n" for recipient in envelope.rcpt_tos
    )
    content = envelope.original_content or b""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as file:
        file.write(route.encode() + content)
        file.flush()
        os.fsync(file.fileno())
    name = f"{arrived:%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(3)}.eml"
    return Path(file.name).rename(folder / name)


def listening_socket() -> socket.socket:
    """A free port of the loopback interface."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    return listener


async def serve(folder: Path, listener: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(
            Sink(folder),
            hostname="localhost",
            data_size_limit=SIZE_LIMIT,
            enable_SMTPUTF8=True,
            loop=loop,
        ),
        sock=listener,
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), socket.socket(fileno=int(sys.argv[2]))))
