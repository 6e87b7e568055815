"""What was read from the typed time and money of a row, as the rules ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from pathlib import Path

from plans.phrases.calendars import CalendarBook, load_calendar_book
from plans.phrases.money import MoneyReading, read_money
from plans.phrases.time_values import TimeReading
from plans.phrases.times import read_time
from plans.planning.models import PlanAction

# The frame of every province: its own days differ by weeks, and the rules ask about years.
CALENDAR = Path(__file__).resolve().parents[2] / "fixtures" / "places" / "school_calendar.json"
# Kinds of what could not be read as a time and needs no remark: nothing, dots to fill in, "Đã hoàn thành".
_NO_TIME = frozenset({"blank", "status"})


class ReadAs(Enum):
    """How far a typed phrase was understood."""

    BLANK = "blank"
    KNOWN = "known"
    AMBIGUOUS = "ambiguous"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class RowReading:
    """Time and money of one row. Days are inclusive; `…_reversed` says that the bounds stand in the wrong order."""

    time: ReadAs = ReadAs.BLANK
    starts_on: date | None = None
    ends_on: date | None = None
    time_reversed: bool = False
    money: ReadAs = ReadAs.BLANK
    money_reversed: bool = False


def read_row(action: PlanAction, start_year: int) -> RowReading:
    """Return what the words of a row say; days that stand beside the words go before those read from them."""
    time, money = _time(action.timeframe, start_year), _money(action.budget_text)
    starts_on, ends_on = action.starts_on, action.ends_on
    dated = starts_on is not None or ends_on is not None
    return RowReading(
        time=ReadAs.KNOWN if dated else _time_state(time),
        starts_on=starts_on if dated else time.start,
        ends_on=ends_on if dated else time.end,
        time_reversed=time.reversed,
        money=_money_state(action, money),
        money_reversed=money.reversed,
    )


def _time_state(time: TimeReading) -> ReadAs:
    if time.state == "unread":
        return ReadAs.BLANK if time.kind in _NO_TIME else ReadAs.UNREAD
    return ReadAs.AMBIGUOUS if time.state == "ambiguous" else ReadAs.KNOWN


def _money_state(action: PlanAction, money: MoneyReading) -> ReadAs:
    if action.budget_max is not None or money.state in ("known", "zero"):
        return ReadAs.KNOWN
    return ReadAs.UNREAD if money.unread else ReadAs.BLANK


@lru_cache(maxsize=1)
def _calendar_book() -> CalendarBook:
    return load_calendar_book(CALENDAR)


@lru_cache(maxsize=4096)
def _time(text: str, start_year: int) -> TimeReading:
    return read_time(text, start_year, _calendar_book())


@lru_cache(maxsize=4096)
def _money(text: str) -> MoneyReading:
    return read_money(text)
