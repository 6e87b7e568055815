"""A plan as a file in one of four formats: one path for the browser, the command line and the tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

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
    """A file format: its media type and its writer."""

    media_type: str
    write: Callable[[Document, Layout], bytes]


def _pdf(document: Document, layout: Layout) -> bytes:
    return pdf.pdf_bytes(document, layout, font_dirs=tuple(map(Path, settings.KCL_FONT_DIRS)))


FORMATS: dict[str, Format] = {
    "pdf": Format("application/pdf", _pdf),
    "docx": Format(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx.docx_bytes
    ),
    "xlsx": Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx.xlsx_bytes
    ),
    "html": Format(
        "text/html; charset=utf-8", lambda d, layout: html.html_page(d, layout).encode()
    ),
}


def export_plan(plan: Plan, file_format: str, *, layout: Layout = DEFAULT_LAYOUT) -> bytes:
    """Return the plan as a file. Needs rows loaded by `Plan.objects.for_document()`.

    The same words in the same layout give the same bytes; they are kept by content hash, so a second download
    costs a look-up. Raises FontMissing when the document's font is not installed. Unknown formats: KeyError.
    """
    document = plan_document(plan)
    key = f"export:{fingerprint(document, layout, file_format)}"
    kept = cache.get(key)
    if kept is None:
        kept = FORMATS[file_format].write(document, layout)
        cache.set(key, kept)
    return kept


def file_name(plan: Plan, file_format: str) -> str:
    """Return a name that a person can read in a folder: "KH-CTCL-MNHS-2025-2026.pdf"."""
    symbol = "".join(c for c in plan.school.symbol if c.isalnum() or c in "-&") or "truong"
    return f"{plan.spec.file_prefix}-{symbol}-{plan.school_year.label}.{file_format}"
