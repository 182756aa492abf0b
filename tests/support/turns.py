"""Acts that queue for a lock in a known order, each in a thread with a connection of its own."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, transaction

from concerns.errors import DomainError
from concerns.models import Ticket

Act = Callable[[], object]
Result = object | DomainError
# Longer than any lock is waited for here; a deadlock is broken by PostgreSQL after one second.
PATIENCE = 30.0
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()
"""


def alone(act: Act) -> Result:
    """What the act returns, or the refusal it raises; its thread's connection is given back."""
    try:
        return act()
    except DomainError as refusal:
        return refusal
    finally:
        connection.close()


def in_turn(held: Sequence[int], *acts: Act) -> list[Result]:
    """The acts in threads while these tickets are locked, each begun once the one before waits; then let go.

    They get the locks in the order in which they queue, with what they read before the first of them wrote.
    """
    with ThreadPoolExecutor(len(acts)) as threads:
        running: list[Future[Result]] = []
        with holding(held):
            for act in acts:
                running.append(threads.submit(alone, act))
                wait_until_waiting(len(running))
        return [one.result(PATIENCE) for one in running]


@contextmanager
def holding(ticket_ids: Sequence[int]) -> Iterator[None]:
    with transaction.atomic():
        tickets = Ticket.objects.filter(pk__in=ticket_ids).order_by("pk")
        assert len(tickets.select_for_update()) == len(ticket_ids)
        yield


def wait_until_waiting(count: int) -> None:
    """Return when so many connections wait for a lock; AssertionError when they do not come to that."""
    for _attempt in range(int(PATIENCE / 0.02)):
        with connection.cursor() as cursor:
            # Within a transaction PostgreSQL shows what it showed before, unless told to look again.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0] >= count:
                return
        time.sleep(0.02)
    raise AssertionError(f"{count} acts should wait for a lock by now")
