"""An official document as a tree of frozen values; builders make it, writers only translate it.

Every text is brought to NFC and freed of control characters where it enters a node, so that no writer has to
think of it: Ctrl-F in the PDF finds what a person types, whatever form the browser sent. Numbers of headings
and lists are not strings here: the writer counts, so no document jumps from III to VI.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

# Everything XML 1.0 forbids, lone surrogates and the bidirectional controls: none of it can be printed.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def clean(text: str) -> str:
    """Return `text` in NFC without characters that cannot be printed; line ends become "\\n"."""
    text = (
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\u2028", "\n")
    )
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub("", text.replace("\u2029", "\n")))


class Align(Enum):
    """How lines stand in their column."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    JUSTIFY = "justify"


class Marker(Enum):
    """What stands before the items of a list."""

    DASH = "dash"  # "- "
    NUMBER = "number"  # "1. "
    LETTER = "letter"  # "a) "


class Orientation(Enum):
    """How the paper lies."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class RowKind(Enum):
    """What a row of a table is; the writer keeps BAND and GROUP with the row that follows."""

    BODY = "body"
    BAND = "band"  # "MỨC 1, 2": one centred bold cell across the table
    GROUP = "group"  # "Tiêu chuẩn 1: …": bold, never alone at the foot of a page
    TOTAL = "total"  # "Tổng hợp chung"


# --- inline -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style. "\\n" inside is a line break."""

    text: str
    bold: bool = False
    italic: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))


@dataclass(frozen=True, slots=True)
class Blank:
    """Room to be filled by hand, `width` in characters: "ngày   tháng 9 năm 2023".

    `dotted` draws the line to write on: "Tại trường ………………".
    """

    width: int = 4
    dotted: bool = False


Inline: TypeAlias = Run | Blank
Inlines: TypeAlias = tuple[Inline, ...]

# --- blocks -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of content: justified, first line indented (Phụ lục I, mục II.6)."""

    content: Inlines
    align: Align = Align.JUSTIFY
    indent: bool = True
    keep_with_next: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered head: level 1 counts I, II, III; level 2 counts 1, 2, 3 within it; level 3 a), b), c)."""

    level: int
    content: Inlines
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list; each item is a line of content. `start` is the number of the first item."""

    items: tuple[Inlines, ...]
    marker: Marker = Marker.DASH
    start: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its printed title and its share of the width (any unit, shares of the sum)."""

    title: str
    width: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", clean(self.title))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: paragraphs and lists without indent; spans count columns and rows."""

    blocks: tuple[Paragraph | ItemList, ...] = ()
    colspan: int = 1
    rowspan: int = 1
    align: Align = Align.LEFT
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cells; a position that a rowspan above covers has no cell."""

    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.BODY


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table. `head` rows are repeated on every page; `caption` is for screen readers, not printed."""

    caption: str
    columns: tuple[Column, ...]
    head: tuple[Row, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "caption", clean(self.caption))


# --- official parts ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Head of page one: parent body and issuer left, quốc hiệu and tiêu ngữ right (Phụ lục I, ô 1–4).

    `number` and `place_and_date` may hold blanks; `number` empty leaves that line out (a biên bản).
    """

    parent_body: str
    issuer: str
    number: Inlines
    place_and_date: Inlines

    def __post_init__(self) -> None:
        object.__setattr__(self, "parent_body", clean(self.parent_body))
        object.__setattr__(self, "issuer", clean(self.issuer))


@dataclass(frozen=True, slots=True)
class Title:
    """Tên loại in capitals and trích yếu below it (ô 5a): ("KẾ HOẠCH", "CẢI TIẾN …"), ("Năm học 2025-2026",)."""

    kind_lines: tuple[str, ...]
    subject_lines: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind_lines", tuple(map(clean, self.kind_lines)))
        object.__setattr__(self, "subject_lines", tuple(map(clean, self.subject_lines)))


@dataclass(frozen=True, slots=True)
class SignBlock:
    """Nơi nhận left, capacity and name of the signer right (ô 7a, 7b, 9b); kept whole, never alone on a page.

    `recipients` without their dash; the writer ends each with ";" and the last with ".". `capacity` are the
    lines above the signature: ("HIỆU TRƯỞNG",) or ("KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG").
    """

    recipients: tuple[str, ...]
    capacity: tuple[str, ...]
    signer: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "recipients", tuple(map(clean, self.recipients)))
        object.__setattr__(self, "capacity", tuple(map(clean, self.capacity)))
        object.__setattr__(self, "signer", clean(self.signer))


@dataclass(frozen=True, slots=True)
class Party:
    """One side that signs a record: its lines ("ĐẠI DIỆN NHÀ TRƯỜNG", "HIỆU TRƯỞNG") and the names below."""

    capacity: tuple[str, ...]
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "capacity", tuple(map(clean, self.capacity)))
        object.__setattr__(self, "names", tuple(map(clean, self.names)))


@dataclass(frozen=True, slots=True)
class SignParties:
    """Signatures side by side, as a biên bản has them; kept whole, never alone on a page."""

    parties: tuple[Party, ...]


Block: TypeAlias = (
    Letterhead | Title | Paragraph | Heading | ItemList | Table | SignBlock | SignParties
)


@dataclass(frozen=True, slots=True)
class Section:
    """A run of pages that lie the same way; with `new_page` it begins a page of its own in any case."""

    blocks: tuple[Block, ...]
    orientation: Orientation = Orientation.PORTRAIT
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class CheckMark:
    """What stands at the foot of every page of an issued document: how anybody may look it up.

    `code` is what a person types ("R4HX-8W3N-K2QT"), `address` the page to type it on, `url` the page of this
    very document, which the QR code holds.
    """

    code: str
    address: str
    url: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", clean(self.code))
        object.__setattr__(self, "address", clean(self.address))
        object.__setattr__(self, "url", clean(self.url))

    @property
    def lines(self) -> tuple[str, str]:
        """What is printed beside the QR code."""
        return (f"Mã tra cứu: {self.code}", f"Kiểm tra văn bản tại {self.address}")

    @property
    def description(self) -> str:
        """What a screen reader says of the QR code."""
        return f"Mã QR dẫn đến trang kiểm tra văn bản {self.code}"


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document; `title` and `author` go into the file's properties. Heading numbers run through it."""

    title: str
    author: str
    sections: tuple[Section, ...]
    check: CheckMark | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", clean(self.title))
        object.__setattr__(self, "author", clean(self.author))
