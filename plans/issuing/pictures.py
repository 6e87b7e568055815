"""Pictures drawn anew: opened with care, turned upright, made smaller, written without a word about their origin.

What comes in may be a bomb, a cut-off file or something else under a picture's name; what goes out is a JPEG of our
own that holds pixels and nothing else: no place, no camera, no profile, no comment. Shared by every room above that
takes pictures.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from PIL import Image

LARGEST_SIDE, SMALL_SIDE = 2000, 320  # pixels of what is kept
QUALITY, SMALL_QUALITY = 82, 75
MOST_PIXELS = 120_000_000  # of a JPEG, which is unpacked at a fraction of its size
MOST_PLAIN_PIXELS = 40_000_000  # of a PNG or WebP, which is unpacked as a whole
MEDIA_TYPE = "image/jpeg"  # of what is drawn
TOO_MANY_PIXELS = "Ảnh có quá nhiều điểm ảnh. Hãy chọn ảnh nhỏ hơn."
UNREADABLE = (
    "Không đọc được ảnh này. Tệp có thể bị hỏng hoặc chưa gửi lên đủ, "
    "hãy chọn lại ảnh JPEG, PNG hoặc WebP."
)
HEIC_WORDS = (
    "Ảnh HEIC chưa đọc được. Hãy chọn lại ảnh JPEG, hoặc đặt máy ảnh ở chế độ “Tương thích nhất”."
)
_FORMATS = ("JPEG", "PNG", "WEBP")
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_ODD_BYTES = (struct.error, TypeError, AttributeError)  # what reading them may raise besides
_HEIC = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypheim", b"ftypmif1", b"ftypmsf1")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: two JPEG files and the size of the larger one in pixels."""

    large: bytes
    small: bytes
    width: int
    height: int


def is_picture(content: bytes) -> bool:
    """Say whether the bytes begin as a picture that `drawn_anew` reads, or as one that it refuses by name (HEIC)."""
    is_webp = content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    return content.startswith(_BEGINNINGS) or is_webp or _is_heic(content)


def _is_heic(content: bytes) -> bool:
    return any(mark in content[4:16] for mark in _HEIC)


def drawn_anew(content: bytes) -> Picture:
    """Return a picture as it is kept. Raises ValidationError, in words, for what is no picture that can be read.

    Memory is bounded by the limits above, whatever the file claims: its size in pixels is read before it is unpacked.
    """
    if _is_heic(content):
        raise ValidationError(HEIC_WORDS)
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
        raise ValidationError(UNREADABLE) from error
    small = plain.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
    return Picture(_jpeg(plain, QUALITY), _jpeg(small, SMALL_QUALITY), *plain.size)


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
