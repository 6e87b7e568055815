"""The school-year calendar that holds for a school: its province's rows, else the general frame."""

from functools import cache
from pathlib import Path

from django.conf import settings

from plans.phrases.calendars import Calendar, CalendarBook, load_calendar_book
from plans.schools.above import upward
from plans.schools.models import School, SchoolCalendar

FRAME_FILE = Path(settings.BASE_DIR) / "fixtures" / "places" / "school_calendar.json"


@cache
def general_book() -> CalendarBook:
    """Return the calendars of the general frame, which hold where a province has none of its own."""
    return load_calendar_book(FRAME_FILE)


def calendar_book(school: School) -> CalendarBook:
    """Return the calendar of any school year as it holds for a school.

    Of several bodies that set one for the same year, the nearest to the school is heard. One query for each
    generation of bodies and one for the calendars.
    """
    # Bodies that ended count too: the calendar of last year was theirs.
    own_bodies = school.body_links.order_by("pk").values_list("body", flat=True)
    nearness = {pk: place for place, pk in enumerate(upward(own_bodies))}
    rows = SchoolCalendar.objects.filter(body__in=nearness).select_related("school_year")
    own: dict[int, Calendar] = {}
    for row in sorted(rows, key=lambda row: nearness[row.body_id], reverse=True):
        start_year = row.school_year.start_year
        own[start_year] = Calendar(
            start_year=start_year,
            starts_on=row.starts_on,
            first_term_ends_on=row.first_term_ends_on,
            second_term_starts_on=row.second_term_starts_on,
            ends_on=row.ends_on,
            summer_starts_on=row.summer_starts_on,
            summer_ends_on=row.summer_ends_on,
        )
    return CalendarBook(general_book().frame, own)
