"""The XML of a DOCX piece by piece: runs, paragraphs, cells and tables, each in the order of the schema."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import assert_never

from plans.documents import parts, wording
from plans.documents.ooxml import points20, twips, xml_text, xml_value
from plans.documents.style import Layout
from plans.documents.tree import Align, Blank, Inline, Inlines, Run

_JUSTIFICATION = {
    Align.LEFT: "left",
    Align.CENTER: "center",
    Align.RIGHT: "right",
    Align.JUSTIFY: "both",
}
_INNER_HYPHEN = re.compile(r"-(?=\w)")
_HYPHEN_ELEMENT = "\x00"  # stands for w:noBreakHyphen; clean() leaves no such sign in a text
_KEEP = "<w:keepNext/>"

# --- inline ---------------------------------------------------------------------------------------------------


def text_xml(text: str) -> str:
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


def run_xml(inline: Inline, *, bold: bool = False) -> str:
    """Return one w:r."""
    match inline:
        case Run():
            cut = "<w:b/><w:bCs/>" if inline.bold or bold else ""
            cut += "<w:i/><w:iCs/>" if inline.italic else ""
            properties = f"<w:rPr>{cut}</w:rPr>" if cut else ""
            return f"<w:r>{properties}{text_xml(inline.text)}</w:r>"
        case Blank():
            return f'<w:r><w:t xml:space="preserve">{parts.blank_text(inline)}</w:t></w:r>'
        case _:
            assert_never(inline)


def runs_xml(inlines: Inlines, *, bold: bool = False) -> str:
    """Return the runs of a paragraph; `bold` makes all of them bold."""
    return "".join(run_xml(inline, bold=bold) for inline in inlines)


def lines_xml(lines: tuple[str, ...]) -> str:
    """Return lines as one run with breaks between them; "" for none."""
    return run_xml(Run("\n".join(lines))) if lines else ""


# --- paragraphs -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class P:
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


def tiny(section: str = "", keep: bool = False) -> P:
    """A paragraph without height, where the format wants one: after a table, or to carry a section's end."""
    spacing = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    return P("Normal", "", keep=keep, spacing=spacing, section=section)


def rule(width_mm: float, column_mm: float, layout: Layout, after_pt: float = 0) -> P:
    """A centred rule of `width_mm` in a column: a low paragraph with a line on top, moved in on both sides."""
    side = twips(max(0, (column_mm - width_mm) / 2))
    eighths = max(2, round(layout.rule_pt * 8))
    return P(
        "Normal",
        "",
        keep=True,
        border=f'<w:pBdr><w:top w:val="single" w:sz="{eighths}" w:space="0" w:color="000000"/></w:pBdr>',
        spacing=f'<w:spacing w:before="30" w:after="{points20(after_pt)}" w:line="40" w:lineRule="exact"/>',
        indent=f'<w:ind w:left="{side}" w:right="{side}"/>',
    )


# --- tables ---------------------------------------------------------------------------------------------------


def cell_xml(
    content: str, width: int, *, span: int = 1, merge: str = "", middle: bool = False
) -> str:
    """Return a w:tc of `width` twips over `span` columns; `merge` is its w:vMerge."""
    grid_span = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    align = '<w:vAlign w:val="center"/>' if middle else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{grid_span}{merge}{align}</w:tcPr>'
        f"{content}</w:tc>"
    )


def table_xml(
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


def row_xml(cells: str, *, whole: bool = False, head: bool = False) -> str:
    """Return a w:tr; `whole` keeps it on one page, `head` repeats it on each."""
    properties = ("<w:cantSplit/>" if whole else "") + ("<w:tblHeader/>" if head else "")
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{cells}</w:tr>"
