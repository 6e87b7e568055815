"""The pages of signing: what is signed, who may, each way in; nothing secret stays anywhere."""

import io
import logging
import tempfile
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from django.apps import apps
from django.core import serializers
from django.core.files import uploadhandler
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.accounts.roles import Role
from plans.issuing import signatures, signing_steps
from plans.issuing.enums import DocumentState, SignatureRole
from plans.issuing.files import current_pdf
from plans.issuing.images import keep_seal_image
from plans.issuing.models import HandSignature, OfficeRule, SealImage
from plans.signing.refusal import Reason
from plans.signing.verify import verify
from plans.web import uploads
from tests.factories import accounts, pki, schools
from tests.factories.issuing import small_pdf
from tests.factories.signing import Scene, prepared_pdf, scene, trust_folder
from tests.plans.signing import making, material

pytestmark = pytest.mark.django_db
BACKEND = "plans.accounts.backend.MembershipBackend"
PASSWORD = "mat-khau-that-rieng"


@pytest.fixture(autouse=True)
def _trust(tmp_path, settings):
    settings.KCL_TRUST_DIR = trust_folder(tmp_path)


@pytest.fixture
def one() -> Scene:
    return scene()


def _web(person):
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def _named(content, name):
    file = io.BytesIO(content)
    file.name = name
    return file


def _page(one):
    return reverse("signing:sign", args=[one.document.pk])


def _by_key_file(client, one, role="as_signer", *, identity=None, password=PASSWORD):
    key = (identity or pki.principal()).p12(PASSWORD)
    data = {"way": "key_file", "key_file": _named(key, "khoa.p12"), "key_password": password}
    return client.post(reverse(f"signing:{role}", args=[one.document.pk]), data)


def _outside(client, one, content, role="as_signer"):
    data = {"way": "outside", "signed_file": _named(content, "da-ky.pdf")}
    return client.post(reverse(f"signing:{role}", args=[one.document.pk]), data)


def _content(one):
    return bytes(current_pdf(one.document).file.content)


def _text(answer):
    return answer.content.decode()


# --- signing ----------------------------------------------------------------------------------------------


def test_both_people_sign_through_the_pages(one):
    _by_key_file(_web(one.principal), one)

    answer = _by_key_file(_web(one.clerk), one, "as_seal", identity=pki.school())

    assert answer.headers["Location"] == _page(one)
    assert verify(_content(one), trust=making.trust()).valid
    text = _text(_web(one.clerk).get(_page(one)))
    assert text.count("Đã ký</span>") == 2
    assert "Chưa ký" not in text


def test_page_says_what_is_signed(one):
    text = _text(_web(one.principal).get(_page(one)))

    file = current_pdf(one.document).file
    for words in (one.document.full_number, one.document.title, file.sha256, "Lê Thị Mẫu Đơn"):
        assert words in text
    assert "không được lưu lại" in text


def test_ways_that_are_not_set_up_are_not_shown(one):
    text = _text(_web(one.principal).get(_page(one)))

    ways = [way for way in ("key_file", "outside", "token", "remote") if f'id="cach-{way}"' in text]
    assert ways == ["key_file", "outside"]


def test_ways_that_the_settings_name_are_shown(one, settings):
    settings.KCL_PKCS11_LIBRARY, settings.KCL_PKCS11_TOKEN = "/lib/x.so", "kcl"
    settings.KCL_CSC_URL = "https://ky.invalid/csc/v1"

    text = _text(_web(one.principal).get(_page(one)))

    ways = [way for way in ("key_file", "outside", "token", "remote") if f'id="cach-{way}"' in text]
    assert ways == ["key_file", "outside", "token", "remote"]


def test_without_a_way_of_the_server_such_a_post_is_refused(one):
    address = reverse("signing:as_signer", args=[one.document.pk])
    typed = {"way": "token", "certificate": "a", "pin_password": "1234"}

    answer = _web(one.principal).post(address, typed)

    assert answer.status_code == 422
    assert signing_steps.NOT_SET_UP in _text(answer)


def test_wrong_password_is_told_and_not_shown_again(one):
    answer = _by_key_file(_web(one.principal), one, password="sai-mat-khau-nay")

    text = _text(answer)
    assert answer.status_code == 422
    assert Reason.WRONG_PASSWORD.value in text
    assert "sai-mat-khau-nay" not in text
    assert one.document.signatures.count() == 0


def test_office_that_forbids_key_files_takes_button_and_post_away(one):
    body = schools.body("UBND xã Mẫu")
    schools.school_body(one.document.school, body)
    OfficeRule.objects.create(body=body, allows_key_files=False)
    web = _web(one.principal)

    assert 'id="cach-key_file"' not in _text(web.get(_page(one)))
    answer = _by_key_file(web, one)

    assert answer.status_code == 422
    assert signing_steps.NO_KEY_FILES in _text(answer)
    assert one.document.signatures.count() == 0


def test_a_file_signed_outside_is_taken_in(one):
    web = _web(one.principal)
    got = web.get(reverse("signing:current", args=[one.document.pk]))
    signed = making.sign(got.content, pki.principal(), field="NguoiKy")

    answer = _outside(web, one, signed)

    assert got.content == prepared_pdf()
    assert answer.status_code == 302
    assert web.get(reverse("signing:current", args=[one.document.pk])).content == signed


@pytest.mark.parametrize("content", [small_pdf(), b"x", b"%PDF-1.7\n" * 1000])
def test_a_file_that_is_not_ours_is_told(one, content):
    answer = _outside(_web(one.principal), one, content)

    assert answer.status_code == 422
    assert signing_steps.NOT_OURS in _text(answer)


def test_too_large_a_file_is_told_in_words(one):
    answer = _outside(_web(one.principal), one, bytes(22 * 1024 * 1024))

    assert answer.status_code == 422
    assert "Tệp lớn quá 20 MB" in _text(answer)


@pytest.mark.parametrize("data", [{}, {"way": "khac"}, {"way": "key_file"}, {"way": "outside"}])
def test_an_incomplete_post_is_a_refusal(one, data):
    answer = _web(one.principal).post(reverse("signing:as_signer", args=[one.document.pk]), data)

    assert answer.status_code == 422


def test_a_replaced_document_offers_no_signature():
    old = scene(state=DocumentState.REPLACED)

    text = _text(_web(old.principal).get(_page(old)))

    assert 'enctype="multipart/form-data"' not in text
    assert signatures.NOT_IN_FORCE in text


def test_who_may_not_sign_sees_the_state_alone(one):
    staff = accounts.member(Role.STAFF, school=one.document.school, full_name="Ngô Văn Bách")

    text = _text(_web(staff).get(_page(one)))

    assert 'enctype="multipart/form-data"' not in text
    assert text.count("Chưa ký</span>") == 2


# --- nothing secret stays ---------------------------------------------------------------------------------


def _everything_written(folder: Path) -> bytes:
    rows = b""
    for model in apps.get_models():
        rows += serializers.serialize("json", model._base_manager.all()).encode()
        rows += b"".join(
            bytes(value)
            for row in model._base_manager.all()
            for field in model._meta.concrete_fields
            if isinstance(value := getattr(row, field.attname), bytes | memoryview)
        )
    files = [path for path in folder.rglob("*") if path.is_file()]
    return rows + b"".join(path.read_bytes() for path in files)


@pytest.mark.parametrize("password", [PASSWORD, "mot-mat-khau-sai"])
def test_neither_key_nor_password_leaves_a_trace(
    one, password, tmp_path, settings, caplog, monkeypatch
):
    folder = tmp_path / "tam"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0  # Django's own handler would write everything down
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    caplog.set_level(logging.DEBUG)
    made = _spooled(monkeypatch)

    _by_key_file(_web(one.principal), one, password=password)

    key = pki.principal()
    private = key.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    written = _everything_written(folder)
    assert made == []
    assert password.encode() not in written
    assert private not in written
    assert password not in caplog.text


def _spooled(monkeypatch):
    """Return a list that grows with every upload that Django puts into a temporary file."""
    made = []
    real = uploadhandler.TemporaryUploadedFile

    class Told(real):
        def __init__(self, *args, **kwargs):
            made.append(args)
            super().__init__(*args, **kwargs)

    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", Told)
    return made


def test_the_watch_over_temporary_files_sees_them(one, settings, monkeypatch):
    """The control: without the mark on the view the key would lie on the disk for a moment."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    made = _spooled(monkeypatch)
    monkeypatch.setattr(uploads.KeepUploadsInMemory, "process_view", lambda *arguments: None)

    _by_key_file(_web(one.principal), one)

    assert len(made) == 1


def test_an_expired_session_writes_no_key_down_and_shows_no_password(one, settings, monkeypatch):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    made = _spooled(monkeypatch)

    answer = _by_key_file(Client(), one)

    assert answer.status_code == 401
    assert made == []
    assert PASSWORD not in _text(answer)


# --- pictures ---------------------------------------------------------------------------------------------


def test_ones_own_picture_is_kept_shown_and_deleted(one):
    web, page = _web(one.principal), reverse("signing:my_signature")

    kept = web.post(page, {"image": _named(material.picture(), "chu-ky.png")})
    shown = _text(web.get(page))
    web.post(page, {"remove": "1"})

    assert kept.status_code == 302
    assert "data:image/png;base64," in shown
    assert HandSignature.objects.count() == 0


@pytest.mark.parametrize("content", [b"GIF89a", b"\x89PNG\r\n\x1a\n hong", b"\x89PNG" * 400000])
def test_a_picture_that_cannot_be_used_is_told(one, content):
    web = _web(one.principal)

    answer = web.post(reverse("signing:my_signature"), {"image": _named(content, "a.png")})

    assert answer.status_code == 422
    assert HandSignature.objects.count() == 0


def test_a_seal_follows_another_from_its_day_on(one):
    web, page = _web(one.clerk), reverse("signing:seal", args=[one.document.school_id])
    for day in ("01/01/2024", "01/01/2025"):
        web.post(
            page, {"image": _named(material.picture(material.RED), "dau.png"), "valid_from": day}
        )

    first, second = SealImage.objects.order_by("valid_from")
    refused = web.post(
        page, {"image": _named(material.picture(), "d.png"), "valid_from": "01/06/2024"}
    )
    web.post(reverse("signing:seal_remove", args=[one.document.school_id, second.pk]))

    assert f"{first.valid_to:%d/%m/%Y}" == "31/12/2024"
    assert refused.status_code == 422
    first.refresh_from_db()
    assert first.valid_to is None


# --- verifying --------------------------------------------------------------------------------------------


def _verified(client, content):
    return client.post(reverse("signing:verify"), {"pdf": _named(content, "van-ban.pdf")})


def test_a_signed_document_of_ours_is_known(one):
    signatures.sign_document(
        document=one.document,
        role=SignatureRole.SIGNER,
        source=signing_steps.from_key_file(pki.principal().p12(), "mat-khau"),
        by=one.principal,
    )

    text = _text(_verified(_web(one.clerk), _content(one)))

    assert "<span>Mọi chữ ký đều hợp lệ và văn bản không bị thay đổi sau khi ký</span></h1>" in text
    assert f'href="{_page(one)}"' in text
    assert current_pdf(one.document).file.sha256 in text


def test_a_document_of_another_school_is_not_told_of(one):
    stranger = accounts.member(school=schools.school("Trường khác"))

    text = _text(_verified(_web(stranger), _content(one)))

    assert one.document.full_number not in text
    assert "Không trùng với tệp nào" in text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (small_pdf(), "Tệp không có chữ ký số nào"),
        (b"khong phai pdf", "Tệp không phải là PDF hoặc đã hỏng"),
    ],
)
def test_each_answer_is_the_head_of_the_page(one, content, words):
    answer = _verified(_web(one.principal), content)

    assert answer.status_code == 200
    assert f"<span>{words}</span></h1>" in _text(answer)


def test_no_file_and_too_large_a_file_are_told(one):
    web = _web(one.principal)

    missing = web.post(reverse("signing:verify"), {})
    large = _verified(web, bytes(25 * 1024 * 1024))

    assert (missing.status_code, large.status_code) == (422, 422)
    assert "Hãy chọn tệp PDF." in _text(missing)
    assert "Tệp lớn quá 20 MB" in _text(large)


def test_a_folder_of_trust_that_is_not_there_is_told(one, settings):
    settings.KCL_TRUST_DIR = "/khong/co"

    answer = _verified(_web(one.principal), small_pdf())

    assert answer.status_code == 422
    assert "báo người quản trị" in _text(answer)


def _queries(client, page):
    with CaptureQueriesContext(connection) as queries:
        client.get(page)
    return len(queries)


def test_the_page_asks_the_same_with_one_signature_and_with_two(one):
    web = _web(accounts.member(Role.STAFF, school=one.document.school))
    _by_key_file(_web(one.principal), one)

    once = _queries(web, _page(one))
    _by_key_file(_web(one.clerk), one, "as_seal", identity=pki.school())

    assert one.document.signatures.count() == 2
    assert _queries(web, _page(one)) == once


def test_the_seals_ask_the_same_with_one_and_with_three(one):
    web, page = _web(one.clerk), reverse("signing:seal", args=[one.document.school_id])
    counts = []
    for year in (2023, 2024, 2025):
        keep_seal_image(
            school=one.document.school,
            image=material.picture(material.RED),
            valid_from=date(year, 1, 1),
            by=one.clerk,
        )
        counts.append(_queries(web, page))

    assert counts[0] == counts[2]
