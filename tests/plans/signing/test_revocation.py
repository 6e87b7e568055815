"""Revoked certificates: by lists and answers in the folder, in the file's store and in the signature."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from functools import cache

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.validation import DocumentSecurityStore

from plans.signing.report import Reason, Report, Verdict
from plans.signing.trust import TrustStore
from plans.signing.verify import verify
from tests.factories import pki
from tests.plans.signing.making import sign, stamper, trust
from tests.plans.signing.raw import base

NOW = datetime.now(UTC).replace(microsecond=0)
EARLIER, LATER = NOW - timedelta(days=5), NOW - timedelta(days=2)


def _reasons(report: Report) -> list[Reason]:
    return [one.reason for one in report.signatures]


def _trusting(*lists: object) -> TrustStore:
    return TrustStore.of([pki.root().certificate], lists)


@cache
def _stamped(at: datetime) -> bytes:
    return sign(base(), at=at, stamp=stamper(at))


def test_list_of_the_folder_revokes():
    store = _trusting(pki.revocation_list(pki.principal(), at=LATER))

    report = verify(sign(base()), trust=store)

    assert _reasons(report) == [Reason.REVOKED]
    assert report.signatures[0].revoked_at == LATER
    assert (report.signatures[0].trusted, report.signatures[0].intact) == (False, True)
    assert report.signatures[0].words.startswith("Chứng thư số đã bị thu hồi từ ")


def test_claimed_time_does_not_save_from_a_later_revocation():
    store = _trusting(pki.revocation_list(pki.principal(), at=LATER))

    report = verify(sign(base(), at=EARLIER), trust=store)

    assert _reasons(report) == [Reason.REVOKED]
    assert report.signatures[0].words.endswith("chứng minh chữ ký có trước đó")


def test_time_stamp_before_the_revocation_saves():
    store = _trusting(pki.revocation_list(pki.principal(), at=LATER))

    assert verify(_stamped(EARLIER), trust=store).verdict == Verdict.VALID


def test_time_stamp_after_the_revocation_does_not_save():
    store = _trusting(pki.revocation_list(pki.principal(), at=EARLIER))

    assert _reasons(verify(_stamped(LATER), trust=store)) == [Reason.REVOKED]


def test_list_without_the_certificate_says_that_it_is_known():
    store = _trusting(pki.revocation_list(pki.school()))

    with_list = verify(sign(base()), trust=store)
    without = verify(sign(base()), trust=trust())

    assert (with_list.valid, with_list.signatures[0].revocation_is_known) == (True, True)
    assert (without.valid, without.signatures[0].revocation_is_known) == (True, False)


def test_list_by_another_authority_revokes_nothing():
    forged = pki.revocation_list(pki.principal(), issuer=pki.unknown_root())
    impostor = pki.identity("CA cấp 2 Minh Họa", issuer=pki.unknown_root(), is_ca=True)
    same_name = pki.revocation_list(
        pki.principal(), issuer=pki.Identity(impostor.certificate, pki.key("khác"))
    )

    report = verify(sign(base()), trust=_trusting(forged, same_name))

    assert report.valid
    assert not report.signatures[0].revocation_is_known


def test_revoked_intermediate_revokes_what_is_below():
    store = _trusting(pki.revocation_list(pki.intermediate(), issuer=pki.root()))

    assert _reasons(verify(sign(base()), trust=store)) == [Reason.REVOKED]


def _answer(status: ocsp.OCSPCertStatus, responder: pki.Identity | None = None) -> bytes:
    """Return the answer of the intermediate, or of one in its place, about the principal's certificate."""
    issuer = pki.intermediate()
    responder = responder or issuer
    revoked = status == ocsp.OCSPCertStatus.REVOKED
    builder = ocsp.OCSPResponseBuilder().add_response(
        pki.principal().certificate,
        issuer.certificate,
        hashes.SHA256(),
        status,
        NOW - timedelta(hours=1),
        NOW + timedelta(days=1),
        LATER if revoked else None,
        None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
    builder = builder.certificates([responder.certificate])
    return builder.sign(responder.key, hashes.SHA256()).public_bytes(Encoding.DER)


def _with_store(
    pdf: bytes, *, lists: tuple[bytes, ...] = (), answers: tuple[bytes, ...] = ()
) -> bytes:
    """Return `pdf` with lists and answers in the file's own store of proofs."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    store = DocumentSecurityStore(writer=writer)
    store.register_vri(
        "/" + "A" * 40,
        crls=[asn1_crl.CertificateList.load(one) for one in lists],
        ocsps=[asn1_ocsp.OCSPResponse.load(one) for one in answers],
    )
    writer.root["/DSS"] = writer.add_object(store.as_pdf_object())
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_list_in_the_store_of_the_file_revokes():
    said = pki.revocation_list(pki.principal(), at=LATER).public_bytes(Encoding.DER)

    assert _reasons(verify(_with_store(sign(base()), lists=(said,)), trust=trust())) == [
        Reason.REVOKED
    ]


def test_answer_in_the_store_of_the_file_revokes():
    pdf = _with_store(sign(base()), answers=(_answer(ocsp.OCSPCertStatus.REVOKED),))

    assert _reasons(verify(pdf, trust=trust())) == [Reason.REVOKED]


def test_good_answer_in_the_store_of_the_file_is_no_change_of_it():
    pdf = _with_store(sign(base()), answers=(_answer(ocsp.OCSPCertStatus.GOOD),))

    report = verify(pdf, trust=trust(), original=base())

    assert report.verdict == Verdict.VALID
    assert report.signatures[0].revocation_is_known


def test_appointed_responder_may_answer_and_another_may_not():
    appointed = pki.identity(
        "OCSP Minh Họa", issuer=pki.intermediate(), purposes=(ExtendedKeyUsageOID.OCSP_SIGNING,)
    )
    answers = [
        verify(
            _with_store(sign(base()), answers=(_answer(ocsp.OCSPCertStatus.REVOKED, one),)),
            trust=trust(),
        )
        for one in (appointed, pki.school())
    ]

    assert [one.valid for one in answers] == [False, True]
