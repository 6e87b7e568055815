"""Constraints: that they bite, and both ways in which they hold."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from plans.schools.models import RecognitionDecision, SchoolName, SchoolYear
from tests.factories import schools

pytestmark = pytest.mark.django_db


def test_period_may_be_open_or_one_day_but_not_reversed() -> None:
    school = schools.school()
    day = date(2025, 7, 1)
    for ends in (None, day):
        schools.school_name(school, "Trường", valid_from=day, valid_to=ends)
    reversed_row = SchoolName(
        school=school,
        name="Trường",
        letterhead_name="TRƯỜNG",
        valid_from=day,
        valid_to=date(2025, 6, 30),
    )

    with pytest.raises(ValidationError, match="Ngày kết thúc không được trước ngày bắt đầu"):
        reversed_row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        reversed_row.save()


@pytest.mark.parametrize("level", [1, 4])
def test_recognition_level_of_the_law_holds(level: int) -> None:
    assert schools.recognition_decision(schools.school(), level=level).pk


@pytest.mark.parametrize("level", [0, 5])
def test_recognition_level_outside_the_law_is_refused(level: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        schools.recognition_decision(schools.school(), level=level)


def test_recognition_must_outlast_its_signing() -> None:
    decision = schools.recognition_decision(schools.school())
    decision.valid_until = decision.issued_on

    with pytest.raises(IntegrityError), transaction.atomic():
        decision.save()
    decision.valid_until = date(2027, 12, 20)
    decision.save()

    assert RecognitionDecision.objects.get().valid_until == date(2027, 12, 20)


def test_school_year_ends_after_it_begins() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SchoolYear.objects.create(
            start_year=2025, starts_on=date(2025, 9, 5), ends_on=date(2025, 9, 5)
        )


@pytest.mark.parametrize(
    ("day", "start_year"),
    [(date(2025, 9, 4), None), (date(2025, 9, 5), 2025), (date(2026, 8, 1), 2025)],
)
def test_year_at_a_day_is_the_last_begun(day: date, start_year: int | None) -> None:
    schools.school_year(2025)
    schools.school_year(2026)

    year = SchoolYear.objects.at(day)

    assert (year.start_year if year else None) == start_year
