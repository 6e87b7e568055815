"""What a person typed, read as blocks: lines are paragraphs, "- " and "1." begin list items.

The convention is that of Word's own habits, so that text pasted as plain text from Word keeps its lists. Bold
is **between two stars**, italic __between two lines__; the editor's buttons set both. Anything that only looks
like a mark stays what it is: "(*)", "2 * 3", "__init" print as typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plans.documents.tree import Inlines, ItemList, Marker, Paragraph, Run, clean
from plans.documents.wording import LETTERS

_DASH = re.compile(r"[ \t]*[-–—•·▪●◦‣∙][ \t\u00a0]+(?=\S)")
_DASH_TIGHT = re.compile(r"[ \t]*[-•·▪●][ \t]*(?=[^\W\d_])")
_NUMBER = re.compile(r"[ \t]*(\d{1,3})[.)][ \t\u00a0]+(?=\S)")
_LETTER = re.compile(r"[ \t]*([a-zđ])[.)][ \t\u00a0]+(?=\S)")
_STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_EMPHASIS = re.compile(r"(?<!\w)__(?=\S)(.+?)(?<=\S)__(?!\w)")


@dataclass(frozen=True, slots=True)
class _Line:
    marker: Marker | None
    ordinal: int
    text: str  # without its mark
    typed: str  # with it


def inlines(text: str) -> Inlines:
    """Return one line of typed text as runs; never empty."""
    runs = tuple(
        Run(piece, bold=bold, italic=italic)
        for strong, bold in _split(text, _STRONG)
        for piece, italic in _split(strong, _EMPHASIS)
        if piece
    )
    return runs or (Run(""),)


def _split(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, bool]]:
    end = 0
    for match in pattern.finditer(text):
        yield text[end : match.start()], False
        yield match.group(1), True
        end = match.end()
    yield text[end:], False


def blocks(text: str) -> tuple[Paragraph | ItemList, ...]:
    """Return typed text as paragraphs and lists, in order; () for text without a visible character.

    Numbers and letters become a list only where they count on by one; "1. 3. 3." stays as typed.
    """
    lines = [_read(line) for line in clean(text).split("\n") if line.strip()]
    result: list[Paragraph | ItemList] = []
    start = 0
    while start < len(lines):
        end = _list_end(lines, start)
        if end > start:
            result.append(_item_list(lines[start:end]))
            start = end
        else:
            result.append(Paragraph(inlines(lines[start].typed.strip())))
            start += 1
    return tuple(result)


def lines(text: str) -> tuple[str, ...]:
    """Return typed text as single lines without leading dashes: recipients, legal grounds."""
    found = (_read(line) for line in clean(text).split("\n"))
    bare = (line.text if line.marker is Marker.DASH else line.typed for line in found)
    return tuple(line.strip() for line in bare if line.strip(" \t-–"))


def _read(line: str) -> _Line:
    for pattern in (_DASH, _DASH_TIGHT):
        if match := pattern.match(line):
            return _Line(Marker.DASH, 0, line[match.end() :].strip(), line)
    if match := _NUMBER.match(line):
        return _Line(Marker.NUMBER, int(match.group(1)), line[match.end() :].strip(), line)
    if (match := _LETTER.match(line)) and match.group(1) in LETTERS:
        ordinal = LETTERS.index(match.group(1)) + 1
        return _Line(Marker.LETTER, ordinal, line[match.end() :].strip(), line)
    return _Line(None, 0, line, line)


def _list_end(found: list[_Line], start: int) -> int:
    """Return the index after the list that begins at `start`; `start` itself where none does."""
    first = found[start]
    end = start
    while end < len(found) and found[end].marker is first.marker and first.marker is not None:
        if first.marker is not Marker.DASH and found[end].ordinal != first.ordinal + end - start:
            break
        end += 1
    if first.marker is Marker.LETTER and (first.ordinal != 1 or end - start < 2):
        return start
    return end


def _item_list(found: list[_Line]) -> ItemList:
    marker = found[0].marker
    assert marker is not None  # _list_end only takes marked lines
    return ItemList(
        tuple(inlines(line.text) for line in found), marker, start=max(found[0].ordinal, 1)
    )
