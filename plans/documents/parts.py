"""What every writer must do alike: numbers of headings, the grid of a table, lines of the official parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from plans.documents import wording
from plans.documents.measure import line_count, text_width_mm
from plans.documents.style import Layout, TextStyle
from plans.documents.tree import (
    Align,
    Blank,
    Cell,
    Document,
    Heading,
    Inlines,
    ItemList,
    Marker,
    Paragraph,
    Party,
    Row,
    RowKind,
    Run,
    Section,
    Table,
    Title,
)

NBSP = "\u00a0"
RECIPIENTS_LABEL = "Nơi nhận:"


class TableShapeError(ValueError):
    """A table whose cells do not fit its columns; only a builder's mistake makes one."""


# --- text ---------------------------------------------------------------------------------------------------


def squeezed(text: str) -> str:
    """Return `text` with tabs and runs of spaces as one space, the way every page shows it; "\\n" stays."""
    return re.sub(r"[ \t]+", " ", text)


def blank_text(blank: Blank) -> str:
    """Return what fills a blank: NBSP, two to a character, or dots (U+200B lets these break)."""
    if blank.dotted:
        return "\u200b".join("…" * max(1, (blank.width + 1) // 2))
    spans = [min(20, blank.width - done) for done in range(0, blank.width, 20)]
    return " ".join(NBSP * 2 * span for span in spans)


def plain(inlines: Inlines) -> str:
    """Return the words of `inlines`, blanks as one space: for measuring and for reading back."""
    return "".join(inline.text if isinstance(inline, Run) else " " for inline in inlines)


def marker_text(marker: Marker, number: int) -> str:
    """Return what stands before an item: "-", "1.", "a)"."""
    match marker:
        case Marker.DASH:
            return "-"
        case Marker.NUMBER:
            return f"{number}."
        case Marker.LETTER:
            return f"{wording.letter(number)})"


# --- headings -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class HeadingNumbers:
    """Counts headings through a document and says at what depth each stands in the outline.

    An unnumbered heading begins its own count below it, but takes no number itself.
    """

    counts: list[int]
    title_depth: int
    depth: int

    @classmethod
    def fresh(cls, *, below_title: bool) -> HeadingNumbers:
        return cls([0, 0, 0], int(below_title), int(below_title))

    def label(self, heading: Heading) -> str:
        """Return "II.", "1." or "b)" for the next heading; "" if it bears no number."""
        place = heading.level - 1
        self.counts[place + 1 :] = [0] * (2 - place)
        if not heading.numbered:
            return ""
        self.counts[place] += 1
        return heading_label(heading.level, self.counts[place])

    def outline_depth(self, heading: Heading) -> int:
        """Return 1–4: no deeper than one below the last, which PDF/UA asks of headings (7.4.2)."""
        self.depth = min(heading.level + self.title_depth, self.depth + 1)
        return self.depth


def heading_label(level: int, number: int) -> str:
    """Return how a heading of `level` (1–3) is counted: "IV.", "4.", "d)"."""
    match level:
        case 1:
            return f"{wording.roman(number)}."
        case 2:
            return f"{number}."
        case 3:
            return f"{wording.letter(number)})"
        case _:
            raise ValueError(f"Headings have the levels 1 to 3, not {level}.")


def has_title(document: Document) -> bool:
    return any(
        isinstance(block, Title) for section in document.sections for block in section.blocks
    )


def merged_sections(document: Document) -> tuple[Section, ...]:
    """Return the sections, each on a new page: neighbours that lie the same way and ask for none are one."""
    merged: list[Section] = []
    for section in document.sections:
        last = merged[-1] if merged else None
        if last and last.orientation is section.orientation and not section.new_page:
            merged[-1] = replace(last, blocks=last.blocks + section.blocks)
        else:
            merged.append(section)
    return tuple(merged)


# --- tables -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell at its place: 0-based column, spans cut to the table, and what its row is."""

    cell: Cell
    column: int
    colspan: int
    rowspan: int


PlacedRow = tuple[Row, tuple[Placed, ...]]


def head_rows(table: Table) -> tuple[Row, ...]:
    """Return the printed head: the table's own, else one row of the columns' titles, else nothing."""
    if table.head or not any(column.title for column in table.columns):
        return table.head
    titles = (Cell((Paragraph((Run(column.title),)),)) for column in table.columns)
    return (Row(tuple(titles)),)


def placed_rows(rows: tuple[Row, ...], width: int) -> list[PlacedRow]:
    """Return each row with its cells at their columns; short rows are filled with empty cells.

    Raises TableShapeError where cells go beyond `width` columns. A band of one cell spans the table.
    """
    covered: dict[int, int] = {}  # column → how many more rows a rowspan above covers
    placed: list[PlacedRow] = []
    for index, row in enumerate(rows):
        placed.append((row, tuple(_placed(row, covered, width, len(rows) - index))))
        covered = {column: left - 1 for column, left in covered.items() if left > 1}
    return placed


def _placed(row: Row, covered: dict[int, int], width: int, rows_left: int) -> Iterator[Placed]:
    free = [column for column in range(width) if column not in covered]
    for cell in row.cells:
        colspan = width if _is_whole_band(row) else cell.colspan
        taken, free = free[:colspan], free[colspan:]
        if len(taken) < colspan or taken[-1] - taken[0] != colspan - 1:
            raise TableShapeError(f"Row does not fit {width} columns: {row!r}")
        rowspan = min(cell.rowspan, rows_left)
        covered.update(dict.fromkeys(taken, rowspan))
        yield Placed(cell, taken[0], colspan, rowspan)
    for column in free:
        covered[column] = 1
        yield Placed(Cell(), column, 1, 1)


def _is_whole_band(row: Row) -> bool:
    return row.kind is RowKind.BAND and len(row.cells) == 1


def column_shares(table: Table) -> list[float]:
    """Return each column's part of the width; the parts add up to 1."""
    total = sum(column.width for column in table.columns)
    return [column.width / total for column in table.columns]


def is_bold(cell: Cell, kind: RowKind) -> bool:
    """Bands, group rows and totals are bold as a whole."""
    return cell.bold or kind is not RowKind.BODY


def cell_align(block: Paragraph | ItemList, cell: Cell, kind: RowKind) -> Align:
    """Return how a block stands in its cell: bands are centred, a paragraph's own wish goes first.

    JUSTIFY is what a paragraph has when nobody asked, and tears holes into narrow columns; so it asks nothing.
    """
    if isinstance(block, Paragraph) and block.align is not Align.JUSTIFY:
        return block.align
    return Align.CENTER if kind is RowKind.BAND else cell.align


def is_short(
    cells: tuple[Placed, ...], shares: list[float], width_mm: float, layout: Layout
) -> bool:
    """Say whether a row is so low that it should not be torn over two pages."""
    padding = 2 * layout.cell_padding_x_mm
    return all(
        cell_lines(
            p.cell, width_mm * sum(shares[p.column : p.column + p.colspan]) - padding, layout
        )
        <= layout.whole_row_lines
        for p in cells
    )


def cell_lines(cell: Cell, width_mm: float, layout: Layout) -> int:
    """Return about how many lines a cell takes in `width_mm`."""
    style = TextStyle(layout.table_text.size, bold=cell.bold)
    return sum(line_count(text, max(width_mm, 5), style) for text in cell_texts(cell))


def cell_texts(cell: Cell) -> Iterator[str]:
    """Yield the text of each paragraph and item of a cell, with the item's marker."""
    for block in cell.blocks:
        if isinstance(block, Paragraph):
            yield plain(block.content)
        else:
            yield from item_texts(block)


def item_texts(items: ItemList) -> Iterator[str]:
    """Yield each item with its marker: "- …", "2. …"."""
    for number, item in enumerate(items.items, items.start):
        yield f"{marker_text(items.marker, number)} {plain(item)}"


# --- letterhead and signature -------------------------------------------------------------------------------

# Words of offices that belong together: a line may end before or after such a pair, not inside.
_PAIRS = re.compile(
    r"\b(ỦY BAN|UỶ BAN|NHÂN DÂN|MẦM NON|MẪU GIÁO|TIỂU HỌC|TRUNG HỌC|CƠ SỞ|PHỔ THÔNG|DÂN TỘC|NỘI TRÚ|BÁN TRÚ"
    r"|GIÁO DỤC|ĐÀO TẠO|THƯỜNG XUYÊN|THÀNH PHỐ|THỊ TRẤN|THỊ XÃ|TRUNG TÂM|VĂN HÓA|XÃ HỘI|TƯ THỤC|NGHỀ NGHIỆP|KHOA HỌC|ĐẶC KHU"
    r"|UBND (?:XÃ|PHƯỜNG|TỈNH))(?!\w)"
)
_GLUE = "\x00"  # clean() leaves none in a text, and split() does not take it for a space
_MOST_WORDS = 16  # ways to set more words on four lines are too many to try; no name has them


def balanced_lines(text: str, width_mm: float, style: TextStyle) -> tuple[str, ...]:
    """Return a long name as the fewest lines that fit, of even length, torn at no fixed pair of words.

    A single word wider than the column stays a line of its own.
    """
    words = [word.replace(_GLUE, " ") for word in _glued(text).split()]
    if not words or len(words) > _MOST_WORDS:
        return (text,) if words else ()
    for count in range(1, len(words) + 1):
        best = min(_splits(words, count), key=lambda lines: _widest(lines, style))
        if _widest(best, style) <= width_mm * 0.98:
            return best
    return tuple(words)


def _glued(text: str) -> str:
    paired = _PAIRS.sub(lambda found: found[0].replace(" ", _GLUE), text)
    return re.sub(r"\bVÀ ", f"VÀ{_GLUE}", paired)


def _splits(words: list[str], count: int) -> Iterator[tuple[str, ...]]:
    """Yield every way to set `words` on `count` lines; names are short, and more than 4 lines never come."""
    if count == 1 or count > 4:
        yield (" ".join(words),) if count == 1 else tuple(words)
        return
    for cut in range(1, len(words) - count + 2):
        for rest in _splits(words[cut:], count - 1):
            yield (" ".join(words[:cut]), *rest)


def _widest(lines: tuple[str, ...], style: TextStyle) -> float:
    return max(text_width_mm(line, style) for line in lines)


def letterhead_column_mm(layout: Layout) -> tuple[float, float]:
    """Return the widths of the two halves of the letterhead, mm."""
    left = layout.text_width_mm() * layout.letterhead_left_share
    return left, layout.text_width_mm() - left


def recipient_lines(recipients: Iterable[str]) -> tuple[str, ...]:
    """Return the nơi nhận without their dash, each ending ";", the last "." (Phụ lục I, mục II.9)."""
    bare = [text.strip().lstrip("-–").strip().rstrip(";.").strip() for text in recipients]
    bare = [text for text in bare if text]
    ends = [";"] * (len(bare) - 1) + ["."]
    return tuple(map("".join, zip(bare, ends, strict=False)))


def levelled(parties: tuple[Party, ...]) -> tuple[Party, ...]:
    """Return the parties with equally many lines above the signature, so that the names stand level."""
    most = max((len(party.capacity) for party in parties), default=0)
    return tuple(Party(p.capacity + (NBSP,) * (most - len(p.capacity)), p.names) for p in parties)
