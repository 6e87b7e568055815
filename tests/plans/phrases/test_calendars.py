"""The points of a school year."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from plans.phrases.calendars import CalendarBook, CalendarError, load_calendar_book
from plans.phrases.times import read_time
from tests.plans.phrases.conftest import FIXTURE

CONTENT: dict[str, Any] = json.loads(FIXTURE.read_text(encoding="utf-8"))


def test_frame_moves_to_any_year(book: CalendarBook) -> None:
    calendar = book(2026)

    assert (calendar.name, calendar.starts_on, calendar.summer_ends_on) == (
        "2026-2027",
        date(2026, 9, 1),
        date(2027, 8, 31),
    )
    assert calendar.opening == (date(2026, 8, 1), date(2026, 9, 30))


def test_provinces_own_year_comes_before_the_frame(book: CalendarBook) -> None:
    own = replace(
        book(2023), first_term_ends_on=date(2024, 1, 20), second_term_starts_on=date(2024, 1, 22)
    )
    province = replace(book, own={2023: own})

    assert read_time("cuối HKI", 2023, province).end == date(2024, 1, 20)
    assert read_time("cuối HKI", 2024, province).end == date(2025, 1, 15)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": "khac"}, "schema"),
        ({"ends": None}, "ends"),
        ({"ends": {"year": 1, "month": 2, "day": 30}}, "không có ngày 30/2"),
        ({"ends": {"year": 0, "month": 5, "day": 31}}, "theo thứ tự"),
    ],
)
def test_impossible_calendar_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(CalendarError, match=message):
        load_calendar_book(CONTENT | change)


def test_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "lich.json"
    file.write_text("{")

    with pytest.raises(CalendarError, match="lich.json"):
        load_calendar_book(file)
