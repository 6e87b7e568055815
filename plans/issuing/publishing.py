"""Công khai: a school chooses what everybody may see of its plan, at an address that stays."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from plans.accounts.models import User
from plans.documents.storing import tree_from_json
from plans.documents.tree import Document
from plans.history.actions import record
from plans.issuing.enums import DocumentState
from plans.issuing.excerpt import excerpt, keys_of, parts_of
from plans.issuing.freezing import freeze
from plans.issuing.models import IssuedDocument, PublicCopy
from plans.planning.export import export_document
from plans.planning.models import Plan

TOKEN_BYTES = 16


def copy_of(document: IssuedDocument) -> PublicCopy | None:
    """Return the public copy of the plan that `document` came from, whichever issue it was chosen for."""
    if document.plan_id is None:
        return None
    return PublicCopy.objects.filter(document__plan=document.plan_id).first()


def shown_document(copy: PublicCopy) -> IssuedDocument | None:
    """Return the document that a copy shows now: the one in force of the same plan; None while there is none."""
    return IssuedDocument.objects.in_force().filter(plan=copy.document.plan_id).first()


def tree_of(document: IssuedDocument) -> Document:
    """Return an issued document as values, as it was frozen. Raises UnreadableTree for what is none."""
    return tree_from_json(document.tree)


def public_tree(copy: PublicCopy, document: IssuedDocument) -> Document:
    """Return what `copy` shows of `document`, one of its plan's."""
    spec = _plan_of(document).spec
    return excerpt(tree_of(document), spec, copy.parts, with_names=copy.with_names)


def _plan_of(document: IssuedDocument) -> Plan:
    if document.plan is None:
        raise ValidationError("Văn bản này không lập từ kế hoạch nên không có bản công khai.")
    return document.plan


@transaction.atomic
def publish(
    *, document: IssuedDocument, parts: Collection[str], with_names: bool, by: User
) -> PublicCopy:
    """Show the chosen parts of a document in force to everybody, and return the copy with its stable address.

    The PDF is rendered now and kept; choosing again renders another. Raises ValidationError for a document that
    is no longer in force, and under "parts" for parts that the form has not, or for none.
    """
    held = IssuedDocument.objects.select_for_update().get(pk=document.pk)
    if held.state != DocumentState.IN_FORCE:
        raise ValidationError("Chỉ công khai được văn bản đang có hiệu lực.")
    known = keys_of(parts_of(_plan_of(held).spec))
    if not parts or set(parts) - set(known):
        raise ValidationError({"parts": "Hãy chọn ít nhất một phần trong danh sách."})
    copy = _held(copy_of(held)) or PublicCopy(
        document=held, token=secrets.token_urlsafe(TOKEN_BYTES)
    )
    before = _choice(copy) if copy.pk else {}
    copy.document, copy.with_names, copy.is_public = held, with_names, True
    copy.parts = [key for key in known if key in set(parts)]
    _write(copy, by)
    _record("document.publish", copy, by, before)
    return copy


@transaction.atomic
def stop_publishing(*, copy: PublicCopy, by: User) -> PublicCopy:
    """Show nothing any more at the copy's address; the choice stays for the next time. Twice is once."""
    held = PublicCopy.objects.select_for_update().select_related("document").get(pk=copy.pk)
    if held.is_public:
        before = _choice(held)
        held.is_public, held.changed_at, held.changed_by = False, timezone.now(), by
        held.full_clean()
        held.save()
        _record("document.unpublish", held, by, before)
    return held


@transaction.atomic
def carry_on(*, document: IssuedDocument, by: User) -> PublicCopy | None:
    """Let the plan's public copy show a newer issue: same address, same choice, its PDF rendered anew.

    Returns the copy, or None where the plan has none that is public. To be called after `document` was issued;
    until then the page shows the newer issue already, and only its PDF is not offered.
    """
    copy = _held(copy_of(document))
    if copy is None or not copy.is_public or copy.document_id == document.pk:
        return None
    before = _choice(copy)
    copy.document = document
    _write(copy, by)
    _record("document.publish", copy, by, before)
    return copy


def _held(copy: PublicCopy | None) -> PublicCopy | None:
    """Return the copy as it is now, held for this transaction: who closes it meanwhile must not be overruled."""
    if copy is None:
        return None
    return PublicCopy.objects.select_for_update().select_related("document").get(pk=copy.pk)


def _write(copy: PublicCopy, by: User) -> None:
    content = export_document(public_tree(copy, copy.document), "pdf")
    copy.pdf = freeze(content, "application/pdf")
    copy.changed_at, copy.changed_by = timezone.now(), by
    copy.full_clean()
    copy.save()


def _choice(copy: PublicCopy) -> dict[str, object]:
    return {
        "document": copy.document.full_number,
        "parts": copy.parts,
        "with_names": copy.with_names,
        "is_public": copy.is_public,
    }


def _record(action: str, copy: PublicCopy, by: User, before: dict[str, object]) -> None:
    document = copy.document
    record(
        action, document, by=by, before=before, after=_choice(copy), school_id=document.school_id
    )
