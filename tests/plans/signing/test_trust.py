"""The folder of trust: what it may hold, from when to when, and what is said of files that cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from plans.signing.report import Reason
from plans.signing.trust import TrustStore, TrustUnreadable
from plans.signing.verify import verify
from tests.factories import pki
from tests.plans.signing.making import sign
from tests.plans.signing.raw import base

NOW = datetime.now(UTC)


def test_folder_is_read_whole(tmp_path):
    below = tmp_path / "cap-2"
    below.mkdir()
    (tmp_path / "goc.crt").write_bytes(pki.root().der)
    (below / "cap-2.cer").write_bytes(pki.intermediate().pem + pki.unknown_root().pem)
    (tmp_path / "thu-hoi.crl").write_bytes(pki.revocation_list().public_bytes(Encoding.PEM))
    (tmp_path / "ghi-chu.txt").write_text("không phải chứng thư số")

    store = TrustStore.from_folder(tmp_path)

    assert {root.certificate for root in store.roots} == {
        pki.root().certificate,
        pki.unknown_root().certificate,
    }
    assert store.others == (pki.intermediate().certificate,)
    assert [crl.issuer for crl in store.crls] == [pki.intermediate().certificate.subject]


def test_certificate_below_a_root_is_not_believed_for_its_own_sake():
    store = TrustStore.of([pki.intermediate().certificate])

    report = verify(sign(base()), trust=store)

    assert [one.reason for one in report.signatures] == [Reason.UNKNOWN_ISSUER]


def test_intermediate_of_the_folder_completes_a_chain():
    store = TrustStore.of([pki.root().certificate, pki.intermediate().certificate])
    pdf = sign(base(), chain=False)

    assert not verify(pdf, trust=TrustStore.of([pki.root().certificate])).valid
    assert verify(pdf, trust=store).valid


def test_root_is_trusted_between_its_dates_alone(tmp_path):
    today = NOW.date()
    (tmp_path / "goc.pem").write_bytes(pki.root().pem)
    first, last = today - timedelta(days=20), today - timedelta(days=10)
    (tmp_path / "trust.toml").write_text(f'["goc.pem"]\nfrom = {first}\nto = {last}\n')
    store = TrustStore.from_folder(tmp_path)

    answers = [
        verify(sign(base(), at=NOW - timedelta(days=days)), trust=store).signatures[0].reason
        for days in (30, 15, 0)
    ]

    assert answers == [Reason.UNKNOWN_ISSUER, Reason.VALID, Reason.UNKNOWN_ISSUER]


def test_last_day_of_trust_counts(tmp_path):
    (tmp_path / "goc.pem").write_bytes(pki.root().pem)
    (tmp_path / "trust.toml").write_text('["goc.pem"]\nto = 2020-12-31\n')
    store = TrustStore.from_folder(tmp_path)

    moments = [datetime(2020, 12, 31, 23, 59, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)]

    assert [len(store.roots_at(moment)) for moment in moments] == [1, 0]


def test_unreadable_files_are_all_named(tmp_path):
    (tmp_path / "goc.pem").write_bytes(b"khong phai")
    (tmp_path / "thu-hoi.crl").write_bytes(b"")
    (tmp_path / "tot.pem").write_bytes(pki.root().pem)

    with pytest.raises(TrustUnreadable) as refused:
        TrustStore.from_folder(tmp_path)

    assert [words.split(":")[0] for words in refused.value.problems] == [
        "Không đọc được goc.pem",
        "Không đọc được thu-hoi.crl",
    ]


@pytest.mark.parametrize(
    "dates",
    [
        '["khac.pem"]\nto = 2020-12-31',
        '["goc.pem"]\nto = "2020"',
        '["goc.pem"]\nden = 2020-12-31',
        "[",
    ],
)
def test_dates_that_say_nothing_are_refused(tmp_path, dates):
    (tmp_path / "goc.pem").write_bytes(pki.root().pem)
    (tmp_path / "trust.toml").write_text(dates)

    with pytest.raises(TrustUnreadable):
        TrustStore.from_folder(tmp_path)
