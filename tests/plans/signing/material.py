"""What tests of signing share: a prepared document, trust in the tests' own root, pictures, keys, time stamps."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Any

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from PIL import Image, ImageDraw
from pyhanko.sign.timestamps import DummyTimeStamper

from plans.documents.fonts import find_fonts
from plans.documents.pdf import pdf_bytes
from plans.signing import appearance
from plans.signing.fields import field_size, prepare_fields, signature_places
from plans.signing.keys import Key, key_from_pkcs12
from tests.factories import pki
from tests.plans.documents import samples

BOX = (330.0, 300.0, 470.0, 360.0)
HANOI = timezone(timedelta(hours=7))
AT = datetime(2026, 9, 5, 8, 30, tzinfo=HANOI)
BLUE, RED = (20, 40, 180, 255), (190, 0, 0, 255)


@dataclass(frozen=True)
class Roots:
    """The least that a signer must be told about whom to believe."""

    roots: tuple[x509.Certificate, ...] = ()
    others: tuple[x509.Certificate, ...] = ()
    crls: tuple[x509.CertificateRevocationList, ...] = ()

    def roots_at(self, at: datetime) -> tuple[x509.Certificate, ...]:
        return self.roots


@cache
def plain_pdf() -> bytes:
    """A tagged document without signature fields."""
    return pdf_bytes(samples.minutes())


@cache
def prepared_pdf() -> bytes:
    """The same with both fields, empty."""
    return prepare_fields(plain_pdf(), signature_places(0, BOX))


def trust(*crls: x509.CertificateRevocationList) -> Roots:
    return Roots((pki.root().certificate,), crls=crls)


def key(identity: pki.Identity | None = None) -> Key:
    """The key of the principal, or of `identity`, by way of a file."""
    who = identity or pki.principal()
    return key_from_pkcs12(who.p12(), "mat-khau", trust=trust(), at=datetime.now(UTC))


def identity_for(monkeypatch: pytest.MonkeyPatch, private: Any) -> pki.Identity:
    """A certificate of the trusted authority for the key `private`, of whatever kind it is."""
    real = pki.key
    with monkeypatch.context() as patch:
        patch.setattr(pki, "key", lambda name: private if name == "Khóa khác" else real(name))
        return pki.identity("Khóa khác", issuer=pki.intermediate())


@cache
def picture(colour: tuple[int, int, int, int] = BLUE, side: int = 200) -> bytes:
    """A PNG with a see-through ground."""
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((8, 8, side - 8, side - 8), outline=colour, width=8)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@cache
def drawing(field: str, *, image: bool = True) -> appearance.Appearance:
    """The appearance for a field of `prepared_pdf`, by picture or by text."""
    size = field_size(prepared_pdf(), field)
    assert size is not None
    if field == "NguoiKy":
        draw, name, colour = appearance.signer_appearance, "Lê Thị Mẫu Đơn", BLUE
    else:
        draw, name, colour = appearance.seal_appearance, "Trường Mầm non Hoa Sen Mẫu", RED
    return draw(
        size, name=name, at=AT, fonts=find_fonts(), image=picture(colour) if image else None
    )


def stamper() -> DummyTimeStamper:
    """The tests' own time stamping authority."""
    identity = pki.time_stamper()
    private = identity.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return DummyTimeStamper(
        asn1_x509.Certificate.load(identity.der), asn1_keys.PrivateKeyInfo.load(private)
    )
