"""Counting statements: all that reach the database but transaction control."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

CONTROL = re.compile(
    r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET CONSTRAINTS)\b", re.IGNORECASE
)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL of every statement sent inside the block, in order."""
    said: list[str] = []

    def listen(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not CONTROL.match(sql):
            said.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(listen):
        yield said


@contextmanager
def budget(most: int) -> Iterator[list[str]]:
    """Fail, with the statements, when the block sends more than `most`."""
    with statements() as said:
        yield said
    assert len(said) <= most, f"{len(said)} statements, allowed {most}:\n" + "\n".join(said)
