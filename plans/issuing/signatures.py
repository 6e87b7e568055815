"""Signing an issued document: the person who signs and the school's seal, two people, two steps, in any order.

Each signature is made, or taken in, outside the transaction: a time stamp may take seconds, and no other write may
wait for it. What is written is written under the document's lock, and only if the file that was signed still is the
one to sign. Nothing secret is kept: file, password, PIN live as long as the call.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from plans.accounts.models import User
from plans.checking.context import same_person
from plans.documents.fonts import find_fonts
from plans.history.actions import record
from plans.issuing.enums import DocumentState, FileRole, KeyWay, SignatureRole
from plans.issuing.files import add_file, current_pdf
from plans.issuing.images import image_for
from plans.issuing.models import IssuedDocument, Signature
from plans.issuing.signing_setup import (
    remote_service,
    signing_settings,
    token_place,
    trust_store,
    ways_for,
)
from plans.signing.appearance import Appearance, ImageRefused, seal_appearance, signer_appearance
from plans.signing.certificates import certificates_of, check_certificate
from plans.signing.fields import SEAL_FIELD, SIGNER_FIELD, field_size
from plans.signing.guard import only_signed
from plans.signing.keys import Key, key_from_pkcs12
from plans.signing.refusal import Reason, SigningRefused
from plans.signing.remote import key_from_service
from plans.signing.report import Reason as Found
from plans.signing.report import SignatureReport
from plans.signing.sign import sign
from plans.signing.tokens import key_from_token
from plans.signing.trust import TrustStore
from plans.signing.verify import verify

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
OTHER_CERTIFICATE = "Chứng thư số ghi tên “{found}”, còn văn bản ghi người ký là {name}."
SIGNERS_CERTIFICATE = (
    "Đây là chứng thư số của người ký. Chữ ký của cơ quan cần chứng thư số của nhà trường."
)
SIGNED_MEANWHILE = (
    "Văn bản vừa có thêm chữ ký của người khác trong lúc thầy cô ký, nên chữ ký của thầy cô chưa được ghi. "
    "Thầy cô vui lòng ký lại trên bản mới."
)
NO_KEY_FILES = "Cơ quan quản lý không cho phép ký bằng tệp khóa trên trang này."
NOT_SET_UP = "Máy chủ chưa được cài đặt cách ký này."
NOT_OURS = "Tệp tải lên không phải là văn bản này kèm thêm chữ ký"
NO_NEW_SIGNATURE = (
    "Tệp tải lên chưa có chữ ký mới. Thầy cô vui lòng ký tệp đã tải về rồi tải lên lại."
)
OTHER_FIELD = "Chữ ký trong tệp nằm ở ô dành cho chữ ký kia. Thầy cô vui lòng tải lại văn bản và ký vào đúng ô."
SEVERAL_NEW = "Tệp tải lên có nhiều chữ ký mới. Mỗi lần chỉ nhận một chữ ký của một người."
WRONG_CLOCK = (
    "Thời điểm ký ghi trong tệp không đúng: trước lúc ban hành hoặc sau lúc này. "
    "Thầy cô vui lòng chỉnh đồng hồ của máy ký rồi ký lại."
)
NOT_VALID = "Tệp sau khi ký chưa hợp lệ nên không được nhận"


# What the clocks of two machines may differ by.
CLOCKS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Made:
    """A file with one signature more than `before` (the pk of the file it was made from)."""

    content: bytes
    before: int
    role: SignatureRole
    way: KeyWay
    report: SignatureReport
    at: datetime


# --- the ways to a key ------------------------------------------------------------------------------------


def sign_with_key_file(
    *,
    document: IssuedDocument,
    role: SignatureRole,
    data: bytes,
    password: str,
    by: User,
    at: datetime | None = None,
) -> Signature:
    """Sign with a PKCS#12 file that lives in memory for this one signature; return its row.

    Raises ValidationError, in Vietnamese, for whatever stands against it; then nothing was written.
    """
    moment = at or timezone.now()
    if KeyWay.KEY_FILE not in ways_for(document.school, timezone.localdate(moment)):
        raise ValidationError(NO_KEY_FILES)

    def key(trust: TrustStore) -> Key:
        return key_from_pkcs12(data, password, trust=trust, at=moment)

    return _sign_here(document, role, KeyWay.KEY_FILE, key, by=by, at=moment)


def sign_with_token(
    *,
    document: IssuedDocument,
    role: SignatureRole,
    certificate: str,
    pin: str,
    by: User,
    at: datetime | None = None,
) -> Signature:
    """Sign with the key of the server's token whose certificate is called `certificate`; return the row.

    Raises ValidationError as `sign_with_key_file` does.
    """
    moment, place = at or timezone.now(), token_place()
    if place is None:
        raise ValidationError(NOT_SET_UP)

    def key(trust: TrustStore) -> Key:
        return key_from_token(place.library, place.label, pin, certificate, trust=trust, at=moment)

    return _sign_here(document, role, KeyWay.TOKEN, key, by=by, at=moment)


def sign_remotely(
    *,
    document: IssuedDocument,
    role: SignatureRole,
    credential: str,
    pin: str,
    otp: str = "",
    by: User,
    at: datetime | None = None,
) -> Signature:
    """Sign with the key that the remote service keeps as `credential`; return the row.

    Raises ValidationError as `sign_with_key_file` does.
    """
    moment, service = at or timezone.now(), remote_service()
    if service is None:
        raise ValidationError(NOT_SET_UP)

    def key(trust: TrustStore) -> Key:
        return key_from_service(service, credential, pin=pin, otp=otp, trust=trust, at=moment)

    return _sign_here(document, role, KeyWay.REMOTE, key, by=by, at=moment)


def accept_outside(
    *,
    document: IssuedDocument,
    content: bytes,
    by: User,
    role: SignatureRole | None = None,
    at: datetime | None = None,
) -> Signature:
    """Take in the current file as another program signed it; return the row of the new signature.

    It must be our very bytes and signature updates after them, with one new, trusted signature. Without `role`
    the field that was filled says whose it is, else the certificate, else what the person may do. Raises
    ValidationError as `sign_with_key_file` does.
    """
    moment, trust, current = at or timezone.now(), trust_store(), current_pdf(document)
    before = bytes(current.file.content)
    problems = only_signed(before, content)
    if problems:
        raise ValidationError(f"{NOT_OURS}. {problems[0]}.")
    if content == before:
        raise ValidationError(NO_NEW_SIGNATURE)
    found = _new_signature(before, content, trust, moment)
    _check_time(found, document, moment)
    _check_outside_certificate(content, found, trust, moment)
    role = role or _role_of(found, document, by)
    if found.field in FIELDS.values() and found.field != FIELDS[role]:
        raise ValidationError(OTHER_FIELD)
    _check_person(document, role, by)
    made = _Made(content, current.pk, role, KeyWay.OUTSIDE, found, moment)
    return _store(document=document, made=made, by=by)


# --- making -----------------------------------------------------------------------------------------------


def _sign_here(
    document: IssuedDocument,
    role: SignatureRole,
    way: KeyWay,
    key: Callable[[TrustStore], Key],
    *,
    by: User,
    at: datetime,
) -> Signature:
    _check_person(document, role, by)
    trust, current = trust_store(), current_pdf(document)
    before = bytes(current.file.content)
    drawing = _appearance(document, role, before, by=by, at=at)
    content = _signed(document, role, before, drawing, lambda: key(trust))
    found = _new_signature(before, content, trust, at)
    made = _Made(content, current.pk, role, way, found, at)
    return _store(document=document, made=made, by=by)


def _signed(
    document: IssuedDocument,
    role: SignatureRole,
    before: bytes,
    drawing: Appearance | None,
    key: Callable[[], Key],
) -> bytes:
    """Return the signed bytes; a refusal is raised on by its words alone, so that no frame with a secret hangs on it."""
    try:
        settings = signing_settings(f"Ban hành văn bản số {document.full_number}")
        return sign(before, FIELDS[role], key(), appearance=drawing, settings=settings)
    except SigningRefused as error:
        words = error.words
    raise ValidationError(words)


def _appearance(
    document: IssuedDocument, role: SignatureRole, pdf: bytes, *, by: User, at: datetime
) -> Appearance | None:
    size = field_size(pdf, FIELDS[role])
    if size is None:
        raise ValidationError(Reason.NO_FIELD.value)
    is_signer = role is SignatureRole.SIGNER
    draw = signer_appearance if is_signer else seal_appearance
    name = document.signer_name if is_signer else document.issuer_name
    image = image_for(document.school, role, by=by, on=timezone.localdate(at))
    try:
        local = timezone.localtime(at)
        return draw(size, name=name, at=local, fonts=find_fonts(), image=image)
    except ImageRefused as error:
        raise ValidationError(error.words) from error


def _new_signature(
    before: bytes, content: bytes, trust: TrustStore, at: datetime
) -> SignatureReport:
    """Return what is said of the one new signature; raise ValidationError unless old and new ones all hold."""
    old = {one.field for one in verify(before, trust=trust, at=at).signatures}
    report = verify(content, trust=trust, at=at, original=before)
    new = [one for one in report.signatures if one.field not in old]
    if not new:
        raise ValidationError(NO_NEW_SIGNATURE)
    if len(new) > 1:
        raise ValidationError(SEVERAL_NEW)
    if not report.valid:
        wrong = (one.words for one in (*new, *report.signatures) if one.reason != Found.VALID)
        raise ValidationError(f"{NOT_VALID}. {next(wrong, report.words)}.")
    return new[0]


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


def _check_time(found: SignatureReport, document: IssuedDocument, now: datetime) -> None:
    """Raise ValidationError for a signature that claims a moment at which it cannot have been made."""
    if found.time is None or not document.issued_at - CLOCKS <= found.time <= now + CLOCKS:
        raise ValidationError(WRONG_CLOCK)


def _check_outside_certificate(
    content: bytes, found: SignatureReport, trust: TrustStore, now: datetime
) -> None:
    """Ask of a certificate used elsewhere what is asked of one used here: valid now, and for signing documents.

    What a signature claims of its own time proves nothing; a trusted time stamp does.
    """
    own, *others = certificates_of(content, found.field)
    proven = found.time if found.time_is_proven else None
    try:
        check_certificate(own, others, trust=trust, at=proven or now)
    except SigningRefused as error:
        raise ValidationError(error.words) from error


def _check_certificate(document: IssuedDocument, made: _Made) -> None:
    is_signers = same_person(made.report.signer, document.signer_name)
    if made.role is SignatureRole.SIGNER and not is_signers:
        words = OTHER_CERTIFICATE.format(found=made.report.signer, name=document.signer_name)
        raise ValidationError(words)
    if made.role is SignatureRole.SEAL and is_signers:
        raise ValidationError(SIGNERS_CERTIFICATE)


# --- writing ----------------------------------------------------------------------------------------------


@transaction.atomic
def _store(*, document: IssuedDocument, made: _Made, by: User) -> Signature:
    """Write file, signature and record; raise ValidationError where the document has moved on meanwhile."""
    held = IssuedDocument.objects.select_for_update().get(pk=document.pk)
    _check_person(held, made.role, by)
    current = current_pdf(held)
    if current.pk != made.before:
        raise ValidationError(SIGNED_MEANWHILE)
    _check_certificate(held, made)
    name = f"{current.name.removesuffix('.pdf').removesuffix('-da-ky')}-da-ky.pdf"
    file = add_file(document=held, content=made.content, role=FileRole.SIGNED, name=name, by=by)
    signature = Signature(
        document=held,
        role=made.role,
        way=made.way,
        file=file,
        subject=made.report.signer[:300],
        certificate_issuer=made.report.issuer[:300],
        serial=made.report.serial[:80],
        signed_at=made.report.time or made.at,
        has_timestamp=made.report.time_is_proven,
        by=by,
    )
    signature.full_clean()
    signature.save()
    after = {
        "role": str(made.role),
        "way": str(made.way),
        "subject": signature.subject,
        "serial": signature.serial,
        "sha256": hashlib.sha256(made.content).hexdigest(),
    }
    record("document.sign", held, by=by, after=after, school_id=held.school_id)
    return signature
