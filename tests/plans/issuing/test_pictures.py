"""Pictures: opened with care, turned upright, freed of all that tells where they come from."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import zlib

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageOps, PngImagePlugin

from plans.issuing.pictures import drawn_anew
from tests.factories.pictures import SECRET, jpeg, opened, telling_exif

UNREADABLE = (
    "Không đọc được ảnh này. Tệp có thể bị hỏng hoặc chưa gửi lên đủ, "
    "hãy chọn lại ảnh JPEG, PNG hoặc WebP."
)

# --- what is kept of a picture ----------------------------------------------------------------------------


def test_nothing_but_pixels_is_left() -> None:
    app13 = b"\xff\xed" + struct.pack(">H", len(SECRET) + 16) + b"Photoshop 3.0\x00" + SECRET
    content = jpeg(
        exif=telling_exif(), icc_profile=b"\x00" * 128 + SECRET, comment=SECRET, xmp=SECRET
    )
    content = content[:2] + app13 + content[2:]
    before = opened(content)
    assert content.count(SECRET) >= 4  # the control: it was all there
    assert before.getexif().get_ifd(0x8825)[2] == (21.0, 1.0, 42.0)

    picture = drawn_anew(content)

    for kept in (picture.large, picture.small):
        image = opened(kept)
        assert SECRET not in kept
        assert dict(image.getexif()) == {}
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert all(mark not in kept for mark in (b"Exif", b"ICC_PROFILE", b"Photoshop", b"adobe"))


def test_text_of_a_png_is_left_out_too() -> None:
    out, said = io.BytesIO(), PngImagePlugin.PngInfo()
    said.add_text("Comment", SECRET.decode())
    Image.new("RGBA", (40, 30), (255, 0, 0, 0)).save(out, "PNG", pnginfo=said, exif=telling_exif())
    assert SECRET in out.getvalue()

    picture = drawn_anew(out.getvalue())

    assert SECRET not in picture.large
    assert opened(picture.large).getpixel((5, 5)) == (255, 255, 255)  # see-through is white


def test_picture_lies_as_the_camera_was_held() -> None:
    picture = drawn_anew(jpeg((640, 480), exif=telling_exif(orientation=6)))  # turned by 90°

    assert (picture.width, picture.height) == (480, 640)
    red, _, blue = opened(picture.large).getpixel((240, 20))  # type: ignore[misc]
    assert red > 200 > 60 > blue


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_of_holding_is_turned_as_others_turn_it(orientation: int) -> None:
    content = jpeg((640, 480), exif=telling_exif(orientation))
    want = ImageOps.exif_transpose(opened(content))

    made = opened(drawn_anew(content).large)

    assert made.size == want.size
    for place in ((20, 20), (made.width - 20, 20), (20, made.height - 20)):
        near = zip(made.getpixel(place), want.getpixel(place), strict=True)  # type: ignore[arg-type]
        assert all(abs(one - other) < 30 for one, other in near)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_exif_that_is_broken_in_any_way_spoils_no_photo() -> None:
    exif = telling_exif(orientation=6)
    content = jpeg((64, 48), exif=exif)
    start = content.index(exif)
    chance = random.Random(5)
    troubles = set()
    for _ in range(1500):
        odd = bytearray(exif)
        for _ in range(chance.randint(1, 12)):
            odd[chance.randrange(6, len(odd))] = chance.randrange(256)
        mutated = content[:start] + bytes(odd) + content[start + len(exif) :]
        try:
            ImageOps.exif_transpose(opened(mutated))
        except Exception as error:  # noqa: BLE001 - the control: such bytes do trouble a reader
            troubles.add(type(error))

        assert drawn_anew(mutated).width in {48, 64}

    assert troubles - {OSError, ValueError, SyntaxError, KeyError, IndexError}


@pytest.mark.parametrize(
    ("size", "large", "small"),
    [
        ((4000, 3000), (2000, 1500), (320, 240)),
        ((600, 2400), (500, 2000), (80, 320)),
        ((300, 200), (300, 200), (300, 200)),
    ],
)
def test_picture_is_made_smaller_never_larger(
    size: tuple[int, int], large: tuple[int, int], small: tuple[int, int]
) -> None:
    picture = drawn_anew(jpeg(size))

    assert (picture.width, picture.height) == large
    assert opened(picture.large).size == large
    assert opened(picture.small).size == small


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "RGB", "1"])
def test_every_usual_kind_of_pixels_becomes_a_plain_jpeg(mode: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (50, 40), "red").convert(mode).save(out, "JPEG" if mode == "CMYK" else "PNG")

    assert opened(drawn_anew(out.getvalue()).large).mode == "RGB"


def test_webp_is_read() -> None:
    out = io.BytesIO()
    Image.new("RGB", (50, 40), "red").save(out, "WEBP", exif=telling_exif())

    assert SECRET not in drawn_anew(out.getvalue()).large


# --- what is refused --------------------------------------------------------------------------------------


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose head speaks of that many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", UNREADABLE),
        (b"%PDF-1.7", UNREADABLE),
        (b"GIF89a" + b"\x00" * 50, UNREADABLE),
        (jpeg()[:2000], UNREADABLE),
        (
            b"\x00\x00\x00\x18ftypheic" + b"\x00" * 50,
            "Ảnh HEIC chưa đọc được. Hãy chọn lại ảnh JPEG, hoặc đặt máy ảnh ở chế độ “Tương thích nhất”.",
        ),
        (png_claiming(7000, 7000), "Ảnh có quá nhiều điểm ảnh. Hãy chọn ảnh nhỏ hơn."),
        (png_claiming(12_000, 9_000), "Ảnh có quá nhiều điểm ảnh. Hãy chọn ảnh nhỏ hơn."),
        (png_claiming(60_000, 60_000), "Ảnh có quá nhiều điểm ảnh. Hãy chọn ảnh nhỏ hơn."),
    ],
    ids=["empty", "pdf", "gif", "cut off", "heic", "large", "larger", "bomb"],
)
def test_what_is_no_picture_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        drawn_anew(content)
    assert refused.value.messages == [words]


@pytest.mark.slow
def test_memory_for_a_photo_of_a_hundred_megapixels_is_bounded() -> None:
    """A process of its own, since the most that one ever took is all that can be asked."""
    program = """
import io, resource
from PIL import Image
from plans.issuing.pictures import drawn_anew
out = io.BytesIO()
Image.effect_noise((2000, 2000), 60).resize((11_000, 9_000)).save(out, "JPEG", quality=60)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
kept = drawn_anew(out.getvalue())
print(kept.width, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, len(out.getvalue()))
"""
    setup = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; django.setup()"
    )
    told = subprocess.run(
        [sys.executable, "-c", setup + program], capture_output=True, text=True, check=True
    )

    width, grown, _ = map(int, told.stdout.split())
    assert width == 2000
    assert grown < 120 * 1024  # KiB, above the 99 MB that the picture itself took before
