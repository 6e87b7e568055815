"""A school's calendar is its nearest body's own, else the general frame."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from plans.schools.above import upward
from plans.schools.calendar import calendar_book
from plans.schools.models import SchoolCalendar
from tests.factories import schools

pytestmark = pytest.mark.django_db


def test_without_rows_the_general_frame_holds() -> None:
    book = calendar_book(schools.school())

    assert book(2026).first_term_ends_on == date(2027, 1, 15)
    assert book(2026).ends_on == date(2027, 5, 31)


def test_the_nearest_body_is_heard() -> None:
    province = schools.body(name="UBND tỉnh")
    commune = schools.body(name="UBND xã", parent=province)
    school = schools.school()
    schools.school_body(school, commune)
    year = schools.school_year(2026)
    schools.calendar(province, year, ends_on=date(2027, 5, 20))
    assert calendar_book(school)(2026).ends_on == date(2027, 5, 20)

    schools.calendar(commune, year, ends_on=date(2027, 5, 25))

    assert calendar_book(school)(2026).ends_on == date(2027, 5, 25)
    assert calendar_book(school)(2025).ends_on == date(2026, 5, 31)


def test_bodies_stand_nearest_first_each_once() -> None:
    province = schools.body(name="UBND tỉnh")
    office = schools.body(name="Sở", parent=province)
    commune = schools.body(name="UBND xã", parent=province)

    assert upward([commune.pk, office.pk]) == [commune.pk, office.pk, province.pk]
    assert upward([]) == []


def test_points_out_of_order_are_refused_by_the_database_too() -> None:
    row = schools.calendar(schools.body(), schools.school_year(2026))
    row.ends_on = date(2026, 12, 1)

    with pytest.raises(ValidationError) as refused:
        row.full_clean()

    assert refused.value.messages == ["Các mốc của năm học phải nối nhau theo thứ tự thời gian."]
    assert SchoolCalendar.objects.get().ends_on == date(2027, 5, 31)
