"""The database as it stands, to the last byte: to show that a refused act changed nothing."""

from django.db import connection

TABLES = """
SELECT table_name FROM information_schema.tables
 WHERE table_schema = 'public'
   AND table_name ~ '^(concerns|notifications|accounts|departments|common)_'
 ORDER BY table_name
"""


def snapshot() -> dict[str, tuple[int, str]]:
    """Rows and a checksum of all of them, by table of the domain, the post office and the people."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        names = [name for (name,) in cursor.fetchall()]
        return {name: checksum(name) for name in names}


def checksum(table: str) -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"
        )
        rows, digest = cursor.fetchone()
    return int(rows), str(digest)
