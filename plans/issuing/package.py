"""Gói bàn giao: documents with all their files as one ZIP that anybody can check without this program.

Nothing is rendered and nothing compressed: the frozen bytes are copied a few files at a time, so a package of any
size starts at once and needs the memory of its largest file. The same documents give the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from plans.issuing.enums import DocumentState, FileRole
from plans.issuing.models import DocumentFile, FrozenFile, IssuedDocument
from plans.text import fold

SCHEMA = 1
READ_AT_ONCE = 4 * 1024 * 1024  # bytes
MANIFEST = "manifest.json"
SIGNATURES = "chu-ky.json"
# ZIP keeps no time zone and no year before 1980; what is when stands in the manifest.
_WHEN = (1980, 1, 1, 0, 0, 0)
_SUFFIXES = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the package: where it stands in it, and the row whose bytes it holds."""

    path: str
    row: DocumentFile


def package(documents: Iterable[IssuedDocument], *, kind: str = "document") -> Iterator[bytes]:
    """Yield the ZIP of `documents`, loaded by `for_page()`, piece by piece; one document's files stand on top.

    First comes the manifest with path, SHA-256, size and role of every file, then `chu-ky.json`, then the
    files; their bytes are read from the database when their turn comes. `kind` is "document" or "office".
    """
    chosen = list(documents)
    entries = {
        document.pk: list(_entries(document, "" if kind == "document" else folder_of(document)))
        for document in chosen
    }
    signatures = _json([_signatures(document) for document in chosen])
    out = _Pieces()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_info(MANIFEST), _json(_manifest(chosen, entries, signatures, kind)))
        archive.writestr(_info(SIGNATURES), signatures)
        yield out.taken()
        for entry, content in _read(entry for one in chosen for entry in entries[one.pk]):
            archive.writestr(_info(entry.path), content)
            yield out.taken()
    yield out.taken()


def _read(entries: Iterable[Entry]) -> Iterator[tuple[Entry, bytes]]:
    """Yield every entry with its bytes; small files are read together, so a query is not made for each of them."""
    batch: list[Entry] = []
    for entry in entries:
        if batch and sum(one.row.file.size for one in batch) + entry.row.file.size > READ_AT_ONCE:
            yield from _contents(batch)
            batch = []
        batch.append(entry)
    yield from _contents(batch)


def _contents(batch: list[Entry]) -> Iterator[tuple[Entry, bytes]]:
    pks = {entry.row.file_id for entry in batch}
    rows = dict(FrozenFile.objects.filter(pk__in=pks).order_by("pk").values_list("pk", "content"))
    for entry in batch:
        yield entry, bytes(rows[entry.row.file_id])


def package_name(document: IssuedDocument) -> str:
    """Return the name of a document's package: "mau-giao-hoa-sen-05-KH-MNHS.zip"."""
    return f"{_safe(document.issuer_name)}-{_symbol(document)}.zip"


def folder_of(document: IssuedDocument) -> str:
    """Return the folder of a document in a package of many; the school's number keeps namesakes apart."""
    return f"{_safe(document.issuer_name)}-{document.school_id}/{_symbol(document)}/"


# --- names ------------------------------------------------------------------------------------------------


def _safe(text: str) -> str:
    """Return words as every file system takes them: small letters without marks, digits, dashes."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:60].strip("-") or "truong"


def _symbol(document: IssuedDocument) -> str:
    bare = fold(document.full_number).upper()
    return re.sub(r"[^A-Z0-9]+", "-", bare).strip("-")[:60] or document.code


def _entries(document: IssuedDocument, folder: str) -> Iterator[Entry]:
    """Yield the files of a document under names that say what they are; what people named them is in the manifest."""
    rows = sorted(document.files.all(), key=lambda row: (row.role, row.sequence, row.pk))
    counted: dict[str, int] = {}
    for row in rows:
        counted[row.role] = counted.get(row.role, 0) + 1
        yield Entry(f"{folder}{_file_name(row, counted[row.role])}", row)


def _file_name(row: DocumentFile, number: int) -> str:
    match row.role:
        case FileRole.PDF:
            stem = "van-ban-chua-ky"
        case FileRole.SIGNED:
            stem = f"van-ban-da-ky-{number}"
        case FileRole.SCAN:
            stem = f"ban-quet-{number}"
        case _:
            return f"van-ban.{row.role}" if number == 1 else f"van-ban-{number}.{row.role}"
    suffix = _SUFFIXES.get(row.file.media_type, "pdf")
    return f"{stem}.{suffix}" if number == 1 or stem[-1].isdigit() else f"{stem}-{number}.{suffix}"


# --- what the manifest says -------------------------------------------------------------------------------


def _manifest(
    documents: list[IssuedDocument],
    entries: dict[int, list[Entry]],
    signatures: bytes,
    kind: str,
) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "kind": kind,
        "files": [
            {
                "path": SIGNATURES,
                "sha256": hashlib.sha256(signatures).hexdigest(),
                "size": len(signatures),
            }
        ],
        "documents": [
            _facts(document) | {"files": [_file_facts(entry) for entry in entries[document.pk]]}
            for document in documents
        ],
    }


def _facts(document: IssuedDocument) -> dict[str, Any]:
    return {
        "code": document.code,
        "kind": document.kind,
        "title": document.title,
        "number": document.full_number,
        "issued_on": document.issued_on.isoformat(),
        "place": document.place,
        "parent_body": document.parent_body,
        "issuer": document.issuer,
        "issuer_name": document.issuer_name,
        "signing_capacity": document.signing_capacity,
        "signer_name": document.signer_name,
        "school_year": document.plan.school_year.label if document.plan else "",
        "pages": document.pages,
        "state": document.state,
        "state_words": DocumentState(document.state).label,
        "ended_at": document.ended_at.isoformat() if document.ended_at else None,
        "replaces": document.replaces.full_number if document.replaces else None,
    }


def _file_facts(entry: Entry) -> dict[str, Any]:
    row = entry.row
    return {
        "path": entry.path,
        "sha256": row.file.sha256,
        "size": row.file.size,
        "media_type": row.file.media_type,
        "role": row.role,
        "role_words": FileRole(row.role).label,
        "name": row.name,
        "note": row.note,
        "added_at": row.added_at.isoformat(),
    }


def _signatures(document: IssuedDocument) -> dict[str, Any]:
    files = {row.pk: row.file.sha256 for row in document.files.all()}
    return {
        "code": document.code,
        "number": document.full_number,
        "signatures": [
            {
                "role": row.role,
                "role_words": row.get_role_display(),
                "way": row.way,
                "subject": row.subject,
                "certificate_issuer": row.certificate_issuer,
                "serial": row.serial,
                "signed_at": row.signed_at.isoformat(),
                "has_timestamp": row.has_timestamp,
                "sha256": files[row.file_id],
            }
            for row in document.signatures.all()
        ],
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


# --- writing ----------------------------------------------------------------------------------------------


def _info(path: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, _WHEN)
    info.external_attr = 0o644 << 16
    info.create_system = 3
    return info


class _Pieces(io.RawIOBase):
    """Where the archive is written to: a stream that cannot go back and hands out what has come so far."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
