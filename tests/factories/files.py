"""Small files as people send them, and some that are not what they seem."""

from __future__ import annotations

import io
import zipfile

PDF = b"%PDF-1.4 ....%%EOF\n"


def packed(*names: str) -> bytes:
    """A zipped file that holds parts of these names."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as parts:
        for name in names:
            parts.writestr(name, "x")
    return kept.getvalue()


def bomb() -> bytes:
    """A document of a few hundred kilobytes that holds more than half a gigabyte of nothing."""
    kept, zeros = io.BytesIO(), bytes(1024 * 1024)
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as parts:
        parts.writestr("[Content_Types].xml", "x")
        with parts.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(501):
                part.write(zeros)
    return kept.getvalue()


DOCX = packed("[Content_Types].xml", "word/document.xml")
XLSX = packed("[Content_Types].xml", "xl/workbook.xml")
