"""Ảnh of a finding: drawn anew before they are kept, so that nothing of their origin is; by the team, while it writes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from plans.accounts.models import User
from plans.history.actions import record
from plans.inspections.models import Finding, Inspection, Photo
from plans.inspections.moving import locked
from plans.inspections.states import InspectionState
from plans.issuing.freezing import freeze
from plans.issuing.pictures import MEDIA_TYPE, Picture, drawn_anew
from plans.moves import MoveNotAllowed
from plans.recording.entries import OFF_THE_TEAM, closed_words
from plans.text import nfc

LARGEST_FILE = 15 * 1024 * 1024  # bytes
MOST_PHOTOS = 60  # of one visit, without those that were taken back
TOO_LARGE = f"Ảnh lớn hơn {LARGEST_FILE // 1024**2} MB. Hãy chọn ảnh nhỏ hơn."


@transaction.atomic
def add_photo(
    *,
    inspection: Inspection,
    client_id: UUID,
    key: str,
    picture: Picture,
    caption: str = "",
    taken_at: datetime | None = None,
    by: User,
) -> Photo:
    """Keep a photo with the finding `key` and return its row; the same id again returns the row it made.

    Raises MoveNotAllowed where the record is not open or `by` not of the team any more, ValidationError for a
    finding or an id of another visit, too long a caption, and beyond MOST_PHOTOS.
    """
    held = locked(inspection)
    if (there := kept_photo(held, client_id)) is not None:
        return there
    if held.seat_of(by) is None:
        raise MoveNotAllowed(OFF_THE_TEAM)
    if held.state != InspectionState.OPEN:
        raise MoveNotAllowed(closed_words(held))
    finding = Finding.objects.filter(inspection=held, key=nfc(key)).first()
    if finding is None or Photo.objects.filter(client_id=client_id).exists():
        raise ValidationError("Biên bản này không có chỗ cho ảnh đó.")
    if Photo.objects.filter(finding__inspection=held, removed="").count() >= MOST_PHOTOS:
        raise ValidationError(
            f"Buổi kiểm tra đã có {MOST_PHOTOS} ảnh. Hãy bỏ bớt ảnh cũ rồi gửi lại."
        )
    photo = Photo(
        finding=finding,
        client_id=client_id,
        file=freeze(picture.large, MEDIA_TYPE),
        small=freeze(picture.small, MEDIA_TYPE),
        width=picture.width,
        height=picture.height,
        caption=nfc(caption),
        taken_at=taken_at,
        added_by=by,
    )
    photo.full_clean()
    photo.save()
    record(
        "inspection.photo",
        held,
        by=by,
        after={"place": finding.title, "sha256": photo.file.sha256},
        school_id=held.school_id,
        body_id=held.body_id,
    )
    return photo


def kept_photo(inspection: Inspection, client_id: UUID) -> Photo | None:
    """Return the photo of the visit that came under an id before, None for a new one."""
    rows = Photo.objects.filter(finding__inspection=inspection, client_id=client_id)
    return rows.select_related("finding").first()


def redraw(content: bytes) -> Picture:
    """Return a photo as it is kept. Raises ValidationError, in words, for what is too large or cannot be read."""
    if len(content) > LARGEST_FILE:
        raise ValidationError(TOO_LARGE)
    return drawn_anew(content)
