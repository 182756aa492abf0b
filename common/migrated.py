"""Whether the database is as this version of the code expects it."""

from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def missing_migrations() -> frozenset[tuple[str, str]]:
    """Migrations of the code that the database has not seen, as (app, name); two statements."""
    return known() - MigrationRecorder(connection).applied_migrations().keys()


@cache
def known() -> frozenset[tuple[str, str]]:
    """Read once: the files do not change while a process runs."""
    return frozenset(MigrationLoader(None).disk_migrations)
