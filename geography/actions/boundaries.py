"""Official boundaries in place of those a city's folder draws. Keys stay: rules and tickets point at the same areas."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from shapely import to_geojson
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from common.city import city
from common.city_files import Problems
from common.city_rows import Tally, clear_out, put
from common.city_schema import LONGEST_SLUG
from geography.actions.addresses import place_all
from geography.actions.loading import LEVEL_ABOVE, OFF_THE_MAP, drawn
from geography.actions.nearness import check_nearness
from geography.gazetteer import fold
from geography.models import Address, District
from geography.parsing.areas import Feature, read_features, united

Level = District.Level
Refuse = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Drawing:
    """An area of the file: what its table calls it (both may be empty, not at once), and its form."""

    code: str
    name: str
    form: BaseGeometry

    @property
    def said(self) -> str:
        return self.name or self.code


@transaction.atomic
def load_boundaries(*, file: Path, level: str, key_field: str = "", name_field: str = "") -> Tally:
    """Give the areas of one level the forms of an official file, which must hold them all; new ones are added.

    An area is known by its key or number, else by its name in any language. Official areas of before that left the
    file go, or leave the map. Raises common.city_files.CityDataRefused with every problem found; nothing is written
    then.
    """
    problems = Problems(file.parent)
    refuse = partial(problems.add, file.name, "the file")
    features = read_features(problems, file.name)
    problems.raise_any()
    check_nearness(problems, file.name, united([one.form for one in features]).bounds)
    drawings = _drawings(features, level, (key_field, name_field), refuse)
    problems.raise_any()
    found = _matched(drawings, level, refuse)
    problems.raise_any()
    tally = Tally(f"areas of level {level}")
    for key, (row, drawing) in found.items():
        put(row, key, _values(row, drawing, level), tally)
    vanished = District.objects.filter(level=level, official=True).exclude(key__in=found)
    clear_out({row.key: row for row in vanished}, tally, lambda _row: OFF_THE_MAP, besides=Address)
    place_all()
    return tally


def _drawings(
    features: Sequence[Feature], level: str, fields: tuple[str, str], refuse: Refuse
) -> list[Drawing]:
    """The areas of the file; parts with the same code and name are one area, and at level city all are."""
    known = sorted({field for feature in features for field in feature.properties})
    if level != Level.CITY and not any(fields):
        refuse(f"Name the field with the key or the name of an area. Its fields: {_list(known)}.")
        return []
    if strange := [field for field in fields if field and field not in known]:
        refuse(f"has no field {_list(strange)}. Its fields: {_list(known)}.")
        return []
    parts: dict[tuple[str, str], list[BaseGeometry]] = {}
    for feature in features:
        code, name = (_text(feature.properties.get(field)) for field in fields)
        if level != Level.CITY and not (code or name):
            refuse(f"has an area without {_list([f for f in fields if f])}. Fill it in.")
        parts.setdefault(("", "") if level == Level.CITY else (code, name), []).append(feature.form)
    return [Drawing(code, name, united(forms)) for (code, name), forms in parts.items()]


def _text(value: object) -> str:
    """Tables of shapes keep numbers with or without decimals."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _list(words: Sequence[str]) -> str:
    return ", ".join(words) or "none"


def _matched(
    drawings: Sequence[Drawing], level: str, refuse: Refuse
) -> dict[str, tuple[District, Drawing]]:
    """The row for each drawing by key, a new one where none is meant; what does not add up is refused."""
    rows = list(District.objects.filter(level=level))
    found: dict[str, tuple[District, Drawing]] = {}
    for drawing in drawings:
        row = _row_for(drawing, rows, level)
        if row.key in found:
            refuse(f"holds two areas for '{row.key}': {found[row.key][1].said} and {drawing.said}.")
        found[row.key] = row, drawing
    drawn_here = [row for row in rows if not row.official and row.west != OFF_THE_MAP["west"]]
    if missing := [row.name for row in drawn_here if row.key not in found]:
        held = _list([drawing.said for drawing in drawings])
        refuse(
            f"holds nothing for {_list(missing)}. It holds: {held}. Is it the right level, and the right field?"
        )
    return found


def _row_for(drawing: Drawing, rows: Sequence[District], level: str) -> District:
    if level == Level.CITY:
        return rows[0]
    by_code = (row for row in rows if drawing.code and _is_called(row, drawing.code))
    by_name = (row for row in rows if fold(drawing.said) in map(fold, row.names.values()))
    return next(by_code, None) or next(by_name, None) or District(key=_new_key(drawing, level))


def _is_called(row: District, code: str) -> bool:
    """Numbers are the same with and without leading zeros."""
    if code.isdigit() and row.number.isdigit():
        return int(code) == int(row.number)
    return code in (row.key, row.number)


def _new_key(drawing: Drawing, level: str) -> str:
    key = fold(drawing.said).replace(" ", "-")[:LONGEST_SLUG].strip("-")
    if District.objects.filter(key=key).exists():
        key = f"{level}-{key}"[:LONGEST_SLUG].strip("-")
    return key


def _values(row: District, drawing: Drawing, level: str) -> dict[str, Any]:
    geometry: dict[str, Any] = json.loads(to_geojson(drawing.form))
    values = {**drawn(geometry), "schematic": False, "official": True}
    if row.pk is None:
        values |= {
            "key": row.key,
            "number": drawing.code,
            "names": dict.fromkeys(city().languages, drawing.said),
            "level": level,
            "parent_id": _parent_of(drawing, level),
        }
    return values


def _parent_of(drawing: Drawing, level: str) -> int | None:
    """The area of the level above that holds the middle; None where none is drawn there yet."""
    middle = drawing.form.representative_point()
    above = District.objects.filter(level=LEVEL_ABOVE[Level(level)])
    return next((row.pk for row in above if shape(row.geometry).covers(middle)), None)
