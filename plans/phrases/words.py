"""Shared by the readers: typed text in one form, with and without its marks, character beside character.

A part of the ground: it knows no room and no other part, so it brings text to NFC itself.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

# Cells hold 20,000 characters, but a time, a sum or a list of people is short: what lies beyond is not read,
# and the reading says so. It bounds the work whatever is pasted.
READ_LIMIT = 400

_BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"
_DASHES = "\u2212\u30fc\u2500"
_LEADERS = re.compile(r"[._…]{2,}|…")
_SPACES = re.compile(r" {2,}")
_AROUND_BREAK = re.compile(r" ?\n[ \n]*")


class _Table(dict[int, str | None]):
    """A table for str.translate that works out a character when it is first met."""

    def __init__(self, character: Callable[[str], str | None]) -> None:
        super().__init__()
        self._character = character

    def __missing__(self, code: int) -> str | None:
        answer = self._character(chr(code))
        if code < 0x2100:  # all that Vietnamese is written with; the rest of Unicode is not kept
            self[code] = answer
        return answer


def _bare(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _clean(character: str) -> str | None:
    category = unicodedata.category(character)
    if character in _BREAKS:
        return "\n"
    if category == "Zs" or character == "\t":
        return " "
    if category == "Pd" or character in _DASHES:
        return "-"
    if category in {"Mn", "Me", "Cc", "Cf", "Cs"}:
        return None
    # Full-width forms and the like become plain ones; "½" stays, for it is more than one character.
    wide = unicodedata.normalize("NFKC", character)
    return wide if len(wide) == 1 else character


def _lower(character: str) -> str:
    lower = character.lower()
    return lower if len(lower) == 1 else character


def _plain(character: str) -> str:
    if character in "đĐ":
        return "d"
    bare = _bare(character)
    return _lower(bare if len(bare) == 1 else character)


_CLEAN, _LOWER, _PLAIN = _Table(_clean), _Table(_lower), _Table(_plain)


@dataclass(frozen=True)
class Typed:
    """Typed text three times, each of the same length, so that a span of one is a span of the others.

    `text` keeps case and marks, `lower` the marks, `plain` neither. Odd spaces, dashes and leaders ("....") are
    one space, "-" and "…"; line breaks are "\\n". `whole` is False when the text was longer than READ_LIMIT.
    """

    text: str
    lower: str
    plain: str
    whole: bool

    def spelt(self, start: int, end: int, *words: str) -> bool:
        """Say whether this span is one of `words` (lower case), or one of them typed without any mark.

        Told apart so: "quý" and "quỹ", "từ" and "tư", "hè" and "hệ".
        """
        typed = self.lower[start:end]
        return typed in words or typed == self.plain[start:end]


def typed(text: str, *, gaps: bool = False) -> Typed:
    """Return `text` ready for reading; `gaps` keeps runs of spaces as two, for they part people in a list.

    Decomposed text and the two ways to place a tone mark give the same `plain`. Raises nothing.
    """
    composed = unicodedata.normalize("NFC", text[: 3 * READ_LIMIT])
    clean = composed[:READ_LIMIT].translate(_CLEAN)
    clean = _LEADERS.sub("…", clean)
    clean = _SPACES.sub("  " if gaps else " ", clean)
    clean = _AROUND_BREAK.sub("\n", clean).strip()
    whole = len(text) <= 3 * READ_LIMIT and len(composed) <= READ_LIMIT
    return Typed(clean, clean.translate(_LOWER), clean.translate(_PLAIN), whole)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return `text` as its `plain` form: lower case, no marks, đ as d, single spaces."""
    return typed(text).plain


def day_words(day: date) -> str:
    """Return a date as it is written in plans: "05/9/2026", "10/01/2027" (a zero before 1–9, months 1 and 2)."""
    return f"{day.day:02}/{month_words(day.month)}/{day.year}"


def month_words(month: int) -> str:
    """Return a month as it is written in dates: "01", "02", then "3" to "12"."""
    return f"{month:02}" if month < 3 else str(month)


def school_year_words(start_year: int) -> str:
    """Return "2023-2024" for 2023."""
    return f"{start_year}-{start_year + 1}"
