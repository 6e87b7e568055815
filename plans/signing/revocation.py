"""Whether an authority took a certificate back: from lists and answers at hand, nothing is fetched.

Only what the certificate's own issuer signed counts, so a forged list or answer can neither revoke nor restore.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from plans.signing.trust import is_issued_by


@dataclass(frozen=True)
class Revocation:
    """What is known of a chain: whether its issuers said anything, and since when it is revoked, if it is."""

    is_known: bool = False
    since: datetime | None = None


@dataclass(frozen=True)
class Proofs:
    """Lists and answers of authorities."""

    crls: tuple[x509.CertificateRevocationList, ...] = ()
    answers: tuple[ocsp.OCSPResponse, ...] = ()

    def about(self, chain: Iterable[x509.Certificate]) -> Revocation:
        """Return what is known of `chain`, the signer's certificate first and the root last.

        `is_known` speaks of the signer's certificate alone; `since` is the earliest of the whole chain.
        """
        certificates = list(chain)
        dates: list[datetime] = []
        known = False
        for index, (one, issuer) in enumerate(zip(certificates, certificates[1:], strict=False)):
            for said in [*self._listed(one, issuer), *self._answered(one, issuer)]:
                known = known or index == 0
                if said is not None:
                    dates.append(said)
        return Revocation(known, min(dates, default=None))

    def _listed(self, one: x509.Certificate, issuer: x509.Certificate) -> Iterator[datetime | None]:
        for crl in self.crls:
            if crl.issuer != issuer.subject or not _is_signed(crl, issuer):
                continue
            entry = crl.get_revoked_certificate_by_serial_number(one.serial_number)
            yield None if entry is None else entry.revocation_date_utc

    def _answered(
        self, one: x509.Certificate, issuer: x509.Certificate
    ) -> Iterator[datetime | None]:
        for answer in self.answers:
            if answer.response_status != ocsp.OCSPResponseStatus.SUCCESSFUL:
                continue
            mine = [said for said in answer.responses if said.serial_number == one.serial_number]
            if mine and _is_answered_by(answer, issuer):
                for said in mine:
                    if said.certificate_status != ocsp.OCSPCertStatus.UNKNOWN:
                        yield said.revocation_time_utc


def _is_signed(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    key = issuer.public_key()
    try:
        return isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) and (
            crl.is_signature_valid(key)
        )
    except ValueError:
        return False


def _is_answered_by(answer: ocsp.OCSPResponse, issuer: x509.Certificate) -> bool:
    """Return whether `issuer`, or one whom it appointed to answer, signed the answer."""
    appointed = [
        one for one in answer.certificates if _may_answer(one) and is_issued_by(one, issuer)
    ]
    return any(_has_signed(one, answer) for one in [issuer, *appointed])


def _may_answer(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except (x509.ExtensionNotFound, ValueError):
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in usage.value


def _has_signed(certificate: x509.Certificate, answer: ocsp.OCSPResponse) -> bool:
    key, method = certificate.public_key(), answer.signature_hash_algorithm
    if method is None or isinstance(method, hashes.SHA1 | hashes.MD5):
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), method)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(method))
        else:
            return False
    except InvalidSignature:
        return False
    return True
