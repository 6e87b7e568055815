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
from tests.plans.signing.raw import BODIES, CONTENT, base, stream

VALID = "Signature is Valid."


def _saved_anew(pdf: bytes, **ways: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        file.save(out, deterministic_id=True, **ways)
    return out.getvalue()


def _bases() -> Iterator[bytes]:
    """Give 25 unsigned files: tables of objects, streams of objects, linearised, and one of our own documents."""
    for number in range(6):
        plain = base({CONTENT: stream(b"BT /F1 12 Tf 72 700 Td (So %d) Tj ET" % number)})
        streams = _saved_anew(plain, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        linear = _saved_anew(plain, linearize=True)
        yield from (plain, _saved_anew(plain), streams, linear)
    yield pdf_bytes(samples.plan(2))


def _signed_by_two_programs(nss: Nss) -> Iterator[tuple[bytes, bytes]]:
    """Give four signed files of each base with the base."""
    for number, pdf in enumerate(_bases()):
        box = (50, 50, 200, 100) if number % 2 else None
        once = sign(pdf, box=box)
        twice = nss.sign(once, pki.school(), field="CoQuan")
        yield pdf, once
        yield pdf, twice
        yield pdf, sign(twice, pki.principal(), field="XacNhan")
        yield pdf, nss.sign(pdf, pki.principal(), field="NguoiKy")


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
    def field(name: bytes, box: bytes) -> bytes:
        return (
            b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (%s) /TU (O ky) /Rect [%s] /F 4 /P 3 0 R >>"
            % (name, box)
        )

    prepared = base(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [7 0 R 8 0 R] /SigFlags 3 >> >>",
            3: BODIES[3][:-2] + b"/Annots [7 0 R 8 0 R] >>",
            7: field(b"NguoiKy", b"50 50 200 100"),
            8: field(b"CoQuan", b"250 50 400 100"),
        }
    )
    pdf = sign(sign(prepared), pki.school(), field="CoQuan")

    assert only_signed(prepared, pdf) == ()
    assert verify(pdf, trust=trust()).verdict == Verdict.VALID
