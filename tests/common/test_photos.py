"""Photos: looked at in little memory, drawn anew with nothing that hung on them."""

import io
import struct
import zlib

import pytest
from PIL import ExifTags, Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import IFDRational

from common import photos
from common.photos import TooManyPixels, Unreadable, draw, look, place_in
from tests.support.files import GIF, HEIC, JPEG, PNG, WEBP, photo, photo_of
from tests.support.photos import SCHWEBEBAHN, bomb, exif_at, metadata_in, noted_at

KINDS = {
    "image/jpeg": JPEG,
    "image/png": PNG,
    "image/webp": WEBP,
    "image/gif": GIF,
    "image/heic": HEIC,
}


def seen(content: bytes, media_type: str = "image/jpeg") -> None:
    look(io.BytesIO(content), media_type)


def sizes_of(drawn: photos.Drawn) -> dict[str, tuple[int, int]]:
    return {size: opened(content).size for size, content in drawn.content.items()}


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("media_type", KINDS)
def test_every_kind_is_seen_and_becomes_a_jpeg_of_its_colour(media_type):
    seen(KINDS[media_type], media_type)
    drawn = draw(KINDS[media_type], media_type)

    assert (drawn.width, drawn.height) == (64, 48)
    assert {opened(content).format for content in drawn.content.values()} == {"JPEG"}
    red, green, blue = opened(drawn.content["large"]).getpixel((32, 24))
    assert max(red, abs(green - 128), abs(blue - 128)) < 12


def test_a_photo_is_drawn_in_three_sizes_and_never_enlarged():
    assert sizes_of(draw(photo(size=(4000, 3000)), "image/jpeg")) == {
        "large": (2560, 1920),
        "medium": (1024, 768),
        "small": (256, 192),
    }
    assert sizes_of(draw(photo(size=(300, 100)), "image/jpeg")) == {
        "large": (300, 100),
        "medium": (300, 100),
        "small": (256, 85),
    }


def test_a_photo_of_one_pixel_and_a_strip_are_drawn():
    assert sizes_of(draw(photo(size=(1, 1)), "image/jpeg"))["small"] == (1, 1)
    assert sizes_of(draw(photo(size=(9000, 2)), "image/jpeg"))["small"] == (256, 1)


@pytest.mark.parametrize("media_type", [one for one in KINDS if one != "image/jpeg"])
def test_one_kind_is_not_read_as_another(media_type):
    for other, content in KINDS.items():
        if other != media_type:
            with pytest.raises(Unreadable):
                seen(content, media_type)
            with pytest.raises(Unreadable):
                draw(content, media_type)


@pytest.mark.parametrize("turned", range(1, 9))
def test_what_was_up_is_up(turned):
    """Drawn as the camera held it, with the note how to turn it; red stands at the top left in the end."""
    upright = Image.new("RGB", (64, 32), "blue")
    ImageDraw.Draw(upright).rectangle((0, 0, 31, 15), fill="red")
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    held = upright.transpose(Image.Transpose(undo[turned])) if turned in undo else upright
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = turned

    drawn = opened(draw(photo_of(held, exif=exif, quality=95), "image/jpeg").content["large"])

    assert drawn.size == (64, 32)
    corners = [drawn.getpixel(place) for place in ((8, 6), (56, 6), (8, 26), (56, 26))]
    assert [red > blue for red, _green, blue in corners] == [True, False, False, False]


def test_nothing_but_pixels_is_kept_of_a_jpeg():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    sent = photo(
        exif=exif_at(*SCHWEBEBAHN), comment=b"Rita Roe", xmp=b"<x:xmpmeta>Rita</x:xmpmeta>",
        icc_profile=profile, dpi=(300, 300),
    )  # fmt: skip
    assert metadata_in(sent) == {"exif", "xmp", "icc", "comment"}

    for content in draw(sent, "image/jpeg").content.values():
        assert metadata_in(content) == set()
        assert b"Rita" not in content


def test_nothing_but_pixels_is_kept_of_other_kinds():
    texts = PngInfo()
    texts.add_text("Author", "Rita Roe")
    sent = {
        "image/png": photo("PNG", pnginfo=texts, exif=exif_at(*SCHWEBEBAHN)),
        "image/webp": photo("WEBP", exif=exif_at(*SCHWEBEBAHN), xmp=b"Rita"),
        "image/gif": photo("GIF", comment=b"Rita Roe"),
        "image/heic": photo("HEIF", exif=exif_at(*SCHWEBEBAHN), xmp=b"Rita"),
    }
    for media_type, content in sent.items():
        for size in draw(content, media_type).content.values():
            assert (media_type, metadata_in(size), b"Rita" in size) == (media_type, set(), False)


def test_a_second_file_behind_the_photo_does_not_stay():
    sent = JPEG + b"%PDF-1.7\n<script>alert(1)</script>" + b"PK\x03\x04"

    seen(sent)
    kept = b"".join(draw(sent, "image/jpeg").content.values())

    assert [mark in kept for mark in (b"%PDF", b"<script", b"PK\x03\x04")] == [False] * 3


def test_a_phone_that_hides_a_second_picture_behind_the_first_is_understood():
    first, second = (Image.new("RGB", (64, 48), color) for color in ("teal", "white"))
    sent = photo_of(first, "MPO", save_all=True, append_images=[second])
    assert opened(sent).format == "MPO"

    seen(sent)
    drawn = draw(sent, "image/jpeg")

    assert opened(drawn.content["large"]).getpixel((9, 9))[0] < 12
    assert opened(drawn.content["large"]).format == "JPEG"


@pytest.mark.parametrize(("kind", "media_type"), [("GIF", "image/gif"), ("WEBP", "image/webp")])
def test_of_a_moving_picture_the_first_is_kept(kind, media_type):
    first, second = (Image.new("RGB", (64, 48), color) for color in ("teal", "white"))
    sent = photo_of(first, kind, save_all=True, append_images=[second], duration=100)

    drawn = opened(draw(sent, media_type).content["large"])

    assert (getattr(drawn, "n_frames", 1), drawn.getpixel((9, 9))[0] < 12) == (1, True)


@pytest.mark.parametrize(
    ("mode", "color", "shown"),
    [
        ("RGBA", (255, 0, 0, 0), (255, 255, 255)),
        ("LA", (0, 0), (255, 255, 255)),
        ("L", 128, (128, 128, 128)),
        ("1", 1, (255, 255, 255)),
        ("I;16", 32768, (128, 128, 128)),
    ],
)
def test_transparency_becomes_white_and_grey_stays_grey(mode, color, shown):
    drawn = draw(photo_of(Image.new(mode, (64, 48), color), "PNG"), "image/png")

    found = opened(drawn.content["large"]).getpixel((9, 9))
    assert max(abs(one - other) for one, other in zip(found, shown, strict=True)) < 4


def test_a_palette_with_a_hole_becomes_white():
    sent = Image.new("P", (64, 48), 0)
    sent.putpalette([255, 0, 0])

    drawn = draw(photo_of(sent, "PNG", transparency=0), "image/png")

    assert min(opened(drawn.content["large"]).getpixel((9, 9))) > 250


def test_colours_are_meant_as_the_profile_says():
    """A profile in which red and blue are swapped."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"____").replace(b"bXYZ", b"rXYZ").replace(b"____", b"bXYZ")
    plain, same, other, broken = (
        opened(draw(photo(color=(200, 40, 40), **more), "image/jpeg").content["large"]).getpixel(
            (9, 9)
        )
        for more in (
            {},
            {"icc_profile": srgb},
            {"icc_profile": swapped},
            {"icc_profile": b"x" * 200},
        )
    )

    assert plain == broken
    assert max(abs(one - another) for one, another in zip(plain, same, strict=True)) < 4
    assert (plain[0] > plain[2], other[0] < other[2]) == (True, True)


def test_print_colours_are_drawn():
    sent = photo_of(Image.new("CMYK", (64, 48), (0, 255, 255, 0)))

    red, green, blue = opened(draw(sent, "image/jpeg").content["large"]).getpixel((9, 9))

    assert (red > 200, green < 60, blue < 60) == (True, True, True)


# What is refused


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_photo_whose_end_is_missing_is_seen_at_once(share):
    whole = photo_of(Image.effect_noise((800, 600), 80))

    seen(whole)
    with pytest.raises(Unreadable):
        seen(whole[: int(len(whole) * share)])


def test_the_end_of_other_kinds_is_missed_when_they_are_drawn():
    noise = Image.effect_noise((400, 300), 80).convert("RGB")
    for kind, media_type in (("PNG", "image/png"), ("WEBP", "image/webp"), ("HEIF", "image/heic")):
        whole = photo_of(noise, kind)
        with pytest.raises(Unreadable):
            draw(whole[: len(whole) // 2], media_type)


def test_a_large_progressive_photo_is_not_decoded_while_somebody_waits(monkeypatch):
    """It is held whole in memory, so its missing end is found by the worker."""
    whole = photo_of(Image.effect_noise((400, 300), 80), progressive=True)
    with pytest.raises(Unreadable):
        seen(whole[:9000])
    monkeypatch.setattr(photos, "MOST_PIXELS_AT_ONCE", 400 * 300 - 1)

    seen(whole[:9000])
    with pytest.raises(Unreadable):
        draw(whole[:9000], "image/jpeg")


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"GIF89a"]
)
@pytest.mark.parametrize("media_type", KINDS)
def test_what_only_begins_like_a_photo_is_unreadable(content, media_type):
    with pytest.raises(Unreadable):
        seen(content, media_type)


@pytest.mark.parametrize("media_type", ["image/png", "image/gif", "image/webp"])
def test_a_bomb_is_refused_by_its_header(media_type):
    content = bomb(media_type)
    assert len(content) < 40_000

    with pytest.raises(TooManyPixels):
        seen(content, media_type)
    with pytest.raises(TooManyPixels):
        draw(content, media_type)


def test_a_picture_larger_than_the_screen_it_announces_is_refused():
    sent = bomb("image/gif")
    small = sent[:6] + struct.pack("<HH", 10, 10) + sent[10:]

    for see in (seen, draw):
        with pytest.raises(TooManyPixels):
            see(small, "image/gif")


def test_as_many_pixels_as_the_limit_and_no_more(monkeypatch):
    monkeypatch.setattr(photos, "MOST_PIXELS", 64 * 48)

    seen(photo(size=(64, 48)))
    with pytest.raises(TooManyPixels):
        seen(photo(size=(65, 48)))


def test_words_packed_into_a_png_are_not_unpacked():
    """One megabyte in a kilobyte; Pillow stops at its own limit."""
    packed = zlib.compress(b"x" * 80_000_000, 9)
    body = b"zTXt" + b"Comment\0\0" + packed
    chunk = struct.pack("!L", len(body) - 4) + body + struct.pack("!L", zlib.crc32(body))
    end_of_header = 8 + 25
    sent = PNG[:end_of_header] + chunk + PNG[end_of_header:]

    with pytest.raises(Unreadable):
        seen(sent, "image/png")


def test_fifty_megapixels_are_taken():
    sent = photo(size=(8660, 5780))

    seen(sent)
    drawn = draw(sent, "image/jpeg")

    assert (drawn.width, drawn.height) == (2560, 1709)


# The place


@pytest.mark.parametrize("kind", ["JPEG", "HEIF"])
def test_the_place_a_camera_noted_is_found(kind):
    media_type = {"JPEG": "image/jpeg", "HEIF": "image/heic"}[kind]
    sent = photo(kind, exif=exif_at(*SCHWEBEBAHN))

    assert place_in(io.BytesIO(sent), media_type) == SCHWEBEBAHN


@pytest.mark.parametrize(
    "place", [(51.2562, 7.1508), (-33.8568, 151.2153), (40.6892, -74.0445), (-22.9519, -43.2105)]
)
def test_all_four_quarters_of_the_earth_are_told_apart(place):
    assert place_in(io.BytesIO(photo(exif=exif_at(*place))), "image/jpeg") == place


NO_PLACE = {
    "nothing": {},
    "no side": noted_at(lat_ref="", lon_ref=""),
    "null island": noted_at(lat=(0, 0, 0), lon=(0, 0, 0)),
    "a division by nothing": noted_at(
        lat=(IFDRational(0, 0), IFDRational(0, 0), IFDRational(0, 0))
    ),
    "beyond the pole": noted_at(lat=(91, 0, 0)),
    "two parts": noted_at(lat=(51, 15)),
}


@pytest.mark.parametrize("noted", NO_PLACE.values(), ids=NO_PLACE)
def test_what_is_no_place_is_none(noted):
    exif = Image.Exif()
    exif[ExifTags.IFD.GPSInfo] = noted

    assert place_in(io.BytesIO(photo(exif=exif)), "image/jpeg") is None


def test_kinds_that_no_camera_writes_are_not_looked_into():
    sent = photo("PNG", exif=exif_at(*SCHWEBEBAHN))

    assert place_in(io.BytesIO(sent), "image/png") is None
