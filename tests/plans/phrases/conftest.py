"""The calendar that the phrase tests read with."""

from pathlib import Path

import pytest

from plans.phrases.calendars import CalendarBook, load_calendar_book

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures" / "places" / "school_calendar.json"


@pytest.fixture(scope="session")
def book() -> CalendarBook:
    """Return the general frame."""
    return load_calendar_book(FIXTURE)
