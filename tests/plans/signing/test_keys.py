"""Key files: what a good one tells, and that whatever is wrong with one is found before anything is signed."""

import io
import logging
import traceback
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose

from plans.signing import keys
from plans.signing.fields import SIGNER_FIELD
from plans.signing.keys import key_from_pkcs12
from plans.signing.refusal import Reason, SigningRefused
from plans.signing.sign import sign
from tests.factories import pki
from tests.plans.signing import material

PASSWORD = "mật-khẩu-7305"


def _refusal(data, password=PASSWORD, *, trust=None, at=None):
    with pytest.raises(SigningRefused) as refused:
        key_from_pkcs12(data, password, trust=trust or material.trust(), at=at or datetime.now(UTC))
    return refused.value


def _p12(private=None, certificate=None):
    kind = serialization.BestAvailableEncryption(PASSWORD.encode())
    return pkcs12.serialize_key_and_certificates(b"khoa", private, certificate, None, kind)


def test_a_good_key_file_tells_whose_it_is():
    identity = pki.principal()

    key = key_from_pkcs12(
        identity.p12(PASSWORD), PASSWORD, trust=material.trust(), at=datetime.now(UTC)
    )

    assert (key.name, key.subject, key.issuer) == (
        "Lê Thị Mẫu Đơn",
        "Lê Thị Mẫu Đơn, Tổ chức Minh Họa",
        "CA cấp 2 Minh Họa, Tổ chức Minh Họa",
    )
    assert (key.serial, key.not_before, key.not_after) == (
        f"{identity.certificate.serial_number:X}",
        identity.certificate.not_valid_before_utc,
        identity.certificate.not_valid_after_utc,
    )


def test_a_wrong_password_is_refused():
    assert _refusal(pki.principal().p12(PASSWORD), "khac").reason is Reason.WRONG_PASSWORD


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"mat khau",
        b"%PDF-1.7",
        pki.principal().p12(PASSWORD)[:-40],
        pki.principal().p12(PASSWORD) + b"\0",
        pki.principal().pem,
    ],
    ids=["empty", "text", "PDF", "cut off", "more behind", "PEM"],
)
def test_what_is_no_key_file_is_refused(data):
    assert _refusal(data).reason is Reason.BROKEN_FILE


def test_a_file_larger_than_any_key_is_not_even_opened(monkeypatch):
    good = pki.principal().p12(PASSWORD)
    monkeypatch.setattr(keys, "LARGEST_KEY_FILE", len(good) - 1)

    assert _refusal(good).reason is Reason.BROKEN_FILE


def test_every_bit_that_is_turned_in_a_key_file_is_a_plain_refusal():
    good = pki.principal().p12(PASSWORD)
    step = max(len(good) // 200, 1)

    reasons = set()
    for at in range(0, len(good), step):
        spoilt = bytearray(good)
        spoilt[at] ^= 1 << (at % 8)
        try:
            key_from_pkcs12(bytes(spoilt), PASSWORD, trust=material.trust(), at=datetime.now(UTC))
        except SigningRefused as refused:
            reasons.add(refused.reason)

    assert reasons <= {
        Reason.BROKEN_FILE,
        Reason.WRONG_PASSWORD,
        Reason.NO_KEY,
        Reason.UNKNOWN_ISSUER,
    }


def test_a_file_without_key_or_certificate_is_refused():
    identity = pki.principal()

    reasons = [
        _refusal(_p12(certificate=identity.certificate)).reason,
        _refusal(_p12(private=identity.key)).reason,
    ]

    assert reasons == [Reason.NO_KEY, Reason.NO_KEY]


def test_an_expired_certificate_is_refused_and_its_last_day_told():
    identity = pki.expired()

    refused = _refusal(identity.p12(PASSWORD), at=datetime.now(material.HANOI))

    last = identity.certificate.not_valid_after_utc.astimezone(material.HANOI)
    assert refused.reason is Reason.EXPIRED
    assert refused.words == f"{Reason.EXPIRED.value} Ngày hết hạn: {last:%d/%m/%Y}."


def test_a_certificate_of_tomorrow_is_refused():
    later = datetime.now(UTC) + timedelta(days=1)
    identity = pki.identity("Người Ngày Mai", issuer=pki.intermediate(), valid_from=later)

    assert _refusal(identity.p12(PASSWORD)).reason is Reason.NOT_YET_VALID


@pytest.mark.parametrize(
    "identity",
    [
        pki.wrong_usage,
        pki.time_stamper,
        pki.intermediate,
        lambda: pki.identity("Máy chủ", issuer=pki.intermediate(), purposes=(Purpose.SERVER_AUTH,)),
    ],
    ids=["encryption", "time stamps", "authority", "server"],
)
def test_a_certificate_for_something_else_is_refused(identity):
    assert _refusal(identity().p12(PASSWORD)).reason is Reason.WRONG_USAGE


@pytest.mark.parametrize(
    "purposes", [(Purpose.EMAIL_PROTECTION,), (Purpose.CLIENT_AUTH, Purpose.EMAIL_PROTECTION)]
)
def test_a_certificate_for_signed_mail_may_sign(purposes):
    identity = pki.identity("Người Thư", issuer=pki.intermediate(), purposes=purposes)

    assert material.key(identity).name == "Người Thư"


def test_an_issuer_nobody_trusts_is_refused():
    assert _refusal(pki.stranger().p12(PASSWORD)).reason is Reason.UNKNOWN_ISSUER


def test_with_nobody_trusted_everybody_is_refused():
    refused = _refusal(pki.principal().p12(PASSWORD), trust=material.Roots())

    assert refused.reason is Reason.UNKNOWN_ISSUER


def test_a_missing_link_of_the_chain_may_come_from_the_store():
    identity = pki.principal()
    alone = _p12(identity.key, identity.certificate)
    known = material.Roots((pki.root().certificate,), (pki.intermediate().certificate,))

    key = key_from_pkcs12(alone, PASSWORD, trust=known, at=datetime.now(UTC))

    assert key.chain == (pki.intermediate().certificate,)
    assert _refusal(alone).reason is Reason.UNKNOWN_ISSUER


def test_a_revoked_certificate_is_refused():
    trust = material.trust(pki.revocation_list(pki.principal()))

    assert _refusal(pki.principal().p12(PASSWORD), trust=trust).reason is Reason.REVOKED


def test_weak_and_unknown_keys_are_refused(monkeypatch):
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    other = ed25519.Ed25519PrivateKey.generate()

    reasons = [
        _refusal(_p12(private, material.identity_for(monkeypatch, private).certificate)).reason
        for private in (weak, other)
    ]

    assert reasons == [Reason.WEAK_KEY, Reason.WEAK_KEY]


def test_an_elliptic_key_signs(monkeypatch):
    private = ec.generate_private_key(ec.SECP256R1())
    identity = material.identity_for(monkeypatch, private)

    signed = sign(material.prepared_pdf(), SIGNER_FIELD, material.key(identity))

    assert signed.startswith(material.prepared_pdf())


def test_password_and_key_stand_in_no_log_no_error_and_no_repr(caplog):
    caplog.set_level(logging.NOTSET)
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    logging.getLogger().addHandler(handler)
    identity = pki.principal()
    good = identity.p12(PASSWORD)
    key = material.key(identity)

    try:
        sign(material.prepared_pdf(), SIGNER_FIELD, key)
        refusals = [_refusal(good, PASSWORD + "?"), _refusal(good[:-40]), _refusal(b"")]
        refusals.append(_refusal(pki.expired().p12(PASSWORD)))
    finally:
        logging.getLogger().removeHandler(handler)

    told = caplog.text + heard.getvalue() + repr(key) + str(key)
    told += "".join("".join(traceback.format_exception(refused)) for refused in refusals)
    numbers = identity.key.private_numbers()
    secrets = [PASSWORD, "mat-khau", str(numbers.d), f"{numbers.d:x}", str(numbers.p)]
    assert [secret for secret in secrets if secret in told] == []
    # Neither hangs an error from below on a refusal: its frames hold the password.
    assert [(one.__cause__, one.__context__) for one in refusals] == [(None, None)] * 4
