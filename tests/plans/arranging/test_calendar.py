"""Working days, hours that meet, and dates proposed for schools."""

from datetime import date, time
from typing import Any

import pytest

from plans.arranging.calendar import (
    AFTERNOON,
    MORNING,
    WHOLE_DAY,
    Booking,
    Hours,
    hours_meet,
    hours_words,
    is_working_day,
    propose,
    slots,
    spread,
    working_days,
)
from plans.arranging.team import Seat

MAI = Seat(None, "Bà", "Trần Thị Mai", "Chuyên viên", "Phòng A", None, "lead")
NAM = Seat(None, "Ông", "Lê Văn Nam", "Chuyên viên", "Phòng A", None)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 10, 10),  # Saturday
        date(2026, 10, 11),
        date(2026, 1, 1),
        date(2026, 4, 30),
        date(2026, 9, 2),
        date(2026, 2, 17),  # mùng 1 Tết Bính Ngọ
        date(2027, 4, 16),  # 10/3 âm lịch
    ],
)
def test_weekends_and_holidays_are_no_working_days(day: date) -> None:
    assert not is_working_day(day)


def test_working_days_hold_both_ends() -> None:
    found = working_days(date(2026, 10, 9), date(2026, 10, 13))

    assert found == [date(2026, 10, 9), date(2026, 10, 12), date(2026, 10, 13)]
    assert working_days(date(2026, 10, 13), date(2026, 10, 9)) == []


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        (WHOLE_DAY, WHOLE_DAY, True),
        (WHOLE_DAY, MORNING, True),
        (MORNING, AFTERNOON, False),
        (MORNING, (time(11, 0), None), False),
        (MORNING, (time(10, 59), None), True),
        ((None, time(9, 0)), MORNING, True),
        ((None, time(7, 30)), MORNING, False),
        ((time(13, 0), None), (time(15, 0), time(16, 0)), True),
    ],
)
def test_hours_meet_both_ways(one: Hours, other: Hours, meet: bool) -> None:
    assert hours_meet(one, other) is meet
    assert hours_meet(other, one) is meet


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (WHOLE_DAY, "cả ngày"),
        (MORNING, "7 giờ 30 đến 11 giờ"),
        ((time(8, 0), None), "từ 8 giờ"),
        ((None, time(9, 15)), "đến 9 giờ 15"),
    ],
)
def test_hours_in_words(hours: Hours, words: str) -> None:
    assert hours_words(hours) == words


def test_spread_leaves_even_gaps() -> None:
    assert spread(3, 9) == [0, 3, 6]
    assert spread(4, 4) == [0, 1, 2, 3]
    assert spread(5, 2) == [0, 1]
    assert spread(0, 3) == []


def proposed(schools: int, first: date, last: date, *parts: Hours, **more: Any) -> list[Any]:
    teams = dict.fromkeys(range(1, schools + 1), (MAI, NAM)) | more.get("teams", {})
    free = slots(first, last, parts or (WHOLE_DAY,))
    return propose(list(teams), free, teams, more.get("booked", []))


def test_schools_are_spread_over_the_working_days() -> None:
    found = proposed(3, date(2026, 10, 5), date(2026, 10, 16))  # ten working days

    assert [one.on for one in found] == [date(2026, 10, day) for day in (5, 8, 13)]
    assert all(one.team == (MAI, NAM) and one.hours == WHOLE_DAY for one in found)


def test_two_parts_of_a_day_take_two_schools() -> None:
    found = proposed(2, date(2026, 10, 5), date(2026, 10, 5), MORNING, AFTERNOON)

    assert [(one.on.day, one.hours) for one in found] == [(5, MORNING), (5, AFTERNOON)]


def test_taken_hours_are_passed_over() -> None:
    booked = [Booking(NAM, 9, "Trường khác", date(2026, 10, 5), MORNING)]

    found = proposed(1, date(2026, 10, 5), date(2026, 10, 6), booked=booked)

    assert [one.on for one in found] == [date(2026, 10, 6)]


def test_hours_taken_by_others_hinder_nobody() -> None:
    other = Seat(None, "Ông", "Người Khác", "Chuyên viên", "Phòng B", None)
    booked = [Booking(other, 9, "Trường khác", date(2026, 10, 5), WHOLE_DAY)]

    found = proposed(1, date(2026, 10, 5), date(2026, 10, 6), booked=booked)

    assert [one.on for one in found] == [date(2026, 10, 5)]


def test_more_schools_than_days_leaves_the_rest_with_a_reason() -> None:
    found = proposed(3, date(2026, 10, 5), date(2026, 10, 6))

    assert [one.on is None for one in found] == [False, False, True]
    assert found[2].why_not == "không còn ngày trống trong đợt"


def test_school_without_a_team_gets_no_day() -> None:
    found = proposed(1, date(2026, 10, 5), date(2026, 10, 6), teams={2: ()})

    assert [(one.on is None, one.why_not) for one in found] == [
        (False, ""),
        (True, "không còn ai trong tổ đi được"),
    ]


def test_nobody_is_proposed_twice_in_the_same_hours() -> None:
    found = proposed(12, date(2026, 10, 5), date(2026, 10, 16), MORNING, AFTERNOON)

    taken = [(one.on, one.hours) for one in found]
    assert len(taken) == len(set(taken)) == 12
