"""May this certificate sign a document now? Asked before every signature, whatever the way to its key."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, RevokedError, ValidationError

from plans.signing.refusal import Reason, SigningRefused

# Extended purposes that include signing documents; a certificate that names others only is refused.
_DOCUMENT_PURPOSES = {
    "2.5.29.37.0",  # any purpose
    "1.3.6.1.5.5.7.3.4",  # e-mail protection: signed messages, the usual purpose of a person's certificate
    "1.3.6.1.5.5.7.3.36",  # document signing (RFC 9336)
    "1.3.6.1.4.1.311.10.3.12",  # document signing (Microsoft)
    "1.2.840.113583.1.1.5",  # authentic documents (Adobe)
}
_SMALLEST_RSA = 2048  # bits
_SMALLEST_EC = 256  # bits


class Trust(Protocol):
    """Whom to believe, as TrustStore is."""

    @property
    def others(self) -> Sequence[x509.Certificate]:
        """Authorities that are known, but not believed for their own sake."""

    @property
    def crls(self) -> Sequence[x509.CertificateRevocationList]:
        """Lists of revoked certificates."""

    def roots_at(self, at: datetime) -> Sequence[x509.Certificate]:
        """Return the roots that are believed for what is signed `at` that time."""


def check_certificate(
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    *,
    trust: Trust,
    at: datetime,
) -> tuple[x509.Certificate, ...]:
    """Return the authorities between the certificate and its root, nearest first, if it may sign `at` that time.

    They are taken from `chain`, in which others may stand too, and from `trust`. Raises SigningRefused: expired,
    not yet valid, for something else, too weak, revoked, or no way to a trusted root.
    """
    if at > certificate.not_valid_after_utc:
        until = certificate.not_valid_after_utc.astimezone(at.tzinfo)
        raise SigningRefused(
            Reason.EXPIRED, f"{Reason.EXPIRED.value} Ngày hết hạn: {until:%d/%m/%Y}."
        )
    if at < certificate.not_valid_before_utc:
        raise SigningRefused(Reason.NOT_YET_VALID)
    if not may_sign(certificate):
        raise SigningRefused(Reason.WRONG_USAGE)
    if not _is_strong(certificate):
        raise SigningRefused(Reason.WEAK_KEY)
    way = _way_to_root(certificate, chain, trust, at)
    if isinstance(way, Reason):
        raise SigningRefused(way)
    return way


def may_sign(certificate: x509.Certificate) -> bool:
    """Return whether its key usage and extended purposes include signing documents, and it is no authority's."""
    try:
        extensions = certificate.extensions
    except ValueError:
        return False  # extensions that cannot be read allow nothing
    for extension in extensions:
        value = extension.value
        if isinstance(value, x509.KeyUsage):
            if not (value.digital_signature or value.content_commitment):
                return False
        elif isinstance(value, x509.ExtendedKeyUsage):
            if not _DOCUMENT_PURPOSES & {purpose.dotted_string for purpose in value}:
                return False
        elif isinstance(value, x509.BasicConstraints) and value.ca:
            return False
    return True


def _is_strong(certificate: x509.Certificate) -> bool:
    public = certificate.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        return public.key_size >= _SMALLEST_RSA
    return isinstance(public, ec.EllipticCurvePublicKey) and public.key_size >= _SMALLEST_EC


def _way_to_root(
    certificate: x509.Certificate, chain: Sequence[x509.Certificate], trust: Trust, at: datetime
) -> tuple[x509.Certificate, ...] | Reason:
    """Return the authorities on the way to a trusted root, the root itself left out, or why there is no way."""
    if not trust.roots_at(at):
        return Reason.UNKNOWN_ISSUER
    context = _validation_context(chain, trust=trust, at=at)
    validator = CertificateValidator(as_asn1(certificate), validation_context=context)
    try:
        path = asyncio.run(validator.async_validate_path())
    except RevokedError:
        return Reason.REVOKED
    except (PathBuildingError, ValidationError):
        return Reason.UNKNOWN_ISSUER
    # From the root down, the certificate last.
    between = list(path.iter_certs(include_root=False))[:-1]
    return tuple(x509.load_der_x509_certificate(one.dump()) for one in reversed(between))


def _validation_context(
    chain: Sequence[x509.Certificate], *, trust: Trust, at: datetime
) -> ValidationContext:
    """Return what pyHanko needs to judge a certificate from what is known here, without asking the network."""
    return ValidationContext(
        trust_roots=[as_asn1(root) for root in trust.roots_at(at)],
        other_certs=[as_asn1(one) for one in (*chain, *trust.others)],
        crls=[one.public_bytes(serialization.Encoding.DER) for one in trust.crls],
        moment=at,
        revocation_mode="soft-fail",
        allow_fetching=False,
    )


def certificates_of(pdf: bytes, field: str) -> tuple[x509.Certificate, ...]:
    """Return the certificates in the signature of a field, the signer's own first.

    Raises KeyError for a field that nobody signed, and pyHanko's errors for a file that cannot be read.
    """
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    found = {one.field_name: one for one in reader.embedded_signatures}[field]
    own = found.signer_cert
    others = [one for one in found.other_embedded_certs if one.dump() != own.dump()]
    return tuple(x509.load_der_x509_certificate(one.dump()) for one in (own, *others))


def as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """Return the certificate as pyHanko's libraries know it."""
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def organisation_and_name(name: x509.Name) -> tuple[str, ...]:
    """Return organisation and common name of a certificate's subject or issuer, as far as it has them.

    The last is never empty: where there is neither, it is the whole name as RFC 4514 writes it.
    """
    parts = [
        str(attribute.value)
        for kind in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
        for attribute in name.get_attributes_for_oid(kind)[:1]
    ]
    return tuple(parts) or (name.rfc4514_string(),)
