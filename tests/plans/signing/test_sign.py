"""Signing: what comes back bears the signature, what was there stays, and both signatures hold in either order."""

import io
import subprocess

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.stamp.noop import NoOpStampStyle
from pyhanko_certvalidator import ValidationContext

from plans.signing.certificates import as_asn1
from plans.signing.fields import SEAL_FIELD, SIGNER_FIELD
from plans.signing.keys import Certified
from plans.signing.refusal import Reason, SigningRefused
from plans.signing.sign import KeySigner, Level, SigningSettings, sign
from tests.factories import pki
from tests.factories.issuing import small_pdf
from tests.plans.documents.standards import assert_keeps_standards
from tests.plans.signing import material

IDENTITIES = {SIGNER_FIELD: pki.principal, SEAL_FIELD: pki.school}
ORDERS = [(SIGNER_FIELD, SEAL_FIELD), (SEAL_FIELD, SIGNER_FIELD)]


def _signed_in(order, settings=None, *, image=True):
    """Return the versions of the file: prepared, with one signature, with both."""
    versions = [material.prepared_pdf()]
    for field in order:
        versions.append(
            sign(
                versions[-1],
                field,
                material.key(IDENTITIES[field]()),
                appearance=material.drawing(field, image=image),
                settings=settings or SigningSettings(),
            )
        )
    return versions


def _statuses(pdf):
    context = ValidationContext(trust_roots=[as_asn1(pki.root().certificate)])
    # Not strict: poppler's files do not keep to the letter.
    signatures = PdfFileReader(io.BytesIO(pdf), strict=False).embedded_regular_signatures
    found = {}
    for one in signatures:
        status = validate_pdf_signature(one, context, context, skip_diff=True)
        found[one.field_name] = (status.intact, status.valid, status.trusted)
    return found


@pytest.mark.parametrize("order", ORDERS)
def test_both_signatures_hold_in_either_order(order):
    versions = _signed_in(order)

    assert _statuses(versions[1]) == {order[0]: (True, True, True)}
    assert _statuses(versions[2]) == dict.fromkeys(order, (True, True, True))


@pytest.mark.parametrize("order", ORDERS)
def test_each_signature_leaves_the_bytes_before_it_alone(order):
    prepared, once, twice = _signed_in(order)

    assert once.startswith(prepared)
    assert twice.startswith(once)


@pytest.mark.parametrize("order", ORDERS)
def test_poppler_agrees(order, tmp_path):
    path = tmp_path / "signed.pdf"
    path.write_bytes(_signed_in(order)[-1])

    told = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=True)

    assert told.stdout.count("Signature is Valid.") == 2


def _signed_by_poppler(pdf, field, folder):
    """Return the file with `field` signed by the principal's key in another program."""
    (folder / "prepared.pdf").write_bytes(pdf)
    (folder / "key.p12").write_bytes(pki.principal().p12(name="khoa"))
    (folder / "root.pem").write_bytes(pki.root().pem)
    store, files = f"sql:{folder}", [folder / "prepared.pdf", folder / "signed.pdf"]
    for command in (
        ["certutil", "-N", "-d", store, "--empty-password"],
        ["pk12util", "-i", folder / "key.p12", "-d", store, "-W", "mat-khau", "-K", ""],
        ["certutil", "-A", "-d", store, "-n", "root", "-t", "CT,C,C", "-i", folder / "root.pem"],
        ["pdfsig", "-nssdir", folder, "-nick", "khoa", "-sign", field, *files],
    ):
        subprocess.run(command, check=True, capture_output=True)
    return files[1].read_bytes()


def test_a_file_that_another_program_signed_first_is_signed_too(tmp_path):
    once = _signed_by_poppler(material.prepared_pdf(), SIGNER_FIELD, tmp_path)

    twice = sign(once, SEAL_FIELD, material.key(pki.school()))

    assert twice.startswith(once)
    assert sorted(_statuses(twice)) == sorted([SIGNER_FIELD, SEAL_FIELD])
    assert set(_statuses(twice).values()) == {(True, True, True)}


def test_a_field_that_is_signed_is_refused():
    once = _signed_in([SIGNER_FIELD])[-1]

    with pytest.raises(SigningRefused) as refused:
        sign(once, SIGNER_FIELD, material.key())

    assert refused.value.reason is Reason.ALREADY_SIGNED


@pytest.mark.parametrize(
    ("pdf", "reason"),
    [
        (small_pdf(), Reason.NO_FIELD),
        (b"", Reason.BROKEN_PDF),
        (b"PK\x03\x04 van ban", Reason.BROKEN_PDF),
        (small_pdf()[:200], Reason.BROKEN_PDF),
    ],
    ids=["no field", "empty", "a Word file", "cut off"],
)
def test_a_file_that_cannot_be_signed_is_refused(pdf, reason):
    with pytest.raises(SigningRefused) as refused:
        sign(pdf, SIGNER_FIELD, material.key())

    assert refused.value.reason is reason


def test_a_file_under_a_password_is_refused():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(material.prepared_pdf())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="x", user=""))

    with pytest.raises(SigningRefused) as refused:
        sign(out.getvalue(), SIGNER_FIELD, material.key())

    assert refused.value.reason is Reason.BROKEN_PDF


def test_a_file_that_an_earlier_signature_locked_is_refused():
    metadata = PdfSignatureMetadata(
        field_name=SEAL_FIELD, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(material.prepared_pdf()))
    signer = PdfSigner(metadata, KeySigner(material.key()), stamp_style=NoOpStampStyle())
    locked = signer.sign_pdf(writer).getvalue()

    with pytest.raises(SigningRefused) as refused:
        sign(locked, SIGNER_FIELD, material.key())

    assert refused.value.reason is Reason.LOCKED


class _Impostor(Certified):
    """A key that signs with another than its certificate names."""

    def sign_raw(self, data, digest):
        return pki.school().key.sign(data, PKCS1v15(), SHA256())


class _Broken(Certified):
    """A key that fails in a way nobody thought of."""

    def sign_raw(self, data, digest):
        raise LookupError("bí mật 4711")


@pytest.mark.parametrize("kind", [_Impostor, _Broken])
def test_what_is_no_signature_is_never_given_back(kind, caplog):
    key = kind(pki.principal().certificate, pki.principal().chain)

    with pytest.raises(SigningRefused) as refused:
        sign(material.prepared_pdf(), SIGNER_FIELD, key)

    assert refused.value.reason is Reason.SIGNING_FAILED
    assert (refused.value.__context__, "4711" in caplog.text) == (None, False)


def test_what_is_said_of_the_signature_stands_in_it():
    settings = SigningSettings(reason="Ban hành kế hoạch", location="An Phú")

    pdf = _signed_in([SIGNER_FIELD], settings)[-1]

    said = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures[0].sig_object
    assert [said[name] for name in ("/Name", "/Reason", "/Location", "/SubFilter")] == [
        "Lê Thị Mẫu Đơn",
        "Ban hành kế hoạch",
        "An Phú",
        "/ETSI.CAdES.detached",
    ]


def test_a_file_stays_pdf_a_and_accessible_through_all_signatures(tmp_path):
    long = SigningSettings(
        level=Level.LTA,
        time_stamper=material.stamper(),
        trust=material.trust(pki.revocation_list()),
    )
    files = {
        "prepared": material.prepared_pdf(),
        "pictures": _signed_in(ORDERS[0])[-1],
        "texts": _signed_in(ORDERS[1], image=False)[-1],
        "lta": _signed_in(ORDERS[0], long)[-1],
    }
    paths = [tmp_path / f"{name}.pdf" for name in files]
    for path in paths:
        path.write_bytes(files[path.stem])

    assert_keeps_standards(paths)
