"""What was read from the typed time and money of a row, as the rules ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from plans.planning.models import PlanAction


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


def read_row(action: PlanAction) -> RowReading:
    """Return what stands in the row's columns beside its words."""
    dated = action.starts_on is not None or action.ends_on is not None
    return RowReading(
        time=ReadAs.KNOWN if dated else ReadAs.BLANK,
        starts_on=action.starts_on,
        ends_on=action.ends_on,
        money=ReadAs.KNOWN if action.budget_max is not None else ReadAs.BLANK,
    )
