"""The public door: HTTP as an app does it, patient with a lost connection and with «too many requests»."""

import http.client
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bench.replay.errors import CannotReplay

TIMEOUT_SECONDS = 60.0
# Together about half a minute: longer than an instance takes to start again.
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
CONFLICT, TOO_MANY, AWAY = 409, 429, (502, 503, 504)
IN_PROGRESS = "#problem-in_progress"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    said: Mapping[str, Any]
    retry_after: str


class Door:
    """One instance by its address. Each thread keeps a connection of its own open."""

    def __init__(self, url: str, key: str = "") -> None:
        self.address = urlsplit(url)
        if self.address.scheme not in ("http", "https") or not self.address.hostname:
            raise CannotReplay(f"{url} is no address of an instance, like https://city.example/.")
        self.key = key
        self.mine = threading.local()
        self.lines: list[http.client.HTTPConnection] = []

    def close(self) -> None:
        """Hang up, for all threads."""
        for line in self.lines:
            line.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, body: Mapping[str, Any], **headers: str) -> Answer:
        """Only what may safely be sent twice: it is, when the connection is lost before an answer came."""
        return self.ask("POST", path, json.dumps(body, ensure_ascii=False).encode(), headers)

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """The answer, after as many tries as it takes. Raises CannotReplay when nobody answers for half a minute."""
        told = {"Accept-Language": "de", **self._proof()}
        if body is not None:
            told["Content-Type"] = "application/json"
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        fault: object = None
        for pause in PAUSES:
            try:
                answer = self._when_allowed(method, path, body, told)
            except (OSError, http.client.HTTPException) as lost:
                self._line().close()
                fault = lost
            else:
                if not _comes_later(answer):
                    return answer
                fault = f"status {answer.status}"
            time.sleep(pause)
        raise CannotReplay(f"{self.address.geturl()} does not answer: {fault}")

    def _when_allowed(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        """Whoever asked too often waits as long as they are told."""
        while (answer := self._once(method, path, body, headers)).status == TOO_MANY:
            time.sleep(float(answer.retry_after or 1))
        return answer

    def _proof(self) -> dict[str, str]:
        return {"Authorization": f"Api-Key {self.key}"} if self.key else {}

    def _once(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        line = self._line()
        line.request(method, f"{self.address.path.rstrip('/')}/api/v1/{path}", body, dict(headers))
        got = line.getresponse()
        content = got.read()
        said = json.loads(content) if "json" in got.headers.get_content_type() else {}
        return Answer(got.status, said, got.headers.get("Retry-After", ""))

    def _line(self) -> http.client.HTTPConnection:
        """The line of this thread; one that was closed opens again with the next request."""
        line: http.client.HTTPConnection | None = getattr(self.mine, "line", None)
        if line is None:
            secure = self.address.scheme == "https"
            kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            host = self.address.hostname or ""
            line = self.mine.line = kind(host, self.address.port, timeout=TIMEOUT_SECONDS)
            self.lines.append(line)
        return line


def _comes_later(answer: Answer) -> bool:
    """Whether the same request may be answered well soon: nobody home, or its first sending is still under way."""
    under_way = str(answer.said.get("type", "")).endswith(IN_PROGRESS)
    return answer.status in AWAY or (answer.status == CONFLICT and under_way)
