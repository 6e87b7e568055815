"""Scanned paper beside a document: what is taken, what is refused, what stays."""

import pytest
from django.core.exceptions import ValidationError

from plans.history.models import Event
from plans.issuing.enums import FileRole
from plans.issuing.models import IssuedDocument
from plans.issuing.scans import LARGEST_SCAN, attach_scan
from tests.factories import accounts, issuing

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n....IEND\xaeB`\x82"
JPG = b"\xff\xd8\xff\xe0....\xff\xd9"
PDF = b"%PDF-1.4 ....%%EOF\n"


@pytest.fixture
def document() -> IssuedDocument:
    return issuing.issued_document()


@pytest.mark.parametrize(("content", "ending"), [(PNG, "png"), (JPG, "jpg"), (PDF, "pdf")])
def test_scan_is_kept_under_what_it_is(
    document: IssuedDocument, content: bytes, ending: str
) -> None:
    clerk = accounts.user(full_name="Cô Văn Thư")

    row = attach_scan(document=document, content=content, note=" bản lưu ", by=clerk)

    assert (row.role, row.name, row.note) == (FileRole.SCAN, f"ban-quet-1.{ending}", "bản lưu")
    assert (row.added_by, bytes(row.file.content)) == (clerk, content)
    assert row.get_role_display().startswith("Bản quét")
    event = Event.objects.get(action="document.scan")
    assert event.after == {"name": row.name, "sha256": row.file.sha256, "note": "bản lưu"}
    assert (event.school_id, event.actor_id) == (document.school_id, clerk.pk)


def test_scans_stand_one_after_another(document: IssuedDocument) -> None:
    for content in (PNG, JPG):
        attach_scan(document=document, content=content, by=document.issued_by)

    names = document.files.filter(role=FileRole.SCAN).values_list("name", flat=True)
    assert list(names) == ["ban-quet-1.png", "ban-quet-2.jpg"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "phải là tệp PDF, JPG hoặc PNG"),
        (b"MZ lenh", "phải là tệp PDF, JPG hoặc PNG"),
        (b"<html>%PDF-1.4 %%EOF", "phải là tệp PDF, JPG hoặc PNG"),
        (b"%PDF-1.4 cat giua chung", "thiếu phần cuối"),
        (JPG[:-2], "thiếu phần cuối"),
        (PDF + bytes(LARGEST_SCAN), "lớn hơn 20 MB"),
    ],
)
def test_what_is_no_scan_is_refused(document: IssuedDocument, content: bytes, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        attach_scan(document=document, content=content, by=document.issued_by)

    assert words in refused.value.message_dict["file"][0]
    assert not document.files.filter(role=FileRole.SCAN).exists()
    assert not Event.objects.filter(action="document.scan").exists()


def test_same_scan_twice_is_refused(document: IssuedDocument) -> None:
    attach_scan(document=document, content=PNG, by=document.issued_by)

    with pytest.raises(ValidationError, match="đã được đính kèm"):
        attach_scan(document=document, content=PNG, by=document.issued_by)


def test_same_scan_may_stand_beside_two_documents(document: IssuedDocument) -> None:
    """One paper may be the answer to both; the bytes are kept once."""
    other = issuing.issued_document()

    rows = [attach_scan(document=one, content=PNG, by=one.issued_by) for one in (document, other)]

    assert rows[0].file == rows[1].file


def test_too_long_a_note_is_refused(document: IssuedDocument) -> None:
    with pytest.raises(ValidationError) as refused:
        attach_scan(document=document, content=PNG, note="x" * 301, by=document.issued_by)

    assert list(refused.value.message_dict) == ["note"]
