"""Bringing rows into line with a city's files, and telling what that took."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


@dataclass(slots=True)
class Tally:
    """What loading did to one sort of rows, by their keys; of a changed row also which fields."""

    noun: str
    created: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    retired: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    unchanged: int = 0

    @property
    def is_quiet(self) -> bool:
        return not (self.created or self.changed or self.retired or self.deleted)


def put(row: models.Model, key: str, values: Mapping[str, Any], tally: Tally) -> None:
    """Give a row these values (foreign keys as `<name>_id`) and save what differs."""
    if row.pk is None:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(force_insert=True)
        tally.created.append(key)
    elif different := differing(row, values):
        for name in different:
            setattr(row, name, values[name])
        row.save(update_fields=different)
        # What is new this time was told as a whole.
        if key not in tally.created:
            tally.changed[key] = [name.removesuffix("_id") for name in different]
    elif key not in tally.created:
        tally.unchanged += 1


def differing(row: models.Model, values: Mapping[str, Any]) -> list[str]:
    return [name for name, value in values.items() if getattr(row, name) != value]


def clear_out(
    vanished: Mapping[str, Row],
    tally: Tally,
    retirement: Callable[[Row], Mapping[str, Any]] = lambda _row: {},
    *,
    besides: type[models.Model] | None = None,
) -> None:
    """Delete the rows nothing refers to any more, innermost first; what is in use stays, retired.

    `retirement` gives the values a retired row has; where it has them already, nobody speaks of it again. Rows of
    `besides` go with what they point at.
    """
    left = dict(sorted(vanished.items(), key=lambda pair: pair[1].pk))
    while unused := [k for k, row in left.items() if not is_referred_to(row, besides=besides)]:
        for key in unused:
            left.pop(key).delete()
        tally.deleted += unused
    for key, row in left.items():
        values = retirement(row)
        if different := differing(row, values):
            for name in different:
                setattr(row, name, values[name])
            row.save(update_fields=different)
            tally.retired.append(key)


def is_referred_to(row: models.Model, *, besides: type[models.Model] | None = None) -> bool:
    """Whether a row of any other model than `besides` points at this one."""
    relations = [r for r in row._meta.related_objects if r.related_model is not besides]
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
