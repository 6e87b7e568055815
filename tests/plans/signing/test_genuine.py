"""A hundred genuine files with one to three signatures from two programs: no false alarm, and poppler agrees."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
import pytest

from plans.documents.pdf import pdf_bytes
from plans.signing.guard import only_signed
from plans.signing.report import Verdict
from plans.signing.verify import verify
from tests.factories import pki
from tests.plans.documents import samples
from tests.plans.signing.making import Nss, sign, stamped, stamper, trust
from tests.plans.signing.raw import CONTENT, base, prepared, stream

VALID = "Signature is Valid."


def _saved_anew(pdf: bytes, **ways: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        file.save(out, deterministic_id=True, **ways)
    return out.getvalue()


def _bases() -> Iterator[bytes]:
    """Give 24 unsigned files with empty fields: plain, written anew, with streams of objects, linearised."""
    for number in range(6):
        words = stream(b"BT /F1 12 Tf 72 700 Td (So %d) Tj ET" % number)
        plain = prepared({CONTENT: words})
        streams = _saved_anew(plain, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        yield from (plain, _saved_anew(plain), streams, _saved_anew(plain, linearize=True))


def _signed_by_two_programs(nss: Nss) -> Iterator[tuple[bytes, bytes]]:
    """Give a hundred signed files, each with what it was before."""
    for pdf in _bases():
        once = sign(pdf)
        twice = nss.sign(once, pki.school(), "CoQuan")
        yield pdf, once
        yield pdf, twice
        yield pdf, sign(twice, pki.principal(), field="XacNhan")
        yield pdf, nss.sign(pdf, pki.principal(), "NguoiKy")
    ours = pdf_bytes(samples.plan(2))
    once = nss.sign(ours, pki.principal(), "NguoiKy", is_new=True)
    twice = sign(once, pki.school(), field="CoQuan", box=(50, 50, 200, 100))
    yield ours, once
    yield ours, twice
    yield ours, nss.sign(twice, pki.school(), "XacNhan", is_new=True)
    yield ours, sign(ours, box=(50, 50, 200, 100))


@pytest.mark.slow
def test_no_false_alarm_on_a_hundred_genuine_files(tmp_path):
    nss = Nss(tmp_path, pki.principal(), pki.school())

    files = list(_signed_by_two_programs(nss))

    assert len(files) == 100
    reports = [verify(pdf, trust=trust(), original=original) for original, pdf in files]
    assert [one.verdict for one in reports] == [Verdict.VALID] * 100
    assert sorted({len(one.signatures) for one in reports}) == [1, 2, 3]
    said = [nss.opinions(pdf) for _, pdf in files]
    assert said == [[VALID] * len(one.signatures) for one in reports]


def test_time_stamps_in_and_over_a_file_are_no_false_alarm():
    pdf = stamped(sign(stamped(sign(base(), stamp=stamper())), pki.school(), field="CoQuan"))

    report = verify(pdf, trust=trust(), original=base())

    assert report.verdict == Verdict.VALID
    assert [one.signer for one in report.signatures] == [
        "Lê Thị Mẫu Đơn",
        "Trường Mầm non Hoa Sen Mẫu",
    ]
    assert [one.time_is_proven for one in report.signatures] == [True, True]


def test_our_own_fields_prepared_empty_may_be_filled():
    pdf = sign(sign(prepared()), pki.school(), field="CoQuan")

    assert only_signed(prepared(), pdf) == ()
    assert verify(pdf, trust=trust()).verdict == Verdict.VALID
