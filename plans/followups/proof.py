"""Minh chứng of a step: files that were looked at, kept with it."""

from __future__ import annotations

from collections.abc import Iterable

from plans.followups.models import FollowUpFile, FollowUpStep
from plans.issuing.attachments import Attachment
from plans.issuing.freezing import freeze


def keep_proofs(step: FollowUpStep, proofs: Iterable[Attachment]) -> list[FollowUpFile]:
    """Keep the files with a step, in the caller's transaction, and return their rows."""
    rows = [
        FollowUpFile(step=step, file=freeze(one.content, one.media_type), name=one.name)
        for one in proofs
    ]
    for row in rows:
        row.full_clean(exclude=["step", "file"])
    return FollowUpFile.objects.bulk_create(rows)
