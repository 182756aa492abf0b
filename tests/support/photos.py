"""Photos with something hanging on them, and photos that are none."""

import io
import struct
import zlib
from typing import Any

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

SCHWEBEBAHN = (51.2562, 7.1508)
# A bit more than any phone makes.
SIDE = 16_000


def rationals(degrees: float) -> tuple[IFDRational, ...]:
    return (IFDRational(round(degrees * 10_000), 10_000), IFDRational(0, 1), IFDRational(0, 1))


def noted_at(
    lat: Any = (51, 15, 0), lon: Any = (7, 9, 0), lat_ref: str = "N", lon_ref: str = "E"
) -> dict[int, Any]:
    """What a camera notes of where it is."""
    return {
        ExifTags.GPS.GPSLatitude: lat,
        ExifTags.GPS.GPSLatitudeRef: lat_ref,
        ExifTags.GPS.GPSLongitude: lon,
        ExifTags.GPS.GPSLongitudeRef: lon_ref,
    }


def exif_at(lat: float, lon: float) -> Image.Exif:
    """A camera's notes: whose it is, which it is, and where it was."""
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Rita Roe"
    exif[ExifTags.Base.Make] = "Schwebe"
    exif[ExifTags.IFD.GPSInfo] = noted_at(
        rationals(abs(lat)), rationals(abs(lon)), "N" if lat > 0 else "S", "E" if lon > 0 else "W"
    )
    return exif


def metadata_in(content: bytes) -> set[str]:
    """What hangs on a JPEG, by a reading of its segments that knows nothing of Pillow's."""
    names = {0xE1: "exif", 0xE2: "icc", 0xED: "iptc", 0xFE: "comment"}
    found, place = set(), 2
    while content[place] == 0xFF and content[place + 1] != 0xDA:
        marker, length = content[place + 1], struct.unpack_from("!H", content, place + 2)[0]
        if marker == 0xE1 and content[place + 4 : place + 8] == b"http":
            found.add("xmp")
        elif marker in names:
            found.add(names[marker])
        elif 0xE0 < marker <= 0xEF and marker != 0xEE:
            found.add(f"segment {marker:x}")
        place += 2 + length
    return found


def bomb(media_type: str) -> bytes:
    """Some kilobytes that would be a gigabyte, drawn."""
    if media_type == "image/webp":
        out = io.BytesIO()
        Image.new("1", (SIDE, SIDE)).convert("RGB").save(out, "WEBP", lossless=True, method=0)
        return out.getvalue()
    if media_type == "image/gif":
        return (
            b"GIF89a"
            + struct.pack("<HH", SIDE, SIDE)
            + b"\0\0\0,"
            + struct.pack("<HHHH", 0, 0, SIDE, SIDE)
            + b"\0\2\2L\1\0;"
        )
    header = b"IHDR" + struct.pack("!LLBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    rows = b"IDAT" + zlib.compress(b"\0" * 1_000_000, 9)
    parts = (header, rows, b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack("!L", len(part) - 4) + part + struct.pack("!L", zlib.crc32(part))
        for part in parts
    )
