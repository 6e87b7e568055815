"""The last day of a recommendation, as it is read out of the words that were typed."""

from __future__ import annotations

from datetime import date

from plans.inspections.models import Inspection
from plans.phrases.times import read_time
from plans.schools.calendar import calendar_book


def read_due(text: str, inspection: Inspection) -> date | None:
    """Return the last day that a typed date names, read with the calendar of the visit's school and year.

    None for what names none, may be read in two ways or comes back ("thường xuyên"): nobody is overdue by a guess.
    A few queries.
    """
    start_year = inspection.school_year.start_year
    reading = read_time(text, start_year, calendar_book(inspection.school))
    return reading.end if reading.state == "known" and not reading.recurring else None
