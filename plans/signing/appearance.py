"""What a signature looks like on paper: a drawing of one page, laid over its field.

WeasyPrint draws it, so that Vietnamese stands in the document's own typeface: the text stamps of pyHanko set a font
of 2048 units with gaps between the letters and break PDF/A. The same input gives the same drawing.
"""

from __future__ import annotations

import base64
import html
import io
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.stamp.base import BaseStampStyle
from pyhanko.stamp.noop import NoOpStampStyle
from pyhanko.stamp.static import StaticStampStyle

if TYPE_CHECKING:
    from PIL import Image

LARGEST_IMAGE_FILE = 1024 * 1024  # bytes
LARGEST_IMAGE_SIDE = 3000  # pixels: 36 mm at 2,000 dpi
SMALLEST_IMAGE_SIDE = 50  # pixels

_FAMILY = "KCL Serif"  # as plans.documents.fonts calls it


class ImageRefused(Exception):
    """The picture cannot be used; `words` says why in Vietnamese."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Typeface(Protocol):
    """Where the font files are, as FontFiles of plans.documents.fonts."""

    def uris(self) -> frozenset[str]:
        """Return the addresses of the font files."""

    def face_rules(self) -> str:
        """Return the CSS that gives them to the engine."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """A drawing of one page, as PDF."""

    pdf: bytes


def check_image(data: bytes) -> None:
    """Raise ImageRefused unless `data` is a PNG with a see-through ground, of a sensible size."""
    if len(data) > LARGEST_IMAGE_FILE:
        raise ImageRefused("Ảnh lớn quá 1 MB. Thầy cô vui lòng chọn ảnh nhỏ hơn.")
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        raise ImageRefused("Ảnh phải là tệp PNG có nền trong suốt.")
    problem = _image_problem(data)
    if problem:
        raise ImageRefused(problem)


def _image_problem(data: bytes) -> str:
    from PIL import Image  # slow import

    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            # The size stands in the head; nothing is unpacked before it is known.
            sides = image.size
            if max(sides) > LARGEST_IMAGE_SIDE or min(sides) < SMALLEST_IMAGE_SIDE:
                return (
                    f"Ảnh có {sides[0]} × {sides[1]} điểm; mỗi cạnh cần từ {SMALLEST_IMAGE_SIDE} "
                    f"đến {LARGEST_IMAGE_SIDE} điểm."
                )
            image.load()
            return "" if _is_see_through(image) else "Ảnh cần có nền trong suốt."
    except Exception:  # a broken picture makes Pillow raise whatever it likes
        return "Không đọc được ảnh: tệp PNG đã hỏng."


def _is_see_through(image: Image.Image) -> bool:
    if image.mode == "P" and "transparency" in image.info:
        return True
    if image.mode not in ("RGBA", "LA"):
        return False
    lowest = image.getchannel("A").getextrema()[0]
    return isinstance(lowest, int | float) and lowest < 255


def signer_appearance(
    size: tuple[float, float],
    *,
    name: str,
    at: datetime,
    fonts: Typeface,
    image: bytes | None = None,
) -> Appearance:
    """Return the signer's: the picture of the hand signature, or a block of text with name and time.

    `size` is that of the field in pt; `at` is written as ISO 8601 in its own time zone. Raises ImageRefused.
    """
    if image is not None:
        return _picture(size, image, fonts)
    return _text(size, "Đã ký số bởi", name, at, fonts, colour="#0b3d91")


def seal_appearance(
    size: tuple[float, float],
    *,
    name: str,
    at: datetime,
    fonts: Typeface,
    image: bytes | None = None,
) -> Appearance:
    """Return the body's: the picture of its seal, or a block of text with its name and the time.

    The field has the real size of the seal (see `signature_places`), and the picture fills it. Raises ImageRefused.
    """
    if image is not None:
        return _picture(size, image, fonts)
    return _text(size, "Chữ ký số của cơ quan", name, at, fonts, colour="#b00000")


def _picture(size: tuple[float, float], image: bytes, fonts: Typeface) -> Appearance:
    check_image(image)
    source = "data:image/png;base64," + base64.b64encode(image).decode("ascii")
    return _drawn(size, f'<img src="{source}" alt="">', "", fonts)


def _text(
    size: tuple[float, float], head: str, name: str, at: datetime, fonts: Typeface, *, colour: str
) -> Appearance:
    lines = (head, f"<b>{html.escape(_printable(name))}</b>", at.isoformat(timespec="seconds"))
    body = "".join(f"<div>{line}</div>" for line in lines)
    points = _font_size(size, name)
    return _drawn(size, body, f"color:{colour};font-size:{points:.1f}pt", fonts)


def _font_size(size: tuple[float, float], name: str) -> float:
    """Return a size in pt at which head, name and time fit: a letter of Tinos Bold is about half as wide as high."""
    longest = 25  # the time, as ISO 8601
    lines = 2 + -(-len(name) // longest)
    return max(4.0, min(10.0, size[0] / (longest * 0.55), size[1] / (lines * 1.3)))


def _printable(text: str) -> str:
    """Return the text with □ for what is no Latin letter, digit or usual sign, which the typeface may lack."""
    seen = unicodedata.normalize("NFC", text)
    return "".join(
        sign if ord(sign) < 0x250 or 0x1E00 <= ord(sign) < 0x1F00 or sign in "–—‘’“”" else "□"
        for sign in seen
        if unicodedata.category(sign) not in ("Cc", "Cf")
    )


def _drawn(size: tuple[float, float], body: str, style: str, fonts: Typeface) -> Appearance:
    from weasyprint import HTML  # slow import

    width, height = size
    page = (
        f"<!doctype html><html lang=vi><title>Chữ ký số</title><style>{fonts.face_rules()}"
        f"@page{{size:{width:.3f}pt {height:.3f}pt;margin:0}}"
        f'body{{margin:0;font-family:"{_FAMILY}";line-height:1.2;text-align:center}}'
        f".all{{display:table-cell;width:{width:.3f}pt;height:{height:.3f}pt;vertical-align:middle}}"
        # crisp-edges: anything else asks readers to smooth the picture, which PDF/A forbids (6.2.8-3).
        f"img{{width:{width:.3f}pt;height:{height:.3f}pt;object-fit:contain;image-rendering:crisp-edges;"
        f'display:block}}</style><div class="all" style="{style}">{body}</div>'
    )
    written = HTML(string=page, url_fetcher=_fetcher(fonts), media_type="print").write_pdf(
        pdf_variant="pdf/a-2b", pdf_identifier=b""
    )
    return Appearance(written)


def _fetcher(fonts: Typeface) -> Any:
    """Return a fetcher that opens the font files and the picture in the page, and refuses everything else."""
    from weasyprint.urls import URLFetcher  # slow import

    class OwnOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url not in fonts.uris() and not url.startswith("data:image/png;base64,"):
                raise ValueError("Only the program's own fonts and the given picture are read.")
            return super().fetch(url, headers)

    return OwnOnly(allowed_protocols=["file", "data"], allow_redirects=False, fail_on_errors=True)


def stamp_style(appearance: Appearance | None) -> BaseStampStyle:
    """Return the appearance as pyHanko wants it; None is a field that stays blank."""
    if appearance is None:
        return NoOpStampStyle()
    middle = layout.AxisAlignment.ALIGN_MID
    return StaticStampStyle(
        border_width=0,
        background=_Drawing(appearance),
        background_layout=layout.SimpleBoxLayoutRule(x_align=middle, y_align=middle),
    )


class _Drawing(PdfContent):
    """The drawing's page as a form of the signed file; pyHanko's own reads files by name only."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._pdf = appearance.pdf

    def render(self) -> bytes:
        reader = PdfFileReader(io.BytesIO(self._pdf))
        writer = self.writer
        if writer is None:
            raise ValueError("A drawing is rendered into a file.")
        form = writer.import_page_as_xobject(reader)
        name = "/Drawing"
        self.resources.xobject[name] = form
        x0, y0, x1, y1 = form.get_object()["/BBox"]
        self.box = layout.BoxConstraints(width=abs(x1 - x0), height=abs(y1 - y0))
        return f"{name} Do".encode("ascii")
