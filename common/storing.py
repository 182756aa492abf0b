"""Rows stored by a statement that PostgreSQL keeps prepared, whatever and however many they are.

Django builds an INSERT anew each time; with forty columns that takes longer than PostgreSQL needs for the work. One
kept as it is would differ with the number of rows and with every None among the values. So the rows travel as one JSON
document, and PostgreSQL takes it apart by the types of the table's columns.

As with `bulk_create` no signals are sent. A column the database gives its first value (`db_default`) is left to it.
"""

import datetime as dt
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Field, Model
from django.db.models.fields import NOT_PROVIDED

from common.prepared import fetched

STORE = """
INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s::json)
{ending} RETURNING {key}
"""
REPLACE = "ON CONFLICT ({key}) DO UPDATE SET {new}"


def insert(rows: Sequence[Model]) -> None:
    """INSERT (one statement, none without rows); each row then has its key. Raises as `bulk_create` does."""
    _send(rows, "")


def insert_new(rows: Sequence[Model]) -> int:
    """INSERT of those that no other row is in the way of (a unique constraint); how many."""
    return len(_send(rows, "ON CONFLICT DO NOTHING"))


def replace(rows: Sequence[Model]) -> None:
    """All columns of rows that exist, or the rows as new ones, by their keys (one statement)."""
    _send(rows, REPLACE)


def _send(rows: Sequence[Model], ending: str) -> list[tuple[Any, ...]]:
    if not rows:
        return []
    sql, fields = _statement(type(rows[0]), ending, with_key=rows[0].pk is not None)
    document = [{field.column: _value(field, row) for field in fields} for row in rows]
    keys = fetched(connection, sql, [json.dumps(document, default=_as_text)])
    if len(keys) == len(rows):
        for row, (key,) in zip(rows, keys, strict=True):
            row.pk = key
            row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 - what a save does
    return keys


@lru_cache
def _statement(
    model: type[Model], ending: str, *, with_key: bool
) -> "tuple[str, list[Field[Any, Any]]]":
    fields = [
        field
        for field in model._meta.concrete_fields
        if field.db_default is NOT_PROVIDED and (with_key or not field.primary_key)
    ]
    quoted = connection.ops.quote_name
    columns = [quoted(str(field.column)) for field in fields]
    key = quoted(next(str(one.column) for one in model._meta.concrete_fields if one.primary_key))
    new = ", ".join(f"{column} = excluded.{column}" for column in columns)
    sql = STORE.format(
        table=quoted(model._meta.db_table),
        columns=", ".join(columns),
        key=key,
        ending=ending.format(key=key, new=new),
    )
    return sql, fields


def _value(field: "Field[Any, Any]", row: Model) -> Any:  # noqa: ANN401 - whatever the column takes
    return field.get_prep_value(field.pre_save(row, add=True))


def _as_text(value: Any) -> str:  # noqa: ANN401 - what JSON does not know
    match value:
        case dt.date():  # a moment, too
            return value.isoformat()
        case UUID():
            return str(value)
        case bytes() | memoryview():
            return f"\\x{bytes(value).hex()}"
    raise TypeError(f"{type(value).__name__} cannot be stored this way.")
