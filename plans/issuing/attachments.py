"""Files that people add to what they wrote: known by their content, whatever their name says, and kept as they came.

Shared by every room above that takes files beside words; what becomes of the bytes is the room's business.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from dataclasses import dataclass

from django.core.exceptions import ValidationError

LARGEST_ATTACHMENT = 10 * 1024 * 1024  # bytes
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx"  # for the file chooser of a form
NAME_LIMIT = 200  # characters, as the columns
# How a file begins and what stands near its end, whatever its name says; a cut-off upload lacks the latter.
_ENDS = {
    "pdf": (b"%PDF-", b"%%EOF"),
    "jpg": (b"\xff\xd8\xff", b"\xff\xd9"),
    "png": (b"\x89PNG\r\n\x1a\n", b"IEND"),
}
_END = 2048
# What a document of an office program holds.
_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
}
_ALSO = {"jpg": (".jpg", ".jpeg")}
_CUT_OFF = "Tệp bị thiếu phần cuối. Hãy quét hoặc chọn lại."


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that was looked at: its bytes as they came, a name that may be shown, what it is."""

    content: bytes
    name: str
    media_type: str


def checked_attachment(content: bytes, name: str) -> Attachment:
    """Return a file of at most 10 MB that is PDF, JPG, PNG, DOCX or XLSX by its content.

    Its name loses folders and unseen characters and ends as its content says. Raises ValidationError, in words
    that name the file, for anything else: too large, empty, cut off, with macros, of another kind.
    """
    shown = _plain_name(name) or "tệp"
    if len(content) > LARGEST_ATTACHMENT:
        raise ValidationError(f"“{shown}” lớn hơn 10 MB. Hãy chọn tệp nhỏ hơn hoặc chia ra.")
    try:
        ending = kind_by_ends(content) or _office_kind(content)
    except ValidationError as error:
        raise ValidationError(f"“{shown}”: {error.messages[0]}") from error
    if not ending:
        raise ValidationError(f"“{shown}” không phải là tệp PDF, JPG, PNG, DOCX hoặc XLSX.")
    return Attachment(content, _named(shown, ending), _MEDIA_TYPES[ending])


def kind_by_ends(content: bytes) -> str:
    """Return "pdf", "jpg" or "png" as the bytes begin, "" for anything else. Raises ValidationError for a cut one."""
    for ending, (start, end) in _ENDS.items():
        if content.startswith(start):
            if end not in content[-_END:]:
                raise ValidationError(_CUT_OFF)
            return ending
    return ""


def _office_kind(content: bytes) -> str:
    """Return "docx" or "xlsx", "" for anything else; nothing is unpacked. Raises ValidationError."""
    if not content.startswith(b"PK\x03\x04"):
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = set(parts.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ValidationError(_CUT_OFF) from error
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise ValidationError("Tệp có macro. Hãy lưu lại thành tệp không có macro.")
    if "[Content_Types].xml" not in names:
        return ""
    return next((ending for ending, part in _PARTS.items() if part in names), "")


def _plain_name(name: str) -> str:
    """Return a name without folders and without characters that are not seen."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in last)
    return " ".join(seen.split()).lstrip(".")


def _named(name: str, ending: str) -> str:
    """Return the name with an ending that its content has, within the limit of its column."""
    stem, dot, said = name.rpartition(".")
    if dot and f".{said.lower()}" in _ALSO.get(ending, (f".{ending}",)):
        return f"{stem[: NAME_LIMIT - len(said) - 1]}.{said}"
    return f"{name[: NAME_LIMIT - len(ending) - 1]}.{ending}"
