"""The QR code at the foot of an issued document, as a vector for paper and as a picture for Word."""

from __future__ import annotations

import io
import re

from plans.documents.tree import CheckMark

QR_MM = 14.0  # read from paper by every telephone tried; the foot of a page has 20 mm
_QUIET_MODULES = 4  # white margin that ISO/IEC 18004 asks for


def qr_svg(check: CheckMark) -> str:
    """Return the code as an <svg> with a title, without XML head and without identifiers."""
    import segno  # slow import

    svg = segno.make(check.url, error="m", micro=False).svg_inline(
        border=_QUIET_MODULES, title=check.description, omitsize=True
    )
    return re.sub(r' class="[^"]*"', "", str(svg))


def qr_png(check: CheckMark) -> bytes:
    """Return the code as a PNG in black and white, large enough for 600 dots an inch."""
    import segno  # slow import

    out = io.BytesIO()
    segno.make(check.url, error="m", micro=False).save(
        out, kind="png", scale=10, border=_QUIET_MODULES
    )
    return out.getvalue()
