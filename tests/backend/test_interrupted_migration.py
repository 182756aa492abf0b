"""`migrate` killed in the middle of a migration: the next one completes the schema, and it is the same as any."""

import os
import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.support.workers import database_url

pytestmark = pytest.mark.runtime
MIGRATE = (sys.executable, "manage.py", "migrate", "--no-input")
# A table with data of the city, a migration of triggers, and the last app.
KILLED_AT = ("accounts.0001", "concerns.0001", "concerns.0002", "notifications.0001")
# An index or a constraint made again from its own definition, as bench/guards.py does, is told with
# its casts and parentheses elsewhere.
SCHEMA = r"""
SELECT 'column', table_name, column_name, data_type || ' ' || is_nullable FROM information_schema.columns
 WHERE table_schema = 'public'
UNION ALL SELECT 'index', tablename, indexname, regexp_replace(indexdef, '::[a-z ]+(\[\])?|[()]', '', 'g')
  FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname,
       regexp_replace(pg_get_constraintdef(oid), '::[a-z ]+(\[\])?|[()]', '', 'g')
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger
 WHERE NOT tgisinternal
UNION ALL SELECT 'migration', app, name, '' FROM django_migrations
"""


@pytest.fixture
def empty_database(transactional_db: None) -> Iterator[str]:
    """The URL of a database nobody migrated yet."""
    name = f"interrupted_{uuid4().hex[:8]}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield database_url().replace(f"/{connection.settings_dict['NAME']}?", f"/{name}?")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def environment(url: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "backend.settings.test"}


def kill_when_it_applies(migration: str, url: str) -> None:
    with (
        subprocess.Popen(  # noqa: S603 - ours
            [sys.executable, "-u", *MIGRATE[1:]],
            cwd=settings.BASE_DIR,
            env=environment(url),
            stdout=subprocess.PIPE,
        ) as migrating
    ):
        said = b""
        while f"Applying {migration}".encode() not in said:
            chunk = migrating.stdout.read1()
            assert chunk, said
            said += chunk
        migrating.kill()


def schema_of(url: str) -> set[tuple[str, ...]]:
    with psycopg.connect(url) as database:
        return set(database.execute(SCHEMA).fetchall())


def test_migrate_completes_what_was_killed_again_and_again(empty_database: str) -> None:
    for migration in KILLED_AT:
        kill_when_it_applies(migration, empty_database)

    subprocess.run(  # noqa: S603 - ours
        MIGRATE, cwd=settings.BASE_DIR, env=environment(empty_database), check=True, timeout=100
    )

    completed, as_ever = schema_of(empty_database), schema_of(database_url())
    # The differences alone: the whole schema would bury them.
    assert (completed - as_ever, as_ever - completed) == (set(), set())
