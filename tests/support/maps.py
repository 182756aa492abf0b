"""Files as surveying offices give them out, drawn by a test."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import shapefile
from pyproj import CRS, Transformer
from shapely import transform
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry


def to_utm(form: BaseGeometry) -> BaseGeometry:
    """From degrees to the metres of EPSG:25832."""
    convert = Transformer.from_crs(4326, 25832, always_xy=True).transform
    return transform(form, convert, interleaved=False)


def feature(form: BaseGeometry, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": mapping(form)}


def collection(*features: dict[str, Any], crs: str = "") -> str:
    """GeoJSON; with `crs` in the older form that names the coordinate system."""
    said = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
    return json.dumps({"type": "FeatureCollection", **said, "features": features})


def shapes_zip(
    path: Path,
    rows: list[tuple[str, int, BaseGeometry]],
    code: int | None,
    *,
    encoding: str = "utf-8",
    cpg: str = "",
    leave_out: str = "",
    broken: str = "",
) -> Path:
    """ESRI shapes with the fields NAME and NR; `code` is the EPSG number for the .prj, None for a zip without."""
    parts = {ending: io.BytesIO() for ending in (".shp", ".shx", ".dbf")}
    streams = {ending[1:]: stream for ending, stream in parts.items()}
    with shapefile.Writer(**streams, encoding=encoding) as writer:
        writer.field("NAME", "C", size=40)
        writer.field("NR", "N")
        for name, number, form in rows:
            writer.record(name, number)
            writer.shape(mapping(form))
    contents = {ending: stream.getvalue() for ending, stream in parts.items()}
    contents[".prj"] = CRS(code).to_wkt("WKT1_ESRI").encode() if code else b""
    contents[".cpg"] = cpg.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for ending, content in contents.items():
            if content and ending != leave_out:
                archive.writestr(
                    f"export/areas{ending}", content[:40] if ending == broken else content
                )
    return path
