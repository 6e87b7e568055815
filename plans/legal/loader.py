"""Documents that every school may name, from `fixtures/legal/` → rows of LegalDocument.

Rows that are there stay as they are, since an administrator may have corrected them.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.db import transaction

from criteria.checking import FileError, Record, Report, read_record
from plans.legal.models import LegalDocument

LEGAL_DIR = Path(__file__).resolve().parents[2] / "fixtures" / "legal"


@transaction.atomic
def load_documents(path: Path = LEGAL_DIR / "documents.json") -> int:
    """Add the documents that are missing and return how many. Raises criteria.checking.FileError."""
    report = Report(path.name)
    record = read_record(path, report, schema="legal-documents/1")
    rows = [_read(part) for part in record.records("documents")]
    report.refuse_if_faulty(FileError)
    shared = LegalDocument.objects.filter(body__isnull=True, school__isnull=True)
    known = set(shared.values_list("number", flat=True))
    new = [row for row in rows if row.number not in known]
    for row in new:
        row.full_clean()
    return len(LegalDocument.objects.bulk_create(new))


def _read(record: Record) -> LegalDocument:
    row = LegalDocument(
        kind=record.text("kind", max_length=60),
        number=record.text("number", max_length=80),
        issued_on=record.day("issued") or date.min,
        issuer=record.text("issuer", max_length=200),
        subject=record.text("subject", max_length=1000),
        valid_to=record.day_or_none("valid_to") if record.has("valid_to") else None,
    )
    record.refuse_other_keys()
    row.search_text = row.words_to_find()
    return row
