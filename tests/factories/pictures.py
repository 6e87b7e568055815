"""Pictures as phones send them: with pixels that tell how they lie, and with all that should not be kept."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, TiffImagePlugin

SECRET = b"21.0285 105.8542 MAYCUACO"


def jpeg(size: tuple[int, int] = (640, 480), **more: Any) -> bytes:
    """A JPEG, red on the left and blue on the right; `more` as Pillow saves it."""
    out = io.BytesIO()
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    image.save(out, "JPEG", **more)
    return out.getvalue()


def telling_exif(orientation: int = 1) -> bytes:
    """EXIF as a phone writes it: GPS, maker, owner, how the camera was held."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET.decode()
    exif[0x9286] = SECRET.decode()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", tuple(TiffImagePlugin.IFDRational(n, 1) for n in (21, 1, 42))
    gps[3], gps[4] = "E", tuple(TiffImagePlugin.IFDRational(n, 1) for n in (105, 51, 15))
    return exif.tobytes()


def opened(content: bytes) -> Image.Image:
    """The picture with its pixels loaded."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image
