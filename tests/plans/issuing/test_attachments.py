"""Files beside people's words: known by content, named safely, refused in words."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError

from plans.issuing.attachments import LARGEST_ATTACHMENT, NAME_LIMIT, checked_attachment

PDF = b"%PDF-1.4 ....%%EOF\n"
JPG = b"\xff\xd8\xff\xe0....\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n....IEND\xaeB`\x82"


def packed(*names: str) -> bytes:
    """A zipped file that holds parts of these names."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as parts:
        for name in names:
            parts.writestr(name, "x")
    return kept.getvalue()


DOCX = packed("[Content_Types].xml", "word/document.xml")
XLSX = packed("[Content_Types].xml", "xl/workbook.xml")


@pytest.mark.parametrize(
    ("content", "name", "kept", "media_type"),
    [
        (PDF, "Biên lai.pdf", "Biên lai.pdf", "application/pdf"),
        (JPG, "kệ.JPEG", "kệ.JPEG", "image/jpeg"),
        (PNG, "kệ.jpg", "kệ.jpg.png", "image/png"),
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
        (b"", "“x.pdf” không phải là tệp PDF, JPG, PNG, DOCX hoặc XLSX."),
        (b"MZ lenh", "“x.pdf” không phải là tệp PDF, JPG, PNG, DOCX hoặc XLSX."),
        (packed("a.txt"), "“x.pdf” không phải là tệp PDF, JPG, PNG, DOCX hoặc XLSX."),
        (packed("word/document.xml"), "“x.pdf” không phải là tệp PDF, JPG, PNG, DOCX hoặc XLSX."),
        (b"%PDF-1.4 cat", "“x.pdf”: Tệp bị thiếu phần cuối. Hãy quét hoặc chọn lại."),
        (DOCX[:-30], "“x.pdf”: Tệp bị thiếu phần cuối. Hãy quét hoặc chọn lại."),
        (
            packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            "“x.pdf”: Tệp có macro. Hãy lưu lại thành tệp không có macro.",
        ),
        (
            PDF + bytes(LARGEST_ATTACHMENT),
            "“x.pdf” lớn hơn 10 MB. Hãy chọn tệp nhỏ hơn hoặc chia ra.",
        ),
    ],
)
def test_what_is_no_attachment_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        checked_attachment(content, "x.pdf")

    assert refused.value.messages == [words]
