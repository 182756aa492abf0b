"""Moments as PostgreSQL writes them, read in one call of C: a ticket's page reads sixty, a list two hundred."""

import datetime as dt
from typing import Any

from psycopg.types.datetime import TimestamptzLoader


class UtcLoader(TimestamptzLoader):
    """For connections whose zone is UTC, as Django's are. What Python's ISO reader does not know goes the long way."""

    timezone = (
        dt.UTC
    )  # Django asks a loader for it, and replaces one whose zone is not the connection's.

    def load(self, data: Any) -> dt.datetime:  # noqa: ANN401 - bytes or a view of them
        try:
            return dt.datetime.fromisoformat(bytes(data).decode())
        except ValueError:
            return super().load(data)


def read_fast(*, connection: Any, **_signal: object) -> None:  # noqa: ANN401 - any of Django's
    """Receiver of `connection_created`."""
    connection.connection.adapters.register_loader("timestamptz", UtcLoader)
