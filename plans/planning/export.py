"""A document as a file in one of four formats: one path for the browser, the command line and the tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.core.cache import cache

from plans.documents import docx, html, pdf, xlsx
from plans.documents.fingerprint import fingerprint
from plans.documents.style import DEFAULT_LAYOUT, Layout
from plans.documents.tree import Document
from plans.planning.document import plan_document
from plans.planning.models import Plan


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its media type, its writer, and the name its bytes are kept under (None: not kept)."""

    media_type: str
    write: Callable[[Document, Layout], bytes]
    kept_as: Literal["pdf", "docx", "xlsx"] | None


def _pdf(document: Document, layout: Layout) -> bytes:
    return pdf.pdf_bytes(document, layout, font_dirs=_font_dirs())


def _html(document: Document, layout: Layout) -> bytes:
    return html.html_page(document, layout).encode()


def _font_dirs() -> tuple[Path, ...]:
    return tuple(map(Path, settings.KCL_FONT_DIRS))


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS: dict[str, Format] = {
    "pdf": Format("application/pdf", _pdf, "pdf"),
    "docx": Format(f"{_OFFICE}.wordprocessingml.document", docx.docx_bytes, "docx"),
    "xlsx": Format(f"{_OFFICE}.spreadsheetml.sheet", xlsx.xlsx_bytes, "xlsx"),
    "html": Format("text/html; charset=utf-8", _html, None),
}


def export_plan(plan: Plan, file_format: str, *, layout: Layout = DEFAULT_LAYOUT) -> bytes:
    """Return the plan as a file (see `export_document`). Needs rows loaded by `Plan.objects.for_document()`."""
    return export_document(plan_document(plan), file_format, layout=layout)


def export_document(
    document: Document, file_format: str, *, layout: Layout = DEFAULT_LAYOUT
) -> bytes:
    """Return a document as a file.

    The same words in the same layout give the same bytes; they are kept by content hash, so a second download
    costs a look-up. Raises FontMissing when the document's font is not installed, KeyError for an unknown
    format.
    """
    chosen = FORMATS[file_format]
    if chosen.kept_as is None:
        return chosen.write(document, layout)
    key = f"export:{fingerprint(document, layout, chosen.kept_as, font_dirs=_font_dirs())}"
    kept: bytes | None = cache.get(key)
    if kept is None:
        kept = chosen.write(document, layout)
        cache.set(key, kept)
    return kept


def file_name(plan: Plan, file_format: str) -> str:
    """Return a name that a person can read in a folder: "KH-CTCL-MNHS-2025-2026.pdf"."""
    return named_file(plan, plan.spec.file_prefix, file_format)


def named_file(plan: Plan, prefix: str, file_format: str) -> str:
    """Return the name of a plan's paper of any kind: "PDGTC-1.1-MNHS-2025-2026.docx"."""
    symbol = "".join(c for c in plan.school.symbol if c.isalnum() or c in "-&") or "truong"
    return f"{prefix}-{symbol}-{plan.school_year.label}.{file_format}"
