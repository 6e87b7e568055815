"""Files that people add to what they wrote: known by their content, whatever their name says.

Pictures are drawn anew, so that neither place nor camera goes along; all else keeps its bytes, for a signature in them
or their worth as proof hangs on every one. Shared by every room above that takes files beside words.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from plans.issuing.pictures import MEDIA_TYPE, drawn_anew, is_picture

LARGEST_ATTACHMENT = 20 * 1024 * 1024  # bytes, as it is sent
MOST_ATTACHMENTS = 10  # of one answer, or one step
MOST_UNPACKED = 500 * 1024 * 1024  # bytes that a DOCX or XLSX says it holds
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.webp,.docx,.xlsx"  # for the file chooser of a form
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
    "jpg": MEDIA_TYPE,
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
}
# Endings under which a picture may come; drawn anew it is a JPEG.
_PICTURES = {"jpg", "jpeg", "png", "webp", "heic", "heif"}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_WORDS = (
    "Tệp Word, Excel kiểu cũ hoặc có mật khẩu chưa nhận được. "
    "Hãy lưu lại thành DOCX, XLSX không mật khẩu, hoặc PDF."
)
_CUT_OFF = "Tệp bị thiếu phần cuối. Hãy quét hoặc chọn lại."


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that was looked at: its bytes as they are kept, a name that may be shown, what it is."""

    content: bytes
    name: str
    media_type: str


def checked_attachment(content: bytes, name: str) -> Attachment:
    """Return a file of at most 20 MB that is PDF, JPG, PNG, WebP, DOCX or XLSX by its content.

    A picture comes back drawn anew as a JPEG, all else as it came. The name loses folders and unseen characters and
    ends as the content says. Takes a second for a large picture, so it is called before anything is locked. Raises
    ValidationError, in words that name the file, for anything else: too large, empty, cut off, with macros, of
    another kind, a document that would be enormous once opened.
    """
    whole = _plain_name(name) or "tệp"
    shown = whole if len(whole) <= 80 else f"{whole[:60]}…{whole[-15:]}"
    if not content:
        raise ValidationError(f"“{shown}” là tệp rỗng. Hãy chọn lại tệp.")
    if len(content) > LARGEST_ATTACHMENT:
        raise ValidationError(f"“{shown}” lớn hơn 20 MB. Hãy chọn tệp nhỏ hơn hoặc chia ra.")
    try:
        if is_picture(content):
            content, ending = drawn_anew(content).large, "jpg"
        else:
            ending = kind_by_ends(content) or _office_kind(content)
    except ValidationError as error:
        raise ValidationError(f"“{shown}”: {error.messages[0]}") from error
    if not ending:
        words = "không phải là tệp PDF, ảnh (JPG, PNG, WebP), Word (DOCX) hoặc Excel (XLSX)."
        raise ValidationError(f"“{shown}” {words}")
    return Attachment(content, _named(whole, ending), _MEDIA_TYPES[ending])


def checked_attachments(files: Iterable[tuple[str, bytes]]) -> list[Attachment]:
    """Return the files (name, bytes) that are sent together, each as `checked_attachment` does.

    Raises ValidationError with one sentence for each that is refused, for the same file twice, and for too many.
    """
    sent = list(files)
    if len(sent) > MOST_ATTACHMENTS:
        raise ValidationError(f"Mỗi lần chỉ gửi được {MOST_ATTACHMENTS} tệp.")
    found: dict[bytes, Attachment] = {}
    wrong: list[str] = []
    for name, content in sent:
        try:
            one = checked_attachment(content, name)
        except ValidationError as error:
            wrong += error.messages
            continue
        if (twin := found.setdefault(one.content, one)) is not one:
            wrong.append(f"“{one.name}” và “{twin.name}” là một tệp. Hãy bỏ bớt một.")
    if wrong:
        raise ValidationError(wrong)
    return list(found.values())


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
    if content.startswith(_OLD_OFFICE):
        raise ValidationError(_OLD_WORDS)
    if not content.startswith(b"PK\x03\x04"):
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = set(parts.namelist())
            unpacked = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ValidationError(_CUT_OFF) from error
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise ValidationError("Tệp có macro. Hãy lưu lại thành tệp không có macro.")
    if "[Content_Types].xml" not in names:
        return ""
    if unpacked > MOST_UNPACKED:
        raise ValidationError("Tệp khi mở ra lớn bất thường nên không nhận. Hãy lưu lại thành PDF.")
    return next((ending for ending, part in _PARTS.items() if part in names), "")


def _plain_name(name: str) -> str:
    """Return a name without folders and without characters that are not seen."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in last)
    return " ".join(seen.split()).lstrip(".")


def _named(name: str, ending: str) -> str:
    """Return the name with an ending that its content has, within the limit of its column."""
    stem, dot, said = name.rpartition(".")
    if dot and said.lower() in (_PICTURES if ending == "jpg" else {ending}):
        name = stem
        ending = said if said.lower() in {ending, "jpeg"} else ending
    return f"{name[: NAME_LIMIT - len(ending) - 1]}.{ending}"
