"""Keys in a token of the server (PKCS#11): the key never leaves it, the PIN comes with each signature."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from pkcs11 import Attribute, Mechanism, ObjectClass, Session, lib
from pkcs11.exceptions import (
    PinExpired,
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    PKCS11Error,
    UserPinNotInitialized,
)
from pkcs11.types import SignMixin
from pkcs11.util.ec import encode_ecdsa_signature

from plans.signing.certificates import Trust, check_certificate
from plans.signing.keys import Certified, Key
from plans.signing.refusal import Reason, SigningRefused

_PIN_ERRORS = (PinExpired, PinIncorrect, PinInvalid, PinLenRange, PinLocked, UserPinNotInitialized)
_RSA = {
    "sha256": Mechanism.SHA256_RSA_PKCS,
    "sha384": Mechanism.SHA384_RSA_PKCS,
    "sha512": Mechanism.SHA512_RSA_PKCS,
}

# Whoever is logged in to a token is so for the whole process: one thread at a time.
_one_at_a_time = threading.Lock()
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Token:
    """Where a token is: the library that came with it, and its label."""

    library: str
    label: str


@dataclass(frozen=True)
class TokenKey(Certified):
    """A key inside a token; a session is opened for each signature and closed after it."""

    token: Token
    key_id: bytes
    pin: str = field(repr=False)

    def sign_raw(self, data: bytes, digest: str) -> bytes:
        """See `Key`."""
        made = self._made(data, digest)
        if isinstance(made, Reason):
            raise SigningRefused(made)
        return made

    def _made(self, data: bytes, digest: str) -> bytes | Reason:
        try:
            with _session(self.token, self.pin) as session:
                return self._sign_in(session, data, digest)
        except (PKCS11Error, RuntimeError) as error:
            return _reason(error)

    def _sign_in(self, session: Session, data: bytes, digest: str) -> bytes:
        found = session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=self.key_id)
        private = cast(SignMixin, found)  # told by the token: a private key that may sign
        if isinstance(self.certificate.public_key(), rsa.RSAPublicKey):
            return bytes(private.sign(data, mechanism=_RSA[digest]))
        # Without a hash of its own: the one mechanism for ECDSA that every token has.
        hashed = hashlib.new(digest, data).digest()
        return bytes(encode_ecdsa_signature(private.sign(hashed, mechanism=Mechanism.ECDSA)))


def key_from_token(
    library: str, label: str, pin: str, certificate_label: str, *, trust: Trust, at: datetime
) -> Key:
    """Return the key of the certificate called `certificate_label` in the token called `label`.

    `library` is the path of the PKCS#11 library. Raises SigningRefused: no such token or key in it, wrong PIN,
    and whatever may be wrong with a certificate.
    """
    found = _read(Token(library, label), pin, certificate_label)
    if isinstance(found, Reason):
        raise SigningRefused(found)
    way = check_certificate(found.certificate, found.chain, trust=trust, at=at)
    return replace(found, chain=way)


def _read(token: Token, pin: str, certificate_label: str) -> TokenKey | Reason:
    try:
        with _session(token, pin) as session:
            return _find(session, token, pin, certificate_label)
    except (PKCS11Error, RuntimeError, ValueError) as error:
        return _reason(error)


def _find(session: Session, token: Token, pin: str, label: str) -> TokenKey | Reason:
    """Return the key whose certificate has the label; all other certificates may be of its chain."""
    wanted: tuple[x509.Certificate, bytes] | None = None
    others = []
    for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        certificate = x509.load_der_x509_certificate(one[Attribute.VALUE])
        if one[Attribute.LABEL] == label and wanted is None:
            wanted = certificate, bytes(one[Attribute.ID])
        else:
            others.append(certificate)
    if wanted is None:
        return Reason.NO_KEY
    certificate, key_id = wanted
    sought = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.ID: key_id}
    if not list(session.get_objects(sought)):
        return Reason.NO_KEY
    return TokenKey(certificate, tuple(others), token, key_id, pin)


@contextmanager
def _session(token: Token, pin: str) -> Iterator[Session]:
    with (
        _one_at_a_time,
        lib(token.library).get_token(token_label=token.label).open(user_pin=pin) as session,
    ):
        yield session


def _reason(error: Exception) -> Reason:
    # By its name alone: whose text it is, and what may stand in it, nobody here knows.
    _log.warning("The token answered: %s", type(error).__name__)
    return Reason.WRONG_PIN if isinstance(error, _PIN_ERRORS) else Reason.TOKEN_MISSING
