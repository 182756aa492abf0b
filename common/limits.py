"""Attempt limits kept in PostgreSQL: one count over all doors, also while Valkey is down.

A key names what is limited and for whom, e.g. "proof:concern:17" and "proof:network:203.0.113.7";
only its keyed hash is stored. The window of a key begins with its first attempt and ends
`window_seconds` later, however often somebody tries in between.

How to call:
- Register BEFORE looking at the secret, and do not look when it refuses: a right guess over the
  limit stays refused.
- Outside every `atomic` block. The attempt must stay counted when what follows rolls back, so
  `register` commits by itself and raises RuntimeError inside a transaction.
- After success `clear` the key of the thing that was proven (a person who mistyped twice starts
  afresh), never the network's: else whoever owns one concern could buy endless guesses at others
  by opening their own in between.
"""

import datetime as dt
import math
from collections.abc import Mapping

from django.db import connection, models, transaction

from common import keyrings
from common.clock import now
from common.models import Attempt

PURPOSE = "attempt"
COUNT = """
INSERT INTO common_attempt AS attempt (key, count, until)
SELECT key, 1, %(until)s FROM unnest(%(keys)s::text[]) AS key
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN attempt.until <= %(now)s THEN 1 ELSE attempt.count + 1 END,
    until = CASE WHEN attempt.until <= %(now)s THEN excluded.until ELSE attempt.until END
RETURNING key, count, until
"""


class TooManyAttempts(Exception):
    """The limit is reached. `retry_after_seconds` (at least 1) says when to come back."""

    def __init__(self, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(f"Too many attempts; again in {retry_after_seconds} seconds.")


def register(*, keys: Mapping[str, int], window_seconds: int) -> None:
    """Count one attempt for every key, in one statement, committed at once.

    `keys` maps each key to the attempts it allows per window. Raises TooManyAttempts when this one
    is over the limit of any key, RuntimeError inside a transaction.
    """
    limits = {_hashed(key): limit for key, limit in keys.items()}
    moment = now()
    over = [
        until - moment
        for key, count, until in _counted(sorted(limits), moment, window_seconds)
        if count > limits[key]
    ]
    if over:
        raise TooManyAttempts(max(1, math.ceil(max(over).total_seconds())))


def clear(*keys: str) -> None:
    """Forget the attempts of these keys, after success."""
    _delete(Attempt.objects.filter(key__in=[_hashed(key) for key in keys]).select_for_update())


def forget_attempts() -> int:
    """Delete the windows that are over; returns how many.

    What is being counted at this moment is left for the next time.
    """
    over = Attempt.objects.filter(until__lte=now())
    return _delete(over.select_for_update(skip_locked=True))


def _counted(
    hashes: list[str], moment: dt.datetime, window_seconds: int
) -> list[tuple[str, int, dt.datetime]]:
    # Sorted keys: two attempts that share several take their row locks in the same order.
    until = moment + dt.timedelta(seconds=window_seconds)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(COUNT, {"keys": hashes, "now": moment, "until": until})
        rows: list[tuple[str, int, dt.datetime]] = cursor.fetchall()
    return rows


def _delete(rows: models.QuerySet[Attempt]) -> int:
    # Locked in the order of `register`, so that the two never wait for each other in a circle.
    with transaction.atomic():
        return Attempt.objects.filter(key__in=rows.order_by("key").values("key")).delete()[0]


def _hashed(key: str) -> str:
    return keyrings.digest(keyrings.current("INDEX_KEYS")[1], PURPOSE, key).hex()
