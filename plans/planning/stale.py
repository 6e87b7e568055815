"""Years that a text still names although its plan is for a later one: where they stand, and what one click makes
of them. Pure functions of a text and a year; nothing is changed unless somebody says so.

A plan for năm học 2026-2027 (`year` 2026) that was begun with the words of 2025-2026 (`back` 1) still says
"năm học 2025-2026", "tháng 9/2025", "31/5/2026". Such words are mentions. A mention carries what would stand in
its place where that is beyond doubt: the same words, `back` years on. It carries nothing where a new date would
be an invented fact: the date of a numbered document or of a biên bản, a year long gone, a year that the new plan
covers as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

# A school year is prepared from August on; what lies before belongs to the year before.
FIRST_MONTH = 8

_DASH = r"\s{0,2}[-–—−‐‑/]\s{0,2}"
_YEAR = r"(?:19|20)\d\d"
_NOT_A_NUMBER = r"(?!\d|/\w|-?[A-ZĐ])"  # 15/2025/TT-BGDĐT is a document, not a month
_PATTERNS = (
    ("school_year", rf"(?<![\d/])(?P<y1>{_YEAR}){_DASH}(?P<y2>{_YEAR})(?!\d)"),
    ("short", rf"[Nn]ăm\s+học\s+(?P<s1>\d\d){_DASH}(?P<s2>\d\d)(?!\d)"),
    (
        "words",
        rf"(?:[Nn]gày\s+(?P<d1>\d{{1,2}})\s+)?[Tt]háng\s+(?P<m1>\d{{1,2}})\s+năm\s+(?P<y3>{_YEAR})(?!\d)",
    ),
    (
        "numbers",
        rf"(?<![\d/])(?P<d2>\d{{1,2}})\s?[/.-]\s?(?P<m2>\d{{1,2}})\s?[/.-]\s?(?P<y4>{_YEAR}){_NOT_A_NUMBER}",
    ),
    (
        "month",
        rf"(?:[Tt]háng\s+)?(?<![\d/.-])(?P<m3>\d{{1,2}})\s?[/-]\s?(?P<y5>{_YEAR}){_NOT_A_NUMBER}",
    ),
    ("quarter", rf"[Qq]uý\s+(?P<q>IV|I{{1,3}}|[1-4])\s?(?:/|-|\s+năm\s+)\s?(?P<y6>{_YEAR})(?!\d)"),
    ("year", rf"[Nn]ăm\s+(?P<y7>{_YEAR})(?!\d|{_DASH}\d)"),
)
_MENTION = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _PATTERNS))
# "Quyết định số 57/QĐ-THBM ngày 08 tháng 9 năm 2025": the date belongs to the number before it.
_NUMBERED = re.compile(r"\d[a-zđ]?\s?/\s?(?:\d{4}\s?/\s?)?[A-ZĐ][\w&]*[^.;\n]{0,30}\Z")
# "tại biên bản kiểm tra ngày 14/04/2026", "sau kiểm tra ngày 14/04/2026": a record's date is a fact, too.
_RECORDED = re.compile(
    r"(?:biên\s+bản(?:\s+(?:kiểm\s+tra|giám\s+sát|làm\s+việc|họp))?(?:\s+lập)?|sau\s+(?:buổi\s+)?kiểm\s+tra)"
    r"\s+(?:ngày\s+)?\Z",
    re.IGNORECASE,
)
_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4}


@dataclass(frozen=True, slots=True)
class Mention:
    """A year of the past in a text: where (`start` to `end`, half open), its words, what one click would write.

    `shifted` is None where the program cannot know; a person has to read the sentence then.
    """

    start: int
    end: int
    words: str
    shifted: str | None


# A page of a hundred rows asks of a thousand texts, each time the same; what a text names never changes.
@lru_cache(maxsize=8192)
def stale_mentions(
    text: str, *, year: int, back: int = 1, past: bool = False, lines: bool = False
) -> tuple[Mention, ...]:
    """Return the mentions of years before the school year that begins in `year`, in text order; () is clean.

    `back` is how many years ago the text was written; dates older than that are history and left alone. `past`
    says that the text reports what has been: the year before is then its subject, and nothing in it is moved,
    for a moved fact is an invented one. `lines` says that the text lists numbered documents: only school years
    count there, and none is moved. Any text at all is read in linear time; raises nothing.
    """
    about = year - back if past else year
    found: list[Mention] = []
    floor: date | None = (
        None  # where the line's last date was moved to: no later one may come before it
    )
    here = 0
    for match in _MENTION.finditer(text):
        if "\n" in text[here : match.start()]:
            floor = None
        here = match.end()
        mention = _read(match, text, about, back, floor, past)
        if mention is None or (lines and _school_year(match) is None):
            continue
        if past or lines:
            mention = Mention(mention.start, mention.end, mention.words, None)
        found.append(mention)
        floor = (_moment_of(mention.shifted) if mention.shifted else None) or floor
    return tuple(found)


def shifted(text: str, mentions: Iterable[Mention]) -> str:
    """Return `text` with each mention that carries a proposal replaced by it; the rest to the letter."""
    for mention in sorted(mentions, key=lambda one: one.start, reverse=True):
        if mention.shifted is not None:
            text = text[: mention.start] + mention.shifted + text[mention.end :]
    return text


def _school_year(match: re.Match[str]) -> int | None:
    """Return the first year of a school year that was matched; None for anything else, a longer period too."""
    first, second = match["y1"] or match["s1"], match["y2"] or match["s2"]
    if first is None or int(second) != int(first) + 1:
        return None
    return int(first) if len(first) == 4 else 2000 + int(first)


def _read(
    match: re.Match[str], text: str, about: int, back: int, floor: date | None, past: bool
) -> Mention | None:
    """Return what was matched as a mention; None where it names no year of the past."""
    words = match[0]
    if match["y1"] or match["s1"]:
        named = _school_year(match)
        if named is None or named >= about or (past and named < about - back):
            return None
        fits = named + back == about
        return Mention(match.start(), match.end(), words, _moved(words, back) if fits else None)
    moment = _moment(match)
    if moment is None or moment < date(about - back, FIRST_MONTH, 1):
        return None
    # "Từ 05/9/2025 đến 31/8/2026": the end moves with the beginning, though by itself it would be in time.
    behind = floor is not None and moment < floor
    if not behind and moment >= date(about, FIRST_MONTH, 1):
        return None
    if match["y7"] and moment.year >= about:
        return None  # "năm 2026" lies in both school years
    return Mention(match.start(), match.end(), words, _proposal(match, text, about, back))


def _proposal(match: re.Match[str], text: str, about: int, back: int) -> str | None:
    """Return a date moved on; None for a bare year, a document's date, a day that the later year has not."""
    begin = match.start()
    before = (max(0, begin - 60), begin)
    if match["y7"] or _NUMBERED.search(text, *before) or _RECORDED.search(text, *before):
        return None
    words = _moved(match[0], back)
    moment = _moment_of(words)
    last = date(about + 1, 12, 31)
    return words if moment and date(about, FIRST_MONTH, 1) <= moment <= last else None


def _moment_of(words: str) -> date | None:
    match = _MENTION.fullmatch(words)
    return _moment(match) if match else None


def _moment(match: re.Match[str]) -> date | None:
    """Return the day, or the first day of the last month, that a match speaks of; None where no calendar has it."""
    years = (match[name] for name in ("y3", "y4", "y5", "y6", "y7"))
    year = int(next(filter(None, years), 0))  # 0, which no calendar has, for a school year
    day = int(match["d1"] or match["d2"] or 1)
    month = int(match["m1"] or match["m2"] or match["m3"] or 12)
    if match["q"]:
        month = 3 * (_QUARTERS.get(match["q"]) or int(match["q"]))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _moved(words: str, back: int) -> str:
    """Return the words with every year in them `back` years on; what stands between is kept to the letter."""
    return re.sub(r"(?<!\d)\d+(?!\d)", lambda found: _year_on(found, words, back), words)


def _year_on(found: re.Match[str], words: str, back: int) -> str:
    digits = found[0]
    short_pair = re.match(r"[Nn]ăm\s+học\s+\d\d(?!\d)", words) is not None
    if len(digits) == 4 or short_pair:
        return f"{int(digits) + back:0{len(digits)}d}"
    return digits
