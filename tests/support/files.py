"""Files people send: small ones of each kind, forms that carry them, and a store of a test's own."""

import datetime as dt
import errno
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.core.files.uploadhandler import FileUploadHandler
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from common.clock import now
from concerns.models import Attachment
from concerns.models.attachment import attachment_storage
from tests.support.rest import Rest


def photo(
    kind: str = "JPEG", size: tuple[int, int] = (64, 48), color: Any = "teal", **more: Any
) -> bytes:
    """A photo of one colour, as Pillow writes it."""
    return photo_of(Image.new("RGB", size, color), kind, **more)


def photo_of(image: Image.Image, kind: str = "JPEG", **more: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


PNG, JPEG, GIF, WEBP, HEIC = (photo(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP", "HEIF"))
PDF = b"%PDF-1.7\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><title>x</title>"


class FullDisk(FileUploadHandler):
    """Receives uploads on a disk that is full."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        raise OSError(errno.ENOSPC, "No space left on device")

    def file_complete(self, file_size: int) -> None:
        """Never."""


def zipped(entries: Mapping[str, str]) -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, text, compress_type=kind)
    return stored.getvalue()


WORD_PARTS = {"[Content_Types].xml": "<Types/>", "_rels/.rels": "", "word/document.xml": "<w/>"}
OPEN_PARTS = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<office/>"}
DOCX, ODT = zipped(WORD_PARTS), zipped(OPEN_PARTS)


def upload(content: bytes = PNG, name: str = "hole.png") -> ContentFile:
    return ContentFile(content, name=name)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where attachments of this test are kept."""
    folder = tmp_path / "attachments"
    monkeypatch.setitem(vars(attachment_storage()), "location", str(folder))
    return folder


class Bucket(Storage):
    """A store as S3 is one: no paths, and folders only as beginnings of names."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[dt.datetime, bytes]] = {}

    def _save(self, name: str, content: File) -> str:
        self.kept[name] = (now(), b"".join(content.chunks()))
        return name

    def _open(self, name: str, mode: str) -> File:
        if name not in self.kept:
            raise FileNotFoundError(name)
        return File(io.BytesIO(self.kept[name][1]), name)

    def exists(self, name: str) -> bool:
        return name in self.kept

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)

    def get_modified_time(self, name: str) -> dt.datetime:
        return self.kept[name][0]

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        split = [
            name.removeprefix(f"{path}/" if path else "").partition("/")
            for name in self.kept
            if name.startswith(path)
        ]
        folders = sorted({first for first, _slash, rest in split if rest})
        return folders, sorted(first for first, _slash, rest in split if not rest)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """Attachments of this test are kept in a bucket."""
    kept = Bucket()
    monkeypatch.setitem(storages._storages, "attachments", kept)
    monkeypatch.setattr(Attachment._meta.get_field("file"), "storage", kept)
    return kept


def stored_in(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def form(rest: Rest, path: str, parts: Mapping[str, Any], *, key: str = "", **headers: str):
    """Send a form; parts that are no files are sent as JSON."""
    drawn = {
        name: value if name == "files" or hasattr(value, "read") else json.dumps(value)
        for name, value in parts.items()
    }
    body = encode_multipart(BOUNDARY, drawn)
    named = {"Idempotency_Key": key or str(uuid4()), **headers}
    return rest.send("POST", path, body, kind=MULTIPART_CONTENT, **named)
