"""Sums as they are typed: figures, words and units brought to đồng."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from plans.phrases.words import Typed

# More than any school's plan holds, and well inside what a database column keeps.
MOST = 10**15
_TOKEN = re.compile(
    r"(?P<number>[0-9]{1,3}(?: [0-9]{3})+(?![0-9.,])|[0-9]+(?:[.,][0-9]+)*)|(?P<word>[^\W0-9_]+)|(?P<sign>\S|\n)"
)
_SCALES = {
    "ty": 10**9, "ti": 10**9, "trieu": 10**6, "tr": 10**6, "trd": 10**6,
    "nghin": 10**3, "ngan": 10**3, "k": 10**3, "dong": 1, "d": 1, "vnd": 1,
}  # fmt: skip
_DIGITS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_DIGITS_PLAIN = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
_TENS = {"mười", "mươi", "chục"}
_TENS_PLAIN = {"muoi", "chuc"}


@dataclass(frozen=True)
class Piece:
    """A token: its kind, its letters without marks, its span, and whether it touches the one before."""

    kind: str
    plain: str
    lower: str
    start: int
    end: int
    touches: bool


@dataclass(frozen=True)
class Sum:
    """An amount: `value` in its own unit until `scale` is known (None: no unit typed); tokens first..last-1."""

    value: Fraction
    scale: int | None
    first: int
    last: int
    problems: tuple[str, ...] = ()

    def dong(self, scale: int | None = None) -> int | None:
        """Return the amount in đồng, with `scale` for one that has no unit; None when there is none at all."""
        own = self.scale if self.scale is not None else scale
        if self.scale is None and self.value >= 10_000:
            own = 1  # "15.000.000 - 20 triệu": such a figure can only be đồng
        return None if own is None else round(self.value * own)


def pieces(phrase: Typed) -> list[Piece]:
    """Return the phrase's tokens in order."""
    found: list[Piece] = []
    for match in _TOKEN.finditer(phrase.plain):
        start, end = match.span()
        touches = bool(found) and found[-1].end == start
        found.append(
            Piece(match.lastgroup or "", match[0], phrase.lower[start:end], start, end, touches)
        )
    return found


def _figures(text: str) -> tuple[Fraction, tuple[str, ...]]:
    """Return a typed number: "." groups thousands and "," is the decimal mark; what is otherwise is marked."""
    text = text.replace(" ", "")
    groups = re.split(r"[.,]", text)
    thousands = all(len(one) == 3 for one in groups[1:]) and len(groups[0]) <= 3
    if len(groups) == 1:
        return Fraction(int(text[:40])), ()
    if "," not in text and thousands:
        return Fraction(int("".join(groups)[:40])), ()
    if "." not in text and thousands and (len(groups) > 2 or len(groups[0]) > 1):
        return Fraction(int("".join(groups)[:40])), ("comma_groups",)
    whole, part = "".join(groups[:-1])[:40], groups[-1][:20]
    problems = () if text[-len(groups[-1]) - 1] == "," else ("dot_decimal",)
    return Fraction(int(whole + part), 10 ** len(part)), problems


def _scale(tokens: list[Piece], at: int) -> int | None:
    """Return the unit at this place; "ngân sách" and "đóng góp" are none though their letters begin like one."""
    if at >= len(tokens) or tokens[at].kind != "word":
        return None
    piece = tokens[at]
    following = tokens[at + 1].plain if at + 1 < len(tokens) else ""
    if following in {"sach", "gop"} or (
        piece.plain == "dong" and piece.lower not in {"đồng", "dong"}
    ):
        return None
    return _SCALES.get(piece.plain)


def _tail(tokens: list[Piece], at: int, scale: int) -> tuple[Fraction, int]:
    """Return what follows a unit and belongs to it, in đồng, and the next place: "2tr5", "2 triệu rưỡi"."""
    if at >= len(tokens):
        return Fraction(0), at
    piece = tokens[at]
    if piece.plain == "ruoi":
        return Fraction(scale, 2), at + 1
    if piece.kind != "number" or not piece.plain.isdigit() or len(piece.plain) > 3:
        return Fraction(0), at
    lower = _scale(tokens, at + 1)
    if lower is not None and 1 < lower < scale:
        return Fraction(int(piece.plain) * lower), at + 2
    ends = at + 1 == len(tokens) or lower == 1 or tokens[at + 1].kind == "sign"
    if (piece.touches or ends) and scale > 1:
        return Fraction(int(piece.plain) * scale, 10 ** len(piece.plain)), at + 1
    return Fraction(0), at


def _scaled(
    tokens: list[Piece], value: Fraction, first: int, at: int, problems: tuple[str, ...]
) -> Sum:
    """Return the sum of a number that ends before token `at`, with all the units that follow it."""
    scale = _scale(tokens, at)
    if scale is None:
        return Sum(value, None, first, at, problems)
    at += 1
    more, at = _tail(tokens, at, scale)
    total = value * scale + more
    while (second := _scale(tokens, at)) is not None:
        if second == scale:
            problems = (*problems, "doubled_unit")
        elif second > scale:
            total *= second  # "2 nghìn tỷ"
        elif second > 1:
            break
        scale, at = second, at + 1
    return Sum(total, 1, first, at, problems)


def _words(tokens: list[Piece], at: int, ascii_only: bool) -> tuple[int, int] | None:
    """Return a number in words and the place behind it: "mười lăm", "hai trăm linh năm"; None where none begins."""
    digits = _DIGITS_PLAIN if ascii_only else _DIGITS
    tens = _TENS_PLAIN if ascii_only else _TENS
    hundreds = value = 0
    started = False
    pending: int | None = None
    while at < len(tokens) and tokens[at].kind == "word":
        word = tokens[at].lower
        if word in digits:
            pending = digits[word]
        elif word in tens:
            value += 10 * (1 if pending is None else pending)
            pending = None
        elif word in {"trăm", "tram"} and pending is not None:
            hundreds, pending = hundreds + 100 * pending, None
        elif not (started and word in {"linh", "lẻ"}):
            break
        started, at = True, at + 1
    return (hundreds + value + (pending or 0), at) if started else None


def sums(tokens: list[Piece], ascii_only: bool) -> Iterator[Sum]:
    """Yield the sums of a phrase in order; figures without a unit too, words only with one."""
    at = 0
    while at < len(tokens):
        piece, found = tokens[at], None
        if piece.kind == "number":
            value, problems = _figures(piece.plain)
            if value < 1000 and at + 1 < len(tokens) and tokens[at + 1].plain in {"tram", "chuc"}:
                times = 100 if tokens[at + 1].plain == "tram" else 10
                found = _scaled(tokens, value * times, at, at + 2, problems)
            else:
                found = _scaled(tokens, value, at, at + 1, problems)
        elif piece.kind == "word" and (spoken := _words(tokens, at, ascii_only)) is not None:
            number, behind = spoken
            if _scale(tokens, behind) is not None:
                found = _scaled(tokens, Fraction(number), at, behind, ())
            else:
                at = behind
                continue
        if found is not None:
            yield found
        at = found.last if found is not None else at + 1
