"""A certification authority of the tests' own, with keys for every purpose; nothing is fetched, nothing is kept.

RSA keys are slow to draw, so each key is drawn once in a run and shared by all certificates that ask for it by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import AuthorityInformationAccessOID as AIA
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose
from cryptography.x509.oid import NameOID

CRL_URL = "http://crl.invalid/root.crl"
OCSP_URL = "http://ocsp.invalid/"


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    """Return the key called `name`, RSA-2048."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class Identity:
    """A certificate with its key and those that issued it, nearest first."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def der(self) -> bytes:
        """The certificate as DER."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        """The certificate as PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def p12(self, password: str = "mat-khau", *, name: str = "khoa") -> bytes:
        """Return certificate, key and chain as a PKCS#12 file under `password`."""
        kind = serialization.BestAvailableEncryption(password.encode())
        return pkcs12.serialize_key_and_certificates(
            name.encode(), self.key, self.certificate, self.chain, kind
        )


def _name(common: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*, signs: bool, certifies: bool, encrypts: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=encrypts,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certifies,
        crl_sign=certifies,
        encipher_only=False,
        decipher_only=False,
    )


def identity(
    common: str,
    *,
    organisation: str = "Tổ chức Minh Họa",
    issuer: Identity | None = None,
    is_ca: bool = False,
    usage: x509.KeyUsage | None = None,
    purposes: tuple[x509.ObjectIdentifier, ...] = (),
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    with_revocation: bool = False,
) -> Identity:
    """Return a new certificate for the key called `common`; without `issuer` it signs itself.

    By default it is valid from two years ago for ten years and may sign documents. `with_revocation` names a
    list of revoked certificates and an OCSP responder in it.
    """
    now = datetime.now(UTC)
    private = key(common)
    subject = _name(common, organisation)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from or now - timedelta(days=730))
        .not_valid_after(valid_to or now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(usage or _usage(signs=not is_ca, certifies=is_ca), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), False)
    )
    signer = issuer.key if issuer else private
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False
    )
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=True)
    if with_revocation:
        builder = builder.add_extension(
            x509.CRLDistributionPoints(
                [
                    x509.DistributionPoint(
                        [x509.UniformResourceIdentifier(CRL_URL)], None, None, None
                    )
                ]
            ),
            critical=False,
        ).add_extension(
            x509.AuthorityInformationAccess(
                [x509.AccessDescription(AIA.OCSP, x509.UniformResourceIdentifier(OCSP_URL))]
            ),
            critical=False,
        )
    certificate = builder.sign(signer, hashes.SHA256())
    chain = (issuer.certificate, *issuer.chain) if issuer else ()
    return Identity(certificate, private, chain)


@cache
def root() -> Identity:
    """The root that tests trust."""
    return identity("CA gốc Minh Họa", is_ca=True)


@cache
def unknown_root() -> Identity:
    """A root that nobody trusts."""
    return identity("CA lạ", organisation="Tổ chức lạ", is_ca=True)


@cache
def intermediate() -> Identity:
    """The authority below the root that issues to people."""
    return identity("CA cấp 2 Minh Họa", issuer=root(), is_ca=True)


@cache
def principal(common: str = "Lê Thị Mẫu Đơn") -> Identity:
    """A person's certificate for signing documents."""
    return identity(common, issuer=intermediate(), with_revocation=True)


@cache
def school(common: str = "Trường Mầm non Hoa Sen Mẫu") -> Identity:
    """A body's certificate for signing documents."""
    return identity(common, issuer=intermediate(), with_revocation=True)


@cache
def expired() -> Identity:
    """A certificate that ended yesterday."""
    now = datetime.now(UTC)
    return identity("Người Hết Hạn", issuer=intermediate(), valid_to=now - timedelta(days=1))


@cache
def wrong_usage() -> Identity:
    """A certificate for encryption, not for signatures."""
    usage = _usage(signs=False, certifies=False, encrypts=True)
    return identity("Khóa mã hóa", issuer=intermediate(), usage=usage)


@cache
def stranger() -> Identity:
    """A good certificate below the root that nobody trusts."""
    return identity("Người Lạ", issuer=unknown_root())


@cache
def time_stamper() -> Identity:
    """The certificate of a time stamping authority."""
    return identity("TSA Minh Họa", issuer=root(), purposes=(Purpose.TIME_STAMPING,))


def revocation_list(
    *revoked: Identity, issuer: Identity | None = None, at: datetime | None = None
) -> x509.CertificateRevocationList:
    """Return the list on which `issuer` (the intermediate, unless given) says that it revoked these, as of `at`."""
    issuer = issuer or intermediate()
    now = datetime.now(UTC)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - timedelta(hours=1))
        .next_update(now + timedelta(days=7))
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), False
        )
        .add_extension(x509.CRLNumber(1), critical=False)
    )
    for one in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(one.certificate.serial_number)
            .revocation_date(at or now - timedelta(hours=2))
            .build()
        )
    return builder.sign(issuer.key, hashes.SHA256())
