"""The parts of a DOCX that no document changes: styles, numbering, settings; made from the layout.

Style ids are plain ASCII: LibreOffice dissolves a whole table whose cells name an id it cannot find.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from plans.documents import wording
from plans.documents.marks import QR_MM
from plans.documents.ooxml import points20, twips, xml_text, xml_value
from plans.documents.style import Layout, TextStyle
from plans.documents.tree import CheckMark, Marker

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

HEADING_LIST = 1  # numId of the headings
_ABSTRACT = {None: 0, Marker.DASH: 1, Marker.NUMBER: 2, Marker.LETTER: 3}
_LAST_COMMON_LETTER = 4  # a b c d: then Vietnamese goes on with đ, and Word cannot


# --- styles ---------------------------------------------------------------------------------------------------


def run_properties(style: TextStyle) -> str:
    """Return the w:rPr children of a style's type."""
    cut = ("<w:b/><w:bCs/>" if style.bold else "") + ("<w:i/><w:iCs/>" if style.italic else "")
    half_points = round(style.size * 2)
    return f'{cut}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def spacing(before_pt: float = 0, after_pt: float = 0, lines: float = 1) -> str:
    """Return w:spacing; `lines` in single lines."""
    return (
        f'<w:spacing w:before="{points20(before_pt)}" w:after="{points20(after_pt)}" '
        f'w:line="{round(240 * lines)}" w:lineRule="auto"/>'
    )


@dataclass(frozen=True, slots=True)
class _Style:
    id: str
    name: str
    type: TextStyle
    paragraph: str  # children of w:pPr in the order of the schema
    based_on: str = "Normal"


def styles_xml(layout: Layout) -> str:
    """Return styles.xml: the defaults, what Word itself expects, and one style for each component."""
    styles = (*_content_styles(layout), *_head_styles(layout), *_end_styles(layout))
    return f"<w:styles {W}>{_defaults(layout)}{''.join(map(_style_xml, styles))}</w:styles>"


def _defaults(layout: Layout) -> str:
    name = xml_value(layout.font_name)
    fonts = f"<w:rFonts w:ascii={name} w:hAnsi={name} w:eastAsia={name} w:cs={name}/>"
    language = '<w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/>'
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts}{run_properties(layout.body)}{language}</w:rPr></w:rPrDefault>"
        f"<w:pPrDefault><w:pPr><w:widowControl/>{spacing()}</w:pPr></w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
    )


def _style_xml(style: _Style) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{style.id}"><w:name w:val="{style.name}"/>'
        f'<w:basedOn w:val="{style.based_on}"/><w:qFormat/>'
        f"<w:pPr>{style.paragraph}</w:pPr><w:rPr>{run_properties(style.type)}</w:rPr></w:style>"
    )


def _content_styles(layout: Layout) -> tuple[_Style, ...]:
    running = spacing(layout.paragraph_gap_pt, lines=layout.line_spacing)
    table = spacing(lines=layout.table_line_spacing)
    indent = first_line(layout.first_line_indent_mm)
    tail = f'{running}{indent}<w:jc w:val="left"/>'
    heads = [
        _Style(
            f"{id_}{level}", f"{name} {level}", style, _heading_properties(level, numbered, tail)
        )
        for level, style in enumerate(layout.headings, 1)
        for id_, name, numbered in (
            ("Heading", "heading", True),
            ("KclHeading", "KCL Heading", False),
        )
    ]
    return (
        _Style("KclText", "KCL Text", layout.body, f'{running}<w:jc w:val="both"/>'),
        _Style("KclItem", "KCL Item", layout.body, f'{running}{indent}<w:jc w:val="both"/>'),
        *heads,
        _Style("KclCell", "KCL Cell", layout.table_text, table),
        _Style("KclHeadCell", "KCL Head Cell", layout.table_head, f'{table}<w:jc w:val="center"/>'),
        _Style("Header", "header", layout.page_number, f'{spacing()}<w:jc w:val="center"/>'),
        _Style("Footer", "footer", TextStyle(9), f'{spacing()}<w:textAlignment w:val="center"/>'),
    )


def _heading_properties(level: int, numbered: bool, tail: str) -> str:
    """A heading without a number has a style of its own: numId 0, the other way, validators call broken."""
    number = f'<w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="{HEADING_LIST}"/></w:numPr>'
    return (
        f"<w:keepNext/><w:keepLines/>{number if numbered else ''}{tail}"
        f'<w:outlineLvl w:val="{level - 1}"/>'
    )


def _head_styles(layout: Layout) -> tuple[_Style, ...]:
    def centred(before_pt: float = 0, lines: float = 1.0) -> str:
        return f'<w:keepNext/>{spacing(before_pt, lines=lines)}<w:jc w:val="center"/>'

    return (
        _Style("KclParent", "KCL Parent Body", layout.parent_body, centred()),
        _Style("KclIssuer", "KCL Issuer", layout.issuer, centred()),
        _Style("KclNational", "KCL National Name", layout.national_name, centred()),
        _Style("KclMotto", "KCL Motto", layout.motto, centred()),
        _Style("KclNumber", "KCL Number", layout.number, centred(6)),
        _Style("KclPlace", "KCL Place And Date", layout.place_and_date, centred(6)),
        _Style("Title", "Title", layout.kind, centred(layout.title_gap_pt, layout.line_spacing)),
        _Style("Subtitle", "Subtitle", layout.subject, centred(lines=layout.line_spacing)),
    )


def _end_styles(layout: Layout) -> tuple[_Style, ...]:
    gap = layout.sign_gap_pt
    centred = '<w:jc w:val="center"/>'
    return (
        _Style("KclRecipientsLabel", "KCL Recipients Label", layout.recipients_label, spacing(gap)),
        _Style("KclRecipients", "KCL Recipients", layout.recipients, spacing()),
        _Style(
            "KclCapacity", "KCL Capacity", layout.capacity, f"<w:keepNext/>{spacing(gap)}{centred}"
        ),
        _Style("KclSigner", "KCL Signer", layout.signer, f"{spacing()}{centred}"),
    )


def first_line(indent_mm: float) -> str:
    """Return w:ind with the first line moved in by `indent_mm`."""
    return f'<w:ind w:left="0" w:firstLine="{twips(indent_mm)}"/>'


# --- numbering ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Numbering:
    """Hands out the numbers of lists and writes numbering.xml; each list counts for itself."""

    layout: Layout
    lists: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._add(_ABSTRACT[None], "")  # HEADING_LIST

    def _add(self, abstract: int, overrides: str) -> int:
        number = len(self.lists) + 1
        self.lists.append(
            f'<w:num w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>{overrides}</w:num>'
        )
        return number

    def new_list(self, marker: Marker, start: int) -> int:
        """Return the numId of a list that begins at `start`."""
        return self._add(_ABSTRACT[marker], _restart(0, start))

    def item(self, marker: Marker, ordinal: int, list_id: int) -> int:
        """Return the numId of one item: the list's own, or a fixed letter where Word would count wrongly."""
        if marker is Marker.LETTER and ordinal > _LAST_COMMON_LETTER:
            return self._add(
                _ABSTRACT[marker], _fixed(0, f"{wording.letter(ordinal)})", self.layout)
            )
        return list_id

    def headings_from(self, level: int, count: int) -> int:
        """Return the numId of headings that begin anew at `count`; level 3 past d) has fixed letters."""
        if level == 3 and count > _LAST_COMMON_LETTER:
            return self._add(_ABSTRACT[None], _fixed(2, f"{wording.letter(count)})", self.layout))
        return self._add(_ABSTRACT[None], _restart(level - 1, count))

    def xml(self) -> str:
        return f"<w:numbering {W}>{_abstracts(self.layout)}{''.join(self.lists)}</w:numbering>"


def _restart(level: int, start: int) -> str:
    return f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride>'


def _fixed(level: int, text: str, layout: Layout) -> str:
    return f'<w:lvlOverride w:ilvl="{level}">{_level(level, "none", text, layout)}</w:lvlOverride>'


def _level(level: int, format_: str, text: str, layout: Layout, style: str = "") -> str:
    linked = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{format_}"/>{linked}<w:suff w:val="space"/>'
        f'<w:lvlText w:val={xml_value(text)}/><w:lvlJc w:val="left"/>'
        f"<w:pPr>{first_line(layout.first_line_indent_mm)}</w:pPr></w:lvl>"
    )


def _abstracts(layout: Layout) -> str:
    heads = (("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"))
    levels = "".join(
        _level(place, format_, text, layout, f"Heading{place + 1}")
        for place, (format_, text) in enumerate(heads)
    )
    lists = {1: ("bullet", "-"), 2: ("decimal", "%1."), 3: ("lowerLetter", "%1)")}
    return _abstract(0, "multilevel", levels) + "".join(
        _abstract(number, "singleLevel", _level(0, format_, text, layout))
        for number, (format_, text) in lists.items()
    )


def _abstract(number: int, kind: str, levels: str) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:nsid w:val="4B434C{number:02X}"/>'
        f'<w:multiLevelType w:val="{kind}"/><w:tmpl w:val="4B434D{number:02X}"/>{levels}</w:abstractNum>'
    )


# --- the rest -------------------------------------------------------------------------------------------------

# Mode 15 is Word 2013 and later: the table's edge, not its text, stands on the margin, as in the PDF.
SETTINGS_XML = (
    f'<w:settings {W}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="vi-VN"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
)

FONT_TABLE_XML = (
    f'<w:fonts {W}><w:font w:name="Times New Roman"><w:panose1 w:val="02020603050405020304"/>'
    '<w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>'
)

HEADER_XML = (
    f'<w:hdr {W}><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:hdr>'
)


_DRAWING = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_EMU_PER_MM = 36_000


def footer_xml(check: CheckMark, picture_id: str) -> str:
    """Return the footer of an issued document: the QR code that `picture_id` names, and the lines beside it."""
    side, words = round(QR_MM * _EMU_PER_MM), xml_value(check.description)
    picture = (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{side}" cy="{side}"/>'
        f'<wp:docPr id="1" name="QR" descr={words}/><a:graphic><a:graphicData uri="{_PICTURE}"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="1" name="QR" descr={words}/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{picture_id}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{side}" cy="{side}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )
    words = xml_text("  " + " – ".join(check.lines))
    return (
        f'<w:ftr {W} {R} {_DRAWING}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{picture}'
        f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p></w:ftr>'
    )
