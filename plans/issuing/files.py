"""The files of an issued document, and of other frozen papers: one more is added, none is changed or taken away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from django.db import models, transaction

from plans.accounts.models import User
from plans.issuing.enums import FileRole
from plans.issuing.freezing import freeze
from plans.issuing.models import DocumentFile, FrozenFile, IssuedDocument

_OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = "application/pdf"
MEDIA_TYPES: dict[str, str] = {
    "pdf": PDF,
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}


Row = TypeVar("Row", bound=models.Model)


def frozen(content: bytes, name: str) -> FrozenFile:
    """Freeze a file of a paper that is called `name`. Raises ValueError for an ending that is none of MEDIA_TYPES."""
    ending = name.rpartition(".")[2].lower()
    if ending not in MEDIA_TYPES:
        raise ValueError(f"no file of a document is called {name!r}")
    return freeze(content, MEDIA_TYPES[ending])


@transaction.atomic
def add_file(
    *,
    document: IssuedDocument,
    content: bytes,
    role: FileRole,
    name: str,
    by: User,
    note: str = "",
) -> DocumentFile:
    """Freeze `content` as the next file of its role and return its row; the caller writes the record.

    The document is held, so that two at once get two places. Raises ValueError as `frozen` does.
    """
    file = frozen(content, name)
    IssuedDocument.objects.select_for_update().get(pk=document.pk)
    row = DocumentFile(
        document=document,
        file=file,
        role=role,
        sequence=document.files.filter(role=role).count(),
        name=name,
        note=note,
        added_by=by,
    )
    row.full_clean()
    row.save()
    return row


def current_pdf(document: IssuedDocument) -> DocumentFile:
    """Return the file to hand out and to sign: the last signed one, else the PDF as it was issued.

    Raises DocumentFile.DoesNotExist for a document without a PDF, which issue never makes.
    """
    return current_of(document.files.all())


def current_of(files: models.QuerySet[Row]) -> Row:
    """Return the file to hand out and to sign among those of one paper. Raises DoesNotExist without a PDF."""
    files = files.select_related("file").order_by("-sequence", "-pk")
    signed = files.filter(role=FileRole.SIGNED).first()
    return signed or files.filter(role=FileRole.PDF).latest("sequence")


def earlier_of(files: models.QuerySet[Row], current: Row) -> Iterator[bytes]:
    """Yield the PDFs that were handed out to be signed before `current`, the latest first; read one by one."""
    files = files.filter(role__in=[FileRole.PDF, FileRole.SIGNED]).exclude(pk=current.pk)
    for pk in files.order_by("-role", "-sequence", "-pk").values_list("pk", flat=True):
        yield bytes(files.values_list("file__content", flat=True).get(pk=pk))


def signed_name(name: str) -> str:
    """Return how a file is called with one signature more, when the one before it was called `name`."""
    return f"{name.removesuffix('.pdf').removesuffix('-da-ky')}-da-ky.pdf"
