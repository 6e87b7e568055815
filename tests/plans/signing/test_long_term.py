"""Time stamps and proofs for the long term: each level that is asked for is reached, or nothing is signed."""

import io
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore

from plans.signing.certificates import as_asn1
from plans.signing.fields import SEAL_FIELD, SIGNER_FIELD
from plans.signing.refusal import Reason, SigningRefused
from plans.signing.sign import Level, SigningSettings, sign
from tests.factories import pki
from tests.plans.signing import material


class Server(BaseHTTPRequestHandler):
    """Time stamps on POST, `server.files` on GET."""

    def do_POST(self):
        asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        self._say(
            material.stamper().request_tsa_response(asked).dump(), "application/timestamp-reply"
        )

    def do_GET(self):
        content = self.server.files.get(self.path)
        if content is None:
            self.send_error(404)
        else:
            self._say(content, "application/pkix-crl")

    def _say(self, content, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *words):
        """Say nothing."""


@contextmanager
def serving(**files):
    server = HTTPServer(("127.0.0.1", 0), Server)
    server.files = {f"/{name}": content for name, content in files.items()}
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class SilentStamper(TimeStamper):
    """A time stamping authority that does not answer."""

    async def async_request_tsa_response(self, req):
        raise OSError("nobody there")


def _signed(settings, key=None, field=SIGNER_FIELD, pdf=None):
    return sign(
        pdf or material.prepared_pdf(),
        field,
        key or material.key(),
        appearance=material.drawing(field),
        settings=settings,
    )


def _long(level, *crls):
    return SigningSettings(
        level=level, time_stamper=material.stamper(), trust=material.trust(*crls)
    )


def _has_stamp(signature):
    attributes = signature.signer_info["unsigned_attrs"]
    return "signature_time_stamp_token" in [one["type"].native for one in attributes]


def _kinds(pdf):
    """Field by field: has it a time stamp in it, is it one."""
    reader = PdfFileReader(io.BytesIO(pdf))
    return [(one.sig_object_type, _has_stamp(one)) for one in reader.embedded_signatures]


def test_a_time_stamp_comes_from_the_address_of_the_settings():
    with serving() as address:
        signed = _signed(SigningSettings(tsa_url=f"{address}/tsa"))

    assert _kinds(signed) == [("/Sig", True)]


def test_without_an_address_there_is_no_time_stamp():
    assert _kinds(_signed(SigningSettings())) == [("/Sig", False)]


@pytest.mark.parametrize(
    "settings",
    [
        SigningSettings(time_stamper=SilentStamper()),
        SigningSettings(tsa_url="http://127.0.0.1:9/tsa", timeout=2),
        SigningSettings(level=Level.T),
    ],
    ids=["silent", "nobody there", "no address"],
)
def test_without_the_time_stamp_nothing_is_signed(settings):
    with pytest.raises(SigningRefused) as refused:
        _signed(settings)

    assert refused.value.reason is Reason.TIME_STAMP_FAILED


@pytest.mark.parametrize(
    ("level", "kinds"),
    [
        (Level.LT, [("/Sig", True)]),
        (Level.LTA, [("/Sig", True), ("/DocTimeStamp", False)]),
    ],
)
def test_the_level_asked_for_is_reached(level, kinds):
    signed = _signed(_long(level, pki.revocation_list()))

    assert _kinds(signed) == kinds
    store = DocumentSecurityStore.read_dss(PdfFileReader(io.BytesIO(signed)))
    assert len(store.crls) == 1


def test_two_long_term_signatures_are_valid_for_the_long_term():
    settings = _long(Level.LTA, pki.revocation_list())

    once = _signed(settings)
    twice = _signed(settings, material.key(pki.school()), SEAL_FIELD, once)

    assert twice.startswith(once)
    assert _proven(twice) == {
        "/Sig": [(True, True, True, True)] * 2,
        "/DocTimeStamp": [(True, True, True)] * 2,
    }


def _proven(pdf):
    """Whether signatures and time stamps hold by what the file itself brings along, the root excepted."""
    reader = PdfFileReader(io.BytesIO(pdf))
    given = {"trust_roots": [as_asn1(pki.root().certificate)], "revocation_mode": "hard-fail"}
    context = DocumentSecurityStore.read_dss(reader).as_validation_context(given)
    found = {"/Sig": [], "/DocTimeStamp": []}
    for one in reader.embedded_regular_signatures:
        status = validate_pdf_signature(one, context, context, skip_diff=True)
        stamp = status.timestamp_validity.trusted
        found["/Sig"].append((status.intact, status.valid, status.trusted, stamp))
    for one in reader.embedded_timestamp_signatures:
        status = validate_pdf_timestamp(one, context, skip_diff=True)
        found["/DocTimeStamp"].append((status.intact, status.valid, status.trusted))
    return found


@pytest.mark.parametrize(
    "settings",
    [
        _long(Level.LT),
        SigningSettings(level=Level.LT, time_stamper=material.stamper()),
    ],
    ids=["no list", "nobody to trust"],
)
def test_without_proof_that_nothing_was_revoked_nothing_is_signed(settings):
    with pytest.raises(SigningRefused) as refused:
        _signed(settings)

    assert refused.value.reason is Reason.NO_REVOCATION_DATA


def test_a_key_that_was_revoked_since_signs_nothing():
    with pytest.raises(SigningRefused) as refused:
        _signed(_long(Level.LT, pki.revocation_list(pki.principal())))

    assert refused.value.reason is Reason.REVOKED


def test_lists_are_fetched_where_the_office_wants_it(monkeypatch):
    crl = pki.revocation_list().public_bytes(serialization.Encoding.DER)
    with serving(**{"root.crl": crl}) as address:
        monkeypatch.setattr(pki, "CRL_URL", f"{address}/root.crl")
        monkeypatch.setattr(pki, "OCSP_URL", f"{address}/ocsp")
        identity = pki.identity("Người Xa", issuer=pki.intermediate(), with_revocation=True)
        settings = SigningSettings(
            level=Level.LT,
            time_stamper=material.stamper(),
            trust=material.trust(),
            fetch=True,
        )

        signed = _signed(settings, material.key(identity))

    store = DocumentSecurityStore.read_dss(PdfFileReader(io.BytesIO(signed)))
    assert len(store.crls) == 1
