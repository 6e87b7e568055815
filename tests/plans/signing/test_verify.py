"""Each answer that the verification of a file can give."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography.x509.oid import ExtendedKeyUsageOID

from plans.signing.report import Coverage, Reason, Verdict
from plans.signing.trust import TrustStore
from plans.signing.verify import FORBIDDEN, verify
from tests.factories import pki
from tests.factories.issuing import small_pdf
from tests.plans.signing.making import Nss, sign, stamper, trust
from tests.plans.signing.raw import prepared

NOW = datetime.now(UTC)


def test_signed_once_is_valid():
    pdf = sign(small_pdf())

    report = verify(pdf, trust=trust())

    assert report.verdict == Verdict.VALID
    assert report.valid
    (one,) = report.signatures
    assert (one.signer, one.issuer) == ("Lê Thị Mẫu Đơn", "CA cấp 2 Minh Họa")
    assert one.serial == f"{pki.principal().certificate.serial_number:x}"
    assert (one.trusted, one.intact, one.coverage) == (True, True, Coverage.WHOLE)
    assert report.as_json() == {
        "valid": True,
        "signatures": [
            {
                "signer": "Lê Thị Mẫu Đơn",
                "issuer": "CA cấp 2 Minh Họa",
                "time": one.time.isoformat(),
                "trusted": True,
                "intact": True,
                "coverage": "whole",
                "reason": "valid",
            }
        ],
        "changes_after": [],
    }


def test_signed_twice_is_valid_and_the_first_covers_its_revision():
    pdf = sign(sign(small_pdf()), pki.school(), field="CoQuan", box=(50, 50, 200, 100))

    report = verify(pdf, trust=trust())

    assert report.verdict == Verdict.VALID
    assert [one.coverage for one in report.signatures] == [Coverage.REVISION, Coverage.WHOLE]


def test_file_without_signature_says_so():
    report = verify(small_pdf(), trust=trust())

    assert (report.verdict, report.valid) == (Verdict.NO_SIGNATURE, False)


def test_unknown_issuer():
    report = verify(sign(small_pdf(), pki.stranger()), trust=trust())

    assert report.verdict == Verdict.NOT_VALID
    assert [one.reason for one in report.signatures] == [Reason.UNKNOWN_ISSUER]
    assert (report.signatures[0].trusted, report.signatures[0].intact) == (False, True)


def test_nobody_is_trusted_without_roots():
    report = verify(sign(small_pdf()), trust=TrustStore())

    assert [one.reason for one in report.signatures] == [Reason.UNKNOWN_ISSUER]


def test_certificate_expired_when_it_signed():
    report = verify(sign(small_pdf(), pki.expired()), trust=trust())

    assert [one.reason for one in report.signatures] == [Reason.EXPIRED]


def test_certificate_that_expired_since_was_good_when_it_signed():
    then = NOW - timedelta(days=10)

    report = verify(sign(small_pdf(), pki.expired(), at=then), trust=trust())

    assert report.verdict == Verdict.VALID
    assert report.signatures[0].time == then.replace(microsecond=0)


def test_time_stamp_after_the_end_of_the_certificate_outweighs_the_claimed_time():
    pdf = sign(small_pdf(), pki.expired(), at=NOW - timedelta(days=10), stamp=stamper(NOW))

    report = verify(pdf, trust=trust())

    assert [one.reason for one in report.signatures] == [Reason.EXPIRED]


def test_certificate_not_yet_valid_when_it_signed():
    report = verify(sign(small_pdf(), at=NOW - timedelta(days=1000)), trust=trust())

    assert [one.reason for one in report.signatures] == [Reason.NOT_YET_VALID]


def test_certificate_meant_for_something_else():
    report = verify(sign(small_pdf(), pki.wrong_usage()), trust=trust())

    assert [one.reason for one in report.signatures] == [Reason.WRONG_USAGE]


def test_time_stamp_is_the_time_when_it_is_trusted():
    then = NOW.replace(microsecond=0) - timedelta(days=3)

    (one,) = verify(sign(small_pdf(), stamp=stamper(then)), trust=trust()).signatures

    assert (one.time, one.time_is_proven, one.reason) == (then, True, Reason.VALID)


def test_signature_after_one_that_forbids_any_change_is_told(tmp_path):
    certified = sign(prepared(), forbids_changes=True)
    pdf = Nss(tmp_path, pki.school()).sign(certified, pki.school(), "CoQuan")

    report = verify(pdf, trust=trust())

    assert verify(certified, trust=trust()).verdict == Verdict.VALID
    assert (report.verdict, report.changes_after) == (Verdict.CHANGED_AFTER, (FORBIDDEN,))


def test_time_of_judgement_counts_for_who_claims_a_later_one():
    report = verify(sign(small_pdf()), trust=trust(), at=NOW - timedelta(days=1000))

    assert [one.reason for one in report.signatures] == [Reason.NOT_YET_VALID]


def test_certificate_for_servers_is_meant_for_something_else():
    server = pki.identity(
        "may-chu.vn", issuer=pki.intermediate(), purposes=(ExtendedKeyUsageOID.SERVER_AUTH,)
    )
    person = pki.identity(
        "Người Ký Thư", issuer=pki.intermediate(), purposes=(ExtendedKeyUsageOID.EMAIL_PROTECTION,)
    )

    reports = [verify(sign(small_pdf(), one), trust=trust()) for one in (server, person)]

    assert [one.signatures[0].reason for one in reports] == [Reason.WRONG_USAGE, Reason.VALID]
