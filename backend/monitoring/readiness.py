"""Whether this process can do its work now: database, migrations, broker, and how long post has been waiting."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import redis
from django.conf import settings
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from redis.exceptions import RedisError

from common.migrated import missing_migrations
from concerns.management.commands.doctor import LONGEST_POST_MINUTES
from notifications.queries import backlog

BROKER_SECONDS = 1
# The last: a table that a migration not yet applied would make.
UNREACHABLE = (OperationalError, InterfaceError, ProgrammingError)


@dataclass(frozen=True, slots=True)
class Check:
    """`detail` is for those who run the installation: numbers and kinds of errors, never addresses."""

    name: str
    ready: bool
    detail: str = ""


def checks(exclude: Collection[str] = ()) -> list[Check]:
    """Every check but those excluded, in the order of CHECKS; what needs the database fails with it."""
    return list(_taken({name: take for name, take in CHECKS.items() if name not in exclude}))


def _taken(wanted: dict[str, Callable[[], tuple[bool, str]]]) -> Iterator[Check]:
    for name, take in wanted.items():
        try:
            ready, detail = take()
        except (*UNREACHABLE, RedisError, OSError, ValueError) as fault:
            # ValueError: an address that is none. Its words would tell it.
            ready, detail = False, type(fault).__name__
        yield Check(name, ready, detail)


def database() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True, ""


def migrations() -> tuple[bool, str]:
    missing = len(missing_migrations())
    return not missing, f"{missing} missing"


def broker() -> tuple[bool, str]:
    with broker_connection() as line:
        line.ping()
    return True, ""


def queue() -> tuple[bool, str]:
    """Post that is due and does not leave: no worker, no beat, or no mail server."""
    waiting = backlog()
    seconds = int(max(waiting.oldest_envelope, waiting.oldest_delivery).total_seconds())
    return seconds < LONGEST_POST_MINUTES * 60, f"oldest due for {seconds} s"


def broker_connection() -> "redis.Redis":
    """A short-lived connection that waits for nobody; use it as a context."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=BROKER_SECONDS,
        socket_timeout=BROKER_SECONDS,
    )


CHECKS: dict[str, Callable[[], tuple[bool, str]]] = {
    "database": database,
    "migrations": migrations,
    "broker": broker,
    "queue": queue,
}
