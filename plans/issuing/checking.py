"""verify(): is a package whole, is every byte in it as its manifest says, and does nothing else hide in it?

Made for packages from strangers: nothing is unpacked to disk, no path of theirs is ever opened, and a member is
read only as far as the manifest says it goes.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plans.issuing.enums import FileRole
from plans.issuing.package import MANIFEST, SCHEMA
from plans.signing.trust import TrustStore
from plans.signing.verify import verify as verify_pdf

# An office's package of 2,000 schools has a manifest of some 10 MB.
LARGEST_MANIFEST = 64 * 1024 * 1024
MOST_FILES = 100_000
_PIECE = 1024 * 1024
_SYMLINK = 0o120000


@dataclass(frozen=True, slots=True)
class PackageReport:
    """What came of checking: `faults` in Vietnamese, [] is whole; how many documents and files were compared.

    `signed` is how many files' signatures were judged.
    """

    faults: tuple[str, ...]
    documents: int
    files: int
    signed: int = 0

    @property
    def valid(self) -> bool:
        """Say whether nothing is wrong."""
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "valid": self.valid,
            "documents": self.documents,
            "files": self.files,
            "faults": list(self.faults),
        }


class NotAPackage(Exception):  # noqa: N818  it says what the file is
    """The file cannot be read as a package at all; the words say why, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A file as the manifest tells of it."""

    path: str
    sha256: str
    size: int
    is_signed: bool


def verify(path: Path, *, trust: TrustStore | None = None) -> PackageReport:
    """Return what is wrong with the package at `path`; with `trust`, the signed files' signatures are judged too.

    Raises NotAPackage when it is no ZIP or has no manifest that can be read, OSError when there is no such
    file. The manifest itself is not signed: that nobody wrote a new one beside new files is what the signatures
    inside the PDF files, and the code on their pages, are for.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _verified(archive, path.stat().st_size, trust)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError) as error:
        raise NotAPackage("Tệp không phải gói ZIP nguyên vẹn.") from error


def _verified(archive: zipfile.ZipFile, size: int, trust: TrustStore | None) -> PackageReport:
    infos = archive.infolist()
    if len(infos) > MOST_FILES:
        raise NotAPackage(f"Gói có quá nhiều tệp ({len(infos)}).")
    shape = list(_faults_of_shape(archive, infos, size))
    if shape:  # nothing of such an archive is read any further
        return PackageReport(tuple(shape), 0, 0)
    documents, told = _read_manifest(archive)
    faults, judged = [*_faults_of_names(infos, told)], 0
    present = {info.filename: info for info in infos}
    for one in told:
        if one.path in present:
            wrong = list(_faults_of_file(archive, present[one.path], one))
            content = archive.read(one.path) if trust is not None and not wrong else b""
            # The manifest is nobody's word: what carries a signature is judged whatever it is called there.
            if trust is not None and (one.is_signed or _carries_signature(content)) and not wrong:
                wrong = list(_faults_of_signatures(content, one, trust))
                judged += 1
            faults += wrong
    return PackageReport(tuple(faults), documents, len(told), judged)


def _carries_signature(content: bytes) -> bool:
    return content.startswith(b"%PDF-") and b"/ByteRange" in content


# --- the archive ------------------------------------------------------------------------------------------


def _faults_of_shape(
    archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], size: int
) -> Iterator[str]:
    """Yield what no package of ours ever is: compressed, locked, linked, overlapping, leading elsewhere."""
    for name, times in Counter(info.filename.casefold() for info in infos).items():
        if times > 1:
            yield f"Tên tệp có {times} lần trong gói: {name}"
    for info in infos:
        yield from _faults_of_entry(info)
    if archive.comment:
        yield "Gói có lời ghi kèm mà gói bàn giao không có."
    if infos and min(info.header_offset for info in infos) != 0:
        yield "Trước gói có dữ liệu lạ."
    if sum(info.file_size for info in infos) > size:
        yield "Các tệp cộng lại lớn hơn chính gói: đây là tệp nén cố ý làm tràn máy."


def _faults_of_entry(info: zipfile.ZipInfo) -> Iterator[str]:
    name = info.filename
    parts = name.split("/")
    # orig_filename still has what zipfile cut off at a NUL.
    tricky = "\\" in info.orig_filename or "\x00" in info.orig_filename or ":" in name
    if tricky or name.startswith("/") or any(part in ("", ".", "..") for part in parts):
        yield f"Đường dẫn tệp không an toàn: {name}"
    if info.compress_type != zipfile.ZIP_STORED:
        yield f"Tệp bị nén, gói bàn giao không nén: {name}"
    if info.flag_bits & 0x1:
        yield f"Tệp bị khóa bằng mật khẩu: {name}"
    if (info.external_attr >> 16) & 0o170000 == _SYMLINK:
        yield f"Tệp là liên kết đến chỗ khác: {name}"


# --- the manifest -----------------------------------------------------------------------------------------


def _read_manifest(archive: zipfile.ZipFile) -> tuple[int, list[_Told]]:
    """Return the number of documents and every file told of. Raises NotAPackage."""
    try:
        info = archive.getinfo(MANIFEST)
    except KeyError as error:
        raise NotAPackage(f"Trong gói không có {MANIFEST}.") from error
    if info.file_size > LARGEST_MANIFEST:
        raise NotAPackage(f"{MANIFEST} lớn quá mức.")
    try:
        manifest = json.loads(archive.read(info))
        if manifest["schema"] != SCHEMA:
            raise NotAPackage(f"{MANIFEST} thuộc phiên bản mà chương trình này chưa đọc được.")
        documents = manifest["documents"]
        rows = [*manifest["files"], *(row for one in documents for row in one["files"])]
        told = [
            _Told(
                str(r["path"]), str(r["sha256"]), int(r["size"]), r.get("role") == FileRole.SIGNED
            )
            for r in rows
        ]
    except (
        AttributeError,
        KeyError,
        OverflowError,
        TypeError,
        ValueError,
        RecursionError,
    ) as error:
        raise NotAPackage(f"{MANIFEST} không đọc được.") from error
    return len(documents), told


def _faults_of_names(infos: list[zipfile.ZipInfo], told: list[_Told]) -> Iterator[str]:
    present = {info.filename for info in infos} - {MANIFEST}
    named = Counter(one.path for one in told)
    yield from (f"{MANIFEST} ghi tệp hai lần: {path}" for path, n in named.items() if n > 1)
    yield from (f"Thiếu tệp: {path}" for path in named if path not in present)
    yield from (f"Tệp lạ, {MANIFEST} không ghi: {path}" for path in sorted(present - set(named)))


def _faults_of_file(archive: zipfile.ZipFile, info: zipfile.ZipInfo, told: _Told) -> Iterator[str]:
    if info.file_size != told.size:
        yield f"Dung lượng không khớp: {told.path} ({info.file_size} byte, đúng ra {told.size})"
        return
    digest = hashlib.sha256()
    try:
        with archive.open(info) as member:
            while piece := member.read(_PIECE):
                digest.update(piece)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError):
        yield f"Tệp hỏng: {told.path}"
        return
    if digest.hexdigest() != told.sha256:
        yield f"Nội dung đã bị sửa: {told.path}"


def _faults_of_signatures(content: bytes, told: _Told, trust: TrustStore) -> Iterator[str]:
    found = verify_pdf(content, trust=trust)
    if not found.valid:
        yield f"Chữ ký số không hợp lệ: {told.path}. {found.words}"
