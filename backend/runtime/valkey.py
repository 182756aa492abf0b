"""Valkey 9 on a Unix socket only, kept on disk by its append-only file.

Written to disk every second: what lies here are doorbells (the sweeps find what nobody rang for) and cached
values, so the last second before a power cut is no loss of a concern. Ending or killing Valkey loses nothing.
"""

import socket
from pathlib import Path

SOCKET = "valkey.sock"
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "dir": "./",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": '""',
    "maxmemory-policy": "noeviction",
    "protected-mode": "yes",
    "daemonize": "no",
    "logfile": '""',
}


def configuration(run_folder: Path, password: str) -> str:
    """Handed over on standard input, so that the password stands on no command line and in no file.

    The socket's folder already keeps others out. The password is for the case that root runs Valkey as a user
    whom other programs share: the cache is read by root's own processes and must be written only by them.
    """
    settings = SETTINGS | {"unixsocket": str(run_folder / SOCKET), "requirepass": password}
    return "".join(f"{name} {value}\n" for name, value in settings.items())


def redis_url(run_folder: Path, password: str) -> str:
    return f"unix://:{password}@{run_folder / SOCKET}?db=0"


def is_ready(run_folder: Path, password: str) -> bool:
    """Whether the server answers PING; while it still reads its file it does not."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(run_folder / SOCKET))
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:  # noqa: PLR2004 - one line for each of the two commands
                chunk = connection.recv(256)
                if not chunk:
                    return False
                answer += chunk
            return answer == b"+OK\r\n+PONG\r\n"
    except OSError:
        return False
