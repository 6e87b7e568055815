"""From a token to the time it names, placed on the calendar of the plan's school year."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from plans.phrases.calendars import Calendar, CalendarOf
from plans.phrases.time_scan import Token
from plans.phrases.time_values import Atom, Loose, Span
from plans.phrases.words import day_words, month_words

NO_SUCH_DAY = Atom("day")
_NUMBER = re.compile(r"[0-9]+|\b(?:iv|i{1,3})\b")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "mot": 1, "hai": 2, "nhat": 1}


@dataclass(frozen=True)
class Ground:
    """What a phrase is placed on: the plan's school year and the calendars of all."""

    start_year: int
    calendar_of: CalendarOf

    @property
    def plan_year(self) -> Calendar:
        """Return the calendar of the plan's own school year."""
        return self.calendar_of(self.start_year)


def _number(text: str) -> int:
    return _ROMAN[text] if text in _ROMAN else int(text)


def _year(text: str, *, after: int | None = None) -> int:
    """Return a year typed with four figures or two; two figures belong to the century of `after`, else to 20xx."""
    if len(text) == 4:
        return int(text)
    return (after // 100 if after else 20) * 100 + int(text)


def _last_day(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def place(loose: Loose, year: int) -> Span | None:
    """Return the span when its first month lies in `year`; None when there is no such day (29/02)."""
    last_year = year + (loose.last_month < loose.first_month)
    last_day = loose.last_day or _last_day(last_year, loose.last_month)
    try:
        start = date(year, loose.first_month, loose.first_day or 1)
        end = date(last_year, loose.last_month, last_day)
    except ValueError:
        return None
    return Span(start, end, _words(loose, start, end))


def _words(loose: Loose, start: date, end: date) -> str:
    if loose.first_day:
        return day_words(start) if start == end else f"{day_words(start)} đến {day_words(end)}"
    first = f"tháng {month_words(start.month)}/{start.year}"
    last = f"tháng {month_words(end.month)}/{end.year}"
    return first if first == last else f"{first} đến {last}"


def placed(atom: Atom, ground: Ground) -> tuple[Span, ...]:
    """Return the ways to read an atom: those within the plan's year where it has no year of its own.

    From the month before school opens to the end of the summer; August may be either end, and is then both.
    """
    if atom.loose is None:
        return atom.ways
    first, last = ground.plan_year.opening[0], ground.plan_year.summer_ends_on
    spans = [place(atom.loose, ground.start_year + later) for later in (-1, 0, 1)]
    there = [span for span in spans if span]
    return tuple(one for one in there if first <= one.start and one.end <= last) or tuple(there[1:])


def school_span(calendar: Calendar) -> Span:
    """Return a whole school year, first to last day of teaching."""
    return Span(calendar.starts_on, calendar.ends_on, f"năm học {calendar.name}", calendar.name)


def _fixed(loose: Loose, year: str, precision: str) -> Atom:
    if not year:
        return Atom(precision, loose=loose)
    # The year stands behind the last month: "tháng 11-2/2024" begins in 2023.
    first = _year(year) - (loose.last_month < loose.first_month)
    span = place(loose, first)
    return Atom(precision, (span,) if span else ())


# --- days and months --------------------------------------------------------------------------------------


def _day(token: Token, _: Ground) -> Atom:
    kind = token.kind
    day, month = int(token.part(f"{kind}_d")), int(token.part(f"{kind}_m"))
    year = token.part(f"{kind}_y") if kind != "dm" else ""
    return _fixed(Loose(month, month, day, day), year, "day")


def _iso(token: Token, _: Ground) -> Atom:
    day, month = int(token.part("iso_d")), int(token.part("iso_m"))
    return _fixed(Loose(month, month, day, day), token.part("iso_y"), "day")


def _long(token: Token, _: Ground) -> Atom:
    month, day = int(token.part("long_m")), int(token.part("long_d") or 0)
    loose = Loose(month, month, day or None, day or None)
    return _fixed(loose, token.part("long_y"), "day" if day else "month")


def _days(token: Token, _: Ground) -> Atom:
    month = int(token.part("days_m"))
    first, last = sorted((int(token.part("days_a")), int(token.part("days_b"))))
    return _fixed(Loose(month, month, first, last), token.part("days_y"), "day")


def _months(token: Token, _: Ground) -> Atom:
    numbers = [int(one) for one in _NUMBER.findall(token.part("month_list"))]
    return _fixed(Loose(numbers[0], numbers[-1]), token.part("months_y"), "month")


def _month_range(token: Token, _: Ground) -> Atom:
    loose = Loose(int(token.part("mrange_a")), int(token.part("mrange_b")))
    return _fixed(loose, token.part("mrange_y"), "month")


def _month(token: Token, _: Ground) -> Atom:
    month = int(token.part(f"{token.kind}_m"))
    return _fixed(Loose(month, month), token.part(f"{token.kind}_y"), "month")


def _quarters(token: Token, _: Ground) -> Atom:
    numbers = [_number(one) for one in _NUMBER.findall(token.part("quarter_list"))]
    loose = Loose(3 * numbers[0] - 2, 3 * numbers[-1])
    return _fixed(loose, token.part("quarters_y"), "quarter")


# --- school years -----------------------------------------------------------------------------------------


def _term(token: Token, ground: Ground) -> Atom:
    first = token.part("term_a")
    calendar = ground.calendar_of(int(first)) if first else ground.plan_year
    words = f"học kỳ {{}} năm học {calendar.name}"
    if _number(token.part("term_no")) == 1:
        span = Span(
            calendar.starts_on, calendar.first_term_ends_on, words.format("I"), calendar.name
        )
    else:
        span = Span(
            calendar.second_term_starts_on, calendar.ends_on, words.format("II"), calendar.name
        )
    return Atom("term", (span,))


def _school_years(first: int, last: int, ground: Ground) -> tuple[Span, ...]:
    """Return the ways to read a pair of years as school years: one when they follow, else the last may be either."""
    if abs(last - first) <= 1:
        return (school_span(ground.calendar_of(min(first, last))),)
    first, last = sorted((first, last))
    start = school_span(ground.calendar_of(first))
    ends = [school_span(ground.calendar_of(last - 1)), school_span(ground.calendar_of(last))]
    return tuple(Span(start.start, end.end, f"{start.label} đến {end.label}") for end in ends)


def _school(token: Token, ground: Ground) -> Atom:
    first = int(token.part("school_a"))
    last = _year(token.part("school_b"), after=first)
    return Atom("school_year", _school_years(first, last, ground), kind="school", year=first)


def _school_one(token: Token, ground: Ground) -> Atom:
    year = int(token.part("school_one_y"))
    ways = tuple(school_span(ground.calendar_of(one)) for one in (year, year - 1))
    return Atom("school_year", ways, kind="school_one", year=year)


def _school_bare(token: Token, ground: Ground) -> Atom:
    later = {"toi": 1, "sau": 1, "ke tiep": 1, "truoc": -1}.get(token.part("which"), 0)
    calendar = ground.calendar_of(ground.start_year + later)
    return Atom(
        "school_year", (school_span(calendar),), kind="school", year=ground.start_year + later
    )


def _summer(token: Token, ground: Ground) -> Atom:
    start_year = ground.start_year
    if token.part("summer_a"):
        start_year = int(token.part("summer_a"))
    elif token.part("summer_y"):
        start_year = int(token.part("summer_y")) - 1
    calendar = ground.calendar_of(start_year)
    label = f"hè {calendar.summer_starts_on.year}"
    span = Span(calendar.summer_starts_on, calendar.summer_ends_on, label, calendar.name)
    return Atom("summer", (span,))


# --- calendar years ---------------------------------------------------------------------------------------


def _years(first: int, last: int) -> Span:
    first, last = sorted((first, last))
    label = f"năm {first}" if first == last else f"từ năm {first} đến năm {last} (năm dương lịch)"
    return Span(date(first, 1, 1), date(last, 12, 31), label)


def _period(token: Token, _: Ground) -> Atom:
    return Atom("year", (_years(int(token.part("period_a")), int(token.part("period_b"))),))


def _pair(token: Token, ground: Ground) -> Atom:
    first = int(token.part("pair_a"))
    last = _year(token.part("pair_b"), after=first)
    if abs(last - first) == 1:
        return Atom("school_year", _school_years(first, last, ground), kind="school", year=first)
    if first == last:
        return Atom("year", (_years(first, last),))
    start, end = sorted((first, last))
    one, other = ground.calendar_of(start), ground.calendar_of(end - 1)
    label = f"từ năm học {one.name} đến năm học {other.name}"
    return Atom(
        "year",
        (_years(first, last), Span(one.starts_on, other.ends_on, label, precision="school_year")),
    )


def _one_year(token: Token, _: Ground) -> Atom:
    year = int(token.part("year_y"))
    return Atom("year", (_years(year, year),), kind="year", year=year)


def _vague(token: Token, ground: Ground) -> Atom:
    """ "Cuối năm", "trong năm": the school year or the calendar year, and nobody but the writer knows which."""
    first = ground.start_year
    year = Atom("year", (school_span(ground.plan_year), _years(first, first)))
    return edged(year, token.part("vague_edge"), ground)


def edged(atom: Atom, edge: str, ground: Ground) -> Atom:
    """Return the first or last day of what `atom` names, as a point; the opening weeks for "đầu năm học".

    `edge` is "dau", "cuoi", or any other word, which changes nothing.
    """
    if edge.endswith("dau") and atom.kind.startswith("school"):
        return replace(
            atom, precision="month", ways=tuple(_opening(one, ground) for one in atom.ways)
        )
    if edge.endswith("dau"):
        return _point(atom, ground, lambda one: one.start, "đầu")
    if edge.endswith("cuoi") or edge == "ket thuc":
        return _point(atom, ground, lambda one: one.end, "cuối")
    return atom


def _opening(span: Span, ground: Ground) -> Span:
    start, end = ground.calendar_of(span.start.year).opening
    return Span(start, end, f"đầu {span.label}", span.school_year)


def _point(atom: Atom, ground: Ground, day: Callable[[Span], date], word: str) -> Atom:
    ways = tuple(
        Span(day(one), day(one), f"{word} {one.label}", one.school_year)
        for one in placed(atom, ground)
    )
    return replace(atom, ways=ways, loose=None, kind="plain")


_BUILDERS: dict[str, Callable[[Token, Ground], Atom]] = {
    "iso": _iso,
    "days": _days,
    "dmy": _day,
    "dm": _day,
    "long": _long,
    "months": _months,
    "mrange": _month_range,
    "my": _month,
    "shorty": _month,
    "quarters": _quarters,
    "term": _term,
    "school": _school,
    "school_one": _school_one,
    "school_bare": _school_bare,
    "period": _period,
    "pair": _pair,
    "year": _one_year,
    "summer": _summer,
    "vague": _vague,
}


def atom_of(token: Token, ground: Ground) -> Atom | None:
    """Return the time a token names; None when it names none. NO_SUCH_DAY (no ways) for 31/02/2024."""
    if token.kind == "figures":
        return NO_SUCH_DAY
    builder = _BUILDERS.get(token.kind)
    return builder(token, ground) if builder else None


def widened(atom: Atom, ground: Ground) -> Atom:
    """Return a year that ends a run of school years ("… đến 2024"): the school year that ends in it or begins in it."""
    ways = tuple(school_span(ground.calendar_of(one)) for one in (atom.year - 1, atom.year))
    return Atom("school_year", ways, kind="school")


def first_named(atom: Atom) -> Atom:
    """Return "năm học 2022" as the start of a range: the school year that begins in 2022."""
    return replace(atom, ways=atom.ways[:1], kind="school")


def months_of(token: Token) -> tuple[int, ...]:
    """Return the months of a list such as "tháng 9, 12"; () when it is one month or a range."""
    text = token.part("month_list") if token.kind == "months" else ""
    return () if "-" in text else tuple(int(one) for one in _NUMBER.findall(text))


def month_list(token: Token, ground: Ground) -> tuple[Atom, ...]:
    """Return a list of months, each as a time of its own; its year stands behind the last one."""
    numbers = months_of(token)
    if not token.part("months_y"):
        return tuple(Atom("month", loose=Loose(one, one)) for one in numbers)
    year, atoms, following = int(token.part("months_y")), [], 0
    for number in reversed(numbers):
        year -= bool(following) and number > following
        following = number
        atoms.append(_fixed(Loose(number, number), str(year), "month"))
    return tuple(reversed(atoms))
