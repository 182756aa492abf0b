"""Queries that are built once a process and then only filled in.

A ticket with all that is joined to it costs four milliseconds of Python until its query is SQL, PostgreSQL six until it
has a plan, and half a one to answer. What is asked with every request is therefore written as a function that builds
its queryset with gaps (`Given`) and asked through `Prepared`: it keeps the SQL, and the server a prepared statement.

A queryset must not depend on anything but its gaps: no language, no clock, no actor. Where one of these changes its
shape, each shape is a `Prepared` of its own (`concerns/queries/visible.py:PreparedFor`).
"""

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from operator import itemgetter
from typing import Any, Generic, Self, TypeVar

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import Expression, Field, Lookup, QuerySet
from django.db.models.fields.related import ForeignObject
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler
from psycopg.sql import Literal

Asked = TypeVar("Asked", bound=models.Model)
Row = TypeVar("Row")
Values = Mapping[str, Any]


class Given(Expression):
    """A gap: a value that is known when the query is asked, taken from what it is asked with."""

    def __init__(self, take: str | Callable[[Values], Any], **more: Any) -> None:
        self.take = itemgetter(take) if isinstance(take, str) else take
        super().__init__(**more)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:  # noqa: ANN401, ARG002 - Django's signature
        return "%s", [self]


@ForeignObject.register_lookup
@Field.register_lookup
class OneOf(Lookup):
    """`= ANY(…)`: as `in`, but the SQL is the same for any number of values."""

    lookup_name = "one_of"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, Any]:  # noqa: ANN401, ARG002 - Django's signature
        return "%s", [list(value)]

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:  # noqa: ANN401 - Django's signature
        left, values = self.process_lhs(compiler, connection)
        right, more = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*values, *more]


class Prepared(Generic[Asked, Row]):
    """One query with gaps; `build` makes it when it is asked for the first time."""

    def __init__(
        self, build: Callable[[], QuerySet[Asked, Row]], *, keep_plan: bool = True
    ) -> None:
        """Without `keep_plan` the server plans each time: for lists, where it matters how common a value is."""
        self._build = build
        self._keep_plan = keep_plan

    def all(self, **values: Any) -> list[Row]:
        """The rows (one statement); `values` fill the gaps."""
        try:
            queryset, compiler, sql, gaps = self._compiled
        except EmptyResultSet:  # Nobody has to be asked, whatever the values.
            return []
        answered = copy.copy(compiler)
        answered.connection = connections[queryset.db]
        said = [gap.take(values) for gap in gaps]
        found = fetched(answered.connection, sql, said, keep_plan=self._keep_plan)
        answered.execute_sql = partial(_already, [found])  # type: ignore[method-assign,assignment]
        query = copy.copy(queryset.query)
        query.get_compiler = partial(_already, answered)  # type: ignore[method-assign]
        return list(_with(queryset, query))

    def first(self, **values: Any) -> Row | None:
        """The first row, or None; the query should have no more."""
        return next(iter(self.all(**values)), None)

    @cached_property
    def _compiled(self) -> tuple[QuerySet[Asked, Row], SQLCompiler, str, list[Given]]:
        queryset = self._build()
        compiler = queryset.query.get_compiler(queryset.db)
        sql, params = compiler.as_sql()
        columns = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
        compiler.get_converters = partial(_already, compiler.get_converters(columns))
        return queryset, compiler, *with_gaps(compiler.connection, sql, params)


def with_gaps(connection: Any, sql: str, params: Sequence[Any]) -> tuple[str, list[Given]]:  # noqa: ANN401 - any of Django's
    """SQL in which all but the gaps stands as it is: the planner must know constants, to use partial indexes."""
    connection.ensure_connection()
    left = iter(params)
    pieces, gaps = [], []
    for piece in re.split("(%s)", sql):
        if piece != "%s":
            pieces.append(piece)
        elif isinstance(value := next(left), Given):
            gaps.append(value)
            pieces.append(piece)
        else:
            pieces.append(Literal(value).as_string(connection.connection).replace("%", "%%"))
    return "".join(pieces), gaps


class Preparing(psycopg.Cursor[Any]):
    """Binds values on the server and has it keep the plan."""

    def execute(self, query: Any, params: Any = None, **_more: Any) -> Self:  # noqa: ANN401 - psycopg's signature
        return super().execute(query, params, prepare=True)


def fetched(
    connection: Any,  # noqa: ANN401 - any of Django's
    sql: str,
    values: list[Any],
    *,
    keep_plan: bool = True,
) -> list[tuple[Any, ...]]:
    """The rows of one statement, prepared on the server unless it shall plan anew."""
    connection.ensure_connection()
    with (
        connection.make_cursor(Preparing(connection.connection))
        if keep_plan
        else connection.cursor()
    ) as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _already(made: Row, *_more: object, **_named: object) -> Row:
    return made


def _with(queryset: QuerySet[Asked, Row], query: Query) -> QuerySet[Asked, Row]:
    asked = queryset.__class__(queryset.model, query=query, using=queryset.db)
    asked._iterable_class = queryset._iterable_class  # noqa: SLF001 - what a clone does
    asked._fields = queryset._fields  # type: ignore[attr-defined]  # noqa: SLF001
    return asked
