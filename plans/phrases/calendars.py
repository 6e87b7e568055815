"""The points of a school year, which "HKI", "cuối năm học" or "trong hè" name; data of each province."""

import calendar
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from plans.phrases.words import school_year_words

SCHEMA = "school-calendar/1"
_POINTS = (
    "starts",
    "first_term_ends",
    "second_term_starts",
    "ends",
    "summer_starts",
    "summer_ends",
)


class CalendarError(ValueError):
    """A calendar that cannot be: a point missing, no such day, or points out of order (Vietnamese message)."""


@dataclass(frozen=True)
class Calendar:
    """One school year's points, all dates inclusive; `start_year` 2023 means 2023-2024.

    Raises CalendarError when the points are not in order.
    """

    start_year: int
    starts_on: date
    first_term_ends_on: date
    second_term_starts_on: date
    ends_on: date
    summer_starts_on: date
    summer_ends_on: date

    def __post_init__(self) -> None:
        points = (
            self.starts_on,
            self.first_term_ends_on,
            self.second_term_starts_on,
            self.ends_on,
            self.summer_starts_on,
            self.summer_ends_on,
        )
        if any(later <= earlier for earlier, later in zip(points, points[1:], strict=False)):
            raise CalendarError(
                f"Lịch năm học {self.name}: các mốc phải theo thứ tự từ ngày bắt đầu đến hết hè."
            )

    @property
    def name(self) -> str:
        """Return "2023-2024"."""
        return school_year_words(self.start_year)

    @property
    def opening(self) -> tuple[date, date]:
        """Return what people call "đầu năm học", both days inclusive: the month of the first day and the one before."""
        before = self.starts_on.replace(day=1) - timedelta(days=1)
        last = calendar.monthrange(self.starts_on.year, self.starts_on.month)[1]
        return before.replace(day=1), self.starts_on.replace(day=last)


CalendarOf = Callable[[int], Calendar]


@dataclass(frozen=True)
class CalendarBook:
    """The calendar of any school year: a province's own where it has one, else the frame moved to that year.

    Call it with a start year. `frame` maps each point to (0 or 1, month, day): 0 is the school year's first
    calendar year. Start years from 1 to 9997.
    """

    frame: Mapping[str, tuple[int, int, int]]
    own: Mapping[int, Calendar] = field(default_factory=dict)

    def __call__(self, start_year: int) -> Calendar:
        """Return the calendar of the school year that begins in `start_year`."""
        if start_year in self.own:
            return self.own[start_year]
        points = {
            f"{name}_on": date(start_year + later, month, day)
            for name, (later, month, day) in self.frame.items()
        }
        return Calendar(start_year=start_year, **points)


def _point(name: str, value: object) -> tuple[int, int, int]:
    match value:
        case {"year": 0 | 1 as later, "month": int(month), "day": int(day)}:
            try:
                date(2022 + later, month, day)  # no leap year, so that the day exists in every year
            except ValueError as error:
                raise CalendarError(
                    f"Lịch năm học: không có ngày {day}/{month} ở mốc “{name}”."
                ) from error
            return later, month, day
    raise CalendarError(f"Lịch năm học: mốc “{name}” phải có year (0 hoặc 1), month và day.")


def load_calendar_book(source: Path | Mapping[str, Any]) -> CalendarBook:
    """Return the book of a file such as fixtures/places/school_calendar.json, or of its content.

    Raises CalendarError (Vietnamese) for content that is no calendar, OSError for a file that cannot be read.
    """
    content: Any = source
    if isinstance(source, Path):
        try:
            content = json.loads(source.read_text(encoding="utf-8"))
        except ValueError as error:
            raise CalendarError(f"{source.name}: không phải tệp JSON đọc được.") from error
    if not isinstance(content, Mapping) or content.get("schema") != SCHEMA:
        raise CalendarError(f"Lịch năm học: cần “schema” là “{SCHEMA}”.")
    book = CalendarBook({name: _point(name, content.get(name)) for name in _POINTS})
    book(2022)  # raises when the points are out of order
    return book
