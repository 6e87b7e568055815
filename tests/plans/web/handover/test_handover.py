"""Packages and scans through the web: who gets what, in which words."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plans.accounts.roles import Role
from plans.issuing.checking import verify
from plans.issuing.enums import DocumentState, FileRole
from plans.issuing.models import IssuedDocument
from tests.factories import accounts, issuing, planning, schools

pytestmark = pytest.mark.django_db


@pytest.fixture
def document() -> IssuedDocument:
    return issuing.issued_document()


@pytest.fixture
def clerk(client: Client, document: IssuedDocument) -> Client:
    user = accounts.user(full_name="Trần Văn Thư")
    accounts.membership(user, Role.CLERK, school=document.school)
    client.force_login(user)
    return client


def body_of(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


# --- packages ---------------------------------------------------------------------------------------------


def test_package_of_a_document_is_whole(
    clerk: Client, document: IssuedDocument, tmp_path: Path
) -> None:
    answer = clerk.get(f"/van-ban/{document.pk}/goi/")

    path = tmp_path / "goi.zip"
    path.write_bytes(body_of(answer))
    assert answer["Content-Type"] == "application/zip"
    assert f"{document.number}-KH-" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"
    assert verify(path).faults == ()


def test_office_gets_what_is_in_force_in_its_schools(client: Client, tmp_path: Path) -> None:
    body, other = schools.body("UBND xã Đông"), schools.body("UBND xã Tây")
    year = schools.school_year(2025)
    ours = [
        issuing.issued_document(
            planning.plan(schools.school(f"Trường {n}", managed_by=body), year=year)
        )
        for n in range(2)
    ]
    theirs = schools.school("Trường Xa", managed_by=other)
    issuing.issued_document(planning.plan(theirs, year=year))
    last_year = planning.plan(ours[0].school, year=schools.school_year(2024))
    issuing.issued_document(last_year)
    issuing.issued_document(ours[0].plan, state=DocumentState.REPLACED)
    officer = accounts.user()
    accounts.membership(officer, Role.OFFICER, body=body)
    client.force_login(officer)

    answer = client.get("/ban-giao/2025/")

    path = tmp_path / "goi.zip"
    path.write_bytes(body_of(answer))
    assert verify(path).faults == ()
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert [one["code"] for one in manifest["documents"]] == [one.code for one in ours]
    assert 'filename="ke-hoach-2025-2026.zip"' in answer["Content-Disposition"]


def test_year_without_documents_is_not_found(clerk: Client) -> None:
    assert clerk.get("/ban-giao/1999/").status_code == 404
    assert clerk.get(f"/ban-giao/{10**12}/").status_code == 404


def test_office_package_asks_the_same_before_its_first_byte(client: Client) -> None:
    body, year = schools.body(), schools.school_year(2025)
    officer = accounts.user()
    accounts.membership(officer, Role.OFFICER, body=body)
    client.force_login(officer)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            school = schools.school(managed_by=body)
            issuing.issued_document(planning.plan(school, year=year))
        with CaptureQueriesContext(connection) as queries:
            next(iter(client.get("/ban-giao/2025/").streaming_content))
        counts.append(len(queries))

    assert counts[0] == counts[1]


# --- scans ------------------------------------------------------------------------------------------------


def test_scan_is_attached_and_named_as_one(clerk: Client, document: IssuedDocument) -> None:
    page = f"/van-ban/{document.pk}/ban-quet/"
    upload = SimpleUploadedFile("lệnh.exe", b"%PDF-1.4 quet %%EOF")

    answer = clerk.post(page, {"file": upload, "note": "Bản lưu văn thư"}, follow=True)

    assert answer.redirect_chain == [(page, 302)]
    text = answer.content.decode()
    for fact in ("ban-quet-1.pdf", "Bản lưu văn thư", "Trần Văn Thư", "Bản quét văn bản giấy"):
        assert fact in text
    assert document.files.get(role=FileRole.SCAN).name == "ban-quet-1.pdf"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Hãy chọn tệp quét."),
        ({"file": SimpleUploadedFile("a.pdf", b"MZ")}, "phải là tệp PDF, JPG hoặc PNG"),
        ({"file": SimpleUploadedFile("a.pdf", b"")}, "Tệp này rỗng"),
    ],
)
def test_wrong_scan_is_told(
    clerk: Client, document: IssuedDocument, data: dict[str, object], words: str
) -> None:
    answer = clerk.post(f"/van-ban/{document.pk}/ban-quet/", data)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not document.files.filter(role=FileRole.SCAN).exists()


def test_list_of_scans_costs_the_same(clerk: Client, document: IssuedDocument) -> None:
    counts = []
    for more in (1, 2):
        for n in range(more):
            issuing.add_file(document, f"%PDF-{more}{n}".encode(), FileRole.SCAN)
        with CaptureQueriesContext(connection) as queries:
            clerk.get(f"/van-ban/{document.pk}/ban-quet/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_zip_is_one_that_any_program_reads(clerk: Client, document: IssuedDocument) -> None:
    content = body_of(clerk.get(f"/van-ban/{document.pk}/goi/"))

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None


def test_list_of_schools_offers_the_package_once_there_is_one(client: Client) -> None:
    body, year = schools.body(), schools.school_year(2025)
    officer = accounts.user()
    accounts.membership(officer, Role.OFFICER, body=body)
    client.force_login(officer)
    plan = planning.plan(schools.school(managed_by=body), year=year)

    before = client.get("/truong/?nam=2025").content.decode()
    issuing.issued_document(plan)
    after = client.get("/truong/?nam=2025").content.decode()

    assert 'href="/ban-giao/2025/"' not in before
    assert 'href="/ban-giao/2025/"' in after
