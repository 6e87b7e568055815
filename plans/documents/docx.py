"""Tree → DOCX bytes: real headings, real numbering, tables as whole XML; python-docx keeps the package.

Paragraphs and tables are written as XML text, because the order of elements inside them is the schema's and
because python-docx's cell by cell way takes four times as long.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, assert_never

from plans.documents import parts, wording
from plans.documents.docx_styles import (
    FONT_TABLE_XML,
    HEADER_XML,
    HEADING_LIST,
    SETTINGS_XML,
    Numbering,
    R,
    W,
    first_line,
    footer_xml,
    styles_xml,
)
from plans.documents.marks import qr_png
from plans.documents.measure import text_width_mm
from plans.documents.ooxml import points20, repacked, twips, xml_text, xml_value
from plans.documents.style import DEFAULT_LAYOUT, Layout
from plans.documents.tree import (
    Align,
    Blank,
    Block,
    Cell,
    Document,
    Heading,
    Inline,
    Inlines,
    ItemList,
    Letterhead,
    Orientation,
    Paragraph,
    RowKind,
    Run,
    Section,
    SignBlock,
    SignParties,
    Table,
    Title,
)

_JUSTIFICATION = {
    Align.LEFT: "left",
    Align.CENTER: "center",
    Align.RIGHT: "right",
    Align.JUSTIFY: "both",
}
_INNER_HYPHEN = re.compile(r"-(?=\w)")
_HYPHEN_ELEMENT = "\x00"  # stands for w:noBreakHyphen; clean() leaves no such sign in a text
_KEEP = "<w:keepNext/>"
FOOTER_FROM_EDGE_MM = 4.0  # what the QR code leaves of the least margin, 20 mm


def docx_bytes(document: Document, layout: Layout = DEFAULT_LAYOUT) -> bytes:
    """Return the document as DOCX, to be edited further in Word or LibreOffice.

    The same tree and layout give the same bytes. It names the typeface and does not embed it, so it needs no
    font here. Raises TableShapeError for a table whose cells do not fit.
    """
    import docx  # slow import

    package = docx.Document()
    marks = _exchange_parts(package, document, layout)
    writer = _Writer(document, layout, *marks)
    _exchange_xml(package.part, f"<w:document {W} {R}>{writer.body()}</w:document>")
    _exchange_xml(package.part.numbering_part, writer.numbering.xml())
    out = io.BytesIO()
    package.save(out)
    return repacked(out.getvalue())


# --- the package ----------------------------------------------------------------------------------------------

_KEPT = (
    "/styles", "/settings", "/numbering", "/fontTable", "/theme", "/core-properties", "/officeDocument",
)  # fmt: skip

_FONT_TABLE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/fontTable"


def _exchange_parts(package: Any, document: Document, layout: Layout) -> tuple[str, str]:
    """Put our styles, settings, header and footer in place of the template's.

    Returns the relations of the last two; "" for the footer, which a draft has not.
    """
    part = package.part
    part.numbering_part  # noqa: B018 made on first asking, and only while its relation stands
    for rels in (part.rels, part.package.rels):
        # The template brings styles for Word 2007 that contradict ours and a picture of an empty page.
        for name in [rid for rid, rel in rels.items() if not rel.reltype.endswith(_KEPT)]:
            del rels[name]
    _exchange_xml(part._styles_part, styles_xml(layout))
    _exchange_xml(part._settings_part, SETTINGS_XML)
    part.part_related_by(_FONT_TABLE)._blob = FONT_TABLE_XML.encode()
    header, header_id = part.add_header_part()
    _exchange_xml(header, HEADER_XML)
    _set_properties(package, document)
    return str(header_id), _footer(part, document)


def _footer(part: Any, document: Document) -> str:
    if document.check is None:
        return ""
    footer, footer_id = part.add_footer_part()
    picture_id, _ = footer.get_or_add_image(io.BytesIO(qr_png(document.check)))
    _exchange_xml(footer, footer_xml(document.check, picture_id))
    return str(footer_id)


def _exchange_xml(part: Any, xml: str) -> None:
    from docx.oxml import parse_xml  # slow import

    part._element = parse_xml(xml)


def _set_properties(package: Any, document: Document) -> None:
    """Title, author and language; no moment of writing, which would make every file another."""
    properties = package.core_properties
    for child in list(properties._element):
        properties._element.remove(child)
    properties.title = document.title[:255]
    properties.author = document.author[:255]
    properties.language = "vi-VN"


# --- inline ---------------------------------------------------------------------------------------------------


def _text(text: str) -> str:
    """Return the children of w:r: text, line breaks, hyphens that hold their word together."""
    squeezed = parts.squeezed(text)
    for start, end in reversed(list(wording.unbroken_spans(squeezed))):
        token = _INNER_HYPHEN.sub(_HYPHEN_ELEMENT, squeezed[start:end])
        squeezed = squeezed[:start] + token + squeezed[end:]
    pieces = re.split(f"([\n{_HYPHEN_ELEMENT}])", squeezed)
    return "".join(map(_piece, pieces))


def _piece(piece: str) -> str:
    match piece:
        case "":
            return ""
        case "\n":
            return "<w:br/>"
        case "\x00":
            return "<w:noBreakHyphen/>"
        case _:
            return f'<w:t xml:space="preserve">{xml_text(piece)}</w:t>'


def _run(inline: Inline, *, bold: bool = False) -> str:
    match inline:
        case Run():
            cut = "<w:b/><w:bCs/>" if inline.bold or bold else ""
            cut += "<w:i/><w:iCs/>" if inline.italic else ""
            properties = f"<w:rPr>{cut}</w:rPr>" if cut else ""
            return f"<w:r>{properties}{_text(inline.text)}</w:r>"
        case Blank():
            return f'<w:r><w:t xml:space="preserve">{parts.blank_text(inline)}</w:t></w:r>'
        case _:
            assert_never(inline)


def _runs(inlines: Inlines, *, bold: bool = False) -> str:
    return "".join(_run(inline, bold=bold) for inline in inlines)


def _lines(lines: tuple[str, ...]) -> str:
    return _run(Run("\n".join(lines))) if lines else ""


# --- paragraphs -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _P:
    """One paragraph to be: style, content and the properties that go beside the style."""

    style: str
    content: str
    keep: bool = False
    number: tuple[int, int] | None = None  # level, numId
    indent: str = ""
    align: Align | None = None
    spacing: str = ""
    border: str = ""
    section: str = ""

    def xml(self) -> str:
        """Children of w:pPr stand in the order of the schema."""
        number = ""
        if self.number is not None:
            number = f'<w:numPr><w:ilvl w:val="{self.number[0]}"/><w:numId w:val="{self.number[1]}"/></w:numPr>'
        align = f'<w:jc w:val="{_JUSTIFICATION[self.align]}"/>' if self.align else ""
        return (
            f'<w:p><w:pPr><w:pStyle w:val="{self.style}"/>{_KEEP if self.keep else ""}{number}{self.border}'
            f"{self.spacing}{self.indent}{align}{self.section}</w:pPr>{self.content}</w:p>"
        )


def _tiny(section: str = "", keep: bool = False) -> _P:
    """A paragraph without height, where the format wants one: after a table, or to carry a section's end."""
    spacing = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    return _P("Normal", "", keep=keep, spacing=spacing, section=section)


def _rule(width_mm: float, column_mm: float, layout: Layout, after_pt: float = 0) -> _P:
    """A centred rule of `width_mm` in a column: a low paragraph with a line on top, moved in on both sides."""
    side = twips(max(0, (column_mm - width_mm) / 2))
    eighths = max(2, round(layout.rule_pt * 8))
    return _P(
        "Normal",
        "",
        keep=True,
        border=f'<w:pBdr><w:top w:val="single" w:sz="{eighths}" w:space="0" w:color="000000"/></w:pBdr>',
        spacing=f'<w:spacing w:before="30" w:after="{points20(after_pt)}" w:line="40" w:lineRule="exact"/>',
        indent=f'<w:ind w:left="{side}" w:right="{side}"/>',
    )


# --- tables ---------------------------------------------------------------------------------------------------


def _cell(content: str, width: int, *, span: int = 1, merge: str = "", middle: bool = False) -> str:
    grid_span = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    align = '<w:vAlign w:val="center"/>' if middle else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{grid_span}{merge}{align}</w:tcPr>'
        f"{content}</w:tc>"
    )


def _table(
    widths: list[int], rows: str, layout: Layout, *, caption: str = "", head: bool = False
) -> str:
    """A fixed table; without a caption it only places things and has neither lines nor margins."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    line = "nil" if not caption else "single"
    eighths = max(2, round(layout.table_border_pt * 8)) if caption else 0
    borders = "".join(
        f'<w:{side} w:val="{line}"'
        + (f' w:sz="{eighths}" w:space="0" w:color="000000"/>' if caption else "/>")
        for side in sides
    )
    across, down = (layout.cell_padding_x_mm, layout.cell_padding_y_mm) if caption else (0, 0)
    margins = "".join(
        f'<w:{side} w:w="{twips(mm)}" w:type="dxa"/>'
        for side, mm in (("top", down), ("left", across), ("bottom", down), ("right", across))
    )
    named = f"<w:tblCaption w:val={xml_value(caption)}/>" if caption else ""
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        f'<w:tblLook w:val="{"0020" if head else "0000"}" w:firstRow="{int(head)}" w:lastRow="0" w:firstColumn="0" '
        f'w:lastColumn="0" w:noHBand="0" w:noVBand="0"/>{named}</w:tblPr>'
        f"<w:tblGrid>{''.join(f'<w:gridCol w:w={chr(34)}{width}{chr(34)}/>' for width in widths)}</w:tblGrid>"
        f"{rows}</w:tbl>"
    )


def _row(cells: str, *, whole: bool = False, head: bool = False) -> str:
    properties = ("<w:cantSplit/>" if whole else "") + ("<w:tblHeader/>" if head else "")
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{cells}</w:tr>"


# --- the document ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Writer:
    """Writes one document; holds the numbers of its headings and lists."""

    document: Document
    layout: Layout
    header_id: str
    footer_id: str
    numbering: Numbering = field(init=False)
    headings: parts.HeadingNumbers = field(init=False)
    word_counts: list[int] = field(default_factory=lambda: [0, 0, 0])
    heading_lists: list[int] = field(default_factory=lambda: [HEADING_LIST] * 3)

    def __post_init__(self) -> None:
        self.numbering = Numbering(self.layout)
        self.headings = parts.HeadingNumbers.fresh(below_title=True)

    def body(self) -> str:
        sections = parts.merged_sections(self.document) or (Section(()),)
        written = []
        for index, section in enumerate(sections):
            elements = [part for block in self.blocks(section) for part in block]
            properties = self.section_properties(section, first=index == 0)
            last = index == len(sections) - 1
            written += _closed(elements, "" if last else properties)
        return f"<w:body>{''.join(written)}{properties}</w:body>"

    def blocks(self, section: Section) -> Iterator[list[_P | str]]:
        """Yield each block's paragraphs and tables; what stands before a signature is kept with it."""
        following = (*section.blocks[1:], None)
        for block, after in zip(section.blocks, following, strict=False):
            elements = self.block(block, section, keep=isinstance(after, SignBlock | SignParties))
            if isinstance(block, Table) and isinstance(after, Table | SignBlock | SignParties):
                elements.append(_tiny(keep=True))  # else Word makes one table of two
            yield self.spaced(elements) if isinstance(after, Table) else elements

    def spaced(self, elements: list[_P | str]) -> list[_P | str]:
        """Put the gap before a table under the paragraph above it: a table has none of its own."""
        if not elements or not isinstance(last := elements[-1], _P) or last.spacing:
            return elements
        gap = f'<w:spacing w:after="{points20(self.layout.paragraph_gap_pt)}"/>'
        return [*elements[:-1], replace(last, spacing=gap)]

    def block(self, block: Block, section: Section, *, keep: bool) -> list[_P | str]:
        match block:
            case Letterhead():
                return [self.letterhead(block)]
            case Title():
                return [*self.title(block)]
            case Paragraph():
                return [self.paragraph(block, keep=keep)]
            case Heading():
                return [self.heading(block)]
            case ItemList():
                return [*self.items(block, "KclItem", keep_last=keep)]
            case Table():
                return [self.table(block, section, keep_last=keep)]
            case SignBlock():
                return [self.sign_block(block)]
            case SignParties():
                return [self.sign_parties(block)]
            case _:
                assert_never(block)

    def section_properties(self, section: Section, *, first: bool) -> str:
        width, height = (twips(mm) for mm in self.layout.paper_mm(section.orientation))
        turned = ' w:orient="landscape"' if section.orientation is Orientation.LANDSCAPE else ""
        measures = self.layout
        header = f'<w:headerReference w:type="default" r:id="{self.header_id}"/>' if first else ""
        if first and self.footer_id:  # page one has a head of its own, so its foot is named as well
            header += "".join(
                f'<w:footerReference w:type="{pages}" r:id="{self.footer_id}"/>'
                for pages in ("default", "first")
            )
        return (
            f'<w:sectPr>{header}<w:type w:val="nextPage"/><w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
            f'<w:pgMar w:top="{twips(measures.margin_top_mm)}" w:right="{twips(measures.margin_right_mm)}" '
            f'w:bottom="{twips(measures.margin_bottom_mm)}" w:left="{twips(measures.margin_left_mm)}" '
            f'w:header="{twips(measures.page_number_from_edge_mm)}" w:footer="{twips(FOOTER_FROM_EDGE_MM)}" w:gutter="0"/>'
            f"{'<w:titlePg/>' if first else ''}</w:sectPr>"
        )

    # --- content

    def paragraph(self, paragraph: Paragraph, *, keep: bool) -> _P:
        indented = paragraph.indent and paragraph.align is Align.JUSTIFY
        return _P(
            "KclText",
            _runs(paragraph.content),
            keep=keep or paragraph.keep_with_next,
            indent=first_line(self.layout.first_line_indent_mm) if indented else "",
            align=None if paragraph.align is Align.JUSTIFY else paragraph.align,
        )

    def heading(self, heading: Heading) -> _P:
        self.headings.label(heading)
        if not heading.numbered:
            return _P(f"KclHeading{heading.level}", _runs(heading.content))
        number = (heading.level - 1, self.heading_list(heading))
        return _P(f"Heading{heading.level}", _runs(heading.content), number=number)

    def heading_list(self, heading: Heading) -> int:
        """Return the numId under which Word counts as we do; mostly the one list of all headings.

        Word knows nothing of an unnumbered heading, so after one the lower levels must be started anew.
        """
        place = heading.level - 1
        count = self.headings.counts[place]
        self.word_counts[place] += 1
        self.word_counts[place + 1 :] = [0] * (2 - place)
        if self.word_counts[place] != count or (heading.level == 3 and count > 4):
            self.word_counts[place] = count
            self.heading_lists[place] = self.numbering.headings_from(heading.level, count)
        elif count == 1:
            self.heading_lists[place] = HEADING_LIST
        return self.heading_lists[place]

    def items(
        self,
        items: ItemList,
        style: str,
        *,
        keep_last: bool = False,
        in_cell: bool = False,
        bold: bool = False,
    ) -> Iterator[_P]:
        list_id = self.numbering.new_list(items.marker, items.start) if items.items else 0
        for place, item in enumerate(items.items):
            number = self.numbering.item(items.marker, items.start + place, list_id)
            yield _P(
                style,
                _runs(item, bold=bold),
                keep=keep_last and (in_cell or place == len(items.items) - 1),
                number=(0, number),
                indent=first_line(0) if in_cell else "",
            )

    # --- official parts

    def letterhead(self, head: Letterhead) -> str:
        left_mm, right_mm = parts.letterhead_column_mm(self.layout)
        parent = parts.balanced_lines(head.parent_body, left_mm, self.layout.parent_body)
        issuer = parts.balanced_lines(head.issuer, left_mm, self.layout.issuer)
        widest = max((text_width_mm(line, self.layout.issuer) for line in issuer), default=0)
        motto_mm = text_width_mm(wording.MOTTO, self.layout.motto)
        left = [_P("KclParent", _lines(parent))] if parent else []
        left += [_P("KclIssuer", _lines(issuer))]
        left += [_rule(widest * self.layout.issuer_rule_share, left_mm, self.layout)]
        right = [
            _P("KclNational", _lines((wording.NATIONAL_NAME,))),
            _P("KclMotto", _lines((wording.MOTTO,))),
            _rule(motto_mm, right_mm, self.layout),
        ]
        number = [_P("KclNumber", _runs(head.number))]
        place = [_P("KclPlace", _runs(head.place_and_date))]
        widths = [twips(left_mm), twips(self.layout.text_width_mm()) - twips(left_mm)]
        rows = self.plain_row(widths, left, right) + self.plain_row(widths, number, place)
        return _table(widths, rows, self.layout)

    def plain_row(self, widths: list[int], *columns: list[_P]) -> str:
        cells = (
            _cell("".join(paragraph.xml() for paragraph in column), width)
            for width, column in zip(widths, columns, strict=True)
        )
        return _row("".join(cells), whole=True)

    def title(self, title: Title) -> Iterator[_P]:
        """The gap below is a little less than above: the next paragraph brings its own."""
        after = max(0.0, self.layout.title_gap_pt - self.layout.paragraph_gap_pt)
        yield _P("Title", _lines(title.kind_lines))
        widest = 0.0
        if title.subject_lines:
            yield _P("Subtitle", _lines(title.subject_lines))
            widest = max(text_width_mm(line, self.layout.subject) for line in title.subject_lines)
        column = self.layout.text_width_mm()
        if widest:
            share = self.layout.subject_rule_share
            yield _rule(min(widest, column) * share, column, self.layout, after_pt=after)

    def sign_block(self, block: SignBlock) -> str:
        total = twips(self.layout.text_width_mm())
        left_width = round(total * self.layout.sign_left_share)
        recipients = parts.recipient_lines(block.recipients)
        items = ItemList(tuple((Run(line),) for line in recipients))
        left = [_P("KclRecipientsLabel", _lines((parts.RECIPIENTS_LABEL,)))] if recipients else []
        left += self.items(items, "KclRecipients", in_cell=True)
        right = self.signature(block.capacity, (block.signer,))
        widths = [left_width, total - left_width]
        row = self.plain_row(widths, left or [_P("KclRecipients", "")], right)
        return _table(widths, row, self.layout)

    def sign_parties(self, block: SignParties) -> str:
        parties = parts.levelled(block.parties)
        width = twips(self.layout.text_width_mm()) // max(1, len(parties))
        widths = [width] * len(parties)
        columns = [self.signature(party.capacity, party.names) for party in parties]
        return _table(widths, self.plain_row(widths, *columns), self.layout) if parties else ""

    def signature(self, capacity: tuple[str, ...], names: tuple[str, ...]) -> list[_P]:
        room = f'<w:spacing w:before="{twips(self.layout.sign_space_mm)}" w:after="0"/>'
        signed = [name for name in names if name] or [""]
        first = _P("KclSigner", _lines((signed[0],)), spacing=room)
        rest = [_P("KclSigner", _lines((name,))) for name in signed[1:]]
        return [_P("KclCapacity", _lines(capacity)), first, *rest]

    # --- tables

    def table(self, table: Table, section: Section, *, keep_last: bool) -> str:
        total = twips(self.layout.text_width_mm(section.orientation))
        widths = _shared_out(total, parts.column_shares(table))
        grid = _Grid(self, widths, section, table)
        heads = parts.head_rows(table)
        rows = grid.rows(heads, head=True) + grid.rows(table.rows, head=False, keep_last=keep_last)
        caption = parts.squeezed(table.caption) or "Bảng"
        return _table(widths, rows, self.layout, caption=caption, head=bool(heads))

    def cell_paragraphs(self, cell: Cell, kind: RowKind, *, head: bool, keep: bool) -> str:
        style = "KclHeadCell" if head else "KclCell"
        bold = not head and parts.is_bold(cell, kind)
        written: list[_P] = []
        for block in cell.blocks:
            match block:
                case Paragraph():
                    align = Align.CENTER if head else parts.cell_align(block, cell, kind)
                    written.append(
                        _P(style, _runs(block.content, bold=bold), keep=keep, align=align)
                    )
                case ItemList():
                    written += self.items(block, style, keep_last=keep, in_cell=True, bold=bold)
                case _:
                    assert_never(block)
        return "".join(paragraph.xml() for paragraph in written or [_P(style, "", keep=keep)])


@dataclass(slots=True)
class _Grid:
    """Writes the rows of one table; what HTML leaves out below a rowspan, Word wants as continuing cells."""

    writer: _Writer
    widths: list[int]
    section: Section
    table: Table

    def rows(self, rows: tuple[Any, ...], *, head: bool, keep_last: bool = False) -> str:
        written, spanning = (
            "",
            dict[int, tuple[int, int]](),
        )  # column → colspan, rows still to cover
        placed = parts.placed_rows(rows, len(self.widths))
        for index, (row, cells) in enumerate(placed):
            keep = row.kind in (RowKind.BAND, RowKind.GROUP) or head
            keep = keep or (keep_last and index == len(placed) - 1)
            written += self.row(row.kind, cells, spanning, head=head, keep=keep)
            spanning = {c: (span, left - 1) for c, (span, left) in spanning.items() if left > 1}
            spanning |= {p.column: (p.colspan, p.rowspan - 1) for p in cells if p.rowspan > 1}
        return written

    def row(
        self, kind: RowKind, cells: tuple[parts.Placed, ...], spanning: dict[int, tuple[int, int]],
        *, head: bool, keep: bool,
    ) -> str:  # fmt: skip
        by_column = {p.column: self.cell(p, kind, head=head, keep=keep) for p in cells}
        empty = _P("KclCell", "", keep=keep).xml()
        for column, (span, _) in spanning.items():
            width = sum(self.widths[column : column + span])
            by_column[column] = _cell(empty, width, span=span, merge="<w:vMerge/>")
        layout = self.writer.layout
        width_mm = layout.text_width_mm(self.section.orientation)
        whole = head or kind is not RowKind.BODY
        whole = whole or parts.is_short(cells, parts.column_shares(self.table), width_mm, layout)
        return _row("".join(by_column[c] for c in sorted(by_column)), whole=whole, head=head)

    def cell(self, placed: parts.Placed, kind: RowKind, *, head: bool, keep: bool) -> str:
        width = sum(self.widths[placed.column : placed.column + placed.colspan])
        merge = '<w:vMerge w:val="restart"/>' if placed.rowspan > 1 else ""
        content = self.writer.cell_paragraphs(placed.cell, kind, head=head, keep=keep)
        return _cell(content, width, span=placed.colspan, merge=merge, middle=head)


def _shared_out(total: int, shares: list[float]) -> list[int]:
    """Return whole widths that add up to `total`."""
    edges = [round(total * sum(shares[:place])) for place in range(len(shares) + 1)]
    return [right - left for left, right in zip(edges, edges[1:], strict=False)]


def _closed(elements: list[_P | str], properties: str) -> list[str]:
    """Return a section as XML; its end stands in its last paragraph, for one of its own could fill a page.

    A table cannot carry it, and the file may not end with a table either: there a paragraph without height.
    """
    if not elements or isinstance(elements[-1], str):
        elements = [*elements, _tiny(properties)]
    elif properties and isinstance(last := elements[-1], _P):
        elements = [*elements[:-1], replace(last, section=properties)]
    return [part if isinstance(part, str) else part.xml() for part in elements]
