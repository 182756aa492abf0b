"""Log lines without secrets and without people's words.

Django logs the path of every refused request, and paths of links in letters end in a token. And it logs exceptions
with their message, in which a database quotes the whole row it refused.
"""

import logging
import re
import traceback
from types import TracebackType

TOKEN = re.compile(r"(/concerns/[^/\s]+/(?:t|confirm)/|/workspace/password/\w+-)[^/\s]+")
Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class DiscreetFormatter(logging.Formatter):
    """Hides tokens in paths; of an exception it writes kind and place, never what it says."""

    def format(self, record: logging.LogRecord) -> str:
        # Another formatter may have kept its own rendering of the exception on the record.
        record.exc_text = None
        return TOKEN.sub(r"\1…", super().format(record))

    def formatException(self, ei: Failure) -> str:  # noqa: N802 - logging's name
        lines = []
        cause = ei[1]
        while cause is not None:
            lines.append(type(cause).__qualname__)
            lines += [line.rstrip() for line in traceback.format_tb(cause.__traceback__)]
            cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
        return "\n".join(lines)
