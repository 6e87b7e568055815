"""Minh chứng of a step: which files are taken, told by what they hold, whatever their name says."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from plans.followups.models import FollowUpFile, FollowUpStep
from plans.issuing.freezing import freeze
from plans.text import nfc

LARGEST = 20 * 1024 * 1024  # bytes of one file
MOST = 10  # files of one step
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# How a file begins and what stands near its end; a cut-off upload lacks the latter.
_KINDS = {
    "pdf": (b"%PDF-", b"%%EOF"),
    "jpg": (b"\xff\xd8\xff", b"\xff\xd9"),
    "png": (b"\x89PNG\r\n\x1a\n", b"IEND"),
}
_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_END = 2048
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')


@dataclass(frozen=True, slots=True)
class Proof:
    """A file as it was sent: its name there and its bytes."""

    name: str
    content: bytes


def check_proofs(proofs: Iterable[Proof]) -> None:
    """Raise ValidationError under "proofs", one sentence a file, for what cannot be taken as proof."""
    proofs = list(proofs)
    wrong = [f"Mỗi lần chỉ gửi được {MOST} tệp."] if len(proofs) > MOST else []
    for proof in proofs:
        try:
            kind_of(proof)
        except ValidationError as error:
            wrong += error.messages
    if wrong:
        raise ValidationError({"proofs": wrong})


def keep_proofs(step: FollowUpStep, proofs: Iterable[Proof]) -> list[FollowUpFile]:
    """Keep the files with a step, in the caller's transaction, and return their rows.

    Raises ValidationError under "proofs".
    """
    proofs = list(proofs)
    check_proofs(proofs)
    rows = []
    for proof in proofs:
        kind = kind_of(proof)
        file = freeze(proof.content, MEDIA_TYPES[kind])
        rows.append(FollowUpFile(step=step, file=file, name=_name(proof.name, kind)))
    for row in rows:
        row.full_clean(exclude=["step", "file"])
    return FollowUpFile.objects.bulk_create(rows)


def kind_of(proof: Proof) -> str:
    """Return the key of MEDIA_TYPES that the bytes are. Raises ValidationError with a sentence on the file."""
    name, content = _shown(proof.name), proof.content
    if len(content) > LARGEST:
        raise ValidationError(f"Tệp “{name}” lớn hơn 20 MB. Hãy giảm cỡ ảnh hoặc chia nhỏ tệp.")
    for kind, (start, end) in _KINDS.items():
        if content.startswith(start):
            if end not in content[-_END:]:
                raise ValidationError(f"Tệp “{name}” bị thiếu phần cuối. Hãy chọn lại tệp.")
            return kind
    kind = _office_kind(content)
    if not kind:
        raise ValidationError(f"Tệp “{name}” phải là PDF, ảnh JPG, PNG, tệp Word hoặc Excel.")
    return kind


def _office_kind(content: bytes) -> str:
    """Return "docx" or "xlsx", "" for anything else; nothing of the archive is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ""
    return next((kind for part, kind in _OFFICE.items() if part in names), "")


def _shown(name: str) -> str:
    return nfc(_UNFIT.sub(" ", name)).strip()[:100] or "không tên"


def _name(name: str, kind: str) -> str:
    """Return the name under which the file is handed out: its own, with the ending that it deserves."""
    stem = nfc(_UNFIT.sub(" ", name)).strip(" .")
    stem = stem.rpartition(".")[0] or stem
    return f"{stem[:180] or 'minh-chung'}.{kind}"
