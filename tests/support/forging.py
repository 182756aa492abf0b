"""Changes that the database forbids, for tests of what finds them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

GUARDS = {
    "concerns_event": ["concerns_event_append_only", "concerns_event_state_agrees"],
    "concerns_ticket": ["concerns_ticket_state_agrees"],
}


@contextmanager
def unguarded() -> Iterator[None]:
    """As somebody who owns the tables could: the triggers off, then on again as if nothing had been."""
    switch("DISABLE")
    yield
    connection.check_constraints()
    switch("ENABLE")


def switch(how: str) -> None:
    # A table with deferred checks waiting cannot be altered.
    connection.check_constraints()
    with connection.cursor() as cursor:
        for table, triggers in GUARDS.items():
            for trigger in triggers:
                cursor.execute(f"ALTER TABLE {table} {how} TRIGGER {trigger}")
