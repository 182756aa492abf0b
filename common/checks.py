"""What must be right before the installation starts."""

from collections.abc import Sequence

from django.core.checks import CheckMessage, Error, Warning  # noqa: A004 - Django's own name
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from common import keyrings
from common.city import city, zone_mismatch
from common.city_files import CityDataRefused

TAG = "city"
KEY_RINGS = ("MASTER_KEYS", "INDEX_KEYS", "TOKEN_KEYS")
OWNED = "SELECT count(*) FROM pg_tables WHERE tableowner = current_user AND schemaname = current_schema()"


def check_city(**_options: object) -> list[CheckMessage]:
    """The city's folder can be read, and its time zone is the one the settings name."""
    try:
        found = city()
    except CityDataRefused as refusal:
        return [Error(problem, id="common.E001") for problem in refusal.problems]
    mismatch = zone_mismatch(found.zone)
    return [Error(f"city.yaml: {mismatch}", id="common.E002")] if mismatch else []


def check_keys(**_options: object) -> list[CheckMessage]:
    """Every key of every ring can be used; else the first person to file would find out."""
    return [
        Error(complaint, id="common.E003") for name in KEY_RINGS if (complaint := fault_in(name))
    ]


def fault_in(name: str) -> str:
    try:
        keyrings.ring(name)
    except ImproperlyConfigured as fault:
        return str(fault)
    return ""


def check_role(*, databases: Sequence[str] | None = None, **_options: object) -> list[CheckMessage]:
    """In production the application's database role owns no table.

    Else it could TRUNCATE the events or drop their triggers; migrations run as another role (deploy/roles.sh).
    Asked by `check --deploy --database default`.
    """
    found: list[CheckMessage] = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            cursor.execute(OWNED)
            (owned,) = cursor.fetchone() or (0,)
        if owned:
            words = f"The database role of the application owns {owned} tables. Let another role own and migrate them."
            found.append(Warning(words, id="common.W001"))
    return found
