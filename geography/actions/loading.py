"""Areas from a city's districts.geojson. Reading reports problems; writing supposes there were none."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.validation import explain_validity

from common.city_files import Problems, Record, Sheet, read_text
from common.city_rows import Tally, clear_out, put
from common.city_schema import Field, flag, one_of, slug, text, words
from geography.models import Address, District

FILE = "districts.geojson"
Level = District.Level
# What an area may lie in.
LEVEL_ABOVE = {Level.DISTRICT: Level.CITY, Level.QUARTER: Level.DISTRICT}
# A box that holds no point on earth, so that `geography.queries.locate` never finds the area again.
OFF_THE_MAP = {"west": 181.0, "east": -181.0, "south": 91.0, "north": -91.0}
AGAIN = "Export the file again."
METRES = "Degrees are wanted (WGS84, longitude first), these look like metres."


def read_districts(problems: Problems, languages: tuple[str, ...]) -> Sheet:
    """The features of the file by the key in their properties, the city first, quarters last."""
    fields = {
        "key": Field(slug),
        "level": Field(one_of(Level.values)),
        "names": Field(words(languages)),
        "number": Field(text(20), default=""),
        "parent": Field(slug, default=None),
        "schematic": Field(flag, default=False),
        "geometry": Field(geometry),
    }
    sheet = Sheet(problems, FILE, "area")
    for nth, feature in enumerate(_features(sheet), start=1):
        sheet.add(_flat(feature), fields, nth=nth, parent=None)
    _check_levels(sheet)
    return sheet


def _features(sheet: Sheet) -> list[Any]:
    """The features of the file; reported, none, and the sheet incomplete when it holds no collection of them."""
    content = read_text(sheet.problems, FILE)
    if content is not None:
        try:
            collection = json.loads(content, parse_constant=_refuse_constant)
        except json.JSONDecodeError as error:
            sheet.problems.add(FILE, f"line {error.lineno}", f"is no JSON ({error.msg}). {AGAIN}")
        except ValueError as error:
            sheet.problems.add(FILE, "the file", f"is no JSON: {error}. {AGAIN}")
        else:
            features = collection.get("features") if isinstance(collection, dict) else None
            if isinstance(features, list):
                return features
            sheet.problems.add(FILE, "the file", "must be a GeoJSON FeatureCollection (RFC 7946).")
    sheet.complete = False
    return []


def _flat(feature: object) -> dict[str, Any]:
    """Properties and geometry of a feature side by side, as one record."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(feature, dict) or not isinstance(properties, dict):
        return {}
    return {**properties, "geometry": feature.get("geometry")}


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no coordinate")


def geometry(value: object) -> str:
    """Complains of anything but a valid Polygon or MultiPolygon in degrees."""
    if not isinstance(value, dict) or value.get("type") not in ("Polygon", "MultiPolygon"):
        return "must be a Polygon or a MultiPolygon."
    try:
        form = shape(value)
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        return f"has coordinates that cannot be read ({error}). Export the area again."
    if form.is_empty:
        return "has no coordinates. Export the area again."
    west, south, east, north = form.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:  # noqa: PLR2004 - degrees
        return METRES
    return (
        ""
        if form.is_valid
        else f"is no clean area: {explain_validity(form)}. Repair it in your map program."
    )


def _check_levels(sheet: Sheet) -> None:
    records = sheet.records.values()
    cities = [record.key for record in records if record.values["level"] == Level.CITY]
    if sheet.complete and len(cities) != 1:
        sheet.problems.add(
            FILE, "the file", f"must hold one area of level city; it holds {len(cities)}."
        )
    for record in records:
        _check_parent(sheet, record)


def _check_parent(sheet: Sheet, record: Record) -> None:
    level = record.values["level"]
    above = LEVEL_ABOVE.get(level)
    if above is None:
        if level == Level.CITY and record.values["parent"]:
            sheet.refuse(record.key, "parent: the city lies in no other area. Remove it.")
        return
    if record.values["parent"] is None:
        sheet.refuse(record.key, f"parent: name the {above} that this area lies in.")
        return
    parent = sheet.check_reference(record, "parent", sheet)
    if parent and parent.values["level"] != above:
        sheet.refuse(record.key, f"parent: '{parent.key}' is no {above}.")


def write_districts(sheet: Sheet) -> Tally:
    tally = Tally("areas")
    rows = {row.key: row for row in District.objects.all()}
    for level in Level:
        for key, record in sheet.records.items():
            if record.values["level"] == level:
                row = rows.setdefault(key, District(key=key))
                put(row, key, _values(record, rows), tally)
    return tally


def retire_districts(sheet: Sheet, tally: Tally) -> None:
    """Areas that left the file go, or leave the map when work refers to them. Official ones need not stand there."""
    vanished = District.objects.filter(official=False).exclude(key__in=sheet.records)
    clear_out({row.key: row for row in vanished}, tally, lambda _row: OFF_THE_MAP, besides=Address)


def _values(record: Record, rows: Mapping[str, District]) -> dict[str, Any]:
    said = record.values
    values: dict[str, Any] = {name: said[name] for name in ("names", "number", "level")}
    values["parent_id"] = rows[said["parent"]].pk if said["parent"] else None
    if rows[record.key].official:
        return values
    return values | {"schematic": said["schematic"]} | drawn(said["geometry"])


def drawn(geometry: dict[str, Any]) -> dict[str, Any]:
    """What a row says of its form."""
    west, south, east, north = shape(geometry).bounds
    return {"geometry": geometry, "west": west, "south": south, "east": east, "north": north}
