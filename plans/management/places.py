"""What every installation starts with: kinds of managing bodies and school years, from `fixtures/places/`.

Rows that are there stay as they are, since an administrator may have corrected them.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from pathlib import Path

from criteria.checking import FileError, Record, Report, read_record
from plans.schools.models import BodyKind, SchoolYear

PLACES_DIR = Path(__file__).resolve().parents[2] / "fixtures" / "places"
EARLIEST, LATEST = 2000, 2100


def load_body_kinds(path: Path = PLACES_DIR / "body_kinds.json") -> int:
    """Add the kinds that are missing and return how many. Raises criteria.checking.FileError."""
    report = Report(path.name)
    record = read_record(path, report, schema="body-kinds/1")
    wanted = {
        kind.text("code", max_length=40): kind.text("name", max_length=120)
        for kind in record.records("kinds")
    }
    report.refuse_if_faulty(FileError)
    known = set(BodyKind.objects.values_list("code", flat=True))
    rows = [BodyKind(code=code, name=name) for code, name in wanted.items() if code not in known]
    for row in rows:
        row.full_clean()
    return len(BodyKind.objects.bulk_create(rows))


def load_school_years(path: Path = PLACES_DIR / "school_years.json") -> int:
    """Add the school years that are missing and return how many. Raises criteria.checking.FileError."""
    report = Report(path.name)
    record = read_record(path, report, schema="school-years/1")
    first = record.integer("first", low=EARLIEST, high=LATEST)
    last = record.integer("last", low=first, high=LATEST)
    starts, ends = _day_of_year(record, "starts"), _day_of_year(record, "ends")
    report.refuse_if_faulty(FileError)
    known = set(SchoolYear.objects.values_list("start_year", flat=True))
    rows = [
        SchoolYear(start_year=year, starts_on=date(year, *starts), ends_on=date(year + 1, *ends))
        for year in range(first, last + 1)
        if year not in known
    ]
    for row in rows:
        row.full_clean()
    return len(SchoolYear.objects.bulk_create(rows))


def _day_of_year(record: Record, key: str) -> tuple[int, int]:
    """Return (month, day), a day that every year has."""
    part = record.record(key)
    if part is None:
        record.fault(key, "thiếu khóa này")
        return 1, 1
    month = part.integer("month", low=1, high=12)
    return month, part.integer("day", low=1, high=monthrange(2001, month)[1])
