"""Keys at a remote signing service that speaks the API of the Cloud Signature Consortium (CSC, version 1).

Three calls: what certificate a credential has, leave to sign one hash, the signature of it. Only the hash of the
document goes there.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import logging
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from plans.signing.certificates import Trust, check_certificate
from plans.signing.keys import Certified, Key
from plans.signing.refusal import Reason, SigningRefused

LARGEST_ANSWER = 1024 * 1024  # bytes

_HASH_NAMES = {"sha256": "2.16.840.1.101.3.4.2.1"}
_RSA_NAMES = {"sha256": "1.2.840.113549.1.1.11"}
_EC_NAMES = {"sha256": "1.2.840.10045.4.3.2"}
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}

_log = logging.getLogger(__name__)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A PIN is sent to the address of the settings, and to no other that it may name."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


@dataclass(frozen=True)
class RemoteService:
    """Where the service is: address up to and with `/csc/v1`, the access token it gave, seconds to wait."""

    url: str
    access_token: str = field(repr=False)
    timeout: int = 30

    def __post_init__(self) -> None:
        address = urlsplit(self.url)
        is_here = address.scheme == "http" and address.hostname in _LOOPBACK
        if address.scheme != "https" and not is_here:
            raise ValueError("A remote signing service is reached by https alone.")

    def ask(self, call: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a call. Raises SigningRefused where there is none, or an error."""
        answer = self._answer(call, body)
        if isinstance(answer, Reason):
            raise SigningRefused(answer)
        return answer

    def _answer(self, call: str, body: dict[str, Any]) -> dict[str, Any] | Reason:
        request = urllib.request.Request(
            f"{self.url.rstrip('/')}/{call}",
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.access_token}",
                "Content-Type": "application/json",
            },
        )
        try:
            opener = urllib.request.build_opener(_NoRedirect)
            with opener.open(request, timeout=self.timeout) as response:
                answer = json.loads(response.read(LARGEST_ANSWER))
        except urllib.error.HTTPError as error:
            with error:
                return _error_reason(call, error.code, error.read(LARGEST_ANSWER))
        except (OSError, http.client.HTTPException, ValueError) as error:
            _log.warning("The signing service failed at %s: %s", call, type(error).__name__)
            return Reason.SERVICE_FAILED
        return answer if isinstance(answer, dict) else Reason.SERVICE_FAILED


def _error_reason(call: str, status: int, body: bytes) -> Reason:
    """Return what an error of the service means; CSC tells a wrong PIN or OTP by words alone."""
    _log.warning("The signing service answered %s with %d", call, status)
    words = body.decode("utf-8", "replace").casefold()
    is_secret = call == "credentials/authorize" and ("pin" in words or "otp" in words)
    return Reason.WRONG_PIN if is_secret else Reason.SERVICE_FAILED


@dataclass(frozen=True)
class RemoteKey(Certified):
    """A key that a service keeps; PIN and one-time password are good for one signature."""

    service: RemoteService
    credential: str
    pin: str = field(repr=False)
    otp: str = field(repr=False)

    def sign_raw(self, data: bytes, digest: str) -> bytes:
        """See `Key`."""
        hashed = base64.b64encode(hashlib.new(digest, data).digest()).decode("ascii")
        is_rsa = isinstance(self.certificate.public_key(), rsa.RSAPublicKey)
        answer = self.service.ask(
            "signatures/signHash",
            {
                "credentialID": self.credential,
                "SAD": self._leave(hashed),
                "hash": [hashed],
                "hashAlgo": _HASH_NAMES[digest],
                "signAlgo": (_RSA_NAMES if is_rsa else _EC_NAMES)[digest],
            },
        )
        signatures = answer.get("signatures")
        if not isinstance(signatures, list) or len(signatures) != 1:
            raise SigningRefused(Reason.SERVICE_FAILED)
        return _decoded(signatures[0])

    def _leave(self, hashed: str) -> str:
        """Return the service's leave to sign this one hash (signature activation data)."""
        asked = {"credentialID": self.credential, "numSignatures": 1, "hash": [hashed]}
        secrets = {"PIN": self.pin, "OTP": self.otp}
        given = {name: value for name, value in secrets.items() if value}
        leave = self.service.ask("credentials/authorize", asked | given).get("SAD")
        if not isinstance(leave, str) or not leave:
            raise SigningRefused(Reason.SERVICE_FAILED)
        return leave


def key_from_service(
    service: RemoteService,
    credential: str,
    *,
    pin: str,
    otp: str = "",
    trust: Trust,
    at: datetime,
) -> Key:
    """Return the key of `credential` at the service; PIN and OTP are used when it signs.

    Raises SigningRefused: the service fails, has no certificate or no enabled key, and whatever may be wrong with
    a certificate.
    """
    asked = {"credentialID": credential, "certificates": "chain", "certInfo": True}
    answer = service.ask("credentials/info", asked)
    certificates = _certificates(answer)
    if isinstance(certificates, Reason):
        raise SigningRefused(certificates)
    first, *chain = certificates
    way = check_certificate(first, chain, trust=trust, at=at)
    return RemoteKey(first, way, service, credential, pin, otp)


def _certificates(answer: dict[str, Any]) -> list[x509.Certificate] | Reason:
    try:
        if answer["key"]["status"] != "enabled":
            return Reason.NO_KEY
        encoded = answer["cert"]["certificates"]
        found = [x509.load_der_x509_certificate(base64.b64decode(one)) for one in encoded]
    except (KeyError, TypeError, ValueError):
        return Reason.SERVICE_FAILED
    return found or Reason.NO_KEY


def _decoded(signature: object) -> bytes:
    try:
        return base64.b64decode(str(signature), validate=True)
    except ValueError:
        pass  # raised below, where no error from outside hangs on it
    raise SigningRefused(Reason.SERVICE_FAILED)
