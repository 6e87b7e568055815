"""Bản quét: the paper with ink and stamp, put beside the document it is a picture of. One more, never one less."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from plans.accounts.models import User
from plans.history.actions import record
from plans.issuing.attachments import kind_by_ends
from plans.issuing.enums import FileRole
from plans.issuing.files import add_file
from plans.issuing.models import DocumentFile, IssuedDocument
from plans.text import nfc

LARGEST_SCAN = 20 * 1024 * 1024  # bytes


@transaction.atomic
def attach_scan(
    *, document: IssuedDocument, content: bytes, note: str = "", by: User
) -> DocumentFile:
    """Keep the scanned paper of `document` and return its row; who and when stand in it and in the record.

    The kind is told by the content: PDF, JPG or PNG of 20 MB at most. Raises ValidationError under "file" for
    anything else and for a scan that is attached already, under "note" for one that is too long.
    """
    held = IssuedDocument.objects.select_for_update().get(pk=document.pk)
    scan = checked_scan(content, DocumentFile.objects.filter(document=held, role=FileRole.SCAN))
    row = add_file(
        document=held,
        content=content,
        role=FileRole.SCAN,
        name=scan.name,
        by=by,
        note=nfc(note).strip(),
    )
    after = {"name": row.name, "sha256": scan.sha256, "note": row.note}
    record("document.scan", held, by=by, after=after, school_id=held.school_id)
    return row


@dataclass(frozen=True, slots=True)
class CheckedScan:
    """A scan that may be attached: how it will be called, and its hash."""

    name: str
    sha256: str


def checked_scan(content: bytes, scans: models.QuerySet[Any]) -> CheckedScan:
    """Look at a scan of a paper that has `scans` already (rows with a frozen `file`).

    Raises ValidationError under "file" as `attach_scan` does.
    """
    ending, digest = _kind_of(content), hashlib.sha256(content).hexdigest()
    if scans.filter(file__sha256=digest).exists():
        raise ValidationError({"file": "Bản quét này đã được đính kèm rồi."})
    return CheckedScan(f"ban-quet-{scans.count() + 1}.{ending}", digest)


def _kind_of(content: bytes) -> str:
    """Return "pdf", "jpg" or "png". Raises ValidationError."""
    if len(content) > LARGEST_SCAN:
        raise ValidationError({"file": "Tệp lớn hơn 20 MB. Hãy quét ở độ nét thấp hơn (200 dpi)."})
    try:
        ending = kind_by_ends(content)
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from error
    if ending:
        return ending
    raise ValidationError({"file": "Bản quét phải là tệp PDF, JPG hoặc PNG."})
