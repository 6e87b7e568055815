"""Reads when something is done: dates, ranges, deadlines, school-year points, things that come again.

    read_time("Từ tháng 12 năm 2022 đến tháng 8 năm 2026", 2022, calendar_of)

What can be read in two ways is said to be ambiguous and given in all of them; nothing is guessed.
"""

import itertools
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from plans.phrases.calendars import CalendarOf
from plans.phrases.time_atoms import (
    Ground,
    atom_of,
    edged,
    first_named,
    month_list,
    months_of,
    place,
    placed,
    widened,
)
from plans.phrases.time_scan import Token, tokens
from plans.phrases.time_values import PRECISIONS, Atom, Duration, Span, TimeReading
from plans.phrases.words import day_words, typed

__all__ = ["PRECISIONS", "Duration", "TimeReading", "read_time"]

_DAY = timedelta(days=1)
_MOST_READINGS = 6
_RECURRING = {
    "ngay": "daily",
    "ngay lam viec": "daily",
    "tuan": "weekly",
    "thang": "monthly",
    "quy": "quarterly",
    "hoc ky": "termly",
    "hoc ki": "termly",
    "ky": "termly",
    "hk": "termly",
    "nam": "yearly",
    "nam hoc": "yearly",
}
_PLURAL = {"ngay": "days", "tuan": "weeks", "thang": "months", "quy": "quarters", "nam": "years"}
_COUNTS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
}  # fmt: skip
_UNITS = {
    "ngay lam viec": "ngày làm việc",
    "ngay": "ngày",
    "tuan": "tuần",
    "thang": "tháng",
    "nam": "năm",
    "nam hoc": "năm học",
}


@dataclass
class _Piece:
    """One time of the phrase as it is being put together: from `first` to `last`, either may be open."""

    first: Atom | None
    last: Atom | None
    exclusive: bool = False
    from_typed: bool = False


@dataclass
class _Draft:
    """What has been met so far."""

    ground: Ground
    pieces: list[_Piece] = field(default_factory=list)
    tie: str = ""
    edge: str = ""
    linked: bool = False
    recurring: str | None = None
    duration: Duration | None = None
    seen: set[str] = field(default_factory=set)
    day: int | None = None


def read_time(text: str, start_year: int, calendar_of: CalendarOf) -> TimeReading:
    """Return what `text` says of time, in a plan of the school year that begins in `start_year`.

    A month or day without a year is placed within the plan's year: from the month before school opens to the end
    of the summer. Any text gives an answer. `start_year`: 1900 to 2100; `calendar_of` must answer for any year
    from 1899 to 2101. Raises nothing of its own. Source: the ways that plans of schools write time.
    """
    phrase = typed(text)
    draft = _Draft(Ground(start_year, calendar_of))
    for token in tokens(phrase):
        _take(token, draft)
    if "clock" in draft.seen and {"weekday", "dash", "dmy"} <= draft.seen:
        return TimeReading("unread", "posted", whole=phrase.whole)
    reading = _reading(draft)
    return reading if phrase.whole else replace(reading, whole=False)


# --- putting tokens together ------------------------------------------------------------------------------


def _take(token: Token, draft: _Draft) -> None:
    draft.seen.add(token.kind)
    if len(months_of(token)) > 1 and not draft.tie:
        for month in month_list(token, draft.ground):
            one = edged(month, draft.edge, draft.ground)
            draft.pieces.append(_Piece(one, one))
        draft.edge, draft.linked = "", True
    elif (atom := atom_of(token, draft.ground)) is not None:
        _add(edged(atom, draft.edge, draft.ground), draft)
    elif token.kind in {"each", "every_n", "per", "always", "periodic", "terms"}:
        _recur(token, draft)
    elif token.kind == "duration":
        count = token.part("duration_count")
        number = _COUNTS[count] if count in _COUNTS else int(count)
        draft.duration = draft.duration or Duration(number, _UNITS[token.part("duration_unit")])
    elif token.kind == "day_no":
        draft.day = int(token.part("day_no_d"))
    else:
        _tie(token.kind, token.text, draft)


def _tie(kind: str, text: str, draft: _Draft) -> None:
    if kind in {"from", "to", "before", "until", "after", "dash"}:
        # "từ trước 30/9" says "before"; a dash that follows a word ties nothing.
        draft.tie = kind if kind != "dash" or draft.linked else draft.tie
    elif kind == "edge":
        draft.edge = text
    elif kind in {"sep", "word"}:
        draft.linked = False
        draft.edge = ""
        if draft.tie == "dash" or kind == "sep":
            draft.tie = ""


def _add(atom: Atom, draft: _Draft) -> None:
    tie, day = draft.tie, draft.day
    last = draft.pieces[-1] if draft.pieces else None
    draft.tie, draft.edge, draft.day = "", "", None
    open_range = last is not None and last.last is None
    joins = last is not None and (
        (tie == "dash" and draft.linked)
        or (tie in {"to", "until"} and (open_range or draft.linked))
        or (tie == "before" and open_range)
    )
    draft.linked = True
    if last is not None and joins and last.first is not None:
        last.last = atom
        last.exclusive = tie == "before"
    elif tie == "from" or tie == "after":
        draft.pieces.append(_Piece(_after(atom, draft.ground) if tie == "after" else atom, None))
        draft.pieces[-1].from_typed = True
    elif tie in {"to", "until", "before"}:
        draft.pieces.append(_Piece(_from_day(day, atom), atom, exclusive=tie == "before"))
    else:
        draft.pieces.append(_Piece(atom, atom))


def _from_day(day: int | None, atom: Atom) -> Atom | None:
    """Return the start of "từ ngày 5 đến ngày 10/9/2023", whose month stands behind the end; None without one."""
    if day is None or atom.precision != "day":
        return None
    ways = []
    for one in atom.ways:
        if day <= one.end.day:
            start = one.end.replace(day=day)
            ways.append(Span(start, start, day_words(start)))
    loose = atom.loose and replace(atom.loose, first_day=day, last_day=day)
    return Atom("day", tuple(ways), loose)


def _after(atom: Atom, ground: Ground) -> Atom:
    ways = tuple(
        Span(one.end + _DAY, one.end + _DAY, f"sau {one.label}", one.school_year)
        for one in placed(atom, ground)
    )
    return replace(atom, ways=ways, loose=None, kind="plain")


def _recur(token: Token, draft: _Draft) -> None:
    kind = token.kind
    if kind == "always":
        draft.recurring = "continuous"
    elif kind == "periodic":
        draft.recurring = draft.recurring or "periodic"
    elif kind == "every_n":
        count, unit = int(token.part("every_count")), token.part("every_unit")
        several = f"every_{count}_{_PLURAL.get(unit, 'terms')}"
        draft.recurring = _RECURRING[unit] if count == 1 else several
    elif kind == "per":
        count, unit = int(token.part("per_count")), token.part("per_unit")
        once = _RECURRING[unit]
        single = _PLURAL.get(unit, "terms")[:-1] if unit != "nam hoc" else "year"
        draft.recurring = once if count == 1 else f"{count}_per_{single}"
    elif kind == "each":
        draft.recurring = _RECURRING[token.part("each_unit")]
    elif draft.edge.endswith("cuoi"):
        draft.recurring = "termly"
        for number in _terms(draft.ground):
            draft.pieces.append(_Piece(number, number))
    else:
        draft.pieces.append(_Piece(_terms(draft.ground)[0], _terms(draft.ground)[1]))
    draft.edge = ""


def _terms(ground: Ground) -> tuple[Atom, Atom]:
    """Return the ends of the plan year's two terms, as points."""
    year = ground.plan_year
    first, last = year.first_term_ends_on, year.ends_on
    return (
        Atom("term", (Span(first, first, f"cuối học kỳ I năm học {year.name}", year.name),)),
        Atom("term", (Span(last, last, f"cuối học kỳ II năm học {year.name}", year.name),)),
    )


# --- placing on the calendar ------------------------------------------------------------------------------


def _reading(draft: _Draft) -> TimeReading:
    if not draft.pieces:
        return _without_dates(draft)
    # A list of two hundred dates is no time of a plan; its first ones say all that a reader could use.
    # A time typed twice is one time, and has one meaning.
    choices = list(dict.fromkeys(_ways(piece, draft.ground) for piece in draft.pieces[:24]))
    if not all(choices):
        return TimeReading("unread", "wrong_date")
    if len(choices) == 1 and len(choices[0]) > 1:
        return _ambiguous(choices[0], draft.recurring)
    combined: dict[str, TimeReading] = {}
    for parts in itertools.islice(itertools.product(*choices), _MOST_READINGS):
        one = _joined(list(parts), draft.recurring)
        combined.setdefault(one.label, one)
    readings = tuple(combined.values())
    return readings[0] if len(readings) == 1 else _ambiguous(readings, draft.recurring)


def _without_dates(draft: _Draft) -> TimeReading:
    if draft.recurring == "continuous":
        year = draft.ground.plan_year
        return TimeReading(
            "known", "recurring", year.starts_on, year.ends_on, "school_year", "school_year",
            school_year=year.name, recurring="continuous",
        )  # fmt: skip
    if draft.recurring:
        return TimeReading("known", "recurring", recurring=draft.recurring)
    if draft.duration:
        return TimeReading("known", "duration", duration=draft.duration)
    if not draft.seen or "blank" in draft.seen or draft.seen <= {"sign", "sep", "dash"}:
        return TimeReading("unread", "blank")
    return TimeReading("unread", "status" if "status" in draft.seen else "words")


def _ways(piece: _Piece, ground: Ground) -> tuple[TimeReading, ...]:
    first, last = piece.first, piece.last
    if first is last and first is not None:
        spans = placed(first, ground)
        return tuple(_known(one, first, first, one.label) for one in spans)
    if first is None and last is not None:
        return tuple(_deadline(one, last, piece.exclusive) for one in placed(last, ground))
    if last is None and first is not None:
        first = first_named(first) if first.kind == "school_one" else first
        return tuple(
            TimeReading(
                "known",
                "period",
                one.start,
                None,
                first.precision,
                school_year=None,
                label=f"từ {one.label}",
            )  # fmt: skip
            for one in placed(first, ground)
        )
    return _range(first, last, piece.exclusive, ground) if first and last else ()


def _deadline(span: Span, atom: Atom, exclusive: bool) -> TimeReading:
    end = span.start - _DAY if exclusive else span.end
    label = f"{'trước' if exclusive else 'đến'} {span.label}"
    return TimeReading(
        "known", "period", None, end, None, atom.precision,
        exclusive_end=exclusive, school_year=span.school_year, label=label,
    )  # fmt: skip


def _range(first: Atom, last: Atom, exclusive: bool, ground: Ground) -> tuple[TimeReading, ...]:
    if first.kind.startswith("school"):
        first = first_named(first) if first.kind == "school_one" else first
        if last.kind in {"year", "school_one"}:
            last = widened(last, ground)
    pairs = _pairs(first, last, ground)
    ordered = [pair for pair in pairs if pair[0].start <= pair[1].end]
    return tuple(_bounded(*pair, first, last, exclusive) for pair in ordered or pairs[:1])


def _pairs(first: Atom, last: Atom, ground: Ground) -> list[tuple[Span, Span]]:
    """Return the ways to take both bounds; a bound without a year stands as near to the other as it can."""
    if first.loose and not last.loose:
        ends = placed(last, ground)
        return [(near, end) for end in ends if (near := _near(first, end.end.year, before=end.end))]
    starts = placed(first, ground)
    if not last.loose:
        return list(itertools.product(starts, placed(last, ground)))
    pairs = [
        (start, near)
        for start in starts
        if (near := _near(last, start.start.year, after=start.start))
    ]
    # Of "tháng 8 đến tháng 12" only the first lies in the plan's year.
    inside = [pair for pair in pairs if pair[1].end <= ground.plan_year.summer_ends_on]
    return inside if first.loose and inside else pairs


def _near(
    atom: Atom, year: int, *, before: date | None = None, after: date | None = None
) -> Span | None:
    spans = [place(atom.loose, year + later) for later in (-1, 0, 1)] if atom.loose else []
    there = [span for span in spans if span]
    if before is not None:
        return next((one for one in reversed(there) if one.start <= before), None)
    return next((one for one in there if after is not None and one.end >= after), None)


def _bounded(start: Span, end: Span, first: Atom, last: Atom, exclusive: bool) -> TimeReading:
    label = f"{start.label} đến {end.label}"
    if start.start > end.end:
        span = Span(end.start, start.end, label, None)
        return replace(_known(span, last, first, label), reversed=True)
    stop = end.start - _DAY if exclusive else end.end
    same = start.school_year if start.school_year == end.school_year else None
    reading = _known(Span(start.start, stop, label, same), first, last, label)
    return replace(reading, exclusive_end=exclusive)


def _known(span: Span, first: Atom, last: Atom, label: str) -> TimeReading:
    return TimeReading(
        "known", "period", span.start, span.end,
        span.precision or first.precision, span.precision or last.precision,
        school_year=span.school_year, label=label,
    )  # fmt: skip


def _joined(parts: list[TimeReading], recurring: str | None) -> TimeReading:
    """Return a list of times as one: from the earliest start to the latest end, open where one of them is open."""
    points = tuple(dict.fromkeys(parts))
    first = min(parts, key=lambda one: (one.start is not None, one.start or date.min))
    last = max(parts, key=lambda one: (one.end is None, one.end or date.min))
    names = {one.school_year for one in parts}
    return TimeReading(
        "known",
        "recurring" if recurring else "period",
        first.start,
        last.end,
        first.start_precision,
        last.end_precision,
        exclusive_end=last.exclusive_end,
        reversed=any(one.reversed for one in parts),
        school_year=names.pop() if len(names) == 1 else None,
        recurring=recurring,
        label=", ".join(one.label for one in points),
        points=points if len(points) > 1 else (),
    )


def _ambiguous(readings: tuple[TimeReading, ...], recurring: str | None) -> TimeReading:
    first = readings[0]
    starts = {(one.start, one.start_precision) for one in readings}
    ends = {(one.end, one.end_precision) for one in readings}
    return TimeReading(
        "ambiguous",
        "period",
        first.start if len(starts) == 1 else None,
        first.end if len(ends) == 1 else None,
        first.start_precision if len(starts) == 1 else None,
        first.end_precision if len(ends) == 1 else None,
        recurring=recurring,
        readings=readings[:_MOST_READINGS],
    )
