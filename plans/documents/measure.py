"""How wide a text in the Times metric is, without opening a font: for rules, line breaks and row heights.

The widths are those of Times New Roman, which Tinos and Liberation Serif share to the unit, in thousandths
of the type size. An estimate is enough here: the writers' own engines set the lines.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from plans.documents.style import MM_PER_PT, TextStyle

_ASCII = tuple(map(chr, range(32, 127)))
# fmt: off
_REGULAR = dict(zip(_ASCII, (
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500,
    500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722,
    611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444,
    500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722,
    500, 500, 444, 480, 200, 480, 541), strict=True))
_BOLD = dict(zip(_ASCII, (
    250, 333, 555, 500, 500, 1000, 833, 278, 333, 333, 500, 570, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500,
    500, 500, 500, 500, 333, 333, 570, 570, 570, 500, 930, 722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778,
    667, 944, 722, 778, 611, 778, 722, 556, 667, 722, 722, 1000, 722, 722, 667, 333, 278, 333, 581, 500, 333, 500,
    556, 444, 556, 444, 333, 500, 556, 278, 333, 556, 278, 833, 556, 500, 556, 556, 444, 389, 333, 556, 500, 722,
    500, 500, 444, 394, 220, 394, 520), strict=True))
# fmt: on
_REGULAR |= {"Đ": 722, "đ": 500, "Ư": 776, "ư": 542, "…": 1000, "–": 500, "—": 1000}
_BOLD |= {"Đ": 722, "đ": 556, "Ư": 796, "ư": 600, "…": 1000, "–": 500, "—": 1000}


def text_width_mm(text: str, style: TextStyle) -> float:
    """Return the width of `text` on one line, mm."""
    thousandths = sum(_advance(sign, style.bold) for sign in text)
    return thousandths * style.size * MM_PER_PT / 1000


@lru_cache(maxsize=2048)
def _advance(sign: str, bold: bool) -> int:
    widths = _BOLD if bold else _REGULAR
    if sign in widths:
        return widths[sign]
    base = unicodedata.normalize("NFD", sign)[0]  # an accent adds nothing to the letter's width
    return 0 if unicodedata.combining(sign) else widths.get(base, 500)


def line_count(text: str, width_mm: float, style: TextStyle) -> int:
    """Return about how many lines `text` takes in a column of `width_mm`; at least 1."""
    return sum(_lines_of(line, width_mm, style) for line in text.split("\n"))


def _lines_of(line: str, width_mm: float, style: TextStyle) -> int:
    lines, room = 1, width_mm
    for word in line.split():
        wide = text_width_mm(word + " ", style)
        if wide > room and room < width_mm:
            lines, room = lines + 1, width_mm
        lines += int(wide // width_mm)
        room -= wide % width_mm
    return lines
