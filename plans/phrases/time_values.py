"""What a time phrase is read into: plain values, dates inclusive on both sides."""

from dataclasses import dataclass
from datetime import date

# Precisions of a bound, and what stands behind them.
PRECISIONS = {
    "day": "ngày",
    "week": "tuần",
    "month": "tháng",
    "quarter": "quý",
    "term": "học kỳ",
    "summer": "hè",
    "year": "năm dương lịch",
    "school_year": "năm học",
}


@dataclass(frozen=True)
class Duration:
    """A length of time without a date, such as (3, "ngày làm việc")."""

    count: int
    unit: str


@dataclass(frozen=True)
class TimeReading:
    """What a phrase says of time.

    `state`: "known", "ambiguous" (then `readings` has every reading, each with a `label` in words) or "unread".
    `kind` says more: "period", "recurring" or "duration" when known; when unread, "blank" (nothing, or dots to be
    filled in by hand), "status" ("Đã hoàn thành"), "posted" (the stamp of a web page), "wrong_date" (31/02/2024)
    or "words". `start`, `end`: both inclusive, None is open; for an ambiguous phrase only what all readings share.
    A point ("cuối năm học") starts and ends on its day. `start_precision`, `end_precision`: a key of PRECISIONS.
    `exclusive_end`: typed as "trước …", `end` being the day before already. `reversed`: the bounds were typed the
    wrong way round and stand here in order. `school_year`: "2023-2024" where the phrase names or means one.
    `recurring`: "daily", "weekly", "monthly", "quarterly", "termly", "yearly", "every_2_weeks" (any number),
    "2_per_year" (any number, unit), "continuous", "periodic" or None. `points`: the parts of a list in their order,
    when there are several. `whole` is False for text too long to be read to its end.
    """

    state: str
    kind: str
    start: date | None = None
    end: date | None = None
    start_precision: str | None = None
    end_precision: str | None = None
    exclusive_end: bool = False
    reversed: bool = False
    school_year: str | None = None
    recurring: str | None = None
    duration: Duration | None = None
    label: str = ""
    readings: tuple["TimeReading", ...] = ()
    points: tuple["TimeReading", ...] = ()
    whole: bool = True


@dataclass(frozen=True)
class Span:
    """One way to place a time on the calendar, both days inclusive, with its words.

    `precision` where this way differs from its atom's: a pair of years may be calendar years or school years.
    """

    start: date
    end: date
    label: str
    school_year: str | None = None
    precision: str = ""


@dataclass(frozen=True)
class Loose:
    """Months or days without a year; a last month before the first lies in the year after. No day: whole months."""

    first_month: int
    last_month: int
    first_day: int | None = None
    last_day: int | None = None


@dataclass(frozen=True)
class Atom:
    """One time within a phrase: its ways, or what must first be given a year; neither means there is no such day.

    `kind` is "plain", "school" (a school year with both its years), "school_one" ("năm học 2022", one year of two)
    or "year" (a bare year).
    """

    precision: str
    ways: tuple[Span, ...] = ()
    loose: Loose | None = None
    kind: str = "plain"
    year: int = 0
