"""Signing a document with the server's token and at a remote service, as the settings name them."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from plans.issuing import signatures, signing_steps
from plans.issuing.enums import KeyWay, SignatureRole
from plans.issuing.files import current_pdf
from plans.issuing.signing_setup import signing_settings
from plans.signing.refusal import Reason
from plans.signing.sign import Level
from plans.signing.verify import verify
from tests.factories.signing import scene, trust_folder
from tests.plans.signing import making
from tests.plans.signing.test_remote import PIN as REMOTE_PIN
from tests.plans.signing.test_remote import TOKEN as ACCESS
from tests.plans.signing.test_remote import fake_service
from tests.plans.signing.test_tokens import LABEL, LIBRARY, PIN, token  # noqa: F401  fixture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _trust(tmp_path, settings):
    settings.KCL_TRUST_DIR = trust_folder(tmp_path)


def _sealed(one, source):
    return signatures.sign_document(
        document=one.document, role=SignatureRole.SEAL, source=source, by=one.clerk
    )


def _with_token(one, **given):
    typed = {"certificate": "truong", "pin": PIN} | given
    return _sealed(one, signing_steps.from_token(**typed))


def _remotely(one, **given):
    typed = {"credential": "van-thu-01", "pin": REMOTE_PIN} | given
    return _sealed(one, signing_steps.from_service(**typed))


def test_the_token_of_the_server_sets_the_seal(token, settings):  # noqa: F811
    settings.KCL_PKCS11_LIBRARY, settings.KCL_PKCS11_TOKEN = LIBRARY, LABEL
    one = scene()

    row = _with_token(one)

    content = bytes(current_pdf(one.document).file.content)
    assert (row.way, row.subject) == (KeyWay.TOKEN, "Trường Mầm non Hoa Sen Mẫu")
    assert verify(content, trust=making.trust()).valid


def test_a_wrong_pin_writes_nothing(token, settings):  # noqa: F811
    settings.KCL_PKCS11_LIBRARY, settings.KCL_PKCS11_TOKEN = LIBRARY, LABEL
    one = scene()

    with pytest.raises(ValidationError) as refused:
        _with_token(one, pin="sai-ma-pin")

    assert refused.value.messages == [Reason.WRONG_PIN.value]
    assert one.document.signatures.count() == 0


def test_a_remote_service_sets_the_seal(settings):
    one = scene()
    with fake_service() as (_, service):
        settings.KCL_CSC_URL, settings.KCL_CSC_TOKEN = service.url, ACCESS
        row = _remotely(one)

    content = bytes(current_pdf(one.document).file.content)
    assert row.way == KeyWay.REMOTE
    assert verify(content, trust=making.trust()).valid


def test_without_settings_neither_way_is_open():
    one = scene()

    for sign in (_with_token, _remotely):
        with pytest.raises(ValidationError) as refused:
            sign(one)
        assert refused.value.messages == [signing_steps.NOT_SET_UP]


def test_level_of_signatures_is_a_setting(settings: Any, tmp_path: Path) -> None:
    plain = signing_settings("Ban hành")
    settings.KCL_TSA_URL, settings.KCL_SIGNATURE_LEVEL = "http://tsa.invalid/", "LTA"
    settings.KCL_TRUST_DIR = trust_folder(tmp_path)

    long_term = signing_settings("Ban hành")

    assert (plain.wanted_level(), plain.trust) == (Level.B, None)
    assert long_term.wanted_level() is Level.LTA
    assert long_term.trust is not None
    assert long_term.fetch is False
