"""The public page of a document: what it says, what it keeps to itself, how often it may be asked."""

import hashlib
import re
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plans.issuing.enums import DocumentState, FileRole, SignatureRole
from plans.issuing.lookup import check_path
from plans.issuing.models import IssuedDocument
from plans.web import rates
from tests.factories import accounts, issuing, pki, planning
from tests.plans.signing import making

pytestmark = pytest.mark.django_db


def words(answer: HttpResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def head(answer: HttpResponse) -> str:
    found = re.search(r"<h1>.*?<span>(.*?)</span></h1>", answer.content.decode(), re.S)
    assert found
    return found[1]


@pytest.fixture
def document() -> IssuedDocument:
    return issuing.issued_document()


# --- what the page says -----------------------------------------------------------------------------------


def test_document_in_force_says_so_with_its_head(client: Client, document: IssuedDocument) -> None:
    answer = client.get(check_path(document))

    assert answer.status_code == 200
    assert head(answer) == "Văn bản đang có hiệu lực"
    text = words(answer)
    for fact in (
        *(document.full_number, "05/09/2025", document.issuer_name, "1 trang"),
        *(document.shown_code, document.signer_name, document.title),
    ):
        assert fact in text
    for file in document.files.all():
        groups = re.findall(".{8}", file.file.sha256)
        assert " ".join(groups) in text


def test_replaced_document_leads_to_the_one_in_force(client: Client) -> None:
    plan = planning.plan()
    old = issuing.issued_document(plan, state=DocumentState.REPLACED)
    new = issuing.issued_document(plan, replaces=old)

    answer = client.get(check_path(old))

    assert head(answer) == "Văn bản đã bị thay thế"
    assert f'Xin dùng <a href="{check_path(new)}">' in answer.content.decode()
    assert head(client.get(check_path(new))) == "Văn bản đang có hiệu lực"


def test_withdrawn_document_says_so_and_keeps_the_reason(client: Client) -> None:
    document = issuing.issued_document(state=DocumentState.WITHDRAWN)
    IssuedDocument.objects.filter(pk=document.pk).update(ended_because="Cô Hạnh ghi nhầm")

    answer = client.get(check_path(document))

    assert head(answer) == "Văn bản đã thu hồi"
    assert "Hạnh" not in words(answer)


def test_signatures_show_names_and_no_number_of_a_person(
    client: Client, document: IssuedDocument
) -> None:
    issuing.signature(
        document,
        subject="UID=CCCD:001234567890, CN=Lê Thị Mẫu Đơn, OU=Tổ Lá, C=VN",
        certificate_issuer="CN=Tổ chức Minh Họa, O=Minh Họa, C=VN",
    )

    text = words(client.get(check_path(document)))

    assert "Lê Thị Mẫu Đơn , Hiệu trưởng" in text
    assert "Ký lúc 08:52 ngày 05/09/2025" in text
    assert "Chứng thư do Tổ chức Minh Họa cấp" in text
    assert "001234567890" not in text
    assert "Văn bản mới có một trong hai chữ ký số" in text


def test_both_signatures_make_an_original(client: Client, document: IssuedDocument) -> None:
    issuing.signature(document)
    issuing.signature(document, SignatureRole.SEAL, subject="Trường Mẫu")

    assert "đủ chữ ký số của người ký và của cơ quan" in words(client.get(check_path(document)))


def test_nobody_but_the_signer_is_named(client: Client) -> None:
    plan = planning.plan()
    planning.action(plan, lead="Cô Trần Thị Kín", measures="Việc kín")
    writer = accounts.user(full_name="Thầy Ngô Văn Kín")
    document = issuing.issued_document(plan, by=writer)
    issuing.add_file(document, b"%PDF-quet", FileRole.SCAN, name="Trần Thị Kín.pdf", by=writer)

    assert "Kín" not in words(client.get(check_path(document)))


def test_page_costs_the_same_whatever_was_issued(client: Client) -> None:
    few = issuing.issued_document()
    plan = planning.plan()
    many = issuing.issued_document(plan, state=DocumentState.REPLACED)
    for _ in range(3):
        issuing.issued_document(plan, state=DocumentState.REPLACED)
    for n in range(3):
        issuing.add_file(many, b"%PDF-" + bytes([n]))

    counts = []
    for document in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(check_path(document))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_bytes_of_files_are_not_loaded(client: Client, document: IssuedDocument) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get(check_path(document))

    assert not any('"content"' in query["sql"] for query in queries)


# --- the code ---------------------------------------------------------------------------------------------


def test_typed_code_leads_to_the_page(client: Client, document: IssuedDocument) -> None:
    answer = client.get("/tra-cuu/", {"ma": f" {document.shown_code.lower()} "})

    assert answer.status_code == 302
    assert answer["Location"] == check_path(document)


def test_malformed_and_unknown_codes_answer_alike(client: Client, document: IssuedDocument) -> None:
    """The same words but for what was typed, which stands in the field again."""
    answers = [client.get(f"/tra-cuu/{code}/") for code in ("R4HX8W3NK2QT", "x", "A" * 40)]
    answers.append(client.get("/tra-cuu/", {"ma": "§§ không phải mã"}))

    assert {answer.status_code for answer in answers} == {404}
    bare = {re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in answers}
    assert len(bare) == 1


def test_empty_form_asks_for_a_code(client: Client) -> None:
    answer = client.get("/tra-cuu/", {"ma": "  "})

    assert answer.status_code == 200
    assert 'name="ma"' in answer.content.decode()


# --- headers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/tra-cuu/", "/tra-cuu/KHONGCO23456/", "document"])
def test_visitor_gets_no_cookie_and_no_copy_is_kept(
    client: Client, document: IssuedDocument, path: str
) -> None:
    answer = client.get(check_path(document) if path == "document" else path)

    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


# --- comparing a file -------------------------------------------------------------------------------------


def compared(client: Client, document: IssuedDocument, content: bytes) -> str:
    answer = client.post(
        check_path(document), {"tep": SimpleUploadedFile("ban-cua-toi.pdf", content)}
    )
    assert answer.status_code == 200
    found = re.search(r"data-answer>(.*?)</div>", answer.content.decode(), re.S)
    assert found
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split())


def test_every_handed_out_file_is_recognised(document: IssuedDocument) -> None:
    client = Client(enforce_csrf_checks=True)
    first = issuing.signature(document, content=b"%PDF-mot")
    issuing.signature(document, SignatureRole.SEAL, content=b"%PDF-hai")
    assert first.file.sequence == 0

    said = {
        content: compared(client, document, content)
        for content in (
            *(b"%PDF-mot", b"%PDF-hai"),
            *(bytes(row.file.content) for row in document.files.exclude(role=FileRole.SIGNED)),
        )
    }

    assert list(said.values()) == [
        "Đúng là bản đã phát hành (bản PDF đã ký số, chữ ký thứ 1).",
        "Đúng là bản đã phát hành (bản PDF đã ký số, chữ ký thứ 2).",
        "Đúng là bản đã phát hành (bản Word).",
        "Đúng là bản đã phát hành (bản PDF chưa ký).",
    ]


def test_one_changed_bit_is_another_file(client: Client, document: IssuedDocument) -> None:
    content = bytearray(document.files.get(role=FileRole.PDF).file.content)
    content[len(content) // 2] ^= 1

    assert compared(client, document, bytes(content)).startswith("Không phải: tệp này khác")


def test_file_of_another_document_is_another_file(client: Client, document: IssuedDocument) -> None:
    other = issuing.issued_document().files.get(role=FileRole.PDF)

    assert compared(client, document, bytes(other.file.content)).startswith("Không phải")


def test_page_holds_the_hashes_that_the_browser_compares_with(
    client: Client, document: IssuedDocument
) -> None:
    text = client.get(check_path(document)).content.decode()

    assert set(re.findall(r'data-sha256="(\w+)"', text)) == {
        hashlib.sha256(row.file.content).hexdigest() for row in document.files.all()
    }


def test_nothing_chosen_is_said(client: Client, document: IssuedDocument) -> None:
    answer = client.post(check_path(document))

    assert answer.status_code == 422
    assert "chưa chọn tệp" in words(answer)


def test_giant_upload_is_refused_before_it_is_read(
    client: Client, document: IssuedDocument
) -> None:
    answer = client.post(check_path(document), CONTENT_LENGTH=str(10**9))

    assert answer.status_code == 422
    assert "lớn hơn 40 MB" in words(answer)


# --- how often --------------------------------------------------------------------------------------------


def test_place_that_guesses_is_stopped_and_others_are_not(
    client: Client, document: IssuedDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates.time, "time", lambda: 6000.0)
    wrong = [client.get("/tra-cuu/KHONGCO23456/").status_code for _ in range(rates.MISSES)]

    stopped = client.get(check_path(document))
    elsewhere = client.get(check_path(document), REMOTE_ADDR="203.0.113.9")

    assert set(wrong) == {404}
    assert stopped.status_code == 429
    assert stopped["Retry-After"] == "600"
    assert "thử lại sau 10 phút" in words(stopped)
    assert document.full_number not in words(stopped)
    assert elsewhere.status_code == 200

    monkeypatch.setattr(rates.time, "time", lambda: 6600.0)
    assert client.get(check_path(document)).status_code == 200


def test_looks_that_find_something_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(rates.LOOKS - 1):
        rates.count_look("192.0.2.1", missed=False, at=0)

    assert rates.seconds_to_wait("192.0.2.1", at=1) == 0
    rates.count_look("192.0.2.1", missed=False, at=1)
    assert rates.seconds_to_wait("192.0.2.1", at=2) == 598


def test_one_household_of_ipv6_counts_as_one_place() -> None:
    for n in range(rates.MISSES):
        rates.count_look(f"2001:db8:0:1::{n:x}", missed=True, at=0)

    assert rates.seconds_to_wait("2001:db8:0:1::ffff", at=0) == 600
    assert rates.seconds_to_wait("2001:db8:0:2::1", at=0) == 0
    assert rates.seconds_to_wait(None, at=0) == 0


# --- signatures of another file ---------------------------------------------------------------------------


def test_signatures_of_another_file_are_told_where_issuers_are_trusted(
    client: Client, document: IssuedDocument, settings: object, tmp_path: Path
) -> None:
    signed = making.sign(issuing.small_pdf("Văn bản khác"))
    without = compared(client, document, signed)
    (tmp_path / "goc.pem").write_bytes(pki.root().pem)
    settings.KCL_TRUST_DIR = str(tmp_path)  # type: ignore[attr-defined]

    genuine = compared(client, document, signed)
    altered = compared(client, document, signed + b"\n%them")

    assert "Chữ ký số trong tệp" not in without
    assert genuine.startswith("Không phải: tệp này khác")
    assert "Chữ ký số trong tệp: Mọi chữ ký đều hợp lệ" in genuine
    assert "Mọi chữ ký đều hợp lệ" not in altered
    assert "Chữ ký số trong tệp" not in compared(client, document, b"PK khong phai PDF")
    assert "data-send" in client.get(check_path(document)).content.decode()


def test_folder_of_trust_that_cannot_be_read_is_no_error_of_the_visitor(
    client: Client, document: IssuedDocument, settings: object, tmp_path: Path
) -> None:
    (tmp_path / "hong.crl").write_bytes(b"nua tep")
    settings.KCL_TRUST_DIR = str(tmp_path)  # type: ignore[attr-defined]

    answer = compared(client, document, making.sign(issuing.small_pdf("Văn bản khác")))

    assert answer.startswith("Không phải: tệp này khác")
    assert "Chữ ký số trong tệp" not in answer


def test_comparing_a_file_weighs_as_much_as_ten_looks(
    client: Client, document: IssuedDocument
) -> None:
    for _ in range(rates.LOOKS // 10):
        compared(client, document, b"PK khong phai PDF")

    assert client.get(check_path(document)).status_code == 429
