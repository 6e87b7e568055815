"""What a typed text holds that a rule may ask about, read once for each text and kept.

Words are compared in a settled form: lower case, the tone mark of a syllable at its end ("hòa" and "hoà" are
one word, "cũ" and "cụ" stay two), every dash a hyphen, single spaces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from plans.checking.vocabulary import EndedBody, Superseded, Vocabulary, vocabulary
from plans.text import nfc

# Texts past this length are read anew each time, so that what is kept stays small.
KEPT_LENGTH = 4000

_TONES = {"\u0300": "2", "\u0301": "1", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
# From the beginning of a word only: a long word without a tone would be walked from each of its letters.
_WITH_TONE = re.compile(
    "(?<![a-zđ\u0302\u0306\u031b])[a-zđ\u0302\u0306\u031b]*[\u0300\u0301\u0309\u0303\u0323][a-zđ\u0302\u0306\u031b]*"
)
_TONE = re.compile(
    "[a-zđ\u0302\u0306\u031b]*[\u0300\u0301\u0309\u0303\u0323][a-zđ\u0302\u0306\u031b]*"
)
_TONE = re.compile("[\u0300\u0301\u0309\u0303\u0323]")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_SPACES = re.compile(r"[^\S\n]+")
_CLAUSES = re.compile(r"[.;:!?\n]+")
_YEARS = re.compile(r"(?<!\d)(20\d\d) ?- ?(20\d\d)(?!\d)")
_NUMBERED = re.compile(r"^[ \t]*(?:(\d{1,2})|([IVX]{1,5}))[.)][ \t]+(?=\S)", re.MULTILINE)
_LONG_NUMBER = re.compile(
    r"(?<![\w.,/-])(?:\d{9,12}|0\d{2,3}(?:[ .]\d{3}){2}\d?)(?![\w/-])(?! ?(?:đ|vn|triệu|tr\b))",
    re.IGNORECASE,
)
_LEGAL = re.compile(r"(?<![\w/])\d{1,5}[a-z]?/(?:\d{4}/)?[A-ZĐ]{2,}[A-ZĐ0-9&]*(?:-[A-ZĐ0-9&]+)*")
_FOLLOWING = re.compile(r"(?:[^\S\n]+[^\W_]+){1,5}")
_ROMAN = {"I": 1, "V": 5, "X": 10}


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What one text holds; each "" or () when there is nothing of the kind.

    `key` is for comparing texts word for word. `weakness`, `leftover` and `long_number` are as a message may
    quote them. `years` are first years of school years named, `years_now`
    those of them in a sentence that does not look back; `jumps` are pairs (number before, number).
    """

    key: str
    settled: str
    weakness: str
    years: tuple[int, ...]
    years_now: tuple[int, ...]
    schools: tuple[str, ...]
    jumps: tuple[tuple[int, int], ...]
    leftover: str
    long_number: str
    official_line: tuple[str, str]
    spelling: tuple[str, str]
    ended_bodies: tuple[tuple[str, EndedBody], ...]
    legal_numbers: tuple[str, ...]


def settle(text: str) -> str:
    """Return `text` for comparing words; line breaks stay."""
    bare = _WITH_TONE.sub(_tone_last, unicodedata.normalize("NFD", text.lower()))
    settled = _DASHES.sub("-", unicodedata.normalize("NFC", bare))
    return _SPACES.sub(" ", settled).strip()


def _tone_last(match: re.Match[str]) -> str:
    word = match.group()
    return _TONE.sub("", word) + "".join(_TONES[tone] for tone in _TONE.findall(word))


def read(text: str) -> TextFacts:
    """Return what `text` holds. Any text gives an answer."""
    return _kept(text) if len(text) <= KEPT_LENGTH else _facts(text)


@lru_cache(maxsize=8192)
def _kept(text: str) -> TextFacts:
    return _facts(text)


def _facts(text: str) -> TextFacts:
    text = nfc(text)
    settled = settle(text)
    words = _words()
    return TextFacts(
        key=" ".join(re.findall(r"\w+", settled)),
        settled=settled,
        weakness=_weakness(settled, words),
        years=_years(settled),
        years_now=tuple(
            year
            for sentence in _CLAUSES.split(settled)
            if not words.back.search(sentence)
            for year in _years(sentence)
        ),
        schools=tuple(_schools(text, words)),
        jumps=tuple(_jumps(text)),
        leftover=_first(words.leftover, text),
        long_number=_first(_LONG_NUMBER, text),
        official_line=_official_line(text, words),
        spelling=next((pair for pair in words.data.spellings if pair[0] in text), ("", "")),
        ended_bodies=tuple(_ended_bodies(settled, words)),
        legal_numbers=tuple(_LEGAL.findall(_DASHES.sub("-", text))),
    )


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found.group().strip() if found else ""


# --- the vocabulary as patterns ---------------------------------------------------------------------------


class WordFinder:
    """Finds the first of some words in settled text and says how the vocabulary writes it."""

    def __init__(self, words: Iterable[str]) -> None:
        self._written = {settle(word): word for word in words}
        longest_first = sorted(self._written, key=len, reverse=True)
        self._pattern = re.compile(
            rf"(?<!\w)(?<!\w-)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"
        )

    def search(self, settled: str) -> re.Match[str] | None:
        """Return the first match, None for none."""
        return self._pattern.search(settled)

    def finditer(self, settled: str) -> Iterator[re.Match[str]]:
        """Yield every match, in order."""
        return self._pattern.finditer(settled)

    def written(self, settled: str) -> str:
        """Return the first word found as the vocabulary writes it, "" for none."""
        found = self.search(settled)
        return self._written[found.group()] if found else ""

    def all_written(self, settled: str) -> list[str]:
        """Return every word found, in order."""
        return [self._written[match.group()] for match in self.finditer(settled)]


@dataclass(frozen=True, slots=True)
class _Words:
    data: Vocabulary
    clause_end: WordFinder
    weak: WordFinder
    soft: WordFinder
    achieved: WordFinder
    turns: WordFinder
    denials: WordFinder
    back: WordFinder
    leftover: re.Pattern[str]
    school: re.Pattern[str]
    official: Mapping[str, str]
    bodies: tuple[tuple[WordFinder, EndedBody], ...]


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = vocabulary()
    kinds = "|".join(re.escape(kind) for kind in sorted(data.school_kinds, key=len, reverse=True))
    weak = data.weakness
    return _Words(
        data=data,
        clause_end=WordFinder(data.clause_ends),
        weak=WordFinder(weak.words),
        soft=WordFinder(weak.soft),
        achieved=WordFinder(weak.achieved),
        turns=WordFinder(weak.turns),
        denials=WordFinder(weak.denials),
        back=WordFinder(data.looking_back_words),
        leftover=re.compile("|".join(f"(?:{pattern})" for pattern in data.leftovers)),
        school=re.compile(rf"(?i:\btrường\s+(?:{kinds}))(?=\s)"),
        official={_letters(line): line for line in data.official_lines},
        bodies=tuple((WordFinder(body.words), body) for body in data.ended_bodies),
    )


def superseded(number: str) -> Superseded | None:
    """Return what replaced the document `number`, None when nothing is known to have."""
    return vocabulary().superseded.get(number)


# --- one question each ------------------------------------------------------------------------------------


def _weakness(settled: str, words: _Words) -> str:
    """Return the first word that says what is weak in a clause that does not turn it, "" for none."""
    for sentence in _CLAUSES.split(settled):
        for clause in _parted(sentence, words.clause_end):
            for finder in (words.weak, words.soft):
                found = finder.search(clause)
                if found is None or (finder is words.soft and words.achieved.search(clause)):
                    continue
                if not _turned(clause[: found.start()], words):
                    return finder.written(clause)
    return ""


def _parted(sentence: str, at: WordFinder) -> Iterator[str]:
    start = 0
    for found in at.finditer(sentence):
        yield sentence[start : found.start()]
        start = found.end()
    yield sentence[start:]


def _turned(before: str, words: _Words) -> bool:
    near = " ".join(before.split()[-2:])
    return words.turns.search(before) is not None or words.denials.search(near) is not None


def _years(settled: str) -> tuple[int, ...]:
    """Return the first years of the school years named; pairs of another kind are periods."""
    return tuple(int(a) for a, b in _YEARS.findall(settled) if int(b) == int(a) + 1)


def _schools(text: str, words: _Words) -> Iterator[str]:
    """Yield proper names of schools: the capitalised words after "Trường Mầm non" and its like."""
    for match in words.school.finditer(text):
        name: list[str] = []
        following = _FOLLOWING.match(text, match.end())
        for word in following.group().split() if following else ():
            if not (word[0].isupper() or (name and word.isdigit())):
                break
            name.append(word)
        if (
            len(name) > 1
        ):  # one capital alone begins a sentence or names a level as often as a school
            yield " ".join(name)


def _jumps(text: str) -> Iterator[tuple[int, int]]:
    """Yield each place where typed numbers do not count on by one; a new list may begin at 1."""
    last: dict[bool, int] = {}
    for arabic, roman in _NUMBERED.findall(text):
        kind, number = bool(roman), int(arabic) if arabic else _roman(roman)
        before = last.get(kind)
        if before is not None and number not in (1, before + 1):
            yield before, number
        last[kind] = number


def _roman(letters: str) -> int:
    values = [_ROMAN[letter] for letter in letters]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))


def _letters(line: str) -> str:
    return "".join(re.findall(r"\w+", settle(line)))


def _official_line(text: str, words: _Words) -> tuple[str, str]:
    """Return (the line as typed, the official one) for a line of the letterhead typed into the text."""
    for line in text.split("\n"):
        if len(line) < 80 and (official := words.official.get(_letters(line))):
            return line.strip(), official
    return "", ""


def _ended_bodies(settled: str, words: _Words) -> Iterator[tuple[str, EndedBody]]:
    for finder, body in words.bodies:
        if written := finder.written(settled):
            yield written, body
