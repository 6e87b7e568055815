"""What every signature in a PDF goes through, whatever it is that is signed: a key, the signing, what came of it.

Each signature is made, or taken in, outside a transaction: a time stamp may take seconds, and no other write may
wait for it. Who writes it down does so under the lock of what was signed, and only if the file that was signed
still is the one to sign. Nothing secret is kept: file, password, PIN live as long as the call.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from plans.accounts.models import User
from plans.checking.context import same_person
from plans.documents.fonts import find_fonts
from plans.issuing.enums import KeyWay
from plans.issuing.images import hand_signature_of
from plans.issuing.signing_setup import (
    remote_service,
    signing_settings,
    token_place,
    trust_store,
    ways_for,
)
from plans.schools.models import ManagingBody, School
from plans.signing.appearance import Appearance, ImageRefused, signer_appearance
from plans.signing.certificates import certificates_of, check_certificate
from plans.signing.fields import field_size
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

SIGNED_MEANWHILE = (
    "Văn bản vừa có thêm chữ ký của người khác trong cùng lúc ký này, nên chữ ký này chưa được ghi. "
    "Vui lòng ký lại trên bản mới."
)
OTHER_CERTIFICATE = "Chứng thư số ghi tên “{found}”, còn văn bản ghi người ký là {name}."
NO_KEY_FILES = "Cơ quan quản lý không cho phép ký bằng tệp khóa trên trang này."
NOT_SET_UP = "Máy chủ chưa được cài đặt cách ký này."
SIGNED_SINCE = (
    "Tệp tải lên được ký trên bản cũ: từ lúc tải tệp về đã có thêm chữ ký của người khác, nên chữ ký này chưa được ghi. "
    "Vui lòng tải bản hiện tại về, ký lại rồi tải lên."
)
NOT_OURS = "Tệp tải lên không phải là văn bản này kèm thêm chữ ký"
NO_NEW_SIGNATURE = "Tệp tải lên chưa có chữ ký mới. Vui lòng ký tệp đã tải về rồi tải lên lại."
SEVERAL_NEW = "Tệp tải lên có nhiều chữ ký mới. Mỗi lần chỉ nhận một chữ ký của một người."
WRONG_CLOCK = (
    "Thời điểm ký ghi trong tệp không đúng: trước lúc có văn bản hoặc sau lúc này. "
    "Vui lòng chỉnh đồng hồ của máy ký rồi ký lại."
)
NOT_VALID = "Tệp sau khi ký chưa hợp lệ nên không được nhận"

# What the clocks of two machines may differ by.
CLOCKS = timedelta(hours=1)

Size = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Task:
    """One signature to make: in which field of which file, for what, and what is drawn there."""

    pdf: bytes = field(repr=False)
    field: str
    reason: str
    draw: Callable[[Size], Appearance]


@dataclass(frozen=True, slots=True)
class Made:
    """A file with one signature more than the one it was made from, and what is said of that signature."""

    content: bytes = field(repr=False)
    way: KeyWay
    report: SignatureReport
    at: datetime

    def values(self) -> dict[str, Any]:
        """Return what the row of a signature keeps of it."""
        return {
            "way": self.way,
            "subject": self.report.signer[:300],
            "certificate_issuer": self.report.issuer[:300],
            "serial": self.report.serial[:80],
            "signed_at": self.report.time or self.at,
            "has_timestamp": self.report.time_is_proven,
        }

    def deed(self) -> dict[str, str]:
        """Return what the record keeps of it."""
        return {
            "way": str(self.way),
            "subject": self.report.signer[:300],
            "serial": self.report.serial[:80],
            "sha256": hashlib.sha256(self.content).hexdigest(),
        }


# --- the ways to a key ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeySource:
    """A way to a key with what was typed for it; it lives for one signature."""

    way: KeyWay
    key: Callable[[TrustStore, datetime], Key] = field(repr=False)


def from_key_file(data: bytes, password: str) -> KeySource:
    """Return the key in a PKCS#12 file that lives in memory for one signature."""
    return KeySource(
        KeyWay.KEY_FILE,
        lambda trust, at: key_from_pkcs12(data, password, trust=trust, at=at),
    )


def from_token(certificate: str, pin: str) -> KeySource:
    """Return the key of the server's token whose certificate is called `certificate`."""

    def key(trust: TrustStore, at: datetime) -> Key:
        place = token_place()
        assert place is not None  # `check_way` saw it
        return key_from_token(place.library, place.label, pin, certificate, trust=trust, at=at)

    return KeySource(KeyWay.TOKEN, key)


def from_service(credential: str, pin: str, otp: str = "") -> KeySource:
    """Return the key that the remote service keeps as `credential`."""

    def key(trust: TrustStore, at: datetime) -> Key:
        service = remote_service()
        assert service is not None  # `check_way` saw it
        return key_from_service(service, credential, pin=pin, otp=otp, trust=trust, at=at)

    return KeySource(KeyWay.REMOTE, key)


def check_way(way: KeyWay, about: School | ManagingBody, at: datetime) -> None:
    """Raise ValidationError where a way to a key is not open for what concerns a school, or a body's own papers."""
    if way not in ways_for(about, timezone.localdate(at)):
        raise ValidationError(NO_KEY_FILES if way is KeyWay.KEY_FILE else NOT_SET_UP)


# --- making -----------------------------------------------------------------------------------------------


def made_here(source: KeySource, task: Task, *, at: datetime) -> Made:
    """Sign `task` with the key of `source`. Raises ValidationError, in Vietnamese, for whatever stands against it."""
    trust, size = trust_store(), field_size(task.pdf, task.field)
    if size is None:
        raise ValidationError(Reason.NO_FIELD.value)
    try:
        drawing = task.draw(size)
    except ImageRefused as error:
        raise ValidationError(error.words) from error
    content = _signed(task, drawing, lambda: source.key(trust, at))
    return Made(content, source.way, _new_signature(task.pdf, content, trust, at), at)


def _signed(task: Task, drawing: Appearance, key: Callable[[], Key]) -> bytes:
    """Return the signed bytes; a refusal is raised on by its words alone, so that no frame with a secret hangs on it."""
    try:
        settings = signing_settings(task.reason)
        return sign(task.pdf, task.field, key(), appearance=drawing, settings=settings)
    except SigningRefused as error:
        words = error.words
    raise ValidationError(words)


def made_outside(
    content: bytes, *, pdf: bytes, earlier: Iterable[bytes], since: datetime, at: datetime
) -> Made:
    """Take in `pdf` as another program signed it.

    It must be our very bytes and signature updates after them, with one new, trusted signature that was made
    after `since`. `earlier` are the files that were handed out before others signed: who signed one of those is
    told so. Raises ValidationError as `made_here` does.
    """
    trust = trust_store()
    problems = only_signed(pdf, content)
    if problems:
        if any(not only_signed(one, content) for one in earlier):
            raise ValidationError(SIGNED_SINCE)
        raise ValidationError(f"{NOT_OURS}. {problems[0]}.")
    if content == pdf:
        raise ValidationError(NO_NEW_SIGNATURE)
    found = _new_signature(pdf, content, trust, at)
    if found.time is None or not since - CLOCKS <= found.time <= at + CLOCKS:
        raise ValidationError(WRONG_CLOCK)
    _check_outside_certificate(content, found, trust, at)
    return Made(content, KeyWay.OUTSIDE, found, at)


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


# --- a person's signature ---------------------------------------------------------------------------------


def hand_drawing(name: str, by: User, at: datetime) -> Callable[[Size], Appearance]:
    """Return how a person's signature is drawn: their own picture, else name and time; for `Task.draw`."""
    return lambda size: signer_appearance(
        size, name=name, at=timezone.localtime(at), fonts=find_fonts(), image=hand_signature_of(by)
    )


def check_named(made: Made, name: str) -> None:
    """Raise ValidationError unless the certificate of a signature is made out to `name`."""
    if not same_person(made.report.signer, name):
        raise ValidationError(OTHER_CERTIFICATE.format(found=made.report.signer, name=name))
