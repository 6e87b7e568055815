"""The name under which a written file can be kept: same fingerprint, same bytes."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import metadata, resources
from pathlib import Path
from typing import Literal

from plans.documents.fonts import find_fonts, font_digest
from plans.documents.style import DEFAULT_LAYOUT, Layout
from plans.documents.tree import Document

Format = Literal["pdf", "docx", "xlsx"]

_ENGINES: dict[Format, tuple[str, ...]] = {
    "pdf": ("weasyprint", "pydyf", "pikepdf", "fonttools"),
    "docx": ("python-docx",),
    "xlsx": ("openpyxl",),
}


def fingerprint(
    document: Document,
    layout: Layout = DEFAULT_LAYOUT,
    format: Format = "pdf",  # noqa: A002 the word of the trade
    *,
    font_dirs: tuple[Path, ...] = (),
) -> str:
    """Return the sha256, 64 hex figures, of all that makes the file what it is.

    That is: the tree, the measures, our own writers, the versions of the engines and, for PDF, the font files.
    Costs about a millisecond per hundred rows. Raises FontMissing for "pdf" where Tinos is not installed.
    """
    versions = [f"{name} {metadata.version(name)}" for name in _ENGINES[format]]
    fonts = font_digest(find_fonts(font_dirs)) if format == "pdf" else ""
    # The repr of frozen values names every class and field, and holds no address and no order of a set.
    said = [format, repr(document), repr(layout), writers_digest(), *versions, fonts]
    return hashlib.sha256("\x00".join(said).encode()).hexdigest()


@lru_cache(maxsize=1)
def writers_digest() -> str:
    """Return the sha256 of this package's own sources: a mended writer must not serve old files."""
    digest = hashlib.sha256()
    files = (file for file in resources.files("plans.documents").iterdir() if file.is_file())
    for file in sorted(files, key=lambda file: file.name):
        digest.update(file.name.encode() + b"\x00" + file.read_bytes())
    return digest.hexdigest()
