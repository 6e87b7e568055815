"""Dates, money, numbers and their signs in official Vietnamese; pure functions of what they are given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from plans.documents.tree import Blank, Inlines, Run, clean

NATIONAL_NAME = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"

# Điểm are lettered by the Vietnamese alphabet, so đ follows d and f, j, w, z never come (Phụ lục I, mục II.6).
LETTERS = "abcdđeghiklmnopqrstuvxy"

WORD_JOINER = "\u2060"

# Tokens a line must not break in: 19/2018/TT-BGDĐT, /KH-MNHS after a blank, 2023-2024, CB-GV-NV. Readers of a
# PDF lose a hyphen that ends a line, so the number would no longer be found. Longer tokens may break.
_UNBROKEN = re.compile(r"(?<!\S)(?=\S*\w-\w)\S{3,24}(?!\S)")
_INNER_SIGN = re.compile(r"[-/](?=\w)")


# --- dates ------------------------------------------------------------------------------------------------


def vietnamese_date(
    day: date | None, *, month: int | None = None, year: int | None = None, gap: int = 4
) -> Inlines:
    """Return "ngày 05 tháng 9 năm 2023"; what is not known is a blank of `gap` characters.

    `month` and `year` count only where `day` is None. Days below 10 and the months 1 and 2 get a leading 0,
    so that nobody can write another figure before them. Source: NĐ 30/2020/NĐ-CP, Phụ lục I, mục II.4.
    """
    if day is not None:
        return (Run(f"ngày {day.day:02d} tháng {_month(day.month)} năm {day.year}"),)
    return _joined(
        Run("ngày "),
        Blank(gap),
        Run(" tháng "),
        Run(_month(month)) if month else Blank(gap),
        Run(" năm "),
        Run(str(year)) if year else Blank(gap + 2),
    )


def place_and_date(
    place: str, day: date | None, *, month: int | None = None, year: int | None = None
) -> Inlines:
    """Return "An Phú, ngày 05 tháng 9 năm 2023": địa danh, a comma, and `vietnamese_date`."""
    return _joined(Run(f"{place.strip()}, "), *vietnamese_date(day, month=month, year=year))


def short_date(day: date) -> str:
    """Return "05/9/2023", the form used inside tables."""
    return f"{day.day:02d}/{_month(day.month)}/{day.year}"


def school_year(start: int) -> str:
    """Return "2023-2024" for the school year that begins in `start`."""
    return f"{start}-{start + 1}"


def school_year_label(start: int) -> str:
    """Return "Năm học 2023-2024"."""
    return f"Năm học {school_year(start)}"


def _month(month: int) -> str:
    return f"{month:02d}" if month < 3 else str(month)


def _joined(*inlines: Run | Blank) -> Inlines:
    """Neighbouring plain runs as one, so that trees compare by what they say."""
    joined: list[Run | Blank] = []
    for inline in inlines:
        if joined and isinstance(inline, Run) and isinstance(joined[-1], Run):
            joined[-1] = Run(joined[-1].text + inline.text)
        else:
            joined.append(inline)
    return tuple(joined)


# --- numbers of documents -----------------------------------------------------------------------------------


def document_symbol(symbol: str) -> str:
    """Return ký hiệu without stray spaces and slashes: " /KH- MNHS" → "KH-MNHS". Never refuses."""
    tight = re.sub(r"\s*([-/–])\s*", r"\1", " ".join(clean(symbol).split()))
    return tight.replace("–", "-").strip("/-")


def number_and_symbol(number: int | str, symbol: str) -> str:
    """Return "05/KH-MNHS"; a number below 10 gets its leading 0, letters stay ("20a")."""
    figures = clean(str(number)).replace(" ", "").strip("/")
    if match := re.fullmatch(r"(\d)(\D*)", figures):
        figures = f"0{match[1]}{match[2]}"
    return f"{figures}/{document_symbol(symbol)}"


def document_number(number: int | str | None, symbol: str, *, gap: int = 4) -> Inlines:
    """Return the line "Số: 05/KH-MNHS"; without a number, room for it before the slash (mục II.3)."""
    if number is None or not str(number).strip():
        return (Run("Số: "), Blank(gap), Run(f"/{document_symbol(symbol)}"))
    return (Run(f"Số: {number_and_symbol(number, symbol)}"),)


def unbroken_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of every token whose hyphens must not end a line (document numbers first)."""
    for match in _UNBROKEN.finditer(text):
        yield match.span()


def no_break(text: str) -> str:
    """Return `text` with U+2060 WORD JOINER after the hyphens and slashes of every unbroken token.

    For HTML and PDF; DOCX has a character of its own for this and asks `unbroken_spans`.
    """
    return _UNBROKEN.sub(lambda found: _INNER_SIGN.sub(rf"\g<0>{WORD_JOINER}", found[0]), text)


# --- counting -----------------------------------------------------------------------------------------------


def roman(number: int) -> str:
    """Return 1 → "I", 4 → "IV", 19 → "XIX". Raises ValueError below 1."""
    if number < 1:
        raise ValueError("Roman numerals begin at 1.")
    signs = ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I")
    values = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
    written = ""
    for sign, value in zip(signs, values, strict=True):
        written += sign * (number // value)
        number %= value
    return written


def letter(number: int) -> str:
    """Return 1 → "a", 5 → "đ", 24 → "aa": by the Vietnamese alphabet. Raises ValueError below 1."""
    if number < 1:
        raise ValueError("Letters begin at 1.")
    written = ""
    while number:
        number, place = divmod(number - 1, len(LETTERS))
        written = LETTERS[place] + written
    return written


# --- money --------------------------------------------------------------------------------------------------


def money(amount: int) -> str:
    """Return "30.000.000 đồng" for an amount in đồng."""
    return f"{amount:,}".replace(",", ".") + " đồng"


def short_money(low: int, high: int | None = None) -> str:
    """Return "30-40 triệu đồng" where both ends are whole millions, else both sums in full; amounts in đồng."""
    if high is None or high == low:
        return f"{low // 10**6} triệu đồng" if low and low % 10**6 == 0 else money(low)
    if low % 10**6 == 0 and high % 10**6 == 0:
        return f"{low // 10**6}-{high // 10**6} triệu đồng"
    return f"{money(low).removesuffix(' đồng')} - {money(high)}"
