"""Photos people send: looked at by their header, drawn anew without anything that hangs on them.

A web process only looks: it has no memory for a whole photo. A worker draws. What comes out is a JPEG in sRGB of which
we wrote every byte: no place, no camera, no owner, no thumbnail of what was cut off, no second file behind the first.
"""

import io
import math
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any

import pillow_heif
from PIL import ExifTags, Image, ImageCms, ImageOps, WebPImagePlugin

pillow_heif.register_heif_opener(thumbnails=False)

JPEG, HEIC = "image/jpeg", "image/heic"
# The one reader that may try each type: what claims to be a PNG never reaches the reader of another format.
READERS: Mapping[str, str] = {
    JPEG: "JPEG",
    "image/png": "PNG",
    "image/webp": WebPImagePlugin.WebPImageFile.format,
    "image/gif": "GIF",
    HEIC: "HEIF",
}
# Phones of 64 megapixels; the largest drawing without steps in between (RGBA) takes a worker 280 MB.
MOST_PIXELS = 70_000_000
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
# A progressive JPEG is held whole, however small it is drawn: up to 6 bytes for each of these pixels.
MOST_PIXELS_AT_ONCE = 8_000_000
GLANCE = 8
# Longest side in pixels, largest first: each is drawn from the one before.
SIZES: Mapping[str, int] = {"large": 2560, "medium": 1024, "small": 256}
QUALITY = 85
# What Pillow's readers raise on bytes that are no photo.
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    LookupError,
    ArithmeticError,
    RuntimeError,
    struct.error,
    zlib.error,
)
TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class Unreadable(Exception):
    """The bytes are no photo, or not all of one."""


class TooManyPixels(Exception):
    """The photo would need more memory than it is worth."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A photo as we keep it: its JPEGs by size, and how large the largest is in pixels."""

    width: int
    height: int
    content: Mapping[str, bytes]


def look(file: IO[bytes], media_type: str) -> None:
    """See whether it is a photo we can draw, in little memory; of most JPEGs also whether their end is there.

    Raises Unreadable and TooManyPixels. What it lets pass may still turn out unreadable when it is drawn.
    """
    with read(), opened(file, media_type) as photo:
        if media_type == JPEG and fits_at_once(photo):
            photo.draft("RGB", (photo.width // GLANCE, photo.height // GLANCE))
            photo.load()


@contextmanager
def read() -> Iterator[None]:
    """Tell in our words what Pillow's readers raise, whether they read the header or the whole."""
    try:
        yield
    except TOO_LARGE:
        raise TooManyPixels from None
    except UNREADABLE as fault:
        raise Unreadable from fault


def fits_at_once(photo: Image.Image) -> bool:
    return "progressive" not in photo.info or photo.width * photo.height <= MOST_PIXELS_AT_ONCE


def opened(file: IO[bytes], media_type: str) -> Image.Image:
    """The header; nothing is decoded yet."""
    file.seek(0)
    photo = Image.open(file, formats=[READERS[media_type]])
    if photo.width * photo.height > MOST_PIXELS:
        raise TooManyPixels
    return photo


def draw(content: bytes, media_type: str) -> Drawn:
    """The photo in all sizes, upright, without metadata; of a moving one the first picture. Raises as `look` does."""
    with read(), opened(io.BytesIO(content), media_type) as photo:
        shown = upright(photo, media_type)
    drawn: dict[str, bytes] = {}
    width, height = shown.size
    for size, longest in SIZES.items():
        shown.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        drawn[size] = jpeg(shown)
    return Drawn(width, height, drawn)


def upright(photo: Image.Image, media_type: str) -> Image.Image:
    """In sRGB, at most as large as the largest size, the side up that was up."""
    longest = SIZES["large"]
    if media_type == JPEG:
        photo.draft(None, (longest, longest))
    photo.load()
    shrunk = photo
    if photo.mode in ("1", "P", "PA"):
        shrunk = photo.convert("RGBA")
    elif photo.mode.startswith("I;16"):
        shrunk = photo.point(lambda value: value / 256).convert("L")
    shrunk.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    shown = ImageOps.exif_transpose(shrunk)
    return on_white(shown) if shown.has_transparency_data else in_srgb(shown)


def on_white(photo: Image.Image) -> Image.Image:
    ground = Image.new("RGBA", photo.size, "white")
    ground.alpha_composite(photo.convert("RGBA"))
    return ground.convert("RGB")


def in_srgb(photo: Image.Image) -> Image.Image:
    """The colours as the profile means them; without one, or with a broken one, as they stand."""
    profile = photo.info.get("icc_profile")
    if profile and photo.mode in ("RGB", "CMYK", "L"):
        with suppress(ImageCms.PyCMSError, *UNREADABLE):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            meant = ImageCms.profileToProfile(photo, source, srgb, outputMode="RGB")
            if meant is not None:
                return meant
    return photo.convert("RGB")


def jpeg(photo: Image.Image) -> bytes:
    """Pixels alone: a copy of them knows nothing that Pillow could write along."""
    bare = Image.new(photo.mode, photo.size)
    bare.paste(photo)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def place_in(file: IO[bytes], media_type: str) -> tuple[float, float] | None:
    """Latitude and longitude as the camera noted them, in degrees WGS84; None where it noted none.

    Only for whoever was asked and agreed. Formats that cameras do not write are not looked into. Raises as `look` does.
    """
    if media_type not in (JPEG, HEIC):
        return None
    with read(), opened(file, media_type) as photo:
        noted = photo.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        lat = degrees(noted, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "S")
        lon = degrees(noted, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "W")
    # Cameras that lost their bearings note 0, 0.
    known = abs(lat) <= 90 and abs(lon) <= 180 and (lat, lon) != (0, 0)  # noqa: PLR2004 - degrees
    return (lat, lon) if known else None


def degrees(noted: Mapping[int, Any], value: int, reference: int, negative: str) -> float:
    """One coordinate out of degrees, minutes and seconds; not a number where it is not whole."""
    parts = noted.get(value)
    side = str(noted.get(reference, "")).strip("\0 ").upper()
    if not isinstance(parts, tuple) or len(parts) != 3 or not side:  # noqa: PLR2004 - see above
        return math.nan
    found: float = sum(float(part) / 60**power for power, part in enumerate(parts))
    return round(-found if side == negative else found, 6)
