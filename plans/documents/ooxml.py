"""What DOCX and XLSX share: XML text, units, and a zip file that is the same every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

from plans.documents.style import MM_PER_PT

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a zip file can name


def xml_text(text: str) -> str:
    """Return `text` for the inside of an element."""
    return escape(text)


def xml_value(text: str) -> str:
    """Return `text` as an attribute's value, quotes included, on one line."""
    return quoteattr(" ".join(text.split()))


def twips(mm: float) -> int:
    """Return mm in twentieths of a point, Word's unit of place."""
    return round(mm / MM_PER_PT * 20)


def points20(pt: float) -> int:
    """Return pt in twentieths of a point."""
    return round(pt * 20)


def repacked(archive: bytes, mend: Callable[[str, bytes], bytes | None] | None = None) -> bytes:
    """Return a zip file with the same members in one order, without times.

    `mend` may change a member's bytes by its name, or leave it out by returning None.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(out, "w") as target:
        # [Content_Types].xml goes first: readers that sniff a type look there.
        for name in sorted(source.namelist(), key=lambda name: (name[0] != "[", name)):
            content: bytes | None = source.read(name)
            content = mend(name, content or b"") if mend else content
            if content is not None:
                info = zipfile.ZipInfo(name, _EPOCH)
                info.external_attr = 0o600 << 16
                target.writestr(info, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
