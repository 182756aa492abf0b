"""Files people send: the smallest of each kind, forms that carry them, and a store of a test's own."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from concerns.models.attachment import attachment_storage
from tests.support.rest import Rest

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 24
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 24
GIF = b"GIF89a" + b"\0" * 24
WEBP = b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 24
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 24
PDF = b"%PDF-1.7\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><title>x</title>"


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
