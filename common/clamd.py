"""ClamAV's daemon, asked about bytes: INSTREAM over TCP or a Unix socket (clamd's manual, "COMMANDS")."""

import os
import socket
import struct

CHUNK = 64 * 1024
CONNECTED_IN, ANSWERED_IN = 5, 60
LONGEST_ANSWER = 4096
FINE, FOUND = "OK", "FOUND"


class ScannerAway(Exception):
    """Nobody answered, or not with a verdict: what was asked about is as unknown as before."""


def finding(content: bytes, address: str) -> str:
    """What the scanner calls the harm in the content; "" if it finds none.

    `address` is `host:port` or the path of a Unix socket. Raises ScannerAway.
    """
    try:
        with connected(address) as line:
            return verdict(asked(line, content))
    except OSError as fault:
        raise ScannerAway(type(fault).__name__) from fault


def connected(address: str) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(CONNECTED_IN)
        if fault := line.connect_ex(address):
            line.close()
            raise OSError(fault, os.strerror(fault))
    else:
        host, _colon, port = address.rpartition(":")
        line = socket.create_connection((host.strip("[]"), int(port)), CONNECTED_IN)
    line.settimeout(ANSWERED_IN)
    return line


def asked(line: socket.socket, content: bytes) -> str:
    """The answer. A scanner that has enough answers before it has read all, and stops reading."""
    try:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            piece = content[start : start + CHUNK]
            line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        if not (more := line.recv(LONGEST_ANSWER)):
            break
        answer += more
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def verdict(answer: str) -> str:
    said = answer.removeprefix("stream: ")
    if said == FINE:
        return ""
    if said.endswith(f" {FOUND}"):
        return said.removesuffix(f" {FOUND}")
    raise ScannerAway(said[:80])
