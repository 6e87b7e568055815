"""A document's tables → XLSX bytes, one sheet for each, to count and sort in; openpyxl writes.

Excel holds 32,767 signs in a cell. What a cell has more goes to a last sheet, "Phần tiếp theo", and the cell
says so: nothing is lost, and no row of the table is torn.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from plans.documents import parts
from plans.documents.ooxml import repacked
from plans.documents.style import DEFAULT_LAYOUT, Layout, TextStyle
from plans.documents.tree import Align, Cell, Document, Orientation, RowKind, Table, Title

CELL_LIMIT = 32_000  # below Excel's 32,767, so that the note fits too
REST_SHEET = "Phần tiếp theo"

_MM_PER_CHARACTER = 1.95  # a column's width is told in figures of the body font, 11 pt
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_FORMULA_STARTS = ("=", "+", "-", "@")


def xlsx_bytes(document: Document, layout: Layout = DEFAULT_LAYOUT) -> bytes:
    """Return the tables as a workbook; a document without any gives one sheet with its title.

    Every cell is text, also "=1+1". The same tree and layout give the same bytes.
    """
    from openpyxl import Workbook  # slow import

    book = Workbook()
    book.remove(book.active)
    writer = _Writer(document, layout, book)
    writer.write()
    book.properties.title, book.properties.creator = document.title, document.author
    book.properties.language = "vi-VN"
    out = io.BytesIO()
    book.save(out)
    return repacked(out.getvalue(), mended)


# --- mending what openpyxl writes -----------------------------------------------------------------------------

_FONT_ORDER = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color",
    "name", "family", "charset", "scheme",
)  # fmt: skip


def mended(name: str, content: bytes) -> bytes:
    """Return a member of what openpyxl wrote with its fonts' children as the schema orders them, and without times.

    For `ooxml.repacked`.
    """
    if name == "xl/styles.xml":
        return _with_ordered_fonts(content)
    if name == "docProps/core.xml":
        return re.sub(rb"<dcterms:(created|modified).*?</dcterms:\1>", b"", content)
    return content


def _with_ordered_fonts(styles: bytes) -> bytes:
    from lxml import etree

    root = etree.fromstring(styles)
    for font in root.iter("{*}font"):
        font[:] = sorted(font, key=lambda child: _FONT_ORDER.index(etree.QName(child).localname))
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


# --- the workbook ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Writer:
    """Writes one workbook; holds the names in use and the texts too long for their cells."""

    document: Document
    layout: Layout
    book: Any
    rest: list[tuple[str, str]] = field(default_factory=list)  # where from, what

    def write(self) -> None:
        self.set_default_font()
        tables = [
            block
            for section in self.document.sections
            for block in section.blocks
            if isinstance(block, Table)
        ]
        for table in tables:
            self.write_table(table)
        if not tables:
            self.write_titles(self.new_sheet("Văn bản"), 1, None)
        if self.rest:
            self.write_rest()

    def set_default_font(self) -> None:
        self.book._named_styles["Normal"].font = self.font(self.layout.table_text)
        self.book._fonts[0] = self.font(self.layout.table_text)

    def font(self, style: TextStyle, *, bold: bool = False) -> Any:
        from openpyxl.styles import Font  # slow import

        return Font(
            name=self.layout.font_name,
            size=style.size,
            bold=style.bold or bold,
            italic=style.italic,
        )

    def new_sheet(self, caption: str) -> Any:
        """Return a sheet under a name Excel takes: 31 signs, no []:*?/\\, none twice."""
        bare = _FORBIDDEN_IN_NAMES.sub(" ", parts.squeezed(caption)).strip(" '") or "Bảng"
        taken = {name.casefold() for name in self.book.sheetnames} | {"history"}
        name, count = _shortened(bare, 31), 1
        while name.casefold() in taken:
            count += 1
            name = f"{_shortened(bare, 27)} {count}"
        return self.book.create_sheet(name)

    def titles(self) -> tuple[str, ...]:
        for section in self.document.sections:
            for block in section.blocks:
                if isinstance(block, Title):
                    return (*block.kind_lines, *block.subject_lines)
        return (self.document.title,)

    def write_titles(self, sheet: Any, width: int, caption: str | None) -> int:
        """Write the document's title and the table's above it; return the next free row."""
        texts = [*self.titles(), *([caption] if caption else [])]
        for number, text in enumerate(texts, 1):
            self.put(sheet, number, 1, text, bold=True, align=Align.CENTER, border=False)
            if width > 1:
                sheet.merge_cells(
                    start_row=number, end_row=number, start_column=1, end_column=width
                )
        return len(texts) + 2

    def write_table(self, table: Table) -> None:
        sheet, width = self.new_sheet(table.caption), len(table.columns)
        start = self.write_titles(sheet, width, table.caption)
        head = parts.placed_rows(parts.head_rows(table), width)
        body = parts.placed_rows(table.rows, width)
        for offset, placed in enumerate([*head, *body]):
            self.write_row(sheet, start + offset, placed, head=offset < len(head))
        self.set_widths(sheet, table)
        self.set_page(sheet, start, len(head))

    def write_row(self, sheet: Any, number: int, placed: parts.PlacedRow, *, head: bool) -> None:
        row, cells = placed
        for cell in cells:
            text = "\n".join(parts.cell_texts(cell.cell))
            bold = head or parts.is_bold(cell.cell, row.kind)
            align = Align.CENTER if head else _align(cell.cell, row.kind)
            self.put(sheet, number, cell.column + 1, text, bold=bold, align=align, middle=head)
            self.span(sheet, number, cell)

    def span(self, sheet: Any, number: int, placed: parts.Placed) -> None:
        if placed.colspan == placed.rowspan == 1:
            return
        from openpyxl.worksheet.cell_range import CellRange  # slow import

        last_row, last_column = number + placed.rowspan - 1, placed.column + placed.colspan
        area = CellRange(
            min_row=number, max_row=last_row, min_col=placed.column + 1, max_col=last_column
        )
        for cell_row in sheet[area.coord]:
            for cell in cell_row:
                cell.border = self.border()  # each cell of a merged range draws its own side
        sheet.merge_cells(area.coord)

    def put(
        self, sheet: Any, row: int, column: int, text: str,
        *, bold: bool, align: Align, border: bool = True, middle: bool = False,
    ) -> None:  # fmt: skip
        """Write one cell as text; without "quotePrefix" Excel would make a formula of it on the next edit."""
        from openpyxl.styles import Alignment  # slow import

        cell = sheet.cell(row, column)
        if text:
            cell.value = self.fitted(sheet, cell.coordinate, parts.squeezed(text))
            cell.data_type = "s"  # whatever openpyxl took it for: a formula, an error, a number
        cell.font = self.font(self.layout.table_text, bold=bold)
        vertical = "center" if middle else "top"
        cell.alignment = Alignment(horizontal=align.value, vertical=vertical, wrap_text=True)
        if text.startswith(_FORMULA_STARTS):
            cell.quotePrefix = True
        if border:
            cell.border = self.border()

    def border(self) -> Any:
        from openpyxl.styles import Border, Side  # slow import

        line = Side(style="thin")
        return Border(left=line, right=line, top=line, bottom=line)

    def fitted(self, sheet: Any, place: str, text: str) -> str:
        """Return what a cell can hold; the rest waits for the last sheet."""
        if _utf16_length(text) <= CELL_LIMIT:
            return text
        first, *pieces = _pieces(text)
        self.rest += [(f"{sheet.title}, ô {place}", piece) for piece in pieces]
        return f"{first}… (còn tiếp ở trang tính “{REST_SHEET}”)"

    def write_rest(self) -> None:
        sheet = self.new_sheet(REST_SHEET)
        rest, self.rest = self.rest, []
        for column, title in enumerate(("Tiếp theo của", "Nội dung"), 1):
            self.put(sheet, 1, column, title, bold=True, align=Align.CENTER)
        for number, (place, text) in enumerate(rest, 2):
            self.put(sheet, number, 1, place, bold=False, align=Align.LEFT)
            self.put(sheet, number, 2, text, bold=False, align=Align.LEFT)
        sheet.column_dimensions["A"].width = 30
        sheet.column_dimensions["B"].width = 100
        self.set_page(sheet, 1, 1)

    def set_widths(self, sheet: Any, table: Table) -> None:
        from openpyxl.utils import get_column_letter  # slow import

        total = self.layout.text_width_mm(Orientation.LANDSCAPE) / _MM_PER_CHARACTER
        for column, share in enumerate(parts.column_shares(table), 1):
            sheet.column_dimensions[get_column_letter(column)].width = round(total * share, 1)

    def set_page(self, sheet: Any, start: int, head_rows: int) -> None:
        """A4 across, all columns on one page, head repeated on paper and standing still on the screen."""
        if self.document.check is not None:
            sheet.oddFooter.left.text = " – ".join(self.document.check.lines).replace("&", "&&")
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_options.horizontalCentered = True
        inch = 25.4
        margins = sheet.page_margins
        margins.left, margins.right = (
            self.layout.margin_left_mm / inch,
            self.layout.margin_right_mm / inch,
        )
        margins.top, margins.bottom = (
            self.layout.margin_top_mm / inch,
            self.layout.margin_bottom_mm / inch,
        )
        if head_rows:
            sheet.print_title_rows = f"{start}:{start + head_rows - 1}"
            sheet.freeze_panes = f"A{start + head_rows}"


def _shortened(name: str, most: int) -> str:
    """Return the name cut to `most` signs, between words where it has any."""
    if len(name) <= most:
        return name
    return name[: most + 1].rpartition(" ")[0] or name[:most]


def _align(cell: Cell, kind: RowKind) -> Align:
    return parts.cell_align(cell.blocks[0], cell, kind) if cell.blocks else Align.LEFT


def _utf16_length(text: str) -> int:
    """Excel counts in UTF-16, where an emoji is two."""
    return len(text) + sum(ord(sign) > 0xFFFF for sign in text)


def _pieces(text: str) -> Iterator[str]:
    """Yield the text in pieces a cell can hold, even if every sign counts twice."""
    if _utf16_length(text) == len(text):
        step = CELL_LIMIT
    else:
        step = CELL_LIMIT // 2
    for start in range(0, len(text), step):
        yield text[start : start + step]
