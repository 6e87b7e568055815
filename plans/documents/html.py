"""Tree → HTML: a whole page for the PDF, and a fragment without any style of its own for the screen.

The fragment stands inside a page of the site under a policy that forbids inline styles, so everything it wants
is a class of `official.css`; widths of columns are attributes of <col>, which the policy does not touch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from importlib import resources
from typing import assert_never

from plans.documents import parts, wording
from plans.documents.marks import QR_MM, qr_svg
from plans.documents.style import DEFAULT_LAYOUT, SINGLE_LINE, Layout, TextStyle
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
    Party,
    Row,
    RowKind,
    Run,
    Section,
    SignBlock,
    SignParties,
    Table,
    Title,
)

# The PDF engine looks at all of a text that is left for every line it sets, so long ones are handed over in
# pieces: else a cell of 100,000 signs costs minutes. A "word" of 400 signs is no word and may break anywhere.
_LONG_TEXT = 600
_PIECE = re.compile(r"(?s:.{1,200})(?:(?<=\s)|$)|(?s:.{100})")
_GIANT = re.compile(r"\S{400,}")
_ZERO_WIDTH = "\u200b"

# Ids of the lines above and below the signature on paper, so that its place can be found (`pdf_with_place`).
CAPACITY_ID, SIGNER_ID = "chuc-vu-nguoi-ky", "ho-ten-nguoi-ky"


def party_name_id(number: int) -> str:
    """Return the id of the line of the `number`th name below the sides of a record, from 1."""
    return f"ben-ky-{number}"


def html_page(
    document: Document,
    layout: Layout = DEFAULT_LAYOUT,
    *,
    font_faces: str = "",
    printable: Callable[[str], str] = str,
) -> str:
    """Return the whole HTML page that the PDF is made of.

    `font_faces` are @font-face rules for the family "KCL Serif"; `printable` exchanges what that font lacks.
    """
    body = _foot(document) + "".join(_Writer(document, layout, printable=printable).sections())
    author = f'<meta name="author" content="{_escaped(printable(document.author))}">'
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">'
        f"<title>{_escaped(printable(document.title))}</title>{author if document.author else ''}"
        f"<style>{font_faces}{print_css(layout)}</style></head>"
        f'<body class="official">{body}</body></html>'
    )


def html_fragment(
    document: Document, layout: Layout = DEFAULT_LAYOUT, *, heading_offset: int = 1
) -> str:
    """Return the document as one <div class="official"> for the site's preview; needs `screen_css`.

    With `heading_offset` 1 the document's title is an <h2>, because the page around it has the <h1>.
    """
    writer = _Writer(document, layout, heading_offset=heading_offset, for_screen=True)
    return f'<div class="official" lang="vi">{"".join(writer.sections())}{_foot(document)}</div>'


def _foot(document: Document) -> str:
    """Return what every page bears at its foot on paper, and the screen once at the end; "" for a draft."""
    if document.check is None:
        return ""
    lines = "".join(f"<p>{_escaped(line)}</p>" for line in document.check.lines)
    return f'<div class="check">{qr_svg(document.check)}<div>{lines}</div></div>'


def print_css(layout: Layout = DEFAULT_LAYOUT) -> str:
    """Return the stylesheet of the printed page: `official.css` with the measures of `layout`."""
    return f"{_page_rules(layout)}\n{_shared_css(layout)}"


def screen_css(layout: Layout = DEFAULT_LAYOUT) -> str:
    """Return the stylesheet of the preview; everything in it lies below the class `official`."""
    return f"{_shared_css(layout)}\n{_read_css('official-screen.css')}"


# --- style ----------------------------------------------------------------------------------------------------


def _shared_css(layout: Layout) -> str:
    """`official.css` with each var(--name) set: a custom property would be resolved for every box."""
    values = css_values(layout)
    return re.sub(r"var\(--([a-z0-9-]+)\)", lambda m: values[m[1]], _read_css("official.css"))


def _read_css(name: str) -> str:
    text = resources.files("plans.documents").joinpath(name).read_text(encoding="utf-8")
    return re.sub(r"\s*/\*.*?\*/", "", text, flags=re.DOTALL)


def css_values(layout: Layout) -> dict[str, str]:
    """Return what stands for each var(--…) of `official.css`."""
    return _css_fonts(layout) | {
        "family": '"KCL Serif", "Times New Roman", Times, serif',
        "gap": f"{layout.paragraph_gap_pt:g}pt",
        "indent": f"{layout.first_line_indent_mm:g}mm",
        "rule": f"{layout.rule_pt:g}pt solid",
        "border-width": f"{layout.table_border_pt:g}pt",
        "issuer-rule": f"{100 * layout.issuer_rule_share:g}%",
        "subject-rule": f"{100 * layout.subject_rule_share:g}%",
        "title-gap": f"{layout.title_gap_pt:g}pt",
        "letterhead-left": f"{100 * layout.letterhead_left_share:g}%",
        "sign-left": f"{100 * layout.sign_left_share:g}%",
        "sign-gap": f"{layout.sign_gap_pt:g}pt",
        "sign-space": f"{layout.sign_space_mm:g}mm",
        "sign-next": f"{layout.sign_next_mm:g}mm",
        "qr": f"{QR_MM:g}mm",
        "cell-padding": f"{layout.cell_padding_y_mm:g}mm {layout.cell_padding_x_mm:g}mm",
    }


def _css_fonts(layout: Layout) -> dict[str, str]:
    running, table = layout.line_spacing, layout.table_line_spacing
    fonts = {
        "body": _font(layout.body, running),
        "national": _font(layout.national_name),
        "motto": _font(layout.motto),
        "parent": _font(layout.parent_body),
        "issuer": _font(layout.issuer),
        "number": _font(layout.number),
        "place": _font(layout.place_and_date),
        "kind": _font(layout.kind, running),
        "subject": _font(layout.subject, running),
        "table": _font(layout.table_text, table),
        "table-head": _font(layout.table_head, table),
        "recipients-label": _font(layout.recipients_label),
        "recipients": _font(layout.recipients),
        "capacity": _font(layout.capacity),
        "signer": _font(layout.signer),
    }
    fonts |= {f"h{level}": _font(style, running) for level, style in enumerate(layout.headings, 1)}
    return {f"font-{name}": font for name, font in fonts.items()}


def _font(style: TextStyle, line_spacing: float = 1.0) -> str:
    slope, weight = "italic" if style.italic else "normal", "bold" if style.bold else "normal"
    return f"{slope} {weight} {style.size:g}pt/{SINGLE_LINE * line_spacing:.4g}"


def _page_rules(layout: Layout) -> str:
    """@page for both ways to lie. Each section names its page: one left `auto` stays on the sheet before it."""
    margins = (
        layout.margin_top_mm,
        layout.margin_right_mm,
        layout.margin_bottom_mm,
        layout.margin_left_mm,
    )
    margin = " ".join(f"{side:g}mm" for side in margins)
    number = (
        f"content:counter(page);font:{_font(layout.page_number)} 'KCL Serif';vertical-align:top;"
        f"padding-top:{layout.page_number_from_edge_mm:g}mm"
    )
    named = "".join(
        f"@page {way.value}{{size:{layout.paper_mm(way)[0]:g}mm {layout.paper_mm(way)[1]:g}mm;margin:{margin}}}"
        f".pages-{way.value}{{page:{way.value}}}"
        for way in Orientation
    )
    foot = "content:element(check);vertical-align:top;padding-top:2mm"
    return f"@page{{@top-center{{{number}}}@bottom-left{{{foot}}}}}.check{{position:running(check);white-space:nowrap}}@page :first{{@top-center{{content:none}}}}{named}.new-page{{break-before:page}}body{{margin:0}}"


# --- inline ---------------------------------------------------------------------------------------------------


def _escaped(text: str) -> str:
    return escape(text, quote=True)


def _broken(text: str) -> str:
    """Give giant words places to break, U+200B, which no reader sees."""
    return _GIANT.sub(lambda found: _ZERO_WIDTH.join(found[0]), text)


def _markup(text: str) -> str:
    """Return text as HTML; a long one as a row of <span>, cut between words where it has any."""
    if len(text) <= _LONG_TEXT:
        return _escaped(text).replace("\n", "<br>")
    pieces = map(_escaped, _PIECE.findall(_broken(text)))
    return "".join(f"<span>{piece}</span>" for piece in pieces).replace("\n", "<br>")


def _cell_classes(placed: parts.Placed, kind: RowKind, head: bool) -> str:
    classes = ["edge"] if placed.column == 0 else []
    classes += ["strong"] if not head and parts.is_bold(placed.cell, kind) else []
    return f' class="{" ".join(classes)}"' if classes else ""


# --- blocks ---------------------------------------------------------------------------------------------------

_ALIGN = {
    Align.LEFT: "left",
    Align.CENTER: "center",
    Align.RIGHT: "right",
    Align.JUSTIFY: "justify",
}


@dataclass(slots=True)
class _Writer:
    """Writes one document; holds the count of its headings."""

    document: Document
    layout: Layout
    heading_offset: int = 0
    for_screen: bool = False
    printable: Callable[[str], str] = str
    numbers: parts.HeadingNumbers = field(init=False)
    party_names: int = 0

    def __post_init__(self) -> None:
        self.numbers = parts.HeadingNumbers.fresh(below_title=parts.has_title(self.document))

    def sections(self) -> Iterator[str]:
        for section in parts.merged_sections(self.document):
            blocks = "".join(self.block(block, section) for block in section.blocks)
            tag = "div" if self.for_screen else "section"
            fresh = " new-page" if section.new_page else ""
            yield f'<{tag} class="pages-{section.orientation.value}{fresh}">{blocks}</{tag}>'

    def block(self, block: Block, section: Section) -> str:
        match block:
            case Letterhead():
                return self.letterhead(block)
            case Title():
                return self.title(block)
            case Paragraph():
                return self.paragraph(block)
            case Heading():
                return self.heading(block)
            case ItemList():
                return self.items(block)
            case Table():
                return self.table(block, section)
            case SignBlock():
                return self.sign_block(block)
            case SignParties():
                return self.sign_parties(block)
            case _:
                assert_never(block)

    # --- text

    def text(self, text: str) -> str:
        return _markup(wording.no_break(self.printable(parts.squeezed(text))))

    def inline(self, inline: Inline) -> str:
        match inline:
            case Run():
                text = self.text(inline.text)
                text = f"<i>{text}</i>" if inline.italic else text
                return f"<b>{text}</b>" if inline.bold else text
            case Blank():
                return f'<span class="blank">{parts.blank_text(inline)}</span>'
            case _:
                assert_never(inline)

    def inlines(self, inlines: Inlines) -> str:
        return "".join(map(self.inline, inlines))

    def lines(self, lines: tuple[str, ...]) -> str:
        return "<br>".join(map(self.text, lines))

    def paragraph(self, paragraph: Paragraph) -> str:
        classes = [_ALIGN[paragraph.align]]
        classes += ["indent"] if paragraph.indent and paragraph.align is Align.JUSTIFY else []
        classes += ["keep"] if paragraph.keep_with_next else []
        return f'<p class="{" ".join(classes)}">{self.inlines(paragraph.content)}</p>'

    def heading(self, heading: Heading) -> str:
        tag = f"h{min(6, self.numbers.outline_depth(heading) + self.heading_offset)}"
        label = self.numbers.label(heading)
        label = f"{label} " if label else ""
        return f'<{tag} class="h{heading.level}">{label}{self.inlines(heading.content)}</{tag}>'

    def items(self, items: ItemList) -> str:
        tag = "ul" if items.marker.value == "dash" else "ol"
        start = f' start="{items.start}"' if tag == "ol" and items.start != 1 else ""
        lines = "".join(f"<li>{self.inlines(item)}</li>" for item in items.items)
        return f'<{tag} class="{items.marker.value}"{start}>{lines}</{tag}>' if lines else ""

    # --- official parts

    def letterhead(self, head: Letterhead) -> str:
        left_mm, _ = parts.letterhead_column_mm(self.layout)
        parent = parts.balanced_lines(head.parent_body, left_mm, self.layout.parent_body)
        issuer = parts.balanced_lines(head.issuer, left_mm, self.layout.issuer)
        number = f'<p class="number">{self.inlines(head.number)}</p>' if head.number else ""
        return (
            '<div class="letterhead"><div class="letterhead-row"><div class="letterhead-left">'
            + (f'<p class="parent">{self.lines(parent)}</p>' if parent else "")
            + f'<p class="issuer"><span>{self.lines(issuer)}</span></p></div>'
            f'<div class="letterhead-right"><p class="national">{wording.NATIONAL_NAME}</p>'
            f'<p class="motto"><span>{wording.MOTTO}</span></p></div></div>'
            f'<div class="letterhead-row"><div class="letterhead-left">{number}</div>'
            f'<div class="letterhead-right"><p class="place">{self.inlines(head.place_and_date)}</p></div>'
            "</div></div>"
        )

    def title(self, title: Title) -> str:
        tag = f"h{min(6, 1 + self.heading_offset)}"
        subject = f'<p class="subject"><span>{self.lines(title.subject_lines)}</span></p>'
        return (
            f'<div class="title"><{tag} class="kind">{self.lines(title.kind_lines)}</{tag}>'
            f"{subject if title.subject_lines else ''}</div>"
        )

    def sign_block(self, block: SignBlock) -> str:
        recipients = parts.recipient_lines(block.recipients)
        items = "".join(f"<li>{self.text(line)}</li>" for line in recipients)
        label = f'<p class="recipients-label">{parts.RECIPIENTS_LABEL}</p>'
        left = f'{label}<ul class="dash">{items}</ul>' if items else ""
        right = self.signature(block)
        return (
            f'<div class="sign"><div class="sign-left">{left}</div>'
            f'<div class="sign-right">{right}</div></div>'
        )

    def sign_parties(self, block: SignParties) -> str:
        sides = "".join(
            f'<div class="party">{self.party(party)}</div>'
            for party in parts.levelled(block.parties)
        )
        return f'<div class="sign">{sides}</div>'

    def party(self, party: Party) -> str:
        """Below a side each name has its own room to sign; the first one's is what lies below the capacity."""
        first, *further = [self.party_name(name) for name in party.names if name] or [""]
        rest = "".join(f'<div class="further"><div></div>{name}</div>' for name in further)
        return f'<p class="capacity">{self.lines(party.capacity)}</p>{first}{rest}'

    def party_name(self, name: str) -> str:
        self.party_names += 1
        return f'<p class="signer"{self.id(party_name_id(self.party_names))}>{self.text(name)}</p>'

    def signature(self, block: SignBlock) -> str:
        signer = f'<p class="signer"{self.id(SIGNER_ID)}>{self.text(block.signer)}</p>'
        return (
            f'<p class="capacity"{self.id(CAPACITY_ID)}>{self.lines(block.capacity)}</p>'
            f"{signer if block.signer else ''}"
        )

    def id(self, name: str) -> str:
        """Return the attribute by which a line is found on paper; the page on the screen has ids of its own."""
        return "" if self.for_screen else f' id="{name}"'

    # --- tables

    def table(self, table: Table, section: Section) -> str:
        body = self.rows(table, table.rows, section, head=False)
        head = self.rows(table, parts.head_rows(table), section, head=True)
        caption = f"<caption>{self.text(table.caption)}</caption>" if self.for_screen else ""
        inner = (
            f"{caption}<colgroup>{self.columns(table)}</colgroup>"
            f"{f'<thead>{head}</thead>' if head else ''}<tbody>{body}</tbody>"
        )
        wide = ' class="wide"' if len(table.columns) > 6 else ""
        return self.scrolling(table, f"<table{wide}>{inner}</table>")

    def scrolling(self, table: Table, inner: str) -> str:
        """On a telephone the table scrolls in a frame of its own, which the keyboard can reach."""
        if not self.for_screen:
            return inner
        label = _escaped(parts.squeezed(table.caption)) or "Bảng"
        return f'<div class="table-scroll" role="region" tabindex="0" aria-label="{label}">{inner}</div>'

    def columns(self, table: Table) -> str:
        shares = [f"{100 * share:.2f}%" for share in parts.column_shares(table)]
        if self.for_screen:
            return "".join(f'<col width="{share}">' for share in shares)
        return "".join(f'<col style="width:{share}">' for share in shares)

    def rows(self, table: Table, rows: tuple[Row, ...], section: Section, *, head: bool) -> str:
        return "".join(
            self.row(placed, table, section, head) for placed in self.placed(table, rows)
        )

    def placed(self, table: Table, rows: tuple[Row, ...]) -> list[parts.PlacedRow]:
        return parts.placed_rows(rows, len(table.columns))

    def row(self, placed: parts.PlacedRow, table: Table, section: Section, head: bool) -> str:
        row, cells = placed
        width = self.layout.text_width_mm(section.orientation)
        classes = [] if row.kind is RowKind.BODY else [row.kind.value]
        if not head and parts.is_short(cells, parts.column_shares(table), width, self.layout):
            classes.append("whole")
        named = f' class="{" ".join(classes)}"' if classes else ""
        return f"<tr{named}>{''.join(self.cell(cell, row.kind, head) for cell in cells)}</tr>"

    def cell(self, placed: parts.Placed, kind: RowKind, head: bool) -> str:
        content = "".join(
            self.cell_block(block, placed.cell, kind, head) for block in placed.cell.blocks
        )
        tag = "th" if head and content else "td"
        spans = f' colspan="{placed.colspan}"' if placed.colspan > 1 else ""
        spans += f' rowspan="{placed.rowspan}"' if placed.rowspan > 1 else ""
        scope = f' scope="{"colgroup" if placed.colspan > 1 else "col"}"' if tag == "th" else ""
        return f"<{tag}{scope}{spans}{_cell_classes(placed, kind, head)}>{content}</{tag}>"

    def cell_block(self, block: Paragraph | ItemList, cell: Cell, kind: RowKind, head: bool) -> str:
        match block:
            case Paragraph():
                align = Align.CENTER if head else parts.cell_align(block, cell, kind)
                named = "" if align is Align.LEFT else f' class="{_ALIGN[align]}"'
                return f"<p{named}>{self.inlines(block.content)}</p>"
            case ItemList():
                return self.items(block)
            case _:
                assert_never(block)
