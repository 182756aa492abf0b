"""The only clock. Time is stored in UTC; "today" is the city's."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)  # noqa: TID251 - the one place that reads the clock


def city_zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def today() -> dt.date:
    """Today's date in the city."""
    return now().astimezone(city_zone()).date()
