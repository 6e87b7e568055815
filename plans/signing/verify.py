"""Verifies the signatures of any PDF, ours or not; any bytes give a report, never an error.

Each signature is asked, in this order: is it whole and does it cover what it must; is what it covers unchanged;
does its certificate lead to a trusted root, was it in date and meant for signing when it signed, was it revoked;
what was done to the file afterwards. The time of signing is that of a trusted time stamp, in the signature or over
the file later, else what the signer claims; only a time stamp saves a signature from a revocation.
A document time stamp is no signer: it proves a time, and is wrong when it cannot be trusted.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.general import find_cms_attribute_iter
from pyhanko.sign.validation.pdf_embedded import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from plans.signing.guard import APPENDED, changes_by_revision, only_signed, signature_fields
from plans.signing.guard import at as value_at
from plans.signing.reading import FileRefused, OpenPdf, open_pdf, refusal_of
from plans.signing.report import (
    Coverage,
    Reason,
    Report,
    SignatureReport,
    concluded,
    refused,
)
from plans.signing.revocation import Proofs
from plans.signing.shape import embedded_certificates, inner_stamps, is_well_formed, shape_of
from plans.signing.trust import TrustStore, certificates_in, is_issued_by

HIDDEN = "Có chữ ký không còn nằm trong biểu mẫu của văn bản"
SHARED = "Nhiều ô chữ ký dùng chung một chữ ký"
STAMP = "Dấu thời gian của tệp không kiểm tra được"
FORBIDDEN = "Có chữ ký được thêm vào văn bản mà người ký trước không cho thay đổi"

# Purposes beside which a certificate may sign documents; Vietnamese authorities name the first two.
_PURPOSES = {
    ExtendedKeyUsageOID.EMAIL_PROTECTION,
    ExtendedKeyUsageOID.CLIENT_AUTH,
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),  # document signing, RFC 9336
    x509.ObjectIdentifier("1.3.6.1.4.1.311.10.3.12"),  # document signing, Microsoft
    x509.ObjectIdentifier("1.2.840.113583.1.1.5"),  # authentic documents, Adobe
}
_ANY_USAGE = KeyUsageConstraints()  # judged here, for an answer of its own
_WEAK = {
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE,
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
}


def verify(
    pdf: bytes, *, trust: TrustStore, at: datetime | None = None, original: bytes | None = None
) -> Report:
    """Return what the signatures of `pdf` are worth, judged `at` that time (now).

    With `original`, the file must also be these very bytes and signature updates after them. Raises nothing.
    """
    try:
        report = _verify(open_pdf(pdf), trust, at or datetime.now(UTC))
    except Exception as error:  # a parser may meet anything in bytes that anyone may send
        return refused(refusal_of(error))
    if original is None:
        return report
    foreign = (*report.changes_after, *only_signed(original, pdf))
    return concluded(report.signatures, tuple(dict.fromkeys(foreign)))


@dataclass(frozen=True)
class _Task:
    """What every signature of one file is judged with."""

    file: OpenPdf
    trust: TrustStore
    at: datetime
    certificates: tuple[asn1_x509.Certificate, ...]
    proofs: Proofs
    changes: dict[int, tuple[str, ...]]
    signatures: tuple[EmbeddedPdfSignature, ...]

    def context(self, moment: datetime) -> ValidationContext:
        """Return what pyHanko builds chains with, at that time and without revocation."""
        return ValidationContext(
            trust_roots=[_asn1(one) for one in self.trust.roots_at(moment)],
            other_certs=self.certificates,
            moment=moment,
            allow_fetching=False,
            revocation_mode="soft-fail",
        )


def _verify(file: OpenPdf, trust: TrustStore, at: datetime) -> Report:
    fields = _filled_fields(file)
    signatures = [_embedded(file, name, field) for name, field in fields]
    sound = sorted((one for one in signatures if one), key=lambda one: one.signed_revision)
    changes = changes_by_revision(file, sound[0].signed_revision + 1) if sound else {}
    dss = value_at(file.reader.root, "/DSS")
    task = _Task(
        file,
        trust,
        at,
        (*(_asn1(one) for one in certificates_in(trust)), *_stored_certificates(dss)),
        _proofs(trust, dss, sound),
        changes,
        tuple(sound),
    )
    stamps = [one for one in sound if one.sig_object_type == "/DocTimeStamp"]
    times = {one.signed_revision: _stamped(task, one) for one in stamps}
    reports = [
        _signature(task, one, [t for r, t in times.items() if t and r >= one.signed_revision])
        for one in sound
        if one not in stamps
    ]
    reports += [
        _unreadable(name) for (name, _), one in zip(fields, signatures, strict=True) if one is None
    ]
    return concluded(tuple(reports), tuple(dict.fromkeys(_foreign(task, fields, times))))


def _foreign(
    task: _Task, fields: list[tuple[str, Any]], times: dict[int, datetime | None]
) -> Iterator[str]:
    """Give a sentence for each thing that was done to the file beside signing."""
    if not fields:
        return
    for sentences in task.changes.values():
        yield from sentences
    if len(task.file.content) > task.file.revisions[-1].end:
        yield APPENDED
    if None in times.values():
        yield STAMP
    values = [str(field.raw_get("/V")) for _, field in fields]
    if len(set(values)) < len(values):
        yield SHARED
    ranges = {tuple(int(part) for part in one.byte_range) for one in task.signatures}
    if any(one not in ranges for one in _written_ranges(task.file.content)):
        yield HIDDEN
    if any(_forbids_later(task, one) for one in task.signatures):
        yield FORBIDDEN


_BYTE_RANGE = re.compile(
    rb"/ByteRange[\x00\s]{0,8}\[[\x00\s]{0,40}(\d{1,10})[\x00\s]{1,40}(\d{1,10})[\x00\s]{1,40}"
    rb"(\d{1,10})[\x00\s]{1,40}(\d{1,10})"
)


def _written_ranges(content: bytes) -> Iterator[tuple[int, ...]]:
    for match in _BYTE_RANGE.finditer(content):
        yield tuple(int(part) for part in match.groups())


def _forbids_later(task: _Task, one: EmbeddedPdfSignature) -> bool:
    """Return whether the signature certified the file against any change, and someone signed it later."""
    return one.docmdp_level == MDPPerm.NO_CHANGES and any(
        other.signed_revision > one.signed_revision and other.sig_object_type == "/Sig"
        for other in task.signatures
    )


# --- what stands in the file --------------------------------------------------------------------------------


def _filled_fields(file: OpenPdf) -> list[tuple[str, Any]]:
    """Return the signature fields that hold a value, each with its name."""
    fields = {id(one): one for one in signature_fields(file.reader.root).values()}
    return [
        (str(value_at(one, "/T", "")), one)
        for one in fields.values()
        if value_at(one, "/V") is not None
    ]


def _embedded(file: OpenPdf, name: str, field: Any) -> EmbeddedPdfSignature | None:
    """Return the signature of a field; None for one that cannot be read. Raises FileRefused past the bounds."""
    try:
        one = EmbeddedPdfSignature(file.reader, field, name)
        if len(one.byte_range) and one.signer_cert and one.sig_object_type:
            [int(part) for part in one.byte_range]
        return one
    except FileRefused:
        raise
    except Exception:  # whatever a parser may meet
        return None


def _stored_certificates(dss: Any) -> Iterator[asn1_x509.Certificate]:
    for content in _stored(dss, "/Certs"):
        try:
            yield asn1_x509.Certificate.load(content, strict=True)
        except ValueError:
            continue


def _stored(dss: Any, key: str) -> Iterator[bytes]:
    """Give the content of the streams that the store of proofs lists under a key; nothing without a store."""
    if not isinstance(dss, generic.DictionaryObject):
        return
    listed = value_at(dss, key, generic.ArrayObject())
    for index in range(len(listed) if isinstance(listed, generic.ArrayObject) else 0):
        stream = listed[index]
        if isinstance(stream, generic.StreamObject):
            yield stream.data


def _proofs(trust: TrustStore, dss: Any, signatures: Iterable[EmbeddedPdfSignature]) -> Proofs:
    """Return the lists and answers of the folder, the file's store and the signatures themselves."""
    lists, answers = list(_stored(dss, "/CRLs")), list(_stored(dss, "/OCSPs"))
    for one in signatures:
        for archive in _attributes(one, "adobe_revocation_info_archival"):
            lists += [value.dump() for value in archive["crl"] or ()]
            answers += [value.dump() for value in archive["ocsp"] or ()]
    return Proofs(
        (*trust.crls, *_loaded(x509.load_der_x509_crl, lists)),
        tuple(_loaded(ocsp.load_der_ocsp_response, answers)),
    )


def _attributes(one: EmbeddedPdfSignature, name: str) -> Iterator[Any]:
    attributes = one.signer_info["signed_attrs"]
    if isinstance(attributes, cms.CMSAttributes):
        yield from find_cms_attribute_iter(attributes, name)


def _loaded(load: Any, contents: Iterable[bytes]) -> Iterator[Any]:
    for content in contents:
        try:
            yield load(content)
        except ValueError:
            continue


# --- one signature ------------------------------------------------------------------------------------------


def _unreadable(name: str) -> SignatureReport:
    return SignatureReport(
        field=name,
        signer="",
        issuer="",
        serial="",
        time=None,
        time_is_proven=False,
        trusted=False,
        intact=False,
        coverage=Coverage.PARTIAL,
        reason=Reason.MALFORMED,
        revocation_is_known=False,
    )


def _signature(task: _Task, one: EmbeddedPdfSignature, later: list[datetime]) -> SignatureReport:
    """Return the report on a signature; `later` holds the times of trusted stamps over it."""
    try:
        return _judged(task, one, later)
    except FileRefused:
        raise
    except Exception:  # what pyHanko raises for a signature that contradicts itself
        return replace(_described(task, one), reason=Reason.MALFORMED)


def _judged(task: _Task, one: EmbeddedPdfSignature, later: list[datetime]) -> SignatureReport:
    report = _described(task, one)
    stamped = _inner_stamp_time(one)
    moment = min(stamped or report.time or task.at, task.at)
    status = asyncio.run(
        async_validate_pdf_signature(
            one,
            signer_validation_context=task.context(moment),
            ts_validation_context=task.context(min(stamped or task.at, task.at)),
            key_usage_settings=_ANY_USAGE,
            skip_diff=True,
        )
    )
    stamp = status.timestamp_validity
    proven = stamped if stamp is not None and stamp.valid and stamp.trusted else None
    upper = min([*later, *([proven] if proven else [])], default=None)
    intact = bool(status.intact and status.valid) and is_well_formed(task.file, one)
    chain = [] if status.validation_path is None else _chain(status.validation_path)
    known = task.proofs.about(chain)
    report = replace(
        report,
        time=proven or report.time,
        time_is_proven=upper is not None,
        intact=intact and report.coverage != Coverage.PARTIAL,
        revocation_is_known=known.is_known,
        revoked_at=known.since if known.since and not (upper and upper < known.since) else None,
    )
    if report.coverage == Coverage.PARTIAL:
        return replace(report, reason=Reason.PARTIAL)
    if not report.intact:
        return replace(report, reason=Reason.ALTERED)
    reason = _trust_problem(status.trust_problem_indic, _pyca(one.signer_cert), chain, moment)
    if reason is None and report.revoked_at is not None:
        reason = Reason.REVOKED
    report = replace(report, trusted=reason is None)
    if reason is None and (stamp is not None or stamped is not None) and proven is None:
        reason = Reason.TIME_STAMP
    if reason is None and not _are_genuine(task, embedded_certificates(one)):
        return replace(report, reason=Reason.ALTERED, intact=False)
    if reason is None and _changed_later(task, one):
        reason = Reason.CHANGED_AFTER
    return replace(report, reason=reason or Reason.VALID)


def _described(task: _Task, one: EmbeddedPdfSignature) -> SignatureReport:
    """Return who says to have signed what and when, nothing of it judged but the coverage."""
    certificate = one.signer_cert
    return replace(
        _unreadable(one.field_name),
        signer=_common_name(certificate.subject),
        issuer=_common_name(certificate.issuer),
        serial=f"{certificate.serial_number:x}",
        time=_aware(one.self_reported_timestamp),
        coverage=_coverage(task.file, one),
    )


def _coverage(file: OpenPdf, one: EmbeddedPdfSignature) -> Coverage:
    if not shape_of(file.content, one):
        return Coverage.PARTIAL
    if int(one.byte_range[2]) + int(one.byte_range[3]) == len(file.content):
        return Coverage.WHOLE
    if one.evaluate_signature_coverage() < SignatureCoverageLevel.ENTIRE_REVISION:
        return Coverage.PARTIAL
    return Coverage.REVISION


def _changed_later(task: _Task, one: EmbeddedPdfSignature) -> bool:
    return len(task.file.content) > task.file.revisions[-1].end or any(
        sentences for number, sentences in task.changes.items() if number > one.signed_revision
    )


def _inner_stamp_time(one: EmbeddedPdfSignature) -> datetime | None:
    """Return the time that the time stamp inside the signature names, believed or not; None without one."""
    return next((_stamp_time(signed) for signed in inner_stamps(one)), None)


def _stamp_time(signed: Any) -> datetime | None:
    return _aware(signed["encap_content_info"]["content"].parsed["gen_time"].native)


def _stamped(task: _Task, one: EmbeddedPdfSignature) -> datetime | None:
    """Return the time that a document time stamp proves; None when it proves nothing."""
    try:
        time = _stamp_time(one.signed_data)
        context = task.context(min(time or task.at, task.at))
        status = asyncio.run(async_validate_pdf_timestamp(one, context, skip_diff=True))
        whole = _coverage(task.file, one) != Coverage.PARTIAL and is_well_formed(task.file, one)
    except FileRefused:
        raise
    except Exception:  # what pyHanko raises for a stamp that contradicts itself
        return None
    return time if whole and status.intact and status.valid and status.trusted else None


# --- certificates -------------------------------------------------------------------------------------------


def _trust_problem(
    found: Any, signer: x509.Certificate, chain: list[x509.Certificate], moment: datetime
) -> Reason | None:
    """Return why the certificate is not to be trusted for what it signed at that moment; None when it is."""
    if found in _WEAK:
        return Reason.WEAK
    if found == AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND:
        return Reason.UNKNOWN_ISSUER
    for one in [signer, *chain]:
        if moment < one.not_valid_before_utc:
            return Reason.NOT_YET_VALID
        if moment > one.not_valid_after_utc:
            return Reason.EXPIRED
    if not may_sign(signer):
        return Reason.WRONG_USAGE
    return Reason.UNKNOWN_ISSUER if found is not None else None


def may_sign(certificate: x509.Certificate) -> bool:
    """Return whether a certificate is meant for signing documents, by its key usage and its purposes.

    Without either extension anything is allowed (RFC 5280 4.2.1.3, 4.2.1.12).
    """
    try:
        extensions = certificate.extensions
    except ValueError:
        return False
    for extension in extensions:
        value = extension.value
        if isinstance(value, x509.KeyUsage):
            if not (value.digital_signature or value.content_commitment):
                return False
        elif isinstance(value, x509.ExtendedKeyUsage) and not _PURPOSES & set(value):
            return False
    return True


def _are_genuine(task: _Task, certificates: list[x509.Certificate]) -> bool:
    """Return whether each certificate was issued by another one at hand: nobody signed their list as such."""
    known = [*certificates, *(_pyca(one) for one in task.certificates)]
    return all(any(is_issued_by(one, issuer) for issuer in known) for one in certificates)


def _chain(path: Any) -> list[x509.Certificate]:
    """Return the certificates of a path, the signer's first and the root last."""
    return [_pyca(one) for one in reversed(list(path.iter_certs(include_root=True)))]


def _pyca(certificate: asn1_x509.Certificate) -> x509.Certificate:
    return x509.load_der_x509_certificate(certificate.dump())


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _common_name(name: asn1_x509.Name) -> str:
    """Return the common name, else the whole name in one line."""
    for part in name.chosen:
        for pair in part:
            if pair["type"].dotted == NameOID.COMMON_NAME.dotted_string:
                return str(pair["value"].native)
    return str(name.human_friendly)


def _aware(time: datetime | None) -> datetime | None:
    return time.replace(tzinfo=UTC) if time is not None and time.tzinfo is None else time
