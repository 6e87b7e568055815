"""Tree → DOCX bytes: real headings, real numbering, tables as whole XML; python-docx keeps the package.

Paragraphs and tables are written as XML text, because the order of elements inside them is the schema's and
because python-docx's cell by cell way takes four times as long.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, assert_never

from plans.documents import parts, wording
from plans.documents.docx_pieces import (
    P,
    cell_xml,
    lines_xml,
    row_xml,
    rule,
    runs_xml,
    table_xml,
    tiny,
)
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
from plans.documents.ooxml import points20, repacked, twips
from plans.documents.style import DEFAULT_LAYOUT, Layout
from plans.documents.tree import (
    Align,
    Block,
    Cell,
    Document,
    Heading,
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

    def blocks(self, section: Section) -> Iterator[list[P | str]]:
        """Yield each block's paragraphs and tables; what stands before a signature is kept with it."""
        following = (*section.blocks[1:], None)
        for block, after in zip(section.blocks, following, strict=False):
            elements = self.block(block, section, keep=isinstance(after, SignBlock | SignParties))
            if isinstance(block, Table) and isinstance(after, Table | SignBlock | SignParties):
                elements.append(tiny(keep=True))  # else Word makes one table of two
            yield self.spaced(elements) if isinstance(after, Table) else elements

    def spaced(self, elements: list[P | str]) -> list[P | str]:
        """Put the gap before a table under the paragraph above it: a table has none of its own."""
        if not elements or not isinstance(last := elements[-1], P) or last.spacing:
            return elements
        gap = f'<w:spacing w:after="{points20(self.layout.paragraph_gap_pt)}"/>'
        return [*elements[:-1], replace(last, spacing=gap)]

    def block(self, block: Block, section: Section, *, keep: bool) -> list[P | str]:
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

    def paragraph(self, paragraph: Paragraph, *, keep: bool) -> P:
        indented = paragraph.indent and paragraph.align is Align.JUSTIFY
        return P(
            "KclText",
            runs_xml(paragraph.content),
            keep=keep or paragraph.keep_with_next,
            indent=first_line(self.layout.first_line_indent_mm) if indented else "",
            align=None if paragraph.align is Align.JUSTIFY else paragraph.align,
        )

    def heading(self, heading: Heading) -> P:
        self.headings.label(heading)
        if not heading.numbered:
            return P(f"KclHeading{heading.level}", runs_xml(heading.content))
        number = (heading.level - 1, self.heading_list(heading))
        return P(f"Heading{heading.level}", runs_xml(heading.content), number=number)

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
    ) -> Iterator[P]:
        list_id = self.numbering.new_list(items.marker, items.start) if items.items else 0
        for place, item in enumerate(items.items):
            number = self.numbering.item(items.marker, items.start + place, list_id)
            yield P(
                style,
                runs_xml(item, bold=bold),
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
        left = [P("KclParent", lines_xml(parent))] if parent else []
        left += [P("KclIssuer", lines_xml(issuer))]
        left += [rule(widest * self.layout.issuer_rule_share, left_mm, self.layout)]
        right = [
            P("KclNational", lines_xml((wording.NATIONAL_NAME,))),
            P("KclMotto", lines_xml((wording.MOTTO,))),
            rule(motto_mm, right_mm, self.layout),
        ]
        number = [P("KclNumber", runs_xml(head.number))]
        place = [P("KclPlace", runs_xml(head.place_and_date))]
        widths = [twips(left_mm), twips(self.layout.text_width_mm()) - twips(left_mm)]
        rows = self.plain_row(widths, left, right) + self.plain_row(widths, number, place)
        return table_xml(widths, rows, self.layout)

    def plain_row(self, widths: list[int], *columns: list[P]) -> str:
        cells = (
            cell_xml("".join(paragraph.xml() for paragraph in column), width)
            for width, column in zip(widths, columns, strict=True)
        )
        return row_xml("".join(cells), whole=True)

    def title(self, title: Title) -> Iterator[P]:
        """The gap below is a little less than above: the next paragraph brings its own."""
        after = max(0.0, self.layout.title_gap_pt - self.layout.paragraph_gap_pt)
        yield P("Title", lines_xml(title.kind_lines))
        widest = 0.0
        if title.subject_lines:
            yield P("Subtitle", lines_xml(title.subject_lines))
            widest = max(text_width_mm(line, self.layout.subject) for line in title.subject_lines)
        column = self.layout.text_width_mm()
        if widest:
            share = self.layout.subject_rule_share
            yield rule(min(widest, column) * share, column, self.layout, after_pt=after)

    def sign_block(self, block: SignBlock) -> str:
        total = twips(self.layout.text_width_mm())
        left_width = round(total * self.layout.sign_left_share)
        recipients = parts.recipient_lines(block.recipients)
        items = ItemList(tuple((Run(line),) for line in recipients))
        left = [P("KclRecipientsLabel", lines_xml((parts.RECIPIENTS_LABEL,)))] if recipients else []
        left += self.items(items, "KclRecipients", in_cell=True)
        right = self.signature(block.capacity, (block.signer,))
        widths = [left_width, total - left_width]
        row = self.plain_row(widths, left or [P("KclRecipients", "")], right)
        return table_xml(widths, row, self.layout)

    def sign_parties(self, block: SignParties) -> str:
        parties = parts.levelled(block.parties)
        width = twips(self.layout.text_width_mm()) // max(1, len(parties))
        widths = [width] * len(parties)
        columns = [self.signature(party.capacity, party.names) for party in parties]
        return table_xml(widths, self.plain_row(widths, *columns), self.layout) if parties else ""

    def signature(self, capacity: tuple[str, ...], names: tuple[str, ...]) -> list[P]:
        first, *further = [name for name in names if name] or [""]
        signed = [self.signer(first, self.layout.sign_space_mm)]
        signed += [self.signer(name, self.layout.sign_next_mm) for name in further]
        return [P("KclCapacity", lines_xml(capacity)), *signed]

    def signer(self, name: str, room_mm: float) -> P:
        room = f'<w:spacing w:before="{twips(room_mm)}" w:after="0"/>'
        return P("KclSigner", lines_xml((name,)), spacing=room)

    # --- tables

    def table(self, table: Table, section: Section, *, keep_last: bool) -> str:
        total = twips(self.layout.text_width_mm(section.orientation))
        widths = _shared_out(total, parts.column_shares(table))
        grid = _Grid(self, widths, section, table)
        heads = parts.head_rows(table)
        rows = grid.rows(heads, head=True) + grid.rows(table.rows, head=False, keep_last=keep_last)
        caption = parts.squeezed(table.caption) or "Bảng"
        return table_xml(widths, rows, self.layout, caption=caption, head=bool(heads))

    def cell_paragraphs(self, cell: Cell, kind: RowKind, *, head: bool, keep: bool) -> str:
        style = "KclHeadCell" if head else "KclCell"
        bold = not head and parts.is_bold(cell, kind)
        written: list[P] = []
        for block in cell.blocks:
            match block:
                case Paragraph():
                    align = Align.CENTER if head else parts.cell_align(block, cell, kind)
                    written.append(
                        P(style, runs_xml(block.content, bold=bold), keep=keep, align=align)
                    )
                case ItemList():
                    written += self.items(block, style, keep_last=keep, in_cell=True, bold=bold)
                case _:
                    assert_never(block)
        return "".join(paragraph.xml() for paragraph in written or [P(style, "", keep=keep)])


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
        empty = P("KclCell", "", keep=keep).xml()
        for column, (span, _) in spanning.items():
            width = sum(self.widths[column : column + span])
            by_column[column] = cell_xml(empty, width, span=span, merge="<w:vMerge/>")
        layout = self.writer.layout
        width_mm = layout.text_width_mm(self.section.orientation)
        whole = head or kind is not RowKind.BODY
        whole = whole or parts.is_short(cells, parts.column_shares(self.table), width_mm, layout)
        return row_xml("".join(by_column[c] for c in sorted(by_column)), whole=whole, head=head)

    def cell(self, placed: parts.Placed, kind: RowKind, *, head: bool, keep: bool) -> str:
        width = sum(self.widths[placed.column : placed.column + placed.colspan])
        merge = '<w:vMerge w:val="restart"/>' if placed.rowspan > 1 else ""
        content = self.writer.cell_paragraphs(placed.cell, kind, head=head, keep=keep)
        return cell_xml(content, width, span=placed.colspan, merge=merge, middle=head)


def _shared_out(total: int, shares: list[float]) -> list[int]:
    """Return whole widths that add up to `total`."""
    edges = [round(total * sum(shares[:place])) for place in range(len(shares) + 1)]
    return [right - left for left, right in zip(edges, edges[1:], strict=False)]


def _closed(elements: list[P | str], properties: str) -> list[str]:
    """Return a section as XML; its end stands in its last paragraph, for one of its own could fill a page.

    A table cannot carry it, and the file may not end with a table either: there a paragraph without height.
    """
    if not elements or isinstance(elements[-1], str):
        elements = [*elements, tiny(properties)]
    elif properties and isinstance(last := elements[-1], P):
        elements = [*elements[:-1], replace(last, section=properties)]
    return [part if isinstance(part, str) else part.xml() for part in elements]
