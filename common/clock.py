"""The only clock. Time is stored in UTC; "today" is the city's."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.conf import settings

_pretended: ContextVar[dt.datetime | None] = ContextVar("pretended", default=None)


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return _pretended.get() or dt.datetime.now(dt.UTC)  # noqa: TID251 - the one place that reads the clock


def city_zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def today() -> dt.date:
    """Today's date in the city."""
    return now().astimezone(city_zone()).date()


@contextmanager
def pretend(moment: dt.datetime) -> Iterator[None]:
    """Let the block believe it is `moment` (aware): for demo populations that must have a past."""
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)
