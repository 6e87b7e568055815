"""Keys that sign: what all of them can do, and the one that comes as a PKCS#12 file for a single signature.

Whatever is wrong with a certificate is found here, before a byte of a document is touched: pyHanko itself signs
with an expired one without a word. Passwords and keys stand in no message, no log line and no `repr`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from plans.signing.certificates import Trust, check_certificate, organisation_and_name
from plans.signing.refusal import Reason, SigningRefused

LARGEST_KEY_FILE = 1024 * 1024  # bytes; real ones have some thousand

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


class Key(Protocol):
    """A certificate that may sign, and a way to its key: key file, token of the server, remote service."""

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's certificate."""

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The authorities between it and its root, nearest first."""

    @property
    def name(self) -> str:
        """The common name: a person or a body."""

    @property
    def subject(self) -> str:
        """Whom the certificate names, for people to read."""

    @property
    def issuer(self) -> str:
        """Who issued it, for people to read."""

    @property
    def serial(self) -> str:
        """The serial number, hexadecimal in capitals."""

    @property
    def not_before(self) -> datetime:
        """From when it is valid, UTC."""

    @property
    def not_after(self) -> datetime:
        """Until when it is valid, UTC."""

    def sign_raw(self, data: bytes, digest: str) -> bytes:
        """Return the signature of `data` by way of `digest` ("sha256"): PKCS#1 v1.5 for RSA, DER for ECDSA.

        Raises SigningRefused where the key cannot be reached.
        """


@dataclass(frozen=True)
class Certified:
    """What a certificate tells of a key; the ways to a key build on it."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def name(self) -> str:
        return organisation_and_name(self.certificate.subject)[-1]

    @property
    def subject(self) -> str:
        return ", ".join(reversed(organisation_and_name(self.certificate.subject)))

    @property
    def issuer(self) -> str:
        return ", ".join(reversed(organisation_and_name(self.certificate.issuer)))

    @property
    def serial(self) -> str:
        return f"{self.certificate.serial_number:X}"

    @property
    def not_before(self) -> datetime:
        return self.certificate.not_valid_before_utc

    @property
    def not_after(self) -> datetime:
        return self.certificate.not_valid_after_utc


@dataclass(frozen=True)
class FileKey(Certified):
    """A key that was given with this request and lives in memory alone."""

    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)

    def sign_raw(self, data: bytes, digest: str) -> bytes:
        """See `Key`."""
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(data, padding.PKCS1v15(), _HASHES[digest])
        return self.private.sign(data, ec.ECDSA(_HASHES[digest]))


def key_from_pkcs12(data: bytes, password: str, *, trust: Trust, at: datetime) -> Key:
    """Return the key in a PKCS#12 file (.p12, .pfx), once all that can be known speaks for signing with it.

    Raises SigningRefused: file broken or without key, password wrong, certificate not valid `at` that time, not
    for signatures, revoked, not from an authority in `trust`, key too weak.
    """
    found = _read(data, password)
    if isinstance(found, Reason):
        # Raised out here, where no error from below with its frames hangs on it.
        raise SigningRefused(found)
    way = check_certificate(found.certificate, found.chain, trust=trust, at=at)
    return replace(found, chain=way)


def _read(data: bytes, password: str) -> FileKey | Reason:
    if len(data) > LARGEST_KEY_FILE or not _is_pkcs12(data):
        return Reason.BROKEN_FILE
    try:
        private, certificate, chain = pkcs12.load_key_and_certificates(data, password.encode())
    except ValueError:
        # A broken body and a wrong password fail at the same check of the file's seal.
        return Reason.WRONG_PASSWORD
    except Exception:  # whatever a strange file makes the parser raise, the answer is the same
        return Reason.BROKEN_FILE
    if private is None or certificate is None:
        return Reason.NO_KEY
    if not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        return Reason.WEAK_KEY
    return FileKey(certificate, tuple(chain), private)


def _is_pkcs12(data: bytes) -> bool:
    try:
        file = asn1_pkcs12.Pfx.load(data, strict=True)
        return bool(file["version"].native == "v3" and file["auth_safe"]["content"].contents)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return False
