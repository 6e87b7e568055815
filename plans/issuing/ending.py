"""What ends a document: another replaces it, or it is withdrawn. Its files and its number stay as they are."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from plans.accounts.models import User
from plans.history.actions import record
from plans.issuing.enums import DocumentState
from plans.issuing.models import IssuedDocument
from plans.moves import MoveNotAllowed
from plans.planning.models import Plan
from plans.text import nfc


def document_in_force(plan: Plan) -> IssuedDocument | None:
    """Return the plan's document that is in force, None when there is none; one query, no bytes."""
    return IssuedDocument.objects.in_force().filter(plan=plan).first()


@transaction.atomic
def withdraw_document(*, document: IssuedDocument, by: User, reason: str) -> IssuedDocument:
    """Withdraw a document in force, and return it.

    Raises ValidationError without a reason, MoveNotAllowed for a document that is no more in force.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do thu hồi văn bản."})
    return _end(document, DocumentState.WITHDRAWN, reason, by)


@transaction.atomic
def replace_document(*, document: IssuedDocument, by: User, reason: str = "") -> IssuedDocument:
    """End a document because another is about to take its place, and return it. Raises MoveNotAllowed."""
    return _end(document, DocumentState.REPLACED, reason, by)


def _end(document: IssuedDocument, state: DocumentState, reason: str, by: User) -> IssuedDocument:
    held = IssuedDocument.objects.select_for_update().get(pk=document.pk)
    if held.state != DocumentState.IN_FORCE:
        raise MoveNotAllowed(f"Văn bản {held.full_number} không còn hiệu lực.")
    before = {"state": held.state}
    held.state, held.ended_at = state, timezone.now()
    held.ended_because = nfc(reason).strip()
    held.full_clean(exclude=["tree", "basis"])  # long, and written once
    held.save(update_fields=["state", "ended_at", "ended_because"])
    after = {"state": str(state), "number": held.full_number, "reason": held.ended_because}
    action = f"document.{'withdraw' if state is DocumentState.WITHDRAWN else 'replace'}"
    record(action, held, by=by, before=before, after=after, school_id=held.school_id)
    return held
