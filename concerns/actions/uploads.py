"""Files as people send them, checked before anything is stored: how many, how large, and what they really are.

What a file is, its content says. Its name is only kept, made harmless, and given an ending that fits the content: a
photo called `invoice.exe` is saved as `invoice.exe.jpg` and opens as a photo. Of photos only the header is looked at
here; what else must hold, a worker finds out (`actions/preparing.py`).
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import filetype
from django.conf import settings
from django.utils.translation import gettext as _
from filetype.types import archive, document, image

from common.photos import JPEG, MOST_PIXELS, READERS, TooManyPixels, Unreadable, look
from concerns.errors import Invalid

if TYPE_CHECKING:
    from django.core.files.base import File

Upload: TypeAlias = "File[bytes]"

PHOTOS = frozenset(READERS)
LONGEST_NAME = 200
HEAD = 8192
TEXT = "text/plain"
WORD = document.Docx.MIME
# The endings a file of each type may have; the first is given to those that have another.
ENDINGS: Mapping[str, tuple[str, ...]] = {
    image.Jpeg.MIME: ("jpg", "jpeg"),
    image.Png.MIME: ("png",),
    image.Webp.MIME: ("webp",),
    image.Gif.MIME: ("gif",),
    image.Heic.MIME: ("heic", "heif"),
    archive.Pdf.MIME: ("pdf",),
    document.Odt.MIME: ("odt",),
    WORD: ("docx",),
    TEXT: ("txt",),
}
SIGNED = (
    image.Jpeg(),
    image.Png(),
    image.Webp(),
    image.Gif(),
    image.Heic(),
    archive.Pdf(),
    document.Odt(),
)
ZIP = b"PK\x03\x04"
# Names of entries stand uncompressed in a zip; looking for them needs no unpacking, which a bomb would wait for.
PARTS_OF_WORD = (b"[Content_Types].xml", b"word/document.xml")
MACROS = re.compile(rb"vbaProject|Basic/script-lc|Scripts/")
NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
# What a browser or a shell would run, however the file is called.
MARKUP = re.compile(
    rb"<\s*(!doctype|\?xml|\?php|html|head|body|script|svg|iframe|object|embed)", re.IGNORECASE
)
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
UNSAFE_IN_NAMES = re.compile(r'[<>:"|?*]')


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be stored."""

    name: str
    media_type: str
    size: int
    sha256: str
    content: Upload


def checked(uploads: Sequence[Upload]) -> list[Checked]:
    """The files, each with its cleaned name and its true type. It takes a while: lock nothing before.

    Raises Invalid; its field is `files`, or `files.<place>` for one of them.
    """
    if not uploads:
        raise Invalid(_("Please choose at least one file."), field="files")
    must_fit([one.size for one in uploads])
    return [check_one(upload, f"files.{place}") for place, upload in enumerate(uploads)]


def must_fit(sizes: Sequence[int], *, there: int = 0, bytes_there: int = 0) -> None:
    """Raise Invalid for more than a concern may have, beside the files that are there already."""
    if there + len(sizes) > settings.MOST_FILES_PER_CONCERN:
        words = _("A concern can have up to %(limit)d files. Please choose the most telling ones.")
        raise Invalid(words % {"limit": settings.MOST_FILES_PER_CONCERN}, field="files")
    if bytes_there + sum(sizes) > settings.LARGEST_FILES_PER_CONCERN:
        words = _("All files of a concern together can have up to %(limit)d MB.")
        limit = settings.LARGEST_FILES_PER_CONCERN // settings.MEGABYTE
        raise Invalid(words % {"limit": limit}, field="files")


def check_one(upload: Upload, field: str) -> Checked:
    if not upload.size:
        raise Invalid(_("This file is empty. Please choose another one."), field=field)
    if upload.size > settings.LARGEST_FILE:
        words = _("A file can have up to %(limit)d MB. Please make it smaller.")
        limit = settings.LARGEST_FILE // settings.MEGABYTE
        raise Invalid(words % {"limit": limit}, field=field)
    given = upload.name or ""
    media_type = media_type_of(upload, given)
    if not media_type:
        words = _(
            "Files of this kind cannot be taken. Please send a photo (JPEG, PNG, WebP, GIF, HEIC), a PDF, a text (TXT) "
            "or a document (ODT, DOCX)."
        )
        raise Invalid(words, field=field)
    if media_type in PHOTOS:
        must_be_photo(upload, media_type, field)
    return Checked(
        clean_name(given, media_type), media_type, upload.size, sha256_of(upload), upload
    )


def must_be_photo(upload: Upload, media_type: str, field: str) -> None:
    try:
        look(upload, media_type)
    except Unreadable:
        words = _("This photo is incomplete or damaged. Please choose it again, or take a new one.")
        raise Invalid(words, field=field) from None
    except TooManyPixels:
        words = _("A photo can have up to %(limit)d megapixels. Please send it in a smaller size.")
        raise Invalid(words % {"limit": MOST_PIXELS // 1_000_000}, field=field) from None


def media_type_of(upload: Upload, name: str) -> str:
    """What the content is, if it is something we take; else "".

    Plain text has no signature, so there the name must not say anything else either: a script is text, too.
    """
    upload.seek(0)
    head = upload.read(HEAD)
    kind = filetype.match(head, matchers=SIGNED)
    if kind:
        return "" if kind.mime == document.Odt.MIME and holds(upload, MACROS) else str(kind.mime)
    if head.startswith(ZIP):
        whole = all(holds(upload, re.compile(re.escape(part))) for part in PARTS_OF_WORD)
        return WORD if whole and not holds(upload, MACROS) else ""
    _stem, dot, ending = name.rpartition(".")
    if dot and ending.lower() not in ENDINGS[TEXT]:
        return ""
    runs = head.removeprefix(BYTE_ORDER_MARK).startswith(b"#!") or holds(upload, MARKUP)
    return "" if runs or holds(upload, NO_TEXT) else TEXT


def holds(upload: Upload, pattern: re.Pattern[bytes]) -> bool:
    return any(pattern.search(window) for window in windows(upload))


def windows(upload: Upload, overlap: int = 64) -> Iterator[bytes]:
    """The content piece by piece, each beginning with the end of the one before."""
    end = b""
    for chunk in upload.chunks():
        yield end + chunk
        end = chunk[-overlap:]


def sha256_of(upload: Upload) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def photo_name(name: str) -> str:
    """The name of a photo that became a JPEG."""
    stem, _dot, ending = name.rpartition(".")
    return name if ending.lower() in ENDINGS[JPEG] else clean_name(f"{stem}.jpg", JPEG)


def clean_name(name: str, media_type: str) -> str:
    """One line that names no folder and steers no writing direction, with an ending that fits the content."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(
        " " if sign.isspace() else sign
        for sign in last
        if sign.isspace() or unicodedata.category(sign)[0] != "C"
    )
    plain = " ".join(UNSAFE_IN_NAMES.sub("_", shown).split()).strip(". ")
    stem, _dot, ending = plain.rpartition(".")
    if ending.lower() not in ENDINGS[media_type]:
        stem, ending = plain, ENDINGS[media_type][0]
    stem = stem[: LONGEST_NAME - len(ending) - 1].strip(". ") or "file"
    return f"{stem}.{ending}"
