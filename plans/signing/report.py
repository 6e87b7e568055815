"""What the verification of a PDF says: values, plain Vietnamese words, and the JSON of the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from plans.signing.guard import APPENDED, REFUSED
from plans.signing.reading import Refusal

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")


class Coverage(StrEnum):
    """How much of the file a signature protects."""

    WHOLE = "whole"  # to its last byte
    REVISION = "revision"  # all that stood there when it was made
    PARTIAL = "partial"  # less than that


class Reason(StrEnum):
    """What is to be said of one signature; VALID, or the first thing that is wrong with it."""

    VALID = "valid"
    MALFORMED = "malformed"
    PARTIAL = "partial"
    ALTERED = "altered"
    WEAK = "weak"
    UNKNOWN_ISSUER = "unknown_issuer"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    WRONG_USAGE = "wrong_usage"
    REVOKED = "revoked"
    TIME_STAMP = "time_stamp"
    CHANGED_AFTER = "changed_after"


REASON_WORDS = {
    Reason.VALID: "Chữ ký hợp lệ",
    Reason.MALFORMED: "Chữ ký sai cấu trúc nên không kiểm tra được",
    Reason.PARTIAL: "Chữ ký chỉ bảo vệ một phần của tệp",
    Reason.ALTERED: "Nội dung hoặc chữ ký đã bị sửa so với lúc ký",
    Reason.WEAK: "Chữ ký dùng thuật toán không còn an toàn",
    Reason.UNKNOWN_ISSUER: "Không nhận ra tổ chức cấp chứng thư số của người ký",
    Reason.EXPIRED: "Chứng thư số đã hết hạn vào lúc ký",
    Reason.NOT_YET_VALID: "Chứng thư số chưa có hiệu lực vào lúc ký",
    Reason.WRONG_USAGE: "Chứng thư số không được cấp để ký văn bản",
    Reason.REVOKED: "Chứng thư số đã bị thu hồi",
    Reason.TIME_STAMP: "Dấu thời gian kèm theo chữ ký không kiểm tra được",
    Reason.CHANGED_AFTER: "Chữ ký đúng, nhưng văn bản bị thay đổi sau khi ký",
}


class Verdict(StrEnum):
    """What is to be said of the whole file."""

    VALID = "valid"
    NO_SIGNATURE = "no_signature"
    NOT_VALID = "not_valid"
    CHANGED_AFTER = "changed_after"
    APPENDED = "appended"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    ENCRYPTED = "encrypted"


_VERDICT_WORDS = {
    Verdict.VALID: "Mọi chữ ký đều hợp lệ và văn bản không bị thay đổi sau khi ký",
    Verdict.NO_SIGNATURE: "Tệp không có chữ ký số nào",
    Verdict.NOT_VALID: "Có chữ ký không hợp lệ",
    Verdict.CHANGED_AFTER: "Văn bản bị thay đổi sau khi ký",
    Verdict.APPENDED: APPENDED,
    Verdict.BROKEN: REFUSED[Refusal.BROKEN],
    Verdict.TOO_LARGE: REFUSED[Refusal.TOO_LARGE],
    Verdict.ENCRYPTED: REFUSED[Refusal.ENCRYPTED],
}


@dataclass(frozen=True)
class SignatureReport:
    """One signature. Names, serial and time are empty or None where the signature cannot be read that far."""

    field: str  # the name of its field in the file
    signer: str  # common name
    issuer: str  # common name
    serial: str  # hexadecimal
    time: (
        datetime | None
    )  # of the time stamp when there is a trusted one, else what the signer claims
    time_is_proven: bool
    trusted: (
        bool  # the chain ends at a trusted root and no certificate in it is out of date or revoked
    )
    intact: bool  # what it covers is what was signed
    coverage: Coverage
    reason: Reason
    revocation_is_known: bool  # a list or an answer of the issuer about the certificate was at hand
    revoked_at: datetime | None = None

    @property
    def words(self) -> str:
        """A sentence without its full stop."""
        words = REASON_WORDS[self.reason]
        if self.reason == Reason.REVOKED and self.revoked_at is not None:
            when = self.revoked_at.astimezone(_HERE)
            words += f" từ {when:%H:%M} ngày {when:%d/%m/%Y}"
            if not self.time_is_proven:
                words += " và không có dấu thời gian chứng minh chữ ký có trước đó"
        return words

    def as_json(self) -> dict[str, Any]:
        """Return what the command line shows; the time in ISO 8601 or null, the reason as its short name."""
        return {
            "signer": self.signer,
            "issuer": self.issuer,
            "time": self.time.isoformat() if self.time else None,
            "trusted": self.trusted,
            "intact": self.intact,
            "coverage": self.coverage.value,
            "reason": self.reason.value,
        }


@dataclass(frozen=True)
class Report:
    """The whole file: its signatures in the order of signing, and sentences on what was done to it beside them."""

    verdict: Verdict
    signatures: tuple[SignatureReport, ...] = ()
    changes_after: tuple[str, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether there is a signature, each one is wholly valid, and nothing else was done to the file after."""
        return self.verdict == Verdict.VALID

    @property
    def words(self) -> str:
        """A sentence without its full stop; the signatures and changes have their own."""
        return _VERDICT_WORDS[self.verdict]

    def as_json(self) -> dict[str, Any]:
        """Return what the command line shows."""
        return {
            "valid": self.valid,
            "signatures": [one.as_json() for one in self.signatures],
            "changes_after": list(self.changes_after),
        }


def refused(why: Refusal) -> Report:
    """Return the report on a file that cannot be read."""
    return Report(Verdict(why.value), changes_after=(REFUSED[why],))


def concluded(signatures: tuple[SignatureReport, ...], changes: tuple[str, ...]) -> Report:
    """Return the report with the verdict that follows from its parts."""
    return Report(_verdict(signatures, changes), signatures, changes)


def _verdict(signatures: tuple[SignatureReport, ...], changes: tuple[str, ...]) -> Verdict:
    if not signatures:
        return Verdict.NO_SIGNATURE
    if any(one.reason not in (Reason.VALID, Reason.CHANGED_AFTER) for one in signatures):
        return Verdict.NOT_VALID
    if changes == (APPENDED,):
        return Verdict.APPENDED
    if changes or any(one.reason == Reason.CHANGED_AFTER for one in signatures):
        return Verdict.CHANGED_AFTER
    return Verdict.VALID
