"""Bringing rows into line with a city's files, and counting what that took."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models


@dataclass(slots=True)
class Tally:
    """What loading did to one sort of rows."""

    noun: str
    created: int = 0
    changed: int = 0
    retired: int = 0
    unchanged: int = 0

    @property
    def is_quiet(self) -> bool:
        return not (self.created or self.changed or self.retired)


def put(row: models.Model, values: Mapping[str, Any], tally: Tally) -> None:
    """Give a row these values (foreign keys as `<name>_id`) and save what differs."""
    if row.pk is None:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(force_insert=True)
        tally.created += 1
        return
    different = [name for name, value in values.items() if getattr(row, name) != value]
    for name in different:
        setattr(row, name, values[name])
    if different:
        row.save(update_fields=different)
        tally.changed += 1
    else:
        tally.unchanged += 1


def is_referred_to(row: models.Model, *, besides: type[models.Model] | None = None) -> bool:
    """Whether a row of any other model than `besides` points at this one."""
    relations = [r for r in row._meta.related_objects if r.related_model is not besides]  # noqa: SLF001 - Django documents it
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: row}).exists()  # noqa: SLF001 - Django documents it
        for relation in relations
    )


def rebuild_paths(model: type[models.Model]) -> None:
    """Write the ids from the root down into `path` ("/1/4/") of every row of a tree that has `parent`.

    Rows that left the city's files still hang in the tree and follow when their parent moves.
    """
    rows: dict[int, Any] = {row.pk: row for row in model._default_manager.all()}  # noqa: SLF001 - Django documents it
    stale = []
    for row in rows.values():
        path = _path(row, rows)
        if row.path != path:
            row.path = path
            stale.append(row)
    model._default_manager.bulk_update(stale, ["path"])  # noqa: SLF001 - Django documents it


def _path(row: Any, rows: Mapping[int, Any]) -> str:  # noqa: ANN401 - a row of any tree
    above = _path(rows[row.parent_id], rows) if row.parent_id else "/"
    return f"{above}{row.pk}/"
