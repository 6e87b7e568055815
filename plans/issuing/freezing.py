"""Frozen bytes: kept once under their hash, never written again."""

from __future__ import annotations

import hashlib

from plans.issuing.models import FrozenFile


def freeze(content: bytes, media_type: str) -> FrozenFile:
    """Return the row that keeps `content`; the same bytes twice, or by two people at once, are one row.

    Its `media_type` is that of whoever came first. Writes in the caller's transaction.
    """
    row, _ = FrozenFile.objects.get_or_create(
        sha256=hashlib.sha256(content).hexdigest(),
        defaults={"content": content, "size": len(content), "media_type": media_type},
    )
    return row
