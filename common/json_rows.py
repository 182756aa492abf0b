"""Rows of long lists as JSON made by the database.

A list of a hundred rows, or a map of a thousand points, costs Python more than all else of the request together:
each value is read, turned into an object, looked at and written again. PostgreSQL writes the same text at once.
"""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Case, Expression, F, Func, JSONField, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.translation import get_language

Given = str | Expression | F


class Object(Func):
    """A JSON object; each name is a member and says which expression (or column) fills it."""

    output_field = JSONField()

    def __init__(self, **members: Given) -> None:
        self.names = tuple(members)
        super().__init__(*members.values())

    def as_sql(self, compiler: Any, connection: Any, *_more: Any, **_named: Any) -> tuple[str, Any]:  # noqa: ANN401, ARG002 - Django's signature
        parts, values = [], []
        for name, expression in zip(self.names, self.source_expressions, strict=True):
            sql, some = compiler.compile(expression)
            parts.append(f"'{name}', {sql}")
            values += some
        return f"json_build_object({', '.join(parts)})", values

    @cached_property
    def identity(self) -> tuple[Any, ...]:
        return (*super().identity, self.names)


def as_text(made: Object) -> Cast:
    """The object as the text it is, for `values()`: nothing reads it again."""
    return Cast(made, TextField())


def unless_null(column: str, made: Object) -> Case:
    """The object, or null where the column is."""
    return Case(When(**{f"{column}__isnull": False}, then=made), output_field=JSONField())


def in_language(column: str) -> Coalesce:
    """`common.words.in_language` as SQL, for a column that holds a map by language."""
    wanted = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    first = Func(
        F(column),
        template="(SELECT value FROM jsonb_each_text(%(expressions)s) LIMIT 1)",
        output_field=TextField(),
    )
    said = (
        NullIf(KeyTextTransform(language, column), Value(""))
        for language in (wanted, settings.LANGUAGE_CODE)
    )
    return Coalesce(*said, first, Value(""), output_field=TextField())


def named(column: str, key: str, *more: str) -> Case:
    """Key and name of what a column leads to, and more columns of it as they are; or null."""
    label: dict[str, Given] = {key: F(f"{column}__{key}"), "name": in_language(f"{column}__names")}
    label |= {one: F(f"{column}__{one}") for one in more}
    return unless_null(column, Object(**label))


class LocalTime(Func):
    """A moment in the city's zone with its offset, as ISO 8601, written as Python writes it; null stays null."""

    output_field = TextField()
    template = (
        "to_char(%(expressions)s AT TIME ZONE '%(zone)s', 'YYYY-MM-DD\"T\"HH24:MI:SS')"
        " || CASE WHEN date_trunc('second', %(expressions)s) = %(expressions)s THEN ''"
        " ELSE to_char(%(expressions)s, '.US') END"
        " || CASE WHEN %(ahead)s = interval '0' THEN 'Z' ELSE"
        " CASE WHEN %(ahead)s < interval '0' THEN '-' ELSE '+' END"
        " || to_char(greatest(%(ahead)s, -%(ahead)s), 'HH24:MI') END"
    )
    ahead = "(({0} AT TIME ZONE '{1}') - ({0} AT TIME ZONE 'UTC'))"

    def as_sql(self, compiler: Any, connection: Any, *_more: Any, **_named: Any) -> tuple[str, Any]:  # noqa: ANN401, ARG002 - Django's signature
        sql, values = compiler.compile(self.source_expressions[0])
        zone = settings.TIME_ZONE
        text = self.template % {
            "expressions": sql,
            "zone": zone,
            "ahead": self.ahead.format(sql, zone),
        }
        return text, values * text.count(sql)
