"""Day, hours and number of copies of a record as they were typed: read only to tell the team what to look at again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time

from plans.inspections.models import Inspection
from plans.phrases.times import read_time
from plans.phrases.words import fold
from plans.schools.calendar import general_book

_HOUR = re.compile(
    r"(?<!\d)(\d{1,2}) ?(?:gio|h|g|:) ?(\d{1,2}(?!\d)|ruoi(?![a-z]))?(?: ?(?:phut|p)(?![a-z]))?(?: ?(trua|chieu|toi))?"
)
_AFTER_NOON = {
    "trua": 11,
    "chieu": 12,
    "toi": 12,
}  # word → hours below this one are of the second half of the day
_COUNT = re.compile(
    r"0*[1-9]\d{0,2}(?!\d)|(?:mot|hai|ba|bon|tu|nam|sau|bay|tam|chin|muoi)(?![a-z])"
)
_LOOK = "đề nghị xem lại"


def misread(inspection: Inspection) -> list[str]:
    """Return what of day, hours and copies can hardly be meant as typed, in sentences; [] is nothing.

    Empty fields are not told of here. The words stay and are printed as they were typed.
    """
    return [*_day(inspection), *_hours(inspection), *_copies(inspection)]


def read_hour(text: str) -> time | None:
    """Return the time of day that `text` names: "8g15", "16 giờ rưỡi", "4 giờ chiều"; None where there is none."""
    match = _HOUR.search(fold(text))
    if match is None:
        return None
    hour = int(match[1])
    minute = 30 if match[2] == "ruoi" else int(match[2] or 0)
    if hour < _AFTER_NOON.get(match[3], 0):
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(inspection: Inspection) -> Iterator[str]:
    words = inspection.held_on.strip()
    if not words:
        return
    reading = read_time(words, inspection.school_year.start_year, general_book())
    if reading.kind == "wrong_date":
        yield f"Ngày ghi trên biên bản “{words}” không phải là một ngày có thật; {_LOOK}."
    elif reading.state == "unread":
        yield f"Ngày ghi trên biên bản “{words}” chưa đọc được; {_LOOK}."


def _hours(inspection: Inspection) -> Iterator[str]:
    began, ended = inspection.began.strip(), inspection.ended.strip()
    first, last = read_hour(began), read_hour(ended)
    if began and first is None:
        yield f"Giờ bắt đầu “{began}” chưa đọc được; {_LOOK}."
    if ended and last is None:
        yield f"Giờ kết thúc “{ended}” chưa đọc được; {_LOOK}."
    if first and last and last < first and not _lasts_days(inspection):
        yield f"Giờ kết thúc “{ended}” sớm hơn giờ bắt đầu “{began}”; {_LOOK}."


def _lasts_days(inspection: Inspection) -> bool:
    """Say whether the day as typed names several, so that an earlier hour may well be the end."""
    reading = read_time(inspection.held_on, inspection.school_year.start_year, general_book())
    return reading.start != reading.end or bool(reading.points)


def _copies(inspection: Inspection) -> Iterator[str]:
    words = inspection.copies.strip()
    if words and not _COUNT.search(fold(words)):
        yield f"Số bản của biên bản “{words}” chưa đọc được; {_LOOK}."
