"""Tra cứu: the code on the foot of every page, and which document it belongs to."""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from plans.issuing.enums import DocumentState, FileRole
from plans.issuing.models import FrozenFile, IssuedDocument

# Without 0 O, 1 I L, which a person cannot tell apart on paper: 31 signs, 12 of them are 59 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12
# A code as people copy it: in groups, with dashes or dots of any kind between them.
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212._]+")

_WORDS = {
    FileRole.PDF: "bản PDF chưa ký",
    FileRole.DOCX: "bản Word",
    FileRole.XLSX: "bảng tính",
    FileRole.SCAN: "bản quét văn bản giấy đã ký, đóng dấu",
}


def new_code() -> str:
    """Return a code drawn at random: it tells nothing of the document and cannot be guessed (59 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def normal_code(text: str) -> str:
    """Return a typed code as it is kept: capitals without what stands between the groups.

    Only what cannot change the code is repaired (case, spaces, dashes, full-width letters); a sign that the
    alphabet lacks stays and finds nothing.
    """
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_path(document: IssuedDocument) -> str:
    """Return the path of the public page of `document`; the QR code on its pages holds it with the site before it."""
    return f"/tra-cuu/{document.code}/"


def find(code: str) -> IssuedDocument | None:
    """Return the document whose code was typed, loaded for its page; None where there is none.

    What could never be a code and what merely belongs to nothing answer alike.
    """
    wanted = asked_code(code)
    return IssuedDocument.objects.for_page().filter(code=wanted).first() if wanted else None


def asked_code(typed: str) -> str:
    """Return a typed code as it is kept, "" for what could never be one."""
    code = normal_code(typed)
    return code if code.isascii() and code.isalnum() and len(code) <= 16 else ""


# --- what the page says -----------------------------------------------------------------------------------


def versions_of(document: IssuedDocument) -> list[IssuedDocument]:
    """Return every document that was issued from the same plan, the newest first; `document` is among them."""
    if document.plan_id is None:
        return [document]
    return list(
        IssuedDocument.objects.filter(plan=document.plan_id).order_by("-issued_on", "-issued_at")
    )


def in_force_among(versions: Sequence[IssuedDocument]) -> IssuedDocument | None:
    """Return the one of `versions` that is in force; None when all were replaced or withdrawn."""
    return next((one for one in versions if one.state == DocumentState.IN_FORCE), None)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file of a document as anybody may compare with it: what it is, its hash, its size in bytes."""

    words: str
    sha256: str
    size: int

    @property
    def groups(self) -> list[str]:
        """The hash in groups of eight signs, which the eye can follow."""
        return [self.sha256[start : start + 8] for start in range(0, 64, 8)]


class KeptFile(Protocol):
    """A file of a document, or of another frozen paper."""

    role: str
    sequence: int
    file: FrozenFile


def checked_files(files: Iterable[KeptFile]) -> list[CheckedFile]:
    """Return the files of one document or paper as anybody may compare with them, the last signed ones first.

    Every file that ever was handed out is named: who holds the copy with one signature holds a true one.
    """
    rows = sorted(files, key=lambda row: row.sequence)
    signed = [row for row in rows if row.role == FileRole.SIGNED]
    named = [(f"bản PDF đã ký số, chữ ký thứ {n}", row) for n, row in enumerate(signed, 1)][::-1]
    for role, words in _WORDS.items():
        named += [(words, row) for row in rows if row.role == role]
    return [CheckedFile(words, row.file.sha256, row.file.size) for words, row in named]


def same_file(files: Iterable[CheckedFile], sha256: str) -> CheckedFile | None:
    """Return which of `files` has this hash; None when none has."""
    return next((one for one in files if one.sha256 == sha256.lower()), None)


# --- names in certificates --------------------------------------------------------------------------------

# A certificate's subject may hold the number of a person's identity card; the public is shown the name alone.
_COMMON_NAME = re.compile(r"(?:^|[,;/+])\s*(?:CN|Common Name)\s*[=:]\s*((?:\\.|[^,;+/\\])+)", re.I)
_ATTRIBUTE = re.compile(r"(?:^|[,;/+])\s*[\w. ]{1,40}\s*[=:]")


def public_name(subject: str) -> str:
    """Return the common name in a certificate's subject or issuer, however it is written out.

    A text without attributes is a name already and comes back as it is; one with attributes and no common name
    gives "": nothing is shown that might be a number of a person.
    """
    if found := _COMMON_NAME.search(subject):
        return re.sub(r"\\(.)", r"\1", found[1]).strip()
    return "" if _ATTRIBUTE.search(subject) else subject.strip()
