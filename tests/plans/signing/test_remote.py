"""A remote signing service, played by a small server in a thread: signing with it, and what it may answer."""

import base64
import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from plans.signing.fields import SEAL_FIELD
from plans.signing.refusal import Reason, SigningRefused
from plans.signing.remote import LARGEST_ANSWER, RemoteService, key_from_service
from plans.signing.sign import sign
from tests.factories import pki
from tests.plans.signing import material

PIN, TOKEN = "ma-pin-3971", "the-truy-cap-5512"


class FakeService(BaseHTTPRequestHandler):
    """Knows one credential; `server.spoil` says for which call it answers what instead."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        call = self.path.removeprefix("/csc/v1/")
        self.server.calls.append((call, body))
        status, answer = self.server.spoil.get(call) or self._answer(call, body)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/csc/v1/elsewhere")
        self.end_headers()
        self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    def do_GET(self):
        self.server.calls.append((self.path.removeprefix("/csc/v1/"), {}))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(self._answer("credentials/info", {})[1]).encode())

    def _answer(self, call, body):
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            return 401, {"error": "invalid_token"}
        if call == "credentials/info":
            return 200, {"key": {"status": "enabled"}, "cert": {"certificates": self._chain()}}
        if call == "credentials/authorize":
            if body["PIN"] != PIN:
                return 400, {"error": "invalid_request", "error_description": "Invalid PIN"}
            return 200, {"SAD": "leave-" + body["hash"][0]}
        if body["SAD"] != "leave-" + body["hash"][0]:
            return 400, {"error": "invalid_request", "error_description": "Invalid SAD"}
        return 200, {"signatures": [self._sign(body["hash"][0])]}

    def _chain(self):
        identity = self.server.identity
        chain = [one.public_bytes(serialization.Encoding.DER) for one in identity.chain]
        return [base64.b64encode(one).decode() for one in (identity.der, *chain)]

    def _sign(self, hashed):
        made = self.server.identity.key.sign(
            base64.b64decode(hashed), padding.PKCS1v15(), Prehashed(hashes.SHA256())
        )
        return base64.b64encode(made).decode()

    def log_message(self, *words):
        """Say nothing; the tests look at the calls."""


@contextmanager
def fake_service(identity=None, **spoil):
    server = HTTPServer(("127.0.0.1", 0), FakeService)
    server.identity, server.calls = identity or pki.school(), []
    server.spoil = {call.replace("_", "/"): answer for call, answer in spoil.items()}
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server, RemoteService(f"http://127.0.0.1:{server.server_port}/csc/v1", TOKEN, 5)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _key(service, *, pin=PIN):
    return key_from_service(
        service, "van-thu-01", pin=pin, trust=material.trust(), at=datetime.now(UTC)
    )


def test_a_service_signs_and_sees_the_hash_alone():
    with fake_service() as (server, service):
        signed = sign(material.prepared_pdf(), SEAL_FIELD, _key(service))

    assert signed.startswith(material.prepared_pdf())
    assert [(call, sorted(body)) for call, body in server.calls] == [
        ("credentials/info", ["certInfo", "certificates", "credentialID"]),
        ("credentials/authorize", ["PIN", "credentialID", "hash", "numSignatures"]),
        ("signatures/signHash", ["SAD", "credentialID", "hash", "hashAlgo", "signAlgo"]),
    ]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ({"credentials_info": (500, b"x")}, Reason.SERVICE_FAILED),
        ({"credentials_info": (200, b"<html>")}, Reason.SERVICE_FAILED),
        ({"credentials_info": (200, [1])}, Reason.SERVICE_FAILED),
        (
            {"credentials_info": (200, {"x": "x" * LARGEST_ANSWER, "key": {"status": "disabled"}})},
            Reason.SERVICE_FAILED,
        ),
        ({"credentials_info": (302, b"")}, Reason.SERVICE_FAILED),
        (
            {"credentials_info": (200, {"key": {"status": "enabled"}, "cert": {}})},
            Reason.SERVICE_FAILED,
        ),
        ({"credentials_info": (200, {"key": {"status": "disabled"}})}, Reason.NO_KEY),
        ({"credentials_authorize": (200, {})}, Reason.SERVICE_FAILED),
        ({"signatures_signHash": (400, {"error": "invalid_request"})}, Reason.SERVICE_FAILED),
        ({"signatures_signHash": (200, {"signatures": []})}, Reason.SERVICE_FAILED),
        ({"signatures_signHash": (200, {"signatures": ["?"]})}, Reason.SERVICE_FAILED),
        # A signature of something else is found when the file is read again.
        ({"signatures_signHash": (200, {"signatures": ["AAAA" * 64]})}, Reason.SIGNING_FAILED),
    ],
)
def test_a_service_that_fails_is_a_refusal(spoil, reason):
    with fake_service(**spoil) as (server, service):
        with pytest.raises(SigningRefused) as refused:
            sign(material.prepared_pdf(), SEAL_FIELD, _key(service))

    assert refused.value.reason is reason
    assert "elsewhere" not in [call for call, _ in server.calls]


def test_a_certificate_of_the_service_is_checked_before_anything_is_signed():
    with fake_service(pki.expired()) as (server, service):
        with pytest.raises(SigningRefused) as refused:
            _key(service)

    assert refused.value.reason is Reason.EXPIRED
    assert [call for call, _ in server.calls] == ["credentials/info"]


def test_a_wrong_pin_is_told():
    with fake_service() as (_, service):
        with pytest.raises(SigningRefused) as refused:
            sign(material.prepared_pdf(), SEAL_FIELD, _key(service, pin="sai"))

    assert refused.value.reason is Reason.WRONG_PIN


def test_nobody_there_is_a_refusal():
    with fake_service() as (_, service):
        pass

    with pytest.raises(SigningRefused) as refused:
        _key(service)

    assert refused.value.reason is Reason.SERVICE_FAILED


@pytest.mark.parametrize("url", ["http://ky.example/csc/v1", "ftp://ky.example", "ky.example"])
def test_a_service_without_https_is_no_setting(url):
    with pytest.raises(ValueError, match="https"):
        RemoteService(url, TOKEN)


def test_pin_and_access_token_stand_nowhere(caplog):
    caplog.set_level(0)
    with fake_service() as (_, service):
        key = _key(service)
        sign(material.prepared_pdf(), SEAL_FIELD, key)
        with pytest.raises(SigningRefused) as refused:
            sign(material.prepared_pdf(), SEAL_FIELD, _key(service, pin=PIN + "-sai"))

    told = f"{key!r} {refused.value!r} {refused.value.__context__!r} {caplog.text}"
    assert [secret for secret in (PIN, TOKEN) if secret in told] == []
