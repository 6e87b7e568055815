"""Bản quét: the paper with ink and stamp, put beside the document it is a picture of. One more, never one less."""

from __future__ import annotations

import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction

from plans.accounts.models import User
from plans.history.actions import record
from plans.issuing.enums import FileRole
from plans.issuing.files import add_file
from plans.issuing.models import DocumentFile, IssuedDocument
from plans.text import nfc

LARGEST_SCAN = 20 * 1024 * 1024  # bytes
# How a file begins and what stands near its end, whatever its name says; a cut-off upload lacks the latter.
_KINDS = {
    "pdf": (b"%PDF-", b"%%EOF"),
    "jpg": (b"\xff\xd8\xff", b"\xff\xd9"),
    "png": (b"\x89PNG\r\n\x1a\n", b"IEND"),
}
_END = 2048


@transaction.atomic
def attach_scan(
    *, document: IssuedDocument, content: bytes, note: str = "", by: User
) -> DocumentFile:
    """Keep the scanned paper of `document` and return its row; who and when stand in it and in the record.

    The kind is told by the content: PDF, JPG or PNG of 20 MB at most. Raises ValidationError under "file" for
    anything else and for a scan that is attached already, under "note" for one that is too long.
    """
    ending = _kind_of(content)
    held = IssuedDocument.objects.select_for_update().get(pk=document.pk)
    scans = DocumentFile.objects.filter(document=held, role=FileRole.SCAN)
    digest = hashlib.sha256(content).hexdigest()
    if scans.filter(file__sha256=digest).exists():
        raise ValidationError({"file": "Bản quét này đã được đính kèm rồi."})
    row = add_file(
        document=held,
        content=content,
        role=FileRole.SCAN,
        name=f"ban-quet-{scans.count() + 1}.{ending}",
        by=by,
        note=nfc(note).strip(),
    )
    after = {"name": row.name, "sha256": digest, "note": row.note}
    record("document.scan", held, by=by, after=after, school_id=held.school_id)
    return row


def _kind_of(content: bytes) -> str:
    """Return "pdf", "jpg" or "png". Raises ValidationError."""
    if len(content) > LARGEST_SCAN:
        raise ValidationError({"file": "Tệp lớn hơn 20 MB. Hãy quét ở độ nét thấp hơn (200 dpi)."})
    for ending, (start, end) in _KINDS.items():
        if content.startswith(start):
            if end not in content[-_END:]:
                raise ValidationError({"file": "Tệp bị thiếu phần cuối. Hãy quét hoặc chọn lại."})
            return ending
    raise ValidationError({"file": "Bản quét phải là tệp PDF, JPG hoặc PNG."})
