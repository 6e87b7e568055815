"""Reads the short marks of official papers: levels, progress, document and criterion numbers, abbreviations."""

import re
from dataclasses import dataclass

from plans.phrases.words import fold, typed

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_LEVELS = re.compile(
    r"\b(?:muc(?: do)?|cap do) ?((?:iv|i{1,3}|[0-9])(?: ?(?:,|-|va) ?(?:iv|i{1,3}|[0-9])){0,5})(?![a-z0-9])"
)
_LEVEL = re.compile(r"iv|i{1,3}|[0-9]")
_PERCENT = re.compile(r"(?<![0-9])(100|[0-9]{1,2})(?:[.,][0-9]{1,2})? ?%")
_NUMBER = re.compile(
    r"so ?:? ?(?P<number>[0-9]{1,6}[a-z]?)?[ …]*/ ?(?P<symbol>[\w\-/]{1,40})|(?P<bare>[0-9]{1,6}[a-z]?) ?/ ?(?P<rest>[\w\-/]{1,40})"
)
_CRITERION = re.compile(r"tieu chi ?:? ?([0-9]{1,2}) ?\. ?([0-9]{1,2})")
ABBREVIATIONS = {
    "csvc": "cơ sở vật chất",
    "bdtx": "bồi dưỡng thường xuyên",
    "xd": "xây dựng",
    "kh": "kế hoạch",
    "hsg": "học sinh giỏi",
    "khkt": "khoa học kỹ thuật",
    "pccc": "phòng cháy chữa cháy",
    "gd&dt": "giáo dục và đào tạo",
    "tbdh": "thiết bị dạy học",
    "cntt": "công nghệ thông tin",
}


@dataclass(frozen=True)
class Progress:
    """How far something is: `state` "done", "under_way", "not_done" or None; `percent` where it was typed.

    `outside_form`: the words are none of the three that the form of TT 57/2026 knows.
    """

    state: str | None
    percent: int | None = None
    outside_form: bool = False


@dataclass(frozen=True)
class DocumentNumber:
    """A document's number and symbol as typed; `number` is "" while it is still to be written by hand."""

    number: str
    symbol: str


def read_progress(text: str) -> Progress:
    """Return the state that words such as "Đang thực hiện - 40%" tell. Source: TT 57/2026, Phụ lục V, Mẫu 2."""
    phrase = typed(text).plain
    percent = int(match[1]) if (match := _PERCENT.search(phrase)) else None
    if re.search(r"\b(?:chua bat dau|chua thuc hien|chua trien khai)\b", phrase):
        return Progress("not_done", percent, outside_form=True)
    if re.search(r"\bchua (?:hoan thanh|xong|dat)\b", phrase):
        return Progress("not_done", percent)
    if re.search(r"\bdang\b", phrase):
        return Progress("under_way", percent)
    if re.search(r"\b(?:hoan thanh|da xong)\b", phrase):
        return Progress("done", percent)
    return Progress(None, percent)


def read_levels(text: str) -> tuple[int, ...]:
    """Return the levels named ("MỨC 1, 2, 3", "cấp độ III"), each once, in order; () for none."""
    found = [
        _ROMAN.get(one) or int(one)
        for part in _LEVELS.findall(typed(text).plain)
        for one in _LEVEL.findall(part)
    ]
    return tuple(dict.fromkeys(found))


def read_document_number(text: str) -> DocumentNumber | None:
    """Return the number and symbol of "20a /KH-THTM" or "Số:     /KH-MNHS"; None when there is no "/"."""
    phrase = typed(text)
    match = _NUMBER.search(phrase.plain)
    if match is None:
        return None
    group = "symbol" if match["symbol"] else "rest"
    number = match["number"] or match["bare"] or ""
    return DocumentNumber(number, phrase.text[slice(*match.span(group))])


def read_criterion(text: str) -> str:
    """Return "3.4" for "Tiêu chí 3. 4" or "Tiêu chí 3.4..."; "" when no criterion is named."""
    match = _CRITERION.search(typed(text).plain)
    return f"{int(match[1])}.{int(match[2])}" if match else ""


def read_mark(text: str) -> str:
    """Return "met" for x, "no_such_level" for *, "" for a blank cell and anything else."""
    return {"x": "met", "*": "no_such_level", "(*)": "no_such_level"}.get(fold(text), "")


def spelled_out(abbreviation: str) -> str:
    """Return the words of an abbreviation of plans ("CSVC"), "" for one that is not known."""
    return ABBREVIATIONS.get(fold(abbreviation), "")
