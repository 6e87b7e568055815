"""What people do to the shelf of legal documents; every write is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from plans.accounts.models import User
from plans.history.actions import record
from plans.legal.models import LegalDocument
from plans.schools.models import ManagingBody, School
from plans.text import nfc
from plans.versions import write_where_unmoved

FIELDS = ("kind", "number", "issued_on", "issuer", "subject", "valid_to")


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: values[name] for name in FIELDS if name in values}
    return {k: " ".join(nfc(v).split()) if isinstance(v, str) else v for k, v in known.items()}


@transaction.atomic
def add_document(
    *, values: Mapping[str, Any], school: School | None, body: ManagingBody | None, by: User
) -> LegalDocument:
    """Put a document on the shelf of one school, of a body's schools, or (neither) of every school.

    Returns it. Raises ValidationError, also for a number that stands on that shelf already.
    """
    document = LegalDocument(school=school, body=body, added_by=by, **_clean(values))
    document.search_text = document.words_to_find()
    document.full_clean()
    document.save()
    _record("legal.add", document, by)
    return document


@transaction.atomic
def change_document(
    *, document: LegalDocument, values: Mapping[str, Any], version: int, by: User
) -> LegalDocument:
    """Save typed fields of a document and return it; plans keep the line that they took.

    Raises ValidationError, also when somebody else saved it first.
    """
    new = _clean(values)
    before = {name: getattr(document, name) for name in new}
    changed = {name: value for name, value in new.items() if value != before[name]}
    if not changed:
        return document
    for name, value in changed.items():
        setattr(document, name, value)
    document.search_text = document.words_to_find()
    document.full_clean()
    write_where_unmoved(document, changed | {"search_text": document.search_text}, version)
    told = {
        n: v.isoformat() if isinstance(v, date) else v for n, v in before.items() if n in changed
    }
    _record("legal.change", document, by, told)
    return document


def _record(
    action: str, document: LegalDocument, by: User, before: dict[str, Any] | None = None
) -> None:
    school, body = document.school_id, document.body_id
    record(action, document, by=by, before=before, school_id=school, body_id=body)
