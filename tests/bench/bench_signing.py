"""What signing costs beside the render of the plan that is signed: the bound is 0.3 of it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

from plans.documents.fonts import find_fonts
from plans.documents.pdf import pdf_bytes
from plans.signing.appearance import seal_appearance, signer_appearance
from plans.signing.fields import SEAL_FIELD, SIGNER_FIELD, prepare_fields, signature_places
from plans.signing.keys import key_from_pkcs12
from plans.signing.sign import Level, SigningSettings, sign
from tests.bench.harness import Table, compare
from tests.factories import pki
from tests.plans.documents.samples import plan
from tests.plans.signing import material


@cache
def _key_file(identity: pki.Identity) -> bytes:
    return identity.p12()


def _one_signature(pdf: bytes, settings: SigningSettings, *, seal: bool = False) -> bytes:
    """All that a signature takes: the key file read and judged, the drawing, the signature, the reading again."""
    identity, draw, field = (
        (pki.school(), seal_appearance, SEAL_FIELD)
        if seal
        else (pki.principal(), signer_appearance, SIGNER_FIELD)
    )
    at = datetime.now(UTC)
    key = key_from_pkcs12(_key_file(identity), "mat-khau", trust=material.trust(), at=at)
    appearance = draw((140, 60), name=key.name, at=at, fonts=find_fonts(), image=material.picture())
    return sign(pdf, field, key, appearance=appearance, settings=settings)


def bench(rounds: int) -> Iterator[Table]:
    """Yield the parts of signing a plan of 30 actions beside its render."""
    tree = plan(rows=30)
    places = signature_places(0, material.BOX)
    plain = pdf_bytes(tree)
    prepared = prepare_fields(plain, places)
    once = _one_signature(prepared, SigningSettings())
    stamped = SigningSettings(time_stamper=material.stamper())
    long = SigningSettings(
        level=Level.LTA,
        time_stamper=material.stamper(),
        trust=material.trust(pki.revocation_list()),
    )
    yield compare(
        "one signature of a plan of 30 actions",
        {
            "render": lambda: pdf_bytes(tree),
            "both fields": lambda: prepare_fields(plain, places),
            "first signature, B-B": lambda: _one_signature(prepared, SigningSettings()),
            "second signature, B-B": lambda: _one_signature(once, SigningSettings(), seal=True),
            "first signature, B-T": lambda: _one_signature(prepared, stamped),
            "first signature, B-LTA": lambda: _one_signature(prepared, long),
        },
        rounds=max(1, rounds // 3),
    )
