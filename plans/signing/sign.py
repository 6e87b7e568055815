"""One signature more in a prepared PDF: PAdES, as an incremental update that leaves every byte before it alone.

Both of a document's signatures are plain approval signatures, so either may come first and neither forbids the
other. What comes back was checked: the old bytes, then a filled field whose signature holds. Anything else raises.
"""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation import read_certification_data
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, RevokedError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from plans.signing.appearance import Appearance, stamp_style
from plans.signing.certificates import Trust, as_asn1
from plans.signing.keys import Key
from plans.signing.refusal import Reason, SigningRefused

DIGEST = "sha256"

_log = logging.getLogger(__name__)


class Level(Enum):
    """How long a signature can be proven (ETSI EN 319 142-1)."""

    B = "PAdES B-B"  # the signature alone
    T = "PAdES B-T"  # and a time stamp on it
    LT = "PAdES B-LT"  # and the proof that no certificate was revoked
    LTA = "PAdES B-LTA"  # and a time stamp over all of that


@dataclass(frozen=True)
class SigningSettings:
    """How an office signs.

    `tsa_url` or `time_stamper` is where time stamps come from. `level` None means T where there is such a place,
    else B; a level that cannot be reached is a refusal, never a lower one. LT and LTA need `trust` and either
    lists of revoked certificates in it, `ocsps` (DER), or `fetch`, which asks the addresses in the certificates.
    `reason` and `location` are written into the signature.
    """

    level: Level | None = None
    tsa_url: str = ""
    time_stamper: TimeStamper | None = field(default=None, repr=False)
    timeout: int = 10  # seconds, for the time stamp
    trust: Trust | None = field(default=None, repr=False)
    ocsps: Sequence[bytes] = field(default=(), repr=False)
    fetch: bool = False
    reason: str = ""
    location: str = ""

    def stamper(self) -> TimeStamper | None:
        """Return where time stamps come from, None if from nowhere."""
        if self.time_stamper or not self.tsa_url:
            return self.time_stamper
        return HTTPTimeStamper(self.tsa_url, timeout=self.timeout)

    def wanted_level(self) -> Level:
        """Return the level to reach."""
        if self.level:
            return self.level
        return Level.T if self.time_stamper or self.tsa_url else Level.B


NO_SETTINGS = SigningSettings()


def sign(
    pdf: bytes,
    field: str,
    key: Key,
    *,
    appearance: Appearance | None = None,
    settings: SigningSettings = NO_SETTINGS,
) -> bytes:
    """Return `pdf` with its empty field `field` signed by `key`: its bytes, and an update after them.

    Without `appearance` the field stays blank to the eye. Raises SigningRefused where anything fails; what is
    returned always bears the signature. Needs a thread without a running event loop.
    """
    writer = _writer(pdf, field)
    if isinstance(writer, Reason):
        raise SigningRefused(writer)
    signed = _signed(writer, field, key, appearance, settings)
    if isinstance(signed, Reason):
        # Raised out here, where no error from below with its frames hangs on it.
        raise SigningRefused(signed)
    if not _holds(pdf, signed, field, key):
        raise SigningRefused(Reason.SIGNING_FAILED)
    return signed


def _writer(pdf: bytes, field: str) -> IncrementalPdfFileWriter | Reason:
    """Return what writes after the bytes of the file, or why its field cannot be signed."""
    try:
        # Not strict: a file whose first signature another program made must be read, too.
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
        return _objection(writer.prev, field) or writer
    except Exception:  # whatever a strange file makes the reader raise, the answer is the same
        return Reason.BROKEN_PDF


def _objection(reader: PdfFileReader, field: str) -> Reason | None:
    if reader.encrypted:
        return Reason.BROKEN_PDF
    fields = {name: value for name, value, _ in enumerate_sig_fields(reader)}
    if field not in fields:
        return Reason.NO_FIELD
    if fields[field] is not None:
        return Reason.ALREADY_SIGNED
    certified = read_certification_data(reader)
    is_locked = certified is not None and certified.permission is MDPPerm.NO_CHANGES
    return Reason.LOCKED if is_locked else None


def _signed(
    writer: IncrementalPdfFileWriter,
    field: str,
    key: Key,
    appearance: Appearance | None,
    settings: SigningSettings,
) -> bytes | Reason:
    """Return the signed bytes, or why there are none; a refusal of the key itself is raised on."""
    out = io.BytesIO()
    try:
        signer = PdfSigner(
            _metadata(field, key, settings),
            KeySigner(key),
            timestamper=settings.stamper() if settings.wanted_level() is not Level.B else None,
            stamp_style=stamp_style(appearance),
        )
        asyncio.run(_written(signer, writer, out))
    except SigningRefused:
        raise
    except Exception as error:
        # By its name alone: a text from a library might hold what must not be written down.
        _log.warning("A signature failed: %s", type(error).__name__)
        return _reason(error, settings)
    return out.getvalue()


async def _written(signer: PdfSigner, writer: IncrementalPdfFileWriter, out: io.BytesIO) -> None:
    try:
        await signer.async_sign_pdf(writer, existing_fields_only=True, output=out)
    finally:
        if context := signer.signature_meta.validation_context:
            await context.aclose()  # type: ignore[no-untyped-call]


def _reason(error: Exception, settings: SigningSettings) -> Reason:
    if isinstance(error, TimestampRequestError | OSError | TimeoutError):
        return Reason.TIME_STAMP_FAILED
    if isinstance(error.__cause__, RevokedError):
        return Reason.REVOKED
    is_long = settings.wanted_level() in (Level.LT, Level.LTA)
    if is_long and isinstance(error, SigningError | PathError | ValidationError):
        return Reason.NO_REVOCATION_DATA
    return Reason.SIGNING_FAILED


def _metadata(field: str, key: Key, settings: SigningSettings) -> PdfSignatureMetadata:
    level = settings.wanted_level()
    is_long = level in (Level.LT, Level.LTA)
    if level is not Level.B and settings.stamper() is None:
        raise SigningRefused(Reason.TIME_STAMP_FAILED)
    return PdfSignatureMetadata(
        field_name=field,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        name=key.name,
        reason=settings.reason or None,
        location=settings.location or None,
        embed_validation_info=is_long,
        use_pades_lta=level is Level.LTA,
        validation_context=_context(key, settings) if is_long else None,
        signer_key_usage=_usages(key.certificate),
    )


def _context(key: Key, settings: SigningSettings) -> ValidationContext:
    """Return what proves the certificates good: hard-fail, since a missing proof is the very thing asked for."""
    if settings.trust is None:
        raise SigningRefused(Reason.NO_REVOCATION_DATA)
    trust = settings.trust
    return ValidationContext(
        trust_roots=[as_asn1(root) for root in trust.roots_at(datetime.now(UTC))],
        other_certs=[as_asn1(one) for one in (*key.chain, *trust.others)],
        crls=[one.public_bytes(serialization.Encoding.DER) for one in trust.crls],
        ocsps=list(settings.ocsps),
        allow_fetching=settings.fetch,
        revocation_mode="hard-fail",
    )


def _usages(certificate: x509.Certificate) -> set[str]:
    """Return the usage of the certificate that stands for signing; nothing where it names none."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return set()
    return {"non_repudiation"} if usage.content_commitment else {"digital_signature"}


def _holds(pdf: bytes, signed: bytes, field: str, key: Key) -> bool:
    """Return whether `signed` is `pdf` and a signature by `key` in `field` that covers it."""
    try:
        return signed.startswith(pdf) and _is_signed(signed, field, key, at_least=len(pdf))
    except Exception as error:  # what cannot be read again must not leave either
        _log.warning("A signed file could not be read: %s", type(error).__name__)
        return False


def _is_signed(signed: bytes, field: str, key: Key, *, at_least: int) -> bool:
    reader = PdfFileReader(io.BytesIO(signed), strict=False)
    made = [one for one in reader.embedded_regular_signatures if one.field_name == field]
    if len(made) != 1 or made[0].signer_cert.dump() != as_asn1(key.certificate).dump():
        return False
    start, length, gap_end, rest = (int(edge) for edge in made[0].byte_range)
    if start != 0 or length < at_least or gap_end + rest > len(signed):
        return False
    # Trust was asked before signing. pyHanko's difference check would take a minute on a long tagged file.
    intact, valid = validate_sig_integrity(
        made[0].signer_info, made[0].signer_cert, "data", made[0].compute_digest()
    )
    return intact and valid


class KeySigner(Signer):
    """Any `Key` as pyHanko wants a signer; the certificates on the way to the root come along."""

    def __init__(self, key: Key) -> None:
        self._key = key
        certificate = as_asn1(key.certificate)
        registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        registry.register_multiple([certificate, *(as_asn1(one) for one in key.chain)])
        super().__init__(signing_cert=certificate, cert_registry=registry, embed_roots=False)

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        """Return the key's signature; for a dry run, as many bytes as the longest may have."""
        if dry_run:
            size = self._key.certificate.public_key().key_size  # type: ignore[union-attr]
            return bytes(max(size // 8, 256))
        return self._key.sign_raw(data, digest_algorithm)
