"""Signing an issued document: the person who signs and the school's seal, two people, two steps, in any order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from plans.accounts.models import User
from plans.checking.context import same_person
from plans.documents.fonts import find_fonts
from plans.history.actions import record
from plans.issuing.enums import DocumentState, FileRole, SignatureRole
from plans.issuing.files import add_file, current_pdf, earlier_of, signed_name
from plans.issuing.images import seal_of
from plans.issuing.models import DocumentFile, IssuedDocument, Signature
from plans.issuing.signing_steps import (
    SIGNED_MEANWHILE,
    KeySource,
    Made,
    Size,
    Task,
    check_named,
    check_way,
    hand_drawing,
    made_here,
    made_outside,
)
from plans.signing.appearance import Appearance, seal_appearance
from plans.signing.fields import SEAL_FIELD, SIGNER_FIELD
from plans.signing.report import SignatureReport

FIELDS = {SignatureRole.SIGNER: SIGNER_FIELD, SignatureRole.SEAL: SEAL_FIELD}
PERMISSIONS = {
    SignatureRole.SIGNER: "plans.sign_document",
    SignatureRole.SEAL: "plans.seal_document",
}

NOT_IN_FORCE = "Văn bản không còn hiệu lực nên không ký được nữa."
SIGNED_ALREADY = "Văn bản đã có chữ ký này."
TWO_PEOPLE = (
    "Thầy cô đã ký văn bản này ở phần kia. Chữ ký của người ký và chữ ký của cơ quan "
    "phải do hai người thực hiện."
)
NOT_THE_SIGNER = "Văn bản này ghi người ký là {name}, nên chỉ người ấy ký được."
NOT_ALLOWED = "Thầy cô không có quyền thực hiện chữ ký này."
SIGNERS_CERTIFICATE = (
    "Đây là chứng thư số của người ký. Chữ ký của cơ quan cần chứng thư số của nhà trường."
)
OTHER_FIELD = "Chữ ký trong tệp nằm ở ô dành cho chữ ký kia. Thầy cô vui lòng tải lại văn bản và ký vào đúng ô."


def sign_document(
    *,
    document: IssuedDocument,
    role: SignatureRole,
    source: KeySource,
    by: User,
    at: datetime | None = None,
) -> Signature:
    """Sign with the key of `source`; return the row of the signature.

    Raises ValidationError, in Vietnamese, for whatever stands against it; then nothing was written.
    """
    moment = at or timezone.now()
    check_way(source.way, document.school, moment)
    _check_person(document, role, by)
    current = current_pdf(document)
    task = Task(
        pdf=bytes(current.file.content),
        field=FIELDS[role],
        reason=f"Ban hành văn bản số {document.full_number}",
        draw=_drawing(document, role, by=by, at=moment),
    )
    made = made_here(source, task, at=moment)
    return _store(document=document, role=role, made=made, before=current, by=by)


def accept_outside(
    *,
    document: IssuedDocument,
    content: bytes,
    by: User,
    role: SignatureRole | None = None,
    at: datetime | None = None,
) -> Signature:
    """Take in the current file as another program signed it (`made_outside`); return the row of the new signature.

    Without `role` the field that was filled says whose it is, else the certificate, else what the person may do.
    Raises ValidationError as `sign_document` does.
    """
    moment, current = at or timezone.now(), current_pdf(document)
    made = made_outside(
        content,
        pdf=bytes(current.file.content),
        earlier=earlier_of(document.files.all(), current),
        since=document.issued_at,
        at=moment,
    )
    role = role or _role_of(made.report, document, by)
    if made.report.field in FIELDS.values() and made.report.field != FIELDS[role]:
        raise ValidationError(OTHER_FIELD)
    _check_person(document, role, by)
    return _store(document=document, role=role, made=made, before=current, by=by)


def _drawing(
    document: IssuedDocument, role: SignatureRole, *, by: User, at: datetime
) -> Callable[[Size], Appearance]:
    if role is SignatureRole.SIGNER:
        return hand_drawing(document.signer_name, by, at)
    image = seal_of(document.school, timezone.localdate(at))
    return lambda size: seal_appearance(
        size,
        name=document.issuer_name,
        at=timezone.localtime(at),
        fonts=find_fonts(),
        image=image,
    )


# --- who and what -----------------------------------------------------------------------------------------


def obstacle(document: IssuedDocument, role: SignatureRole, by: User) -> str:
    """Return why `by` cannot make this signature now, as a Vietnamese sentence; "" where nothing stands against it."""
    if document.state != DocumentState.IN_FORCE:
        return NOT_IN_FORCE
    if not by.has_perm(PERMISSIONS[role], document):
        return NOT_ALLOWED
    made = {one.role: one.by_id for one in document.signatures.all()}
    if role in made:
        return SIGNED_ALREADY
    if by.pk in made.values():
        return TWO_PEOPLE
    if role is SignatureRole.SIGNER and not same_person(by.full_name, document.signer_name):
        return NOT_THE_SIGNER.format(name=document.signer_name)
    return ""


def _check_person(document: IssuedDocument, role: SignatureRole, by: User) -> None:
    if words := obstacle(document, role, by):
        raise ValidationError(words)


def _role_of(found: SignatureReport, document: IssuedDocument, by: User) -> SignatureRole:
    """Return whose signature came in: by its field, else by the name in the certificate, else by what `by` may do."""
    for role, field in FIELDS.items():
        if found.field == field:
            return role
    if same_person(found.signer, document.signer_name):
        return SignatureRole.SIGNER
    if same_person(found.signer, document.issuer_name):
        return SignatureRole.SEAL
    may_sign = by.has_perm(PERMISSIONS[SignatureRole.SIGNER], document)
    return SignatureRole.SIGNER if may_sign else SignatureRole.SEAL


def _check_certificate(document: IssuedDocument, role: SignatureRole, made: Made) -> None:
    if role is SignatureRole.SIGNER:
        check_named(made, document.signer_name)
    elif same_person(made.report.signer, document.signer_name):
        raise ValidationError(SIGNERS_CERTIFICATE)


# --- writing ----------------------------------------------------------------------------------------------


@transaction.atomic
def _store(
    *, document: IssuedDocument, role: SignatureRole, made: Made, before: DocumentFile, by: User
) -> Signature:
    """Write file, signature and record; raise ValidationError where the document has moved on meanwhile."""
    held = IssuedDocument.objects.select_for_update().get(pk=document.pk)
    _check_person(held, role, by)
    if current_pdf(held).pk != before.pk:
        raise ValidationError(SIGNED_MEANWHILE)
    _check_certificate(held, role, made)
    name = signed_name(before.name)
    file = add_file(document=held, content=made.content, role=FileRole.SIGNED, name=name, by=by)
    signature = Signature(document=held, role=role, file=file, by=by, **made.values())
    signature.full_clean()
    signature.save()
    after = {"role": str(role), **made.deed()}
    record("document.sign", held, by=by, after=after, school_id=held.school_id)
    return signature
