"""When to try again: 1 min, 5 min, 30 min, 2 h, 8 h, 24 h, each ± 20 %, then no more."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import SystemRandom

from django.db import InterfaceError, OperationalError, connection

from common.clock import now

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)
# Seconds; together a minute, in which a database that was killed is there again, and well within a lease.
INSISTING = (0.2, 0.5, 1, 2, 4, 8, 16, 30)
JITTER = 0.2  # so that ten thousand letters refused at once do not come back at once

_random = SystemRandom()


def next_attempt(attempts: int) -> datetime | None:
    """When to try again after `attempts` tries (1 is the first), or None: it is dead."""
    if attempts > len(PAUSES):
        return None
    return now() + PAUSES[max(attempts, 1) - 1] * _random.uniform(1 - JITTER, 1 + JITTER)


def exhausted(attempts: int) -> bool:
    """Whether this try is one too many: the tries before ended with the worker, not with an error.

    Only that leads here, for an error after the last try makes the row dead. What kills workers
    must not do so for ever.
    """
    return attempts > len(PAUSES) + 1


def insist(note: Callable[[], object]) -> None:
    """Write down what happened outside and cannot be undone, as soon as the database is there again.

    `note` may be called more than once. Raises what the database said when it stays away.
    """
    for pause in INSISTING:
        try:
            note()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(pause)
        else:
            return
    note()
