"""Foreign keys, triggers and indexes of the copied tables, off while millions of rows are written.

Put back they are checked by the database itself, over all rows at once, which costs a fraction of a check per row.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from bench.donors import COPIED

TABLES = [model._meta.db_table for model in COPIED]
FOREIGN_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)
"""
# Unique ones stay: what would break them must show at once.
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
 WHERE NOT indisunique AND indrelid::regclass::text = ANY(%s)
"""


@contextmanager
def unguarded() -> Iterator[None]:
    """Needs the owner of the tables. After a failure inside, the database is good for nothing any more."""
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEYS, [TABLES])
        keys = cursor.fetchall()
        cursor.execute(INDEXES, [TABLES])
        indexes = cursor.fetchall()
        for table, name, _rule in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _rule in indexes:
            cursor.execute(f"DROP INDEX {name}")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '256MB'")
        for _name, rule in indexes:
            cursor.execute(rule)
        for table, name, rule in keys:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {rule}')
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("RESET maintenance_work_mem")
