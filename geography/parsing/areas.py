"""Areas from official files: GeoJSON, or ESRI shapes in a zip."""

import codecs
import io
import json
import struct
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import shapefile
from shapely import force_2d, make_valid, set_precision, transform
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from common.city_files import Problems
from geography.parsing.coordinates import UnknownSystem, system_of, to_degrees

# A hundredth of a metre; what computers write beyond that is noise.
PRECISION = 1e-7
PARTS = (".shp", ".dbf", ".shx")
AGAIN = "Export the file again."


@dataclass(frozen=True, slots=True)
class Feature:
    """One area of a file: what its table says of it, and its form in degrees WGS84."""

    properties: Mapping[str, Any]
    form: BaseGeometry


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds, as it stands there; `declared` names the coordinate system, if the file does."""

    declared: str
    rows: list[tuple[Mapping[str, Any], Any]]


class Unreadable(ValueError):
    """The file holds no areas we can read; the words go behind its name."""


def read_features(problems: Problems, file: str) -> list[Feature]:
    """The areas of a file; reported, and an empty list, when it cannot be used as a whole."""
    try:
        content = _content((problems.folder / file).read_bytes())
        forms = [(properties, _form(raw)) for properties, raw in content.rows]
        return list(_in_degrees(forms, content.declared))
    except OSError as error:
        problems.add(file, "the file", f"cannot be read ({error.strerror}).")
    except (Unreadable, UnknownSystem) as error:
        problems.add(file, "the file", str(error))
    return []


def _content(raw: bytes) -> Content:
    content = _shapes(raw) if zipfile.is_zipfile(io.BytesIO(raw)) else _geojson(raw)
    if not content.rows:
        raise Unreadable(f"holds no areas. {AGAIN}")
    return content


def _geojson(raw: bytes) -> Content:
    try:
        collection = json.loads(raw)
    except ValueError:
        raise Unreadable(
            "is neither GeoJSON nor a zip of shapes (.shp with its .dbf and .prj). Choose another file."
        ) from None
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        raise Unreadable("must be a GeoJSON FeatureCollection (RFC 7946).")
    crs = collection.get("crs") or {}
    properties = crs.get("properties") if isinstance(crs, dict) else None
    declared = properties.get("name", "") if isinstance(properties, dict) else ""
    return Content(
        str(declared), [(one.get("properties") or {}, one.get("geometry")) for one in features]
    )


def _shapes(raw: bytes) -> Content:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = {PurePosixPath(name.lower()): name for name in archive.namelist()}
        found = [path for path in names if path.suffix == ".shp" and path.parts[0] != "__macosx"]
        if len(found) != 1:
            raise Unreadable(f"must hold one file .shp; it holds {len(found)}.")

        def part(ending: str) -> bytes | None:
            name = names.get(found[0].with_suffix(ending))
            return archive.read(name) if name else None

        parts = {ending: part(ending) for ending in (*PARTS, ".prj", ".cpg")}
    if parts[".dbf"] is None:
        raise Unreadable("lacks the file .dbf, which holds the names. Zip all parts together.")
    declared = (parts[".prj"] or b"").decode("utf-8", "replace").strip()
    return Content(declared, _rows(parts))


def _rows(parts: Mapping[str, bytes | None]) -> list[tuple[Mapping[str, Any], Any]]:
    for encoding in _encodings((parts[".cpg"] or b"").decode("ascii", "ignore").strip()):
        streams = {
            ending[1:]: io.BytesIO(parts[ending] or b"") for ending in PARTS if parts[ending]
        }
        try:
            with shapefile.Reader(**streams, encoding=encoding) as reader:
                return [
                    (one.record.as_dict(), one.shape.__geo_interface__)
                    for one in reader.iterShapeRecords()
                ]
        except shapefile.dbfFileException:
            continue
        except (shapefile.ShapefileException, struct.error, ValueError, OSError):
            raise Unreadable(f"holds shapes that cannot be read. {AGAIN}") from None
    raise Unreadable(f"holds a table (.dbf) that cannot be read. {AGAIN}")


def _encodings(said: str) -> list[str]:
    """What the .cpg names; without it UTF-8, then the Windows code page, in which older programs write."""
    name = f"cp{said}" if said.isdigit() else said
    try:
        return [codecs.lookup(name).name]
    except LookupError:
        return ["utf-8", "cp1252"]


def _form(raw: Any) -> BaseGeometry:  # noqa: ANN401 - whatever the file holds
    if not isinstance(raw, dict) or raw.get("type") not in ("Polygon", "MultiPolygon"):
        raise Unreadable("must hold areas only (Polygon or MultiPolygon).")
    try:
        form = force_2d(shape(raw))
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        raise Unreadable(f"has coordinates that cannot be read. {AGAIN}") from None
    if form.is_empty:
        raise Unreadable(f"holds an area without coordinates. {AGAIN}")
    return form


def _in_degrees(
    forms: list[tuple[Mapping[str, Any], BaseGeometry]], declared: str
) -> Iterator[Feature]:
    edges = list(zip(*(form.bounds for _, form in forms), strict=True))
    bounds = (min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3]))
    convert = to_degrees(system_of(bounds, declared))
    for properties, form in forms:
        yield Feature(
            properties,
            united(
                [
                    transform(
                        form, lambda points: np.column_stack(convert(points[:, 0], points[:, 1]))
                    )
                ]
            ),
        )


def united(forms: Iterable[BaseGeometry]) -> BaseGeometry:
    """One clean area; lines and points that repairing leaves over are dropped."""
    whole = set_precision(unary_union([make_valid(form) for form in forms]), PRECISION)
    parts = getattr(whole, "geoms", [whole])
    flat = [part for part in parts if isinstance(part, Polygon)]
    flat += [p for part in parts if isinstance(part, MultiPolygon) for p in part.geoms]
    return flat[0] if len(flat) == 1 else MultiPolygon(flat)
