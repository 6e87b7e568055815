"""The measures of an official document, in one value; every writer reads them here and nowhere else.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục I–II. Where the rule gives a range, the default is the value
that leaves most room for text, because a plan's table has nine columns.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any

from plans.documents.tree import Orientation

MM_PER_PT = 25.4 / 72

# Ascent + descent + line gap of the Times metric (1825 + 443 + 87 of 2048): what a word processor calls
# "single". CSS does not know that word, so the writer for HTML multiplies by it.
SINGLE_LINE = 1.15


class LayoutError(ValueError):
    """A stored layout that cannot be used; the message names the field, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class TextStyle:
    """Size in pt and cut of one component's text."""

    size: float
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """Every measure of the page: mm for places, pt for type and rules, shares between 0 and 1."""

    # --- paper (mục I.1–I.4)
    paper_width_mm: float = 210
    paper_height_mm: float = 297
    margin_top_mm: float = 20
    margin_bottom_mm: float = 20
    margin_left_mm: float = 30
    margin_right_mm: float = 15
    page_number: TextStyle = TextStyle(13)
    page_number_from_edge_mm: float = 10

    # --- type (mục I.5; the name is what DOCX and XLSX ask the reader's machine for)
    font_name: str = "Times New Roman"
    body: TextStyle = TextStyle(14)
    line_spacing: float = 1.1
    paragraph_gap_pt: float = 6
    first_line_indent_mm: float = 12.7
    headings: tuple[TextStyle, TextStyle, TextStyle] = (
        TextStyle(14, bold=True),
        TextStyle(14, bold=True),
        TextStyle(14),
    )

    # --- head of page one (ô 1–5a): quốc hiệu and tiêu ngữ one step apart, so 12 and 13
    letterhead_left_share: float = 0.41
    national_name: TextStyle = TextStyle(12, bold=True)
    motto: TextStyle = TextStyle(13, bold=True)
    parent_body: TextStyle = TextStyle(12)
    issuer: TextStyle = TextStyle(12, bold=True)
    issuer_rule_share: float = 0.4
    number: TextStyle = TextStyle(13)
    place_and_date: TextStyle = TextStyle(13, italic=True)
    kind: TextStyle = TextStyle(14, bold=True)
    subject: TextStyle = TextStyle(14, bold=True)
    subject_rule_share: float = 0.4
    rule_pt: float = 0.75
    title_gap_pt: float = 18

    # --- tables (the decree gives no size; 11 is what published plans use)
    table_text: TextStyle = TextStyle(11)
    table_head: TextStyle = TextStyle(11, bold=True)
    table_line_spacing: float = 1.0
    table_border_pt: float = 0.5
    cell_padding_x_mm: float = 1.2
    cell_padding_y_mm: float = 0.6
    whole_row_lines: int = 10  # a row of at most so many lines is never torn over two pages

    # --- signature (ô 7a–9b)
    recipients_label: TextStyle = TextStyle(12, bold=True, italic=True)
    recipients: TextStyle = TextStyle(11)
    capacity: TextStyle = TextStyle(13, bold=True)
    signer: TextStyle = TextStyle(14, bold=True)
    sign_left_share: float = 0.5
    sign_gap_pt: float = 12
    sign_space_mm: float = 26

    def __post_init__(self) -> None:
        for name in ("letterhead_left_share", "sign_left_share"):
            if not 0.2 <= getattr(self, name) <= 0.8:
                raise LayoutError(f"{name}: phải nằm trong khoảng 0,2 đến 0,8.")
        if self.text_width_mm() < 60 or self.line_spacing < 1 or self.body.size < 8:
            raise LayoutError("Lề, giãn dòng hoặc cỡ chữ không chừa đủ chỗ cho nội dung.")

    @property
    def sign_next_mm(self) -> float:
        """The room above each further name of a side, mm: many sign below one another, with no line between."""
        return 0.75 * self.sign_space_mm

    def paper_mm(self, orientation: Orientation) -> tuple[float, float]:
        """Return width and height of the sheet as it lies, mm."""
        paper = (self.paper_width_mm, self.paper_height_mm)
        return paper if orientation is Orientation.PORTRAIT else (paper[1], paper[0])

    def text_width_mm(self, orientation: Orientation = Orientation.PORTRAIT) -> float:
        """Return the width left for text between the margins, mm; the binding edge stays left."""
        return self.paper_mm(orientation)[0] - self.margin_left_mm - self.margin_right_mm


DEFAULT_LAYOUT = Layout()


def layout_to_dict(layout: Layout) -> dict[str, Any]:
    """Return the layout as plain values for JSON; `layout_from_dict` reads it back."""
    return asdict(layout)


def layout_from_dict(stored: dict[str, Any]) -> Layout:
    """Return the layout that `stored` describes; measures it does not name keep their default.

    Raises LayoutError for a name that is not a measure and for a value of another kind.
    """
    known = {field.name: getattr(DEFAULT_LAYOUT, field.name) for field in fields(Layout)}
    if strange := sorted(set(stored) - set(known)):
        raise LayoutError(f"Thể thức không có mục: {', '.join(strange)}.")
    return Layout(**{name: _like(known[name], value, name) for name, value in stored.items()})


def _like(default: Any, value: Any, name: str) -> Any:
    """Return `value` in the type of `default`: JSON knows neither tuples nor our dataclasses."""
    if is_dataclass(default):
        return _text_style(value, name)
    if isinstance(default, tuple):
        if not isinstance(value, list | tuple) or len(value) != len(default):
            raise LayoutError(f"{name}: phải có đúng {len(default)} kiểu chữ.")
        return tuple(_text_style(one, name) for one in value)
    wanted = str if isinstance(default, str) else int | float
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise LayoutError(f"{name}: giá trị không đúng kiểu.")
    return value


def _text_style(value: Any, name: str) -> TextStyle:
    if isinstance(value, TextStyle):
        return value
    try:
        return TextStyle(**value)
    except TypeError as error:
        raise LayoutError(f"{name}: kiểu chữ phải gồm size, bold, italic.") from error
