"""How this installation signs: whom it trusts, where time stamps and keys beside key files come from."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError

from plans.issuing.enums import KeyWay
from plans.issuing.office_rules import own_rule, rule_for
from plans.schools.models import ManagingBody, School
from plans.signing.remote import RemoteService
from plans.signing.sign import Level, SigningSettings
from plans.signing.trust import TrustStore, TrustUnreadable

_log = logging.getLogger(__name__)

_NO_TRUST = (
    "Máy chủ chưa đọc được danh sách tổ chức chứng thực tin cậy nên chưa ký, chưa kiểm tra được. "
    "Vui lòng báo người quản trị."
)


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """Where the token of the server is: the PKCS#11 library's path and the token's label."""

    library: str
    label: str


def trust_store() -> TrustStore:
    """Return whom the installation trusts (KCL_TRUST_DIR); without a folder it trusts nobody.

    Read anew each time, so that a list of revoked certificates counts once it lies there. Raises ValidationError.
    """
    if not settings.KCL_TRUST_DIR:
        return TrustStore()
    try:
        return TrustStore.from_folder(settings.KCL_TRUST_DIR)
    except TrustUnreadable as error:
        _log.error("KCL_TRUST_DIR cannot be read: %s", error)
    raise ValidationError(_NO_TRUST)


def signing_settings(reason: str) -> SigningSettings:
    """Return how documents are signed: with a time stamp where KCL_TSA_URL says whence; `reason` stands in it.

    KCL_SIGNATURE_LEVEL names the level to reach (B, T, LT, LTA); for the last two the proofs that no certificate
    was revoked come from the folder of trust and, with KCL_SIGNATURE_FETCH, from the addresses in certificates.
    """
    level = Level[settings.KCL_SIGNATURE_LEVEL] if settings.KCL_SIGNATURE_LEVEL else None
    proofs = level in (Level.LT, Level.LTA)
    return SigningSettings(
        level=level,
        tsa_url=settings.KCL_TSA_URL,
        trust=trust_store() if proofs else None,
        fetch=settings.KCL_SIGNATURE_FETCH,
        reason=reason,
    )


def ways_for(about: School | ManagingBody, on: date) -> tuple[KeyWay, ...]:
    """Return the ways to a key that are open for papers of a school, or of a body itself, on the day `on`.

    Signing outside always is.
    """
    rule = rule_for(about, on) if isinstance(about, School) else own_rule(about, on)
    ways = [KeyWay.KEY_FILE] if rule.allows_key_files else []
    ways.append(KeyWay.OUTSIDE)
    if token_place() is not None:
        ways.append(KeyWay.TOKEN)
    if settings.KCL_CSC_URL:
        ways.append(KeyWay.REMOTE)
    return tuple(ways)


def token_place() -> TokenPlace | None:
    """Return where the server's token is, None where it has none."""
    library, label = settings.KCL_PKCS11_LIBRARY, settings.KCL_PKCS11_TOKEN
    return TokenPlace(library, label) if library and label else None


def remote_service() -> RemoteService | None:
    """Return the remote signing service, None where none is set. Raises ValueError for an address without https."""
    if not settings.KCL_CSC_URL:
        return None
    return RemoteService(settings.KCL_CSC_URL, settings.KCL_CSC_TOKEN)
