"""Ảnh of a finding: opened with care, turned upright, made smaller, and written anew without a word about its origin.

What comes in may be a bomb, a cut-off file or something else under a picture's name; what is kept is a JPEG of our
own that holds pixels and nothing else: no place, no camera, no profile, no comment.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from plans.accounts.models import User
from plans.history.actions import record
from plans.inspections.entries import OFF_THE_TEAM, closed_words
from plans.inspections.models import Finding, Inspection, Photo
from plans.inspections.moving import locked
from plans.inspections.states import InspectionState
from plans.issuing.freezing import freeze
from plans.moves import MoveNotAllowed
from plans.text import nfc

if TYPE_CHECKING:
    from PIL import Image

LARGEST_FILE = 15 * 1024 * 1024  # bytes
MOST_PHOTOS = 60  # of one visit, without those that were taken back
LARGEST_SIDE, SMALL_SIDE = 2000, 320  # pixels of what is kept
QUALITY, SMALL_QUALITY = 82, 75
MOST_PIXELS = 120_000_000  # of a JPEG, which is unpacked at a fraction of its size
MOST_PLAIN_PIXELS = 40_000_000  # of a PNG or WebP, which is unpacked as a whole
MEDIA_TYPE = "image/jpeg"
_FORMATS = ("JPEG", "PNG", "WEBP")
_ODD_BYTES = (struct.error, TypeError, AttributeError)  # what reading them may raise besides
_HEIC = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypheim", b"ftypmif1", b"ftypmsf1")


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as it is kept: two JPEG files and the size of the larger one in pixels."""

    large: bytes
    small: bytes
    width: int
    height: int


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
    """Return a photo as it is kept. Raises ValidationError, in words, for what is no picture that can be read.

    Memory is bounded by the limits above, whatever the file claims: its size in pixels is read before it is unpacked.
    """
    if len(content) > LARGEST_FILE:
        raise ValidationError(TOO_LARGE)
    if any(mark in content[4:16] for mark in _HEIC):
        raise ValidationError(
            "Ảnh HEIC chưa đọc được. Hãy chọn lại ảnh JPEG, hoặc đặt máy ảnh ở chế độ “Tương thích nhất”."
        )
    from PIL import Image, ImageFile, UnidentifiedImageError  # slow import

    # WeasyPrint, once imported, lets half a file pass for a picture; our own documents hold no such files.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    bombs = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    broken = (UnidentifiedImageError, OSError, ValueError, SyntaxError, LookupError, *_ODD_BYTES)
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            _refuse_bomb(image)
            _unpack_small(image)
            image.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
            plain = _on_white(_upright(image))
    except bombs as error:
        raise ValidationError(TOO_MANY_PIXELS) from error
    except broken as error:
        raise ValidationError(
            "Không đọc được ảnh này. Hãy chọn ảnh JPEG, PNG hoặc WebP."
        ) from error
    small = plain.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
    return Picture(_jpeg(plain, QUALITY), _jpeg(small, SMALL_QUALITY), *plain.size)


TOO_LARGE = f"Ảnh lớn hơn {LARGEST_FILE // 1024**2} MB. Hãy chọn ảnh nhỏ hơn."
TOO_MANY_PIXELS = "Ảnh có quá nhiều điểm ảnh. Hãy chọn ảnh nhỏ hơn."


def _refuse_bomb(image: Image.Image) -> None:
    """Raise ValidationError for more pixels than are unpacked; only the head of the file was read so far."""
    most = MOST_PIXELS if image.format in {"JPEG", "MPO"} else MOST_PLAIN_PIXELS
    if image.size[0] * image.size[1] > most:
        raise ValidationError(TOO_MANY_PIXELS)


def _unpack_small(image: Image.Image) -> None:
    """Let a JPEG be unpacked at a half, a quarter or an eighth of its size, never below the size that is kept."""
    side = max(image.size)
    if side > LARGEST_SIDE:
        width, height = (max(one * LARGEST_SIDE // side, 1) for one in image.size)
        image.draft("RGB", (width, height))


def _upright(image: Image.Image) -> Image.Image:
    """Return the picture as the camera was held; what else its EXIF says, or gets wrong, is never read."""
    from PIL import Image  # slow import

    try:
        held = image.getexif().get(0x0112, 1)
    except Exception:  # noqa: BLE001 - EXIF that is broken tells nothing, in whatever way it is broken
        held = 1
    ways = Image.Transpose
    turns = {
        2: ways.FLIP_LEFT_RIGHT,
        3: ways.ROTATE_180,
        4: ways.FLIP_TOP_BOTTOM,
        5: ways.TRANSPOSE,
        6: ways.ROTATE_270,
        7: ways.TRANSVERSE,
        8: ways.ROTATE_90,
    }
    way = turns.get(held) if isinstance(held, int) else None
    return image if way is None else image.transpose(way)


def _on_white(image: Image.Image) -> Image.Image:
    """Return the pixels alone, on white where they are see-through: a fresh picture knows nothing else."""
    from PIL import Image  # slow import

    fresh = Image.new("RGB", image.size, "white")
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        fresh.paste(layer, mask=layer.getchannel("A"))
    else:
        fresh.paste(image.convert("RGB"))
    return fresh


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
