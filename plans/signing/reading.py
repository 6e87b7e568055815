"""Opens a PDF of unknown origin within bounds of size, depth and time; what `guard` and `verify` both stand on."""

from __future__ import annotations

import io
import re
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import (
    DEFAULT_PURPOSE_LIMITS,
    DecodeLimits,
    DecodePurpose,
    DocumentDecodeBudget,
    StreamDecodeLimits,
)
from pyhanko.pdf_utils.misc import PdfDecodeLimitError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import XRefSectionType

LARGEST_FILE = 50 * 1024 * 1024  # bytes
MOST_REVISIONS = 100
MOST_SECONDS = 10.0  # of this thread's own work, so a busy machine changes no answer
_MEBIBYTE = 1024 * 1024
_LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=32 * _MEBIBYTE),
    per_purpose={
        **DEFAULT_PURPOSE_LIMITS,
        DecodePurpose.OBJECT_STREAM: StreamDecodeLimits(
            max_ratio=100, ratio_floor=_MEBIBYTE, max_output_size=16 * _MEBIBYTE
        ),
        DecodePurpose.XREF_STREAM: StreamDecodeLimits(
            max_ratio=None, max_output_size=_MEBIBYTE // 2
        ),
    },
    document_budget=DocumentDecodeBudget(base_allowance=64 * _MEBIBYTE, max_ratio=4),
)


class Refusal(StrEnum):
    """Why a file is not read."""

    BROKEN = "broken"
    TOO_LARGE = "too_large"
    ENCRYPTED = "encrypted"


class FileRefused(Exception):
    """The file cannot be read within the bounds; `why` says which."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


class _Timed(io.BytesIO):
    """Bytes that refuse to be read once the work on them takes too long: every object starts with a seek."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._deadline = time.thread_time() + MOST_SECONDS

    def seek(self, offset: int, whence: int = 0, /) -> int:
        if time.thread_time() > self._deadline:
            raise FileRefused(Refusal.TOO_LARGE)
        return super().seek(offset, whence)


@dataclass(frozen=True)
class Revision:
    """A part of the file that one program wrote at one time: bytes `start` to before `end`, its `%%EOF` included."""

    number: int
    start: int
    end: int
    table: int  # where its table of objects stands
    is_sound: bool  # its table of objects is the one that its end names, and its only one


@dataclass(frozen=True)
class OpenPdf:
    """A file with the table of its objects; objects themselves are read when asked for."""

    content: bytes
    reader: PdfFileReader
    revisions: tuple[Revision, ...]

    def root(self, revision: int) -> Any:
        """Return the catalog as it was in that revision."""
        return self.reader.get_historical_resolver(revision).root

    def get(self, revision: int, number: int, generation: int = 0) -> Any:
        """Return an object as it was in that revision; a null object where it was not there."""
        resolver = self.reader.get_historical_resolver(revision)
        return resolver.get_object(generic.Reference(number, generation, pdf=resolver))


def refusal_of(error: BaseException) -> Refusal:
    """Return what an error that reading brought means for the person who asked."""
    if isinstance(error, FileRefused):
        return error.why
    if isinstance(error, PdfDecodeLimitError | RecursionError | MemoryError):
        return Refusal.TOO_LARGE
    return Refusal.BROKEN


def open_pdf(content: bytes) -> OpenPdf:
    """Return the file, open. Raises FileRefused for one that is broken, too large, too deep or encrypted.

    Reads as forgivingly as foreign writers need while the table of objects is found, then strictly: an object
    with a key twice, say, is refused as broken when it is asked for.
    """
    if len(content) > LARGEST_FILE or content.count(b"startxref") > 2 * MOST_REVISIONS:
        raise FileRefused(Refusal.TOO_LARGE)
    try:
        reader = PdfFileReader(_Timed(content), strict=False, decode_limits=_LIMITS)
        reader.strict = True
        if reader.total_revisions > MOST_REVISIONS:
            raise FileRefused(Refusal.TOO_LARGE)
        if "/Encrypt" in reader.trailer:
            raise FileRefused(Refusal.ENCRYPTED)
        return OpenPdf(content, reader, tuple(_revisions(content, reader)))
    except Exception as error:  # whatever a parser may meet in bytes that anyone may send
        raise FileRefused(refusal_of(error)) from error


_END = re.compile(rb"startxref\s{1,8}(\d{1,12})\s{1,8}%%EOF(?:\r\n|\r|\n)?")


def _revisions(content: bytes, reader: PdfFileReader) -> list[Revision]:
    """Return the revisions, oldest first, each up to the `%%EOF` after its own table of objects."""
    found: list[Revision] = []
    start = 0
    for number in range(reader.total_revisions):
        table = reader.xrefs.get_xref_container_info(number)
        end = _END.search(content, table.end_location)
        stop = end.end() if end else len(content)
        segment = content[start:stop]
        sound = (
            end is not None
            and start <= table.start_location < stop
            and int(end[1]) == table.declared_startxref
            and segment.count(b"%%EOF") == segment.count(b"startxref") == 1
            and table.xref_section_type in (XRefSectionType.STANDARD, XRefSectionType.STREAM)
        )
        found.append(Revision(number, start, stop, table.start_location, sound))
        start = max(start, stop)  # a linearised file has its newest table first
    return found
