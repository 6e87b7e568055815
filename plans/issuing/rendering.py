"""A plan as the files that are frozen: its tree with the mark at the foot, PDF with its fields, Word, sheet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from django.conf import settings

from plans.documents import docx, xlsx
from plans.documents.pdf import SignPlace, WrittenPdf, pdf_with_place
from plans.documents.style import Layout
from plans.documents.tree import CheckMark, Document
from plans.issuing.enums import FileRole
from plans.signing.fields import FieldPlace, prepare_fields, signature_places

Box: TypeAlias = tuple[float, float, float, float]  # x0, y0, x1, y1 in pt

# Room for the image of a signature, pt: 50 mm, in the middle of the column; the seal covers its left third.
_SIGNATURE_WIDTH = 50 * 72 / 25.4


@dataclass(frozen=True, slots=True)
class Paper:
    """The files of a document by role, and how many pages it has."""

    files: dict[FileRole, bytes]
    pages: int


def with_check(document: Document, code: str) -> Document:
    """Return the document with the QR code and the code of its public page at the foot of every page."""
    site = settings.KCL_SITE_URL.rstrip("/")
    shown = "-".join(code[start : start + 4] for start in range(0, len(code), 4))
    address = f"{urlsplit(site).netloc}/tra-cuu/"
    return replace(document, check=CheckMark(shown, address, f"{site}/tra-cuu/{code}/"))


def render(document: Document, layout: Layout) -> Paper:
    """Return the document in all its formats, written once; seconds for a long plan.

    Raises FontMissing where the document's font is not installed.
    """
    written = written_pdf(document, layout)
    files = {
        FileRole.PDF: _signable(written),
        FileRole.DOCX: docx.docx_bytes(document, layout),
        FileRole.XLSX: xlsx.xlsx_bytes(document, layout),
    }
    return Paper(files, written.pages)


def written_pdf(document: Document, layout: Layout) -> WrittenPdf:
    """Return the document as PDF in the fonts of this installation. Raises FontMissing."""
    return pdf_with_place(document, layout, font_dirs=tuple(map(Path, settings.KCL_FONT_DIRS)))


def _signable(written: WrittenPdf) -> bytes:
    """Return the PDF with the two empty fields that are signed later; without a signer it has none."""
    if written.place is None:
        return written.content
    return prepare_fields(written.content, _field_places(written.place))


def _field_places(place: SignPlace) -> tuple[FieldPlace, ...]:
    return signature_places(place.page, signature_box(place.between))


def signature_box(room: Box) -> Box:
    """Return the part of the free room in a column that a signature takes: its middle, as high as the room."""
    x0, low, x1, high = room
    middle, half = (x0 + x1) / 2, _SIGNATURE_WIDTH / 2
    return (middle - half, low, middle + half, high)
