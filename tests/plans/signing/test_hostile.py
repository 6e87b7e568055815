"""Any bytes get a report, in bounded time."""

from __future__ import annotations

import random
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.documents.pdf import pdf_bytes
from plans.signing import reading
from plans.signing.guard import only_signed
from plans.signing.report import Report, Verdict
from plans.signing.verify import verify
from tests.factories import pki
from tests.plans.documents import samples
from tests.plans.signing.making import sign, trust
from tests.plans.signing.raw import BODIES, CATALOG, base, prepared, stream, update


@given(st.binary(max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_bytes_get_a_report(content):
    assert verify(content, trust=trust()).verdict == Verdict.BROKEN


@pytest.mark.slow
def test_any_damage_gets_a_report():
    pdf = sign(prepared())
    dice = random.Random(4)

    reports = []
    for _ in range(300):
        damaged = bytearray(pdf)
        for _ in range(dice.choice((1, 5, 40))):
            first = dice.randrange(len(damaged))
            size = min(dice.randrange(1, 30), len(damaged) - first)
            damaged[first : first + size] = dice.randbytes(size)
        reports.append(verify(bytes(damaged), trust=trust()))

    assert {type(one) for one in reports} == {Report}
    assert [one for one in reports if one.valid] == []


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"khong phai PDF", b"\0" * 1000])
def test_what_is_no_pdf_is_broken(content):
    report = verify(content, trust=trust())

    assert (report.verdict, report.words) == (
        Verdict.BROKEN,
        "Tệp không phải là PDF hoặc đã hỏng",
    )


def test_file_over_the_limit_is_too_large(monkeypatch):
    pdf = sign(base())
    monkeypatch.setattr(reading, "LARGEST_FILE", len(pdf) - 1)

    assert verify(pdf, trust=trust()).verdict == Verdict.TOO_LARGE


def test_too_many_revisions_are_too_large():
    pdf = sign(base())
    for _ in range(reading.MOST_REVISIONS):
        pdf = update(pdf, {6: BODIES[6]})

    assert verify(pdf, trust=trust()).verdict == Verdict.TOO_LARGE


def test_work_past_the_limit_of_time_is_too_large(monkeypatch):
    monkeypatch.setattr(reading, "MOST_SECONDS", -1.0)

    assert verify(sign(base()), trust=trust()).verdict == Verdict.TOO_LARGE


def test_stream_of_objects_that_swells_is_too_large():
    bomb = zlib.compress(b"\0" * 40 * 1024 * 1024, 9)
    entries = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
    pdf = update(sign(base()), {20: stream(bomb, entries)})
    table = b"\x01" + (pdf.index(b"20 0 obj")).to_bytes(4, "big") + b"\0"
    listed = b"\x02" + (20).to_bytes(4, "big") + b"\0" + table
    place = len(pdf)
    xref = b"<< /Type /XRef /Size 22 /W [1 4 1] /Index [4 1 20 1] /Root 1 0 R /Prev %d" % (
        int(pdf.rsplit(b"startxref\n", 1)[1].split()[0])
    )
    body = stream(listed, xref[3:])
    pdf += b"21 0 obj\n" + body + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % place

    assert verify(pdf, trust=trust()).verdict == Verdict.TOO_LARGE


def test_values_in_one_another_too_deep_are_too_large():
    deep = b"[" * 5000 + b"]" * 5000
    pdf = update(sign(base()), {CATALOG: BODIES[CATALOG][:-2] + b"/Deep " + deep + b" >>"})

    assert verify(pdf, trust=trust()).verdict == Verdict.TOO_LARGE


def test_encrypted_file_says_so():
    pdf = update(base(), {7: b"<< /Filter /Standard /V 1 >>"}, trailer=b"/Encrypt 7 0 R ")

    report = verify(pdf, trust=trust())

    assert (report.verdict, report.words) == (
        Verdict.ENCRYPTED,
        "Tệp được đặt mật khẩu nên không kiểm tra được",
    )


@pytest.mark.slow
def test_long_tagged_file_is_guarded_in_no_time():
    ours = pdf_bytes(samples.plan(40))
    pdf = sign(sign(ours), pki.school(), field="CoQuan")

    started = time.thread_time()
    wrong = only_signed(ours, pdf)

    # A comparison of everything takes a minute; the bound leaves room for a slow machine.
    assert (wrong, time.thread_time() - started < 2) == ((), True)
