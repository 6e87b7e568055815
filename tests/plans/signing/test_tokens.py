"""A token of the server, played by SoftHSM2: signing with it, and what it refuses."""

import subprocess
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from pkcs11 import Attribute, KeyType, ObjectClass
from pkcs11.util.ec import decode_ec_private_key
from pkcs11.util.rsa import decode_rsa_private_key

from plans.signing.fields import SIGNER_FIELD
from plans.signing.refusal import Reason, SigningRefused
from plans.signing.sign import sign
from plans.signing.tokens import key_from_token
from tests.factories import pki
from tests.plans.signing import material

LIBRARY = next(
    (
        str(path)
        for folder in ("lib/softhsm", "lib/*/softhsm", "lib64/softhsm", "local/lib/softhsm")
        for path in Path("/usr").glob(f"{folder}/libsofthsm2.so")
    ),
    "libsofthsm2.so is not here: apt-get install softhsm2",
)
PIN = "ma-pin-8264"
LABEL = "kcl"


@pytest.fixture(scope="module")
def token(tmp_path_factory):
    """A fresh token with three certificates: one with its key, one expired, one whose key is elsewhere."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    config = folder / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(config))
        words = ["--init-token", "--free", "--label", LABEL, "--so-pin", "so-1234", "--pin", PIN]
        subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)
        _fill()
        yield LABEL


def _fill():
    found = pkcs11.lib(LIBRARY)
    found.reinitialize()
    with found.get_token(token_label=LABEL).open(rw=True, user_pin=PIN) as session:
        for name, identity in (("truong", pki.school()), ("het-han", pki.expired())):
            number = uuid.uuid4().bytes
            _put_certificate(session, identity, name, number)
            _put_key(session, identity, name, number)
        _put_certificate(session, pki.principal(), "khong-khoa", b"\x09")
        _put_certificate(session, pki.intermediate(), "ca", b"\x0a")


def _put_certificate(session, identity, label, number):
    session.create_object(
        {
            Attribute.CLASS: ObjectClass.CERTIFICATE,
            Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
            Attribute.TOKEN: True,
            Attribute.LABEL: label,
            Attribute.ID: number,
            Attribute.SUBJECT: identity.certificate.subject.public_bytes(),
            Attribute.VALUE: identity.der,
        }
    )


def _put_key(session, identity, label, number):
    private = identity.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    _put(session, decode_rsa_private_key(private), KeyType.RSA, label, number)


def _put(session, values, kind, label, number):
    session.create_object(
        values
        | {
            Attribute.CLASS: ObjectClass.PRIVATE_KEY,
            Attribute.KEY_TYPE: kind,
            Attribute.TOKEN: True,
            Attribute.LABEL: label,
            Attribute.ID: number,
            Attribute.SIGN: True,
        }
    )


def _key(token, certificate="truong", *, pin=PIN, library=LIBRARY):
    return key_from_token(
        library, token, pin, certificate, trust=material.trust(), at=datetime.now(UTC)
    )


def test_a_token_signs(token):
    key = _key(token)

    signed = sign(material.prepared_pdf(), SIGNER_FIELD, key)

    assert signed.startswith(material.prepared_pdf())
    assert (key.name, key.serial) == (
        "Trường Mầm non Hoa Sen Mẫu",
        f"{pki.school().certificate.serial_number:X}",
    )


def test_only_certificates_on_the_way_to_the_root_go_into_the_file(token):
    key = _key(token)

    assert key.chain == (pki.intermediate().certificate,)


def test_a_token_signs_twice(token):
    key = _key(token)

    first, second = (sign(material.prepared_pdf(), SIGNER_FIELD, key) for _ in range(2))

    assert len(first) == len(second)


def test_several_threads_sign_with_one_token(token):
    key = _key(token)

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda number: key.sign_raw(b"%d" % number, "sha256"), range(12)))

    public = pki.school().certificate.public_key()
    for number, signature in enumerate(made):
        public.verify(signature, b"%d" % number, PKCS1v15(), SHA256())


def test_an_elliptic_key_in_a_token_signs(token, monkeypatch):
    private = ec.generate_private_key(ec.SECP256R1())
    identity = material.identity_for(monkeypatch, private)
    number = uuid.uuid4().bytes
    with pkcs11.lib(LIBRARY).get_token(token_label=LABEL).open(rw=True, user_pin=PIN) as session:
        _put_certificate(session, identity, "cong", number)
        der = private.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        _put(session, decode_ec_private_key(der), KeyType.EC, "cong", number)

    signed = sign(material.prepared_pdf(), SIGNER_FIELD, _key(token, "cong"))

    assert signed.startswith(material.prepared_pdf())


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"pin": "sai-ma-pin"}, Reason.WRONG_PIN),
        ({"token": "khac"}, Reason.TOKEN_MISSING),
        ({"library": "/khong/co.so"}, Reason.TOKEN_MISSING),
        ({"certificate": "khac"}, Reason.NO_KEY),
        ({"certificate": "khong-khoa"}, Reason.NO_KEY),
        ({"certificate": "het-han"}, Reason.EXPIRED),
    ],
    ids=lambda value: value.name if isinstance(value, Reason) else next(iter(value.values())),
)
def test_what_a_token_cannot_sign_with_is_refused(token, given, reason):
    with pytest.raises(SigningRefused) as refused:
        _key(**{"token": token} | given)

    assert refused.value.reason is reason


def test_the_pin_stands_nowhere(token, caplog):
    caplog.set_level(0)
    key = _key(token)
    sign(material.prepared_pdf(), SIGNER_FIELD, key)
    with pytest.raises(SigningRefused) as refused:
        _key(token, pin="sai-ma-pin")

    told = f"{key!r} {refused.value!r} {refused.value.__context__!r} {caplog.text}"
    assert [secret for secret in (PIN, "sai-ma-pin") if secret in told] == []
