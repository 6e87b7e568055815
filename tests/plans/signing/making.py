"""Signed files of the tests' own: with pyHanko directly, and with poppler's pdfsig over an NSS store."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from plans.signing.trust import TrustStore
from tests.factories import pki

# The kind of signature in which the signer's own time is signed as well.
PLAIN = fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED


@cache
def trust() -> TrustStore:
    """Whom the tests trust: their own root, no list of revoked certificates."""
    return TrustStore.of([pki.root().certificate])


def _asn1(identity: pki.Identity) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(identity.der)


def _key(identity: pki.Identity) -> keys.PrivateKeyInfo:
    return keys.PrivateKeyInfo.load(
        identity.key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@cache
def signer(identity: pki.Identity, *, chain: bool = True) -> signers.SimpleSigner:
    """Return pyHanko's signer for a key, with its chain in each signature."""
    store = SimpleCertificateStore()
    if chain:
        store.register_multiple(
            asn1_x509.Certificate.load(one.public_bytes(serialization.Encoding.DER))
            for one in identity.chain
        )
    return signers.SimpleSigner(
        signing_cert=_asn1(identity), signing_key=_key(identity), cert_registry=store
    )


def stamper(at: datetime | None = None, identity: pki.Identity | None = None) -> DummyTimeStamper:
    """Return a time stamping authority that says it is `at` (now)."""
    identity = identity or pki.time_stamper()
    store = SimpleCertificateStore()
    return DummyTimeStamper(
        tsa_cert=_asn1(identity), tsa_key=_key(identity), certs_to_embed=store, fixed_dt=at
    )


def sign(
    pdf: bytes,
    identity: pki.Identity | None = None,
    *,
    field: str = "NguoiKy",
    box: tuple[int, int, int, int] | None = None,
    at: datetime | None = None,
    stamp: Any = None,
    chain: bool = True,
    forbids_changes: bool = False,
) -> bytes:
    """Return `pdf` with one more signature by pyHanko, which claims to be made `at` (now)."""
    out = io.BytesIO()
    one = signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name=field,
            subfilter=PLAIN if at else fields.SigSeedSubFilter.PADES,
            certify=forbids_changes,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        ),
        signer=_at(signer(identity or pki.principal(), chain=chain), at),
        timestamper=stamp,
        new_field_spec=fields.SigFieldSpec(field, box=box) if box else None,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    one.sign_pdf(writer, output=out)
    return out.getvalue()


def stamped(pdf: bytes, identity: pki.Identity | None = None) -> bytes:
    """Return `pdf` with a document time stamp over all of it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    done = signers.PdfTimeStamper(stamper(identity=identity)).timestamp_pdf(writer, "sha256")
    return bytes(done.getvalue())


def _at(one: signers.SimpleSigner, at: datetime | None) -> signers.SimpleSigner:
    """Return a signer that claims this time."""
    if at is None:
        return one
    claimed = at.astimezone(UTC)

    class Claiming(signers.SimpleSigner):
        async def signed_attrs(self, *args: Any, **kwargs: Any) -> Any:
            claims = replace(kwargs["attr_settings"], signing_time=claimed)
            return await super().signed_attrs(*args, **{**kwargs, "attr_settings": claims})

    return Claiming(
        signing_cert=one.signing_cert, signing_key=one.signing_key, cert_registry=one.cert_registry
    )


class Nss:
    """A store of keys for poppler's pdfsig in a folder."""

    def __init__(self, folder: Path, *identities: pki.Identity) -> None:
        self.folder = folder
        self.names = {one: f"khoa{number}" for number, one in enumerate(identities)}
        _run("certutil", "-N", "-d", self.place, "--empty-password")
        for one, name in self.names.items():
            file = folder / f"{name}.p12"
            file.write_bytes(one.p12(name=name))
            _run("pk12util", "-i", file, "-d", self.place, "-W", "mat-khau")

    @property
    def place(self) -> str:
        """The store as the tools name it."""
        return f"sql:{self.folder}"

    def sign(
        self, pdf: bytes, identity: pki.Identity, field: str, *, is_new: bool = False
    ) -> bytes:
        """Return `pdf` with one more signature by pdfsig, in a field that stands empty or a new one."""
        before, after = self.folder / "truoc.pdf", self.folder / "sau.pdf"
        before.write_bytes(pdf)
        where = ("-add-signature", "-new-signature-field-name") if is_new else ("-sign",)
        name = self.names[identity]
        _run("pdfsig", "-nssdir", self.place, "-nick", name, *where, field, before, after)
        return after.read_bytes()

    def opinions(self, pdf: bytes) -> list[str]:
        """Return what pdfsig says of each signature, in its words."""
        file = self.folder / "xem.pdf"
        file.write_bytes(pdf)
        said = _run("pdfsig", "-nssdir", self.place, "-nocert", file)
        mark = "Signature Validation: "
        return [line.split(mark)[1] for line in said.splitlines() if mark in line]


def _run(*command: str | Path) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, f"{command}: {done.stdout} {done.stderr}"
    return done.stdout
