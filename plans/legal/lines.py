"""A document as the line that a plan prints, and whether a text names it already. Pure functions."""

from __future__ import annotations

import re

from plans.documents.wording import vietnamese_date
from plans.legal.models import LegalDocument


def official_line(document: LegalDocument) -> str:
    """Return the document as a ground of a plan, ending in ";".

    "Thông tư số 57/2026/TT-BGDĐT ngày 07 tháng 7 năm 2026 của Bộ Giáo dục và Đào tạo quy định về …;". Source:
    NĐ 30/2020/NĐ-CP, Phụ lục I, mục II.6 (kind, number, date, issuer, subject).
    """
    day = "".join(getattr(inline, "text", "") for inline in vietnamese_date(document.issued_on))
    subject = document.subject.strip().rstrip(".;")
    return f"{document.kind} số {document.number} {day} của {document.issuer} {subject};"


def names_document(text: str, document: LegalDocument) -> bool:
    """Say whether `text` holds the document's number, whatever its case and the spaces around its signs."""
    wanted = _tight(document.number)
    found = re.search(rf"(?<![\w/]){re.escape(wanted)}(?![\w/-])", _tight(text))
    return found is not None


def _tight(text: str) -> str:
    return re.sub(r"\s*([-–/])\s*", r"\1", text).replace("–", "-").lower()


def with_line(text: str, document: LegalDocument) -> str:
    """Return `text` with the document's line at its end; what was typed stays to the letter."""
    kept = text.rstrip("\n")
    return f"{kept}\n{official_line(document)}" if kept.strip() else official_line(document)
