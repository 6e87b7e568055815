"""Files beside people's words: known by content, named safely, refused in words."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from plans.issuing.attachments import (
    LARGEST_ATTACHMENT,
    NAME_LIMIT,
    checked_attachment,
    checked_attachments,
)
from tests.factories.files import DOCX, PDF, XLSX, bomb, packed
from tests.factories.pictures import SECRET, jpeg, opened, telling_exif

NOT_TAKEN = "“x.pdf” không phải là tệp PDF, ảnh (JPG, PNG, WebP), Word (DOCX) hoặc Excel (XLSX)."


@pytest.mark.parametrize(
    ("content", "name", "kept", "media_type"),
    [
        (PDF, "Biên lai.pdf", "Biên lai.pdf", "application/pdf"),
        (
            DOCX,
            "giải trình",
            "giải trình.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            XLSX,
            "so.xlsx",
            "so.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (PDF, "../../etc/passwd", "passwd.pdf", "application/pdf"),
        (PDF, "C:\\may\\.an\u202efdp.exe\n", "an fdp.exe.pdf", "application/pdf"),
        (PDF, "", "tệp.pdf", "application/pdf"),
    ],
)
def test_attachment_is_kept_under_what_it_is(
    content: bytes, name: str, kept: str, media_type: str
) -> None:
    found = checked_attachment(content, name)

    assert (found.content, found.name, found.media_type) == (content, kept, media_type)


@pytest.mark.parametrize("name", ["a" * 300 + ".pdf", "a" * 300])
def test_long_name_fits_its_column_and_keeps_its_ending(name: str) -> None:
    kept = checked_attachment(PDF, name).name

    assert (len(kept), kept[-5:]) == (NAME_LIMIT, "a.pdf")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "“x.pdf” là tệp rỗng. Hãy chọn lại tệp."),
        (b"MZ lenh", NOT_TAKEN),
        (b"GIF89a" + bytes(50), NOT_TAKEN),
        (packed("a.txt"), NOT_TAKEN),
        (packed("word/document.xml"), NOT_TAKEN),
        (b"%PDF-1.4 cat", "“x.pdf”: Tệp bị thiếu phần cuối. Hãy quét hoặc chọn lại."),
        (DOCX[:-30], "“x.pdf”: Tệp bị thiếu phần cuối. Hãy quét hoặc chọn lại."),
        (
            packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            "“x.pdf”: Tệp có macro. Hãy lưu lại thành tệp không có macro.",
        ),
        (
            PDF + bytes(LARGEST_ATTACHMENT),
            "“x.pdf” lớn hơn 20 MB. Hãy chọn tệp nhỏ hơn hoặc chia ra.",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50),
            "“x.pdf”: Tệp Word, Excel kiểu cũ hoặc có mật khẩu chưa nhận được. "
            "Hãy lưu lại thành DOCX, XLSX không mật khẩu, hoặc PDF.",
        ),
        (
            bomb(),
            "“x.pdf”: Tệp khi mở ra lớn bất thường nên không nhận. Hãy lưu lại thành PDF.",
        ),
        (
            jpeg()[:2000],
            "“x.pdf”: Không đọc được ảnh này. Tệp có thể bị hỏng hoặc chưa gửi lên đủ, "
            "hãy chọn lại ảnh JPEG, PNG hoặc WebP.",
        ),
        (
            b"\x00\x00\x00\x18ftypheic" + bytes(50),
            "“x.pdf”: Ảnh HEIC chưa đọc được. Hãy chọn lại ảnh JPEG, "
            "hoặc đặt máy ảnh ở chế độ “Tương thích nhất”.",
        ),
    ],
)
def test_what_is_no_attachment_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        checked_attachment(content, "x.pdf")

    assert refused.value.messages == [words]


# --- pictures ---------------------------------------------------------------------------------------------


def in_format(kind: str, **more: Any) -> bytes:
    """The picture of `jpeg` as a file of another kind, telling as much."""
    out = io.BytesIO()
    opened(jpeg((640, 480))).save(out, kind, exif=telling_exif(), **more)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_is_drawn_anew_without_what_it_told(kind: str) -> None:
    content = in_format(kind)
    assert SECRET in content  # the control: it was there
    assert opened(content).getexif().get_ifd(0x8825)[2] == (21.0, 1.0, 42.0)

    found = checked_attachment(content, "kệ.png")

    kept = opened(found.content)
    assert SECRET not in found.content
    assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (640, 480), {})
    assert (found.name, found.media_type) == ("kệ.jpg", "image/jpeg")


def test_picture_lies_as_the_camera_was_held() -> None:
    found = checked_attachment(jpeg((640, 480), exif=telling_exif(orientation=6)), "a.jpg")

    kept = opened(found.content)
    assert kept.size == (480, 640)
    red, _, blue = kept.getpixel((240, 20))  # type: ignore[misc]
    assert red > 200 > 60 > blue


def test_photo_of_twelve_megabytes_becomes_a_small_one() -> None:
    out = io.BytesIO()
    Image.effect_noise((4000, 3000), 90).convert("RGB").save(
        out, "JPEG", quality=97, exif=telling_exif()
    )
    content = out.getvalue()
    assert 12 * 1024**2 < len(content) < LARGEST_ATTACHMENT

    found = checked_attachment(content, "IMG_2043.JPG")

    assert (opened(found.content).size, found.name) == ((2000, 1500), "IMG_2043.JPG")
    assert len(found.content) < 3 * 1024**2
    assert SECRET not in found.content


def test_film_behind_a_photo_goes_too() -> None:
    """Some phones write a short film after the end of the picture, with a place of its own."""
    found = checked_attachment(jpeg((64, 48)) + b"ftypmp42" + SECRET * 1000, "a.jpg")

    assert SECRET not in found.content


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("kệ.JPEG", "kệ.JPEG"),
        ("kệ.jpg", "kệ.jpg"),
        ("IMG_1.HEIC", "IMG_1.jpg"),
        ("kệ.jpg.exe", "kệ.jpg.exe.jpg"),
        ("kệ", "kệ.jpg"),
        ("a" * 300 + ".png", "a" * 196 + ".jpg"),
    ],
)
def test_name_of_a_picture_says_what_it_became(name: str, kept: str) -> None:
    assert checked_attachment(jpeg((8, 8)), name).name == kept


# --- several ----------------------------------------------------------------------------------------------


def test_files_sent_together_are_looked_at_one_by_one() -> None:
    found = checked_attachments([("a.pdf", PDF), ("b.docx", DOCX)])

    assert [one.name for one in found] == ["a.pdf", "b.docx"]


def test_every_file_that_is_refused_is_named() -> None:
    with pytest.raises(ValidationError) as refused:
        checked_attachments([("x.pdf", b"MZ"), ("b.pdf", PDF), ("c.pdf", PDF), ("rỗng.pdf", b"")])

    assert refused.value.messages == [
        NOT_TAKEN,
        "“c.pdf” và “b.pdf” là một tệp. Hãy bỏ bớt một.",
        "“rỗng.pdf” là tệp rỗng. Hãy chọn lại tệp.",
    ]


def test_more_files_than_ten_are_refused() -> None:
    files = [(f"{n}.pdf", PDF + b"%d" % n) for n in range(11)]
    assert len(checked_attachments(files[:10])) == 10

    with pytest.raises(ValidationError) as refused:
        checked_attachments(files)

    assert refused.value.messages == ["Mỗi lần chỉ gửi được 10 tệp."]


def test_long_name_is_shortened_where_it_is_spoken_of() -> None:
    with pytest.raises(ValidationError) as refused:
        checked_attachment(b"", "a" * 190 + "cuoi nam.pdf")

    assert refused.value.messages == [
        f"“{'a' * 60}…aaacuoi nam.pdf” là tệp rỗng. Hãy chọn lại tệp."
    ]
