"""Frozen bytes and the files of a document."""

import hashlib

import pytest

from plans.issuing.enums import FileRole
from plans.issuing.files import add_file, current_pdf
from plans.issuing.freezing import freeze
from plans.issuing.models import FrozenFile
from tests.factories import issuing

pytestmark = pytest.mark.django_db


def test_the_same_bytes_are_kept_once() -> None:
    first = freeze(b"%PDF-1.7 mot", "application/pdf")
    again = freeze(b"%PDF-1.7 mot", "application/pdf")

    assert again.pk == first.pk
    assert FrozenFile.objects.get() == first
    assert (bytes(first.content), first.size) == (b"%PDF-1.7 mot", 12)
    assert first.sha256 == hashlib.sha256(b"%PDF-1.7 mot").hexdigest()


def test_files_of_a_role_are_counted() -> None:
    document = issuing.issued_document()
    by = document.issued_by

    added = [
        add_file(document=document, content=content, role=FileRole.SIGNED, name="a.pdf", by=by)
        for content in (b"mot", b"hai")
    ]

    assert [(file.sequence, file.file.media_type) for file in added] == [
        (0, "application/pdf"),
        (1, "application/pdf"),
    ]


def test_a_file_of_no_known_kind_is_refused() -> None:
    document = issuing.issued_document()

    with pytest.raises(ValueError):
        add_file(
            document=document,
            content=b"MZ",
            role=FileRole.SCAN,
            name="quet.exe",
            by=document.issued_by,
        )

    assert document.files.filter(role=FileRole.SCAN).count() == 0


def test_the_last_signed_file_is_handed_out() -> None:
    document = issuing.issued_document()
    unsigned = current_pdf(document)
    issuing.add_file(document, b"ky mot")
    last = issuing.add_file(document, b"ky hai")

    assert unsigned.role == FileRole.PDF
    assert current_pdf(document) == last
