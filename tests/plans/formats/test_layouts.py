"""Which layout a school's documents have, and what may be set."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from plans.documents.style import DEFAULT_LAYOUT
from plans.formats.actions import set_layout
from plans.formats.layout_rules import checked_layout, layout_rules, measures_of
from plans.formats.layouts import layout_for
from plans.history.models import Event
from plans.planning.models import BodyLayout
from plans.schools.above import bodies_above
from plans.schools.models import SchoolBody
from tests.factories import accounts, formats, schools

pytestmark = pytest.mark.django_db
DAY = date(2025, 9, 5)


def test_school_without_a_decision_has_the_programs_layout() -> None:
    school = schools.school(managed_by=schools.body())

    assert layout_for(school, DAY) == DEFAULT_LAYOUT


def test_nearest_body_decides() -> None:
    province = schools.body("Sở A")
    commune = schools.body("UBND xã B", parent=province)
    school = schools.school(managed_by=commune)

    formats.layout(margin_left_mm=31)
    general = layout_for(school, DAY).margin_left_mm
    formats.layout(province, margin_left_mm=32)
    from_above = layout_for(school, DAY).margin_left_mm
    formats.layout(commune, margin_left_mm=33)
    own = layout_for(school, DAY).margin_left_mm

    assert (general, from_above, own) == (31, 32, 33)


def test_other_bodies_do_not_decide() -> None:
    school = schools.school(managed_by=schools.body())
    formats.layout(schools.body(), margin_left_mm=35)

    assert layout_for(school, DAY) == DEFAULT_LAYOUT


def test_newest_decision_of_the_day_holds() -> None:
    body = schools.body()
    school = schools.school(managed_by=body)
    formats.layout(body, margin_left_mm=31, valid_from=date(2025, 1, 1))
    formats.layout(body, margin_left_mm=32, valid_from=date(2025, 10, 1))
    formats.layout(body, margin_left_mm=33, valid_from=date(2025, 1, 1))

    held = [layout_for(school, day).margin_left_mm for day in (date(2024, 9, 1), DAY)]
    later = layout_for(school, date(2025, 10, 1)).margin_left_mm

    assert (*held, later) == (30, 33, 32)


def test_bodies_above_come_nearest_first_one_query_a_generation(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    province = schools.body("Sở A")
    commune = schools.body("UBND xã B", parent=province)
    office = schools.body("Phòng C", parent=commune)
    school = schools.school(managed_by=office, parent=commune)
    schools.school_body(
        school, schools.body("Cũ"), SchoolBody.Role.DIRECT, valid_to=date(2025, 6, 30)
    )

    with django_assert_num_queries(3):
        above = bodies_above(school, DAY)

    assert above == [office.pk, commune.pk, province.pk]


def test_bodies_that_stand_above_one_another_end_the_search() -> None:
    first, second = schools.body(), schools.body()
    first.parent, second.parent = second, first
    first.save()
    second.save()

    assert bodies_above(schools.school(managed_by=first), DAY) == [first.pk, second.pk]


@pytest.mark.parametrize("measure", layout_rules().measures, ids=lambda m: m.name)
def test_measure_outside_its_range_is_refused_in_the_rules_words(measure: object) -> None:
    name, rule = measure.name, measure.words  # type: ignore[attr-defined]
    own = measures_of(DEFAULT_LAYOUT)

    for value in (measure.low - 0.1, measure.high + 0.1):  # type: ignore[attr-defined]
        with pytest.raises(ValidationError) as refused:
            checked_layout(own | {name: value})
        assert refused.value.message_dict[name] == [f"{rule}."]


def test_motto_is_one_step_larger_than_the_national_name() -> None:
    own = measures_of(DEFAULT_LAYOUT)

    with pytest.raises(ValidationError) as refused:
        checked_layout(own | {"national_name_size": 13})
    both = checked_layout(own | {"national_name_size": 13, "motto_size": 14})

    assert list(refused.value.message_dict) == ["motto_size"]
    assert (both.national_name.size, both.motto.size, both.motto.bold) == (13, 14, True)


@pytest.mark.parametrize(
    ("measures", "fits"),
    [
        ({"letterhead_left_share": 0.45}, True),
        ({"letterhead_left_share": 0.45, "margin_left_mm": 35, "margin_right_mm": 20}, False),
        ({"letterhead_left_share": 0.43, "national_name_size": 13, "motto_size": 14}, False),
        ({"letterhead_left_share": 0.41, "national_name_size": 13, "motto_size": 14}, True),
    ],
)
def test_the_national_name_stands_on_one_line(measures: dict[str, float], fits: bool) -> None:
    values = measures_of(DEFAULT_LAYOUT) | measures
    try:
        told = []
        checked_layout(values)
    except ValidationError as error:
        told = list(error.message_dict)

    assert told == ([] if fits else ["letterhead_left_share"])


def test_room_for_the_signature_and_lines_of_tables_may_be_set() -> None:
    values = measures_of(DEFAULT_LAYOUT) | {"sign_space_mm": 40, "table_line_spacing": 1.2}

    made = checked_layout(values)

    assert (made.sign_space_mm, made.table_line_spacing) == (40, 1.2)


def test_programs_own_layout_is_legal() -> None:
    assert checked_layout(measures_of(DEFAULT_LAYOUT)) == DEFAULT_LAYOUT


def test_layout_that_is_refused_writes_nothing() -> None:
    with pytest.raises(ValidationError):
        set_layout(body=None, values={"margin_left_mm": 10}, valid_from=DAY, by=accounts.user())

    assert (BodyLayout.objects.count(), Event.objects.count()) == (0, 0)


def test_decision_is_on_record() -> None:
    body, person = schools.body(), accounts.user(full_name="Lê Thị Sim")

    row = formats.layout(body, by=person)

    event = Event.objects.about(row).get()
    assert (event.action, event.actor_name, event.body_id) == ("layout.set", "Lê Thị Sim", body.pk)
