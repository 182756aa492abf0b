"""Log lines without secrets and without people's words.

Django logs the path of every refused request: paths of links in letters end in a token, and a stranger may type
anything into one. Celery logs what a failed task's exception says, and a database quotes the whole row it refused.
gunicorn logs the address of whoever sent a broken request. So a record of theirs keeps what happened, and loses to
whom and with which words.
"""

import copy
import datetime as dt
import json
import logging
import re
import traceback
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from common import request_id

TOKEN = re.compile(r"(/concerns/[^/\s]+/(?:t|confirm)/|/workspace/password/\w+-)[^/\s]+")
PATH = re.compile(r"/.*", re.DOTALL)
# What gunicorn writes around an address, a path, or bytes that are no request.
GUNICORN = re.compile(r"(Invalid request|Error handling request)\b.*", re.DOTALL)
HOST = re.compile(r"Invalid HTTP_HOST header: .*", re.DOTALL)
Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class DiscreetFormatter(logging.Formatter):
    """Hides tokens in paths; of an exception it writes kind and place, never what it says."""

    def format(self, record: logging.LogRecord) -> str:
        # A copy: another handler may want the record as it came, and may have kept a rendering of its own on it.
        plain = discreet(record)
        return TOKEN.sub(r"\1…", super().format(plain))

    def formatException(self, ei: Failure) -> str:  # noqa: N802 - logging's name
        lines = []
        cause = ei[1]
        while cause is not None:
            lines.append(type(cause).__qualname__)
            lines += [line.rstrip() for line in traceback.format_tb(cause.__traceback__)]
            cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
        return "\n".join(lines)


class JsonFormatter(DiscreetFormatter):
    """One JSON object a line; times in UTC. What a record brings as `fields` stands beside its message."""

    def format(self, record: logging.LogRecord) -> str:
        plain = discreet(record)
        said: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(
                "T", "milliseconds"
            ),
            "level": record.levelname,
            "logger": record.name,
            "message": TOKEN.sub(r"\1…", plain.getMessage()),
        }
        if name := request_id.current():
            said["request_id"] = name
        said |= fields_of(record)
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info).splitlines()
        return json.dumps(said, ensure_ascii=False, default=str)


def fields_of(record: logging.LogRecord) -> Mapping[str, object]:
    """Ids and codes a record brings along: those of a request answered, or the task Celery speaks of."""
    if record.name.startswith("celery.") and isinstance(record.args, Mapping):
        return {"task": record.args.get("name", ""), "task_id": record.args.get("id", "")}
    fields: Mapping[str, object] = getattr(record, "fields", {})
    return fields


def discreet(record: logging.LogRecord) -> logging.LogRecord:
    """The record without what a library has put into it of people."""
    plain = copy.copy(record)
    plain.exc_text = None
    family = record.name.partition(".")[0]
    if clean := LIBRARIES.get(family):
        clean(plain)
    elif isinstance(record.args, tuple):
        plain.args = tuple(named(one) for one in record.args)
    return plain


def named(value: object) -> object:
    """Of an exception its kind: its text may quote the row."""
    return type(value).__qualname__ if isinstance(value, BaseException) else value


def of_django(record: logging.LogRecord) -> None:
    """Django puts a path or a host after the colon."""
    said = PATH.sub("…", record.getMessage())
    record.msg, record.args = HOST.sub("Invalid HTTP_HOST header", said), None


def of_celery(record: logging.LogRecord) -> None:
    """A failed task's exception becomes its kind, a value returned is left out."""
    if isinstance(record.args, Mapping):
        kind = record.exc_info[0].__qualname__ if record.exc_info and record.exc_info[0] else "…"
        record.args = {**record.args, "exc": kind, "return_value": "…"}
    elif isinstance(record.args, tuple):
        record.args = tuple(named(one) for one in record.args)


def of_gunicorn(record: logging.LogRecord) -> None:
    record.msg, record.args = GUNICORN.sub(r"\1", record.getMessage()), None


LIBRARIES: Mapping[str, Callable[[logging.LogRecord], None]] = {
    "django": of_django,
    "celery": of_celery,
    "gunicorn": of_gunicorn,
}
