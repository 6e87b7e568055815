"""What a signature looks like on paper: a drawing of one page, laid over its field.

WeasyPrint draws it, so that Vietnamese stands in the document's own typeface: the text stamps of pyHanko set a font
of 2048 units with gaps between the letters and break PDF/A. The same input gives the same drawing.
"""

from __future__ import annotations

import base64
import html
import io
import textwrap
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
_PNG_START, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"

# The seal stands over the left third of the signature; that much of its own width from the left is free of it.
_BESIDE_SIGNATURE = 0.54
_PT_PER_MM = 72 / 25.4
_LETTER, _CAPITAL = 0.53, 0.74  # width of a letter of Tinos Bold by its height, on average
_LINE = 1.2

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
        raise ImageRefused("Ảnh lớn quá 1 MB. Vui lòng chọn ảnh nhỏ hơn.")
    if not data.startswith(_PNG_START):
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
            if _PNG_END not in data:  # Pillow passes over it once WeasyPrint is loaded
                return "Không đọc được ảnh: tệp PNG đã hỏng."
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
    lines = ("Đã ký số bởi", name, at.isoformat(timespec="seconds"))
    return _text(size, size[0], lines, fonts, colour="#0b3d91")


def seal_appearance(
    size: tuple[float, float],
    *,
    name: str,
    at: datetime,
    fonts: Typeface,
    image: bytes | None = None,
    width_mm: float | None = None,
) -> Appearance:
    """Return the body's: the picture of its seal, or a block of text with its name and the time.

    The picture is `width_mm` wide, the seal's real size, centred in the field; as large as the field without it, and
    never larger. Raises ImageRefused.
    """
    if image is not None:
        return _picture(size, image, fonts, width=width_mm and width_mm * _PT_PER_MM)
    day, hour = at.isoformat(timespec="seconds").split("T")
    lines = ("Cơ quan ký số", name, day, hour)
    return _text(size, size[0] * _BESIDE_SIGNATURE, lines, fonts, colour="#b00000")


def _picture(
    size: tuple[float, float], image: bytes, fonts: Typeface, *, width: float | None = None
) -> Appearance:
    check_image(image)
    source = "data:image/png;base64," + base64.b64encode(image).decode("ascii")
    wide = min(width or size[0], size[0])
    style = f"width:{wide:.3f}pt;height:{size[1]:.3f}pt"
    return _drawn(size, f'<img style="{style}" src="{source}" alt="">', fonts)


def _text(
    size: tuple[float, float], width: float, lines: tuple[str, ...], fonts: Typeface, *, colour: str
) -> Appearance:
    """Return lines of text, the second in bold, in the left `width` of the field."""
    body = "".join(f"<div>{html.escape(_printable(line))}</div>" for line in lines)
    points = _font_size(width, size[1], lines)
    style = f"color:{colour};font-size:{points:.1f}pt;padding-right:{size[0] - width:.3f}pt"
    return _drawn(size, f'<div style="{style}">{body}</div>', fonts)


def _font_size(width: float, height: float, lines: tuple[str, ...]) -> float:
    """Return the largest size in half pt from 4 to 10 at which the lines, broken at blanks, fit."""
    letter = _CAPITAL if any(line.isupper() for line in lines) else _LETTER
    for half_points in range(20, 8, -1):
        points = half_points / 2
        letters = int(width / (points * letter))
        rows = sum(len(textwrap.wrap(line, max(letters, 1))) for line in lines)
        is_whole = all(len(word) <= letters for line in lines for word in line.split())
        if is_whole and rows * points * _LINE <= height:
            return points
    return 4.0


def _printable(text: str) -> str:
    """Return the text with □ for what is no Latin letter, digit or usual sign, which the typeface may lack."""
    seen = unicodedata.normalize("NFC", text)
    return "".join(
        sign if ord(sign) < 0x250 or 0x1E00 <= ord(sign) < 0x1F00 or sign in "–—‘’“”" else "□"
        for sign in seen
        if unicodedata.category(sign) not in ("Cc", "Cf")
    )


def _drawn(size: tuple[float, float], body: str, fonts: Typeface) -> Appearance:
    from weasyprint import HTML  # slow import

    width, height = size
    page = (
        f"<!doctype html><html lang=vi><title>Chữ ký số</title><style>{fonts.face_rules()}"
        f"@page{{size:{width:.3f}pt {height:.3f}pt;margin:0}}"
        f'body{{margin:0;font-family:"{_FAMILY}";line-height:{_LINE};text-align:center;overflow-wrap:anywhere}}'
        "div>div>div:nth-child(2){font-weight:bold}"
        f".all{{display:table-cell;width:{width:.3f}pt;height:{height:.3f}pt;vertical-align:middle}}"
        # crisp-edges: anything else asks readers to smooth the picture, which PDF/A forbids (6.2.8-3).
        "img{object-fit:contain;image-rendering:crisp-edges;display:block;margin:0 auto}"
        f'</style><div class="all">{body}</div>'
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
