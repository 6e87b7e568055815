"""Reads what something costs and who pays: "30-40 triệu/năm", "Không có", "xã hội hóa"."""

import re
from dataclasses import dataclass, replace

from plans.phrases.amounts import MOST, Piece, Sum, pieces, sums
from plans.phrases.sources import SOURCES, found_sources
from plans.phrases.words import Typed, typed

__all__ = ["PROBLEMS", "SOURCES", "MoneyPart", "MoneyReading", "read_money"]

# What a person should look at again, and how it is said.
PROBLEMS = {
    "reversed": "hai số viết ngược thứ tự",
    "doubled_unit": "đơn vị viết hai lần",
    "dot_decimal": "dấu chấm được hiểu là dấu thập phân",
    "comma_groups": "dấu phẩy được hiểu là dấu phân nhóm nghìn",
    "no_unit": "chưa rõ đơn vị tiền",
    "too_wide": "hai số quá xa nhau",
    "too_big": "số quá lớn",
    "per_unit": "là mức cho mỗi đơn vị, chưa phải tổng số",
    "open_sums": "có khoản chỉ nêu mức thấp nhất và có khoản chỉ nêu mức cao nhất",
    "mixed_years": "có khoản mỗi năm và có khoản một lần",
}
_NOT_READ = {"no_unit", "too_wide", "too_big"}

_ZERO = re.compile(
    r"(?:khong|0|khong (?:co|can|ton|su dung|phat sinh|mat)(?: kinh phi| chi phi| tien)?|khong (?:kinh|chi) phi"
    r"|mien phi)[ .;,!]{0,3}"
)
_UNKNOWN = re.compile(
    r"chua (?:co|ro|xac dinh|biet|duyet)|khong (?:ro|xac dinh)|theo thuc te|thuc te phat sinh|tuy tinh hinh"
)
_RESOURCE = re.compile(
    r"(?<![0-9.])[0-9][0-9.]{0,12} ?(?:gio|tiet|buoi|nguoi|bo|may|cai|chiec|quyen|cuon|phong|bai|tai lieu|ngay|tuan|thang|lan|giao vien|gv)"
    r"(?![a-z])[^,;\n]{0,80}"
)
_RANGE = {"-", "~", "den", "toi", "hoac"}
_RANGE_MORE = {"toi", "da", "nhieu", "nhat", "khoang", "khong", "qua", "muc"}
_ABOUT = {"khoang", "tam", "uoc", "co", "gan", "chung", "xap", "~", "kien", "tinh"}
_BELOW = (
    "duoi",
    "khong qua",
    "toi da",
    "nhieu nhat",
    "cao nhat",
    "khong vuot qua",
    "<",
    "≤",
    "den",
)
_ABOVE = ("hon", "tren", "it nhat", "toi thieu", "thap nhat", ">", "≥", "tu")
_YEARLY = re.compile(
    r" ?(?:dong )?(?:/ ?(?:1 ?|mot )?|moi |hang |mot |1 )nam(?: hoc)?(?![a-z0-9]| [0-9])"
)
_EACH = re.compile(
    r" ?(?:/ ?(?:1 |mot )?|moi |mot |1 )"
    r"(?P<unit>lop|thang|hoc sinh|hs|em|chau|tre|nguoi|gv|giao vien|bo|cai|chiec|may|lan|dot|hoc ky|ky|tuan|ngay"
    r"|buoi|tiet|phong|m2|quyen|cuon|suat|diem truong|khoi|to)(?![a-z0-9])"
)  # fmt: skip
_TIMES = re.compile(
    r" ?(?:x|×|\*|trong) ?(?P<count>[0-9]{1,4}) ?(?P<unit>nam(?: hoc)?|[a-z]{0,12})(?![a-z0-9])"
)
_BEFORE_YEAR = re.compile(r"(?:moi|hang) nam[ :,]{0,3}(?:khoang |la |can )?$")
_TIMES_BEFORE = re.compile(r"(?P<count>[0-9]{1,4}) ?(?P<unit>[a-z]{0,12}) ?[x×*] ?$")


@dataclass(frozen=True)
class MoneyPart:
    """One sum of a phrase and the sources that stand with it; đồng, None is an open side."""

    min: int | None
    max: int | None
    sources: tuple[str, ...] = ()
    per_year: bool = False


@dataclass(frozen=True)
class MoneyReading:
    """What a phrase says of money.

    `state`: "zero" (said to cost nothing), "known" or "unknown" (blank, a source alone, or not to be read).
    `min`, `max`: đồng, the same for a single sum, None on the open side of "dưới …" or "hơn …".
    `per_year`: the sum comes every year, `years` times where that is said. `estimate`: "khoảng".
    `sources`: keys of SOURCES in their order. `parts`: the sums behind a total, when there are several.
    `each`: (min, max, unit) of "200 nghìn/lớp", which is no total, so that `state` is "unknown".
    `resources`: hours, lessons and things, which are no money. `problems`: keys of PROBLEMS; `unread`: the phrase
    has words or figures but no money, no source and no resource, or a sum that cannot be meant as it stands.
    `whole` is False for text too long to be read to its end.
    """

    state: str
    min: int | None = None
    max: int | None = None
    per_year: bool = False
    estimate: bool = False
    sources: tuple[str, ...] = ()
    years: int | None = None
    parts: tuple[MoneyPart, ...] = ()
    each: tuple[int | None, int | None, str] | None = None
    resources: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    unread: bool = False
    whole: bool = True

    @property
    def reversed(self) -> bool:
        """Say whether the bounds were typed the wrong way round; here they stand in order."""
        return "reversed" in self.problems


@dataclass(frozen=True)
class _Amount:
    """One sum or range with what is said about it, and its span of the text."""

    min: int | None
    max: int | None
    start: int
    end: int
    problems: tuple[str, ...] = ()
    estimate: bool = False
    per_year: bool = False
    years: int | None = None
    unit: str = ""


def read_money(text: str) -> MoneyReading:
    """Return what `text` says of money, in đồng; any text gives an answer. Raises nothing.

    Blank is unknown and not zero. Source: the ways that plans of schools write "Dự kiến kinh phí".
    """
    phrase = typed(text)
    plain = phrase.plain
    sources = tuple(dict.fromkeys(key for _, _, key in found_sources(plain)))
    if _ZERO.fullmatch(plain):
        return MoneyReading("zero", 0, 0, whole=phrase.whole)
    amounts = _amounts(phrase)
    if not amounts:
        return replace(_without_sum(phrase, sources), whole=phrase.whole)
    return replace(_total(amounts, phrase, sources), whole=phrase.whole)


def _without_sum(phrase: Typed, sources: tuple[str, ...]) -> MoneyReading:
    plain = phrase.plain
    resources = tuple(
        phrase.text[one.start() : one.end()].strip() for one in _RESOURCE.finditer(plain)
    )
    words = re.search(r"[^\W_]", plain) is not None and plain not in {
        "o trong",
        "(o trong)",
        "trong",
        "(trong)",
    }
    unread = words and not sources and not resources and not _UNKNOWN.search(plain)
    bare = re.fullmatch(r"[0-9., \-]+", plain) is not None
    problems = ("no_unit",) if bare and words else ()
    return MoneyReading(
        "unknown", sources=sources, resources=resources, problems=problems, unread=unread
    )


# --- sums and ranges --------------------------------------------------------------------------------------


def _amounts(phrase: Typed) -> list[_Amount]:
    tokens = pieces(phrase)
    found = _whole_sums(tokens, list(sums(tokens, phrase.lower == phrase.plain)))
    amounts: list[_Amount] = []
    at = 0
    while at < len(found):
        one, other = found[at], found[at + 1] if at + 1 < len(found) else None
        if other is not None and _tied(tokens, one, other):
            amount = _between(tokens, one, other)
            at += 1
        else:
            amount = _single(tokens, one)
        at += 1
        if amount is not None:
            amounts.append(_described(amount, phrase))
    return amounts


def _whole_sums(tokens: list[Piece], found: list[Sum]) -> list[Sum]:
    """Return the sums with "hai mươi triệu năm trăm nghìn" as one, and none said again in words behind its figures."""
    whole: list[Sum] = []
    for one in found:
        last = whole[-1] if whole else None
        if last and last.scale and one.scale and last.last == one.first and one.value < last.value:
            whole[-1] = replace(last, value=last.value + one.value, last=one.last)
        elif last and one.scale and one.value == last.value and tokens[one.first].kind == "word":
            continue
        else:
            whole.append(one)
    return whole


def _tied(tokens: list[Piece], one: Sum, other: Sum) -> bool:
    between = [piece.plain for piece in tokens[one.last : other.first]]
    tied = 0 < len(between) <= 4 and between[0] in _RANGE and _RANGE_MORE.issuperset(between[1:])
    return tied and (one.scale or other.scale) is not None


def _between(tokens: list[Piece], one: Sum, other: Sum) -> _Amount | None:
    scale = _last_scale(tokens, other)
    low, high = one.dong(scale), other.dong(scale)
    if low is None or high is None:
        return None
    problems = one.problems + other.problems
    if low > high:
        low, high, problems = high, low, (*problems, "reversed")
        if high >= 100 * max(low, 1):
            problems = (*problems, "too_wide")  # "500-1 triệu": nobody can tell which unit 500 has
    return _Amount(low, high, tokens[one.first].start, tokens[other.last - 1].end, problems)


def _last_scale(tokens: list[Piece], other: Sum) -> int | None:
    """Return the first unit typed after the second figure, which holds for the first figure as well."""
    if other.scale is None:
        return None
    own = Sum(other.value, None, other.first, other.last)
    for piece in tokens[own.first : own.last]:
        scale = {
            "ty": 10**9,
            "ti": 10**9,
            "trieu": 10**6,
            "tr": 10**6,
            "trd": 10**6,
            "nghin": 10**3,
        }.get(piece.plain)
        scale = scale or {"ngan": 10**3, "k": 10**3}.get(piece.plain)
        if scale:
            return scale
    return 1


def _single(tokens: list[Piece], one: Sum) -> _Amount | None:
    value = one.dong()
    if value is None:
        return None
    following = tokens[one.last].kind if one.last < len(tokens) else ""
    if one.scale is None and (following == "word" or value > 10**12):
        return None  # "12.000 quyển": figures without a unit are a number of something else
    return _Amount(value, value, tokens[one.first].start, tokens[one.last - 1].end, one.problems)


def _described(amount: _Amount, phrase: Typed) -> _Amount:
    """Return the amount with what stands around it: about, at most, at least, per year, times."""
    before, after = (
        phrase.plain[max(0, amount.start - 40) : amount.start],
        phrase.plain[amount.end :],
    )
    words = re.findall(r"[^\W_]+|[~<>≤≥]", before.rpartition("\n")[2])[-3:]
    amount = replace(amount, estimate=bool(_ABOUT & set(words)))
    if amount.min == amount.max:
        amount = _one_sided(amount, " ".join(words), after)
    amount = _counted(amount, phrase, before)
    if any(bound is not None and bound > MOST for bound in (amount.min, amount.max)):
        return replace(amount, min=None, max=None, problems=(*amount.problems, "too_big"))
    return amount


def _one_sided(amount: _Amount, before: str, after: str) -> _Amount:
    if before.endswith(_BELOW) or after.lstrip().startswith("tro xuong"):
        return replace(amount, min=None)
    if before.endswith(_ABOVE[:-1]) or after.lstrip().startswith("tro len"):
        return replace(amount, max=None)
    return amount


def _counted(amount: _Amount, phrase: Typed, before: str) -> _Amount:
    after = phrase.plain[amount.end :]
    if (yearly := _YEARLY.match(after)) is not None or _BEFORE_YEAR.search(before):
        amount = replace(amount, per_year=True)
        after = after[yearly.end() :] if yearly else after
    elif (each := _EACH.match(after)) is not None:
        at = amount.end + each.start("unit")
        amount = replace(amount, unit=phrase.lower[at : at + len(each["unit"])])
        after = after[each.end() :]
    times = _TIMES.match(after) or _TIMES_BEFORE.search(before)
    if times is None:
        return amount
    count = int(times["count"])
    if times["unit"].startswith("nam"):
        return replace(amount, per_year=True, years=count)
    return replace(
        amount,
        unit="",
        min=None if amount.min is None else amount.min * count,
        max=None if amount.max is None else amount.max * count,
    )


# --- the whole phrase -------------------------------------------------------------------------------------


def _segments(plain: str, amounts: list[_Amount]) -> list[int]:
    """Return where the phrase is cut into parts: at , ; + line breaks, brackets and "và", outside of the sums."""
    cuts = [one.start() for one in re.finditer(r"[,;+()\n]|\bva\b", plain)]
    return [cut for cut in cuts if not any(one.start <= cut < one.end for one in amounts)]


def _parts(amounts: list[_Amount], plain: str) -> tuple[MoneyPart, ...]:
    cuts = _segments(plain, amounts)
    named: dict[int, list[str]] = {}
    for start, _, key in found_sources(plain):
        named.setdefault(sum(cut <= start for cut in cuts), []).append(key)
    return tuple(
        MoneyPart(
            one.min,
            one.max,
            tuple(dict.fromkeys(named.get(sum(cut <= one.start for cut in cuts), []))),
            one.per_year,
        )
        for one in amounts
    )


def _without_total(amounts: list[_Amount]) -> list[_Amount]:
    """Return the sums without one that is only the total of the others ("30 triệu (20 triệu …, 10 triệu …)")."""
    for at in (0, len(amounts) - 1):
        rest = amounts[:at] + amounts[at + 1 :]
        total = amounts[at]
        if (
            len(rest) > 1
            and total.min == _sum([one.min for one in rest])
            and total.max == _sum([one.max for one in rest])
        ):
            return rest
    return amounts


def _sum(bounds: list[int | None]) -> int | None:
    known = [bound for bound in bounds if bound is not None]
    return sum(known) if len(known) == len(bounds) else None


def _bounds(amounts: list[_Amount]) -> tuple[int | None, int | None]:
    """Return the least and the most of all sums together; "hơn 20 triệu, tối đa 30 triệu" is one range."""
    if len(amounts) == 2:
        one, other = amounts
        floor, ceiling = one.min, other.max
        if one.max is None and other.min is None and (floor or 0) <= (ceiling or 0):
            return floor, ceiling
    return _sum([one.min for one in amounts]), _sum([one.max for one in amounts])


def _total(amounts: list[_Amount], phrase: Typed, sources: tuple[str, ...]) -> MoneyReading:
    typed_total = phrase.plain.rfind("=")
    if typed_total >= 0 and amounts[-1].start > typed_total and len(amounts) > 1:
        amounts = amounts[-1:]
    amounts = _without_total(amounts)
    problems = tuple(dict.fromkeys(problem for one in amounts for problem in one.problems))
    parts = _parts(amounts, phrase.plain)
    base = MoneyReading(
        "unknown",
        estimate=any(one.estimate for one in amounts),
        sources=sources,
        parts=parts if len(parts) > 1 else (),
        problems=problems,
        unread=bool(_NOT_READ & set(problems)),
    )
    if base.unread:
        return base
    if any(one.unit for one in amounts):
        first = next(one for one in amounts if one.unit)
        each = (first.min, first.max, first.unit)
        return replace(base, each=each, problems=(*problems, "per_unit"))
    if len({one.per_year for one in amounts}) > 1:
        return replace(base, problems=(*problems, "mixed_years"))
    low, high = _bounds(amounts)
    if low is None and high is None:
        return replace(base, problems=(*problems, "open_sums"))
    return replace(
        base,
        state="zero" if low == 0 and high == 0 else "known",
        min=low,
        max=high,
        per_year=amounts[0].per_year,
        years=amounts[0].years,
    )
