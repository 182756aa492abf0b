"""What people may attach: what a file is, its content says, and its name is made harmless."""

import hashlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from concerns.actions.uploads import (
    ENDINGS,
    LONGEST_NAME,
    checked,
    clean_name,
    must_fit,
    photo_name,
)
from concerns.errors import Invalid
from tests.support.files import (
    DOCX,
    GIF,
    HEIC,
    HTML,
    JPEG,
    ODT,
    OPEN_PARTS,
    PDF,
    PNG,
    SVG,
    WEBP,
    WORD_PARTS,
    photo_of,
    upload,
    zipped,
)
from tests.support.photos import bomb

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OPEN = "application/vnd.oasis.opendocument.text"


def type_of(content: bytes, name: str = "x") -> str:
    return checked([upload(content, name)])[0].media_type


def refusal_of(*uploads) -> tuple[str, str]:
    with pytest.raises(Invalid) as refusal:
        checked(list(uploads))
    return refusal.value.field, str(refusal.value.message)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (JPEG, "image/jpeg"),
        (PNG, "image/png"),
        (GIF, "image/gif"),
        (WEBP, "image/webp"),
        (HEIC, "image/heic"),
        (PDF, "application/pdf"),
        (ODT, OPEN),
        (DOCX, WORD),
        (b"The hole is deep.\r\n", "text/plain"),
        ("Das Loch ist größer.".encode("latin-1"), "text/plain"),
    ],
)
def test_a_file_is_what_its_content_says(content, media_type):
    assert type_of(content) == media_type


@pytest.mark.parametrize("name", ["x.png", "x.jpg", "x.txt", "x.exe", "x.html", "x"])
def test_its_name_does_not_make_it_anything_else(name):
    assert type_of(PNG, name) == "image/png"


REFUSED = {
    "markup": HTML,
    "drawing": SVG,
    "markup behind white space": b"\n\n  <HTML><body>",
    "markup behind words": b"Look: <script>alert(1)</script>",
    "markup behind many words": b"x" * 65_530 + b"<script>",
    "php": b"<?php system('id');",
    "xml": b'<?xml version="1.0"?><a/>',
    "shell script": b"#!/bin/sh\nrm -rf /\n",
    "shell script with a mark": b"\xef\xbb\xbf#!/bin/sh\n",
    "program": b"MZ\x90\0\3\0\0\0",
    "elf": b"\x7fELF\2\1\1\0",
    "bytes": bytes(range(256)),
    "words before a PDF": b"\0junk\n" + PDF,
    "archive": zipped({"a.txt": "a"}),
    "sheet": zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<x/>"}),
    "document with macros": zipped({**WORD_PARTS, "word/vbaProject.bin": "x"}),
    "open document with macros": zipped({**OPEN_PARTS, "Basic/script-lc.xml": "x"}),
    "open document with scripts": zipped({**OPEN_PARTS, "Scripts/python/x.py": "x"}),
    "film": b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + b"\0" * 24,
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("name", ["x.txt", "x.png", "x.docx", "x"])
def test_what_could_run_is_refused_whatever_its_name(content, name):
    field, words = refusal_of(upload(content, name))

    assert (field, words[:37]) == ("files.0", "Files of this kind cannot be taken. P")


@pytest.mark.parametrize("name", ["run.bat", "page.html", "x.js", "x.svg", "x.txt.vbs", "x.csv"])
def test_text_that_calls_itself_something_else_is_refused(name):
    assert refusal_of(upload(b"format c:", name))[0] == "files.0"


def test_it_is_known_by_its_hash_and_size():
    one = checked([upload(PDF, "a.pdf")])[0]

    assert (one.size, one.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())


def test_no_file_is_too_few():
    assert refusal_of() == ("files", "Please choose at least one file.")


def test_an_empty_file_is_refused_by_its_place():
    assert refusal_of(upload(), upload(b"")) == (
        "files.1",
        "This file is empty. Please choose another one.",
    )


def test_a_file_may_be_as_large_as_the_limit_and_no_larger(settings):
    settings.LARGEST_FILE = len(PNG)

    assert len(checked([upload(PNG)])) == 1
    assert refusal_of(upload(PNG + b"\0"))[0] == "files.0"


def test_all_files_together_may_be_as_large_as_the_limit(settings):
    settings.LARGEST_FILES_PER_CONCERN = 3 * len(PNG)

    must_fit([len(PNG)] * 2, there=1, bytes_there=len(PNG))
    with pytest.raises(Invalid) as refusal:
        must_fit([len(PNG)] * 2, there=1, bytes_there=len(PNG) + 1)
    assert refusal.value.field == "files"
    assert refusal_of(*[upload()] * 4)[0] == "files"


def test_a_concern_holds_ten_files_at_most():
    must_fit([1] * 9, there=1)
    with pytest.raises(Invalid) as refusal:
        must_fit([1] * 10, there=1)
    assert refusal.value.field == "files"


def test_of_thirty_photos_none_is_looked_at(monkeypatch):
    monkeypatch.setattr("concerns.actions.uploads.look", lambda *_given: pytest.fail("looked at"))

    assert refusal_of(*[upload()] * 30) == (
        "files",
        "A concern can have up to 10 files. Please choose the most telling ones.",
    )


@pytest.mark.parametrize("media_type", ["image/png", "image/gif", "image/webp"])
def test_a_decompression_bomb_is_refused_by_its_pixels(media_type):
    assert refusal_of(upload(), upload(bomb(media_type), "hole.jpg")) == (
        "files.1",
        "A photo can have up to 70 megapixels. Please send it in a smaller size.",
    )


def test_half_a_photo_is_refused_at_once_with_what_to_do():
    whole = noise()

    assert type_of(whole) == "image/jpeg"
    assert refusal_of(upload(whole[: len(whole) // 2], "hole.jpg")) == (
        "files.0",
        "This photo is incomplete or damaged. Please choose it again, or take a new one.",
    )


def noise() -> bytes:
    return photo_of(Image.effect_noise((400, 300), 80))


@pytest.mark.parametrize(
    "begin", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 "]
)
@pytest.mark.parametrize("behind", [HTML, SVG, PDF, b"\0" * 5000], ids=["html", "svg", "pdf", "0"])
def test_what_only_begins_like_a_photo_is_refused(begin, behind):
    field, words = refusal_of(upload(begin + behind, "hole.jpg"))

    assert (field, words[:32]) == ("files.0", "This photo is incomplete or dama")


@pytest.mark.parametrize("content", [HTML, SVG])
def test_a_page_called_a_photo_is_refused(content):
    assert (
        refusal_of(upload(content, "hole.jpg"))[1][:37] == "Files of this kind cannot be taken. P"
    )


def test_a_pdf_that_is_a_page_and_an_archive_too_is_a_pdf_and_nothing_else():
    """It is handed out as `application/pdf`, to be saved (tests/concerns/api/views/test_files.py)."""
    both = PDF + HTML + DOCX

    one = checked([upload(both, "plan.html")])[0]

    assert (one.media_type, one.name) == ("application/pdf", "plan.html.pdf")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("hole.png", "hole.jpg"),
        ("Hole.HEIC", "Hole.jpg"),
        ("hole.JPEG", "hole.JPEG"),
        ("a.b.webp", "a.b.jpg"),
        ("x" * 196 + ".png", "x" * 196 + ".jpg"),
        ("x" * 195 + ".heif", "x" * 195 + ".jpg"),
    ],
)
def test_a_photo_that_became_a_jpeg_is_called_one(given, kept):
    assert photo_name(given) == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("hole.jpg", "hole.jpg"),
        ("Loch im Gehweg (2).JPEG", "Loch im Gehweg (2).JPEG"),
        ("größer.jpg", "größer.jpg"),
        ("gro\u0308\u00dfer.jpg", "größer.jpg"),
        ("invoice.exe", "invoice.exe.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\rita\\hole.jpg", "hole.jpg"),
        ("photo\u202egpj.exe", "photogpj.exe.jpg"),
        ("a\0b\r\nc.jpg", "ab c.jpg"),
        ("a\tb\u2028c\u200b.jpg", "a b c.jpg"),
        ('a"b<c>d|e?f*g:h.jpg', "a_b_c_d_e_f_g_h.jpg"),
        ("  .hidden. ", "hidden.jpg"),
        (".jpg", "file.jpg"),
        ("", "file.jpg"),
        ("...", "file.jpg"),
        ("x" * 300 + ".jpg", "x" * 196 + ".jpg"),
    ],
)
def test_clean_name(given, kept):
    assert clean_name(given, "image/jpeg") == kept


@given(st.text(max_size=300), st.sampled_from(sorted(ENDINGS)))
@example("a" * 250 + ".\u202e", "image/png")
def test_a_clean_name_names_no_folder_steers_nothing_and_ends_as_it_must(name, media_type):
    kept = clean_name(name, media_type)

    assert kept.rpartition(".")[2].lower() in ENDINGS[media_type]
    assert [sign for sign in kept if sign in '/\\<>:"|?*' or not (sign.isprintable())] == []
    assert 0 < len(kept) <= LONGEST_NAME
    assert clean_name(kept, media_type) == kept
