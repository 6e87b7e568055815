"""A school's heading lines on a date."""

from datetime import date

import pytest

from plans.schools.letterhead import HeadingLines, letterhead
from plans.schools.models import School, SchoolBody
from tests.factories import schools

LAST_DAY = date(2025, 6, 30)
FIRST_DAY = date(2025, 7, 1)


@pytest.fixture
def moved(db: None) -> School:
    """A school that went from an office abolished on 30/6/2025 to a commune."""
    commune = schools.body("UBND xã An Phú", place_name="An Phú", valid_from=FIRST_DAY)
    office = schools.body(
        "Phòng GD&ĐT huyện Bình Minh", place_name="Bình Minh", valid_to=LAST_DAY, successor=commune
    )
    school = schools.school("Trường Mầm non Hoa Sen")
    schools.school_body(school, office, SchoolBody.Role.PARENT, valid_to=LAST_DAY)
    schools.school_body(school, commune, SchoolBody.Role.PARENT, valid_from=FIRST_DAY)
    return school


def _loaded(school: School) -> School:
    return School.objects.prefetch_related("names", "body_links__body__successor").get(pk=school.pk)


def test_lines_are_those_in_force_on_each_side_of_the_change(moved: School) -> None:
    before, after = (letterhead(_loaded(moved), day) for day in (LAST_DAY, FIRST_DAY))

    assert before == HeadingLines(
        parent_body="PHÒNG GD&ĐT HUYỆN BÌNH MINH",
        issuer="TRƯỜNG MẦM NON HOA SEN",
        name="Trường Mầm non Hoa Sen",
        place="Bình Minh",
    )
    assert after == HeadingLines(
        parent_body="UBND XÃ AN PHÚ",
        issuer="TRƯỜNG MẦM NON HOA SEN",
        name="Trường Mầm non Hoa Sen",
        place="An Phú",
    )


def test_abolished_body_is_printed_with_a_warning_that_names_its_successor(moved: School) -> None:
    SchoolBody.objects.filter(school=moved, valid_from=FIRST_DAY).delete()
    SchoolBody.objects.filter(school=moved).update(valid_to=None)

    lines = letterhead(_loaded(moved), date(2025, 9, 5))

    assert lines.parent_body == "PHÒNG GD&ĐT HUYỆN BÌNH MINH"
    assert lines.warnings == (
        "“Phòng GD&ĐT huyện Bình Minh” chỉ hoạt động đến hết ngày 30/06/2025; cơ quan kế thừa là "
        "“UBND xã An Phú”. Đề nghị kiểm tra lại tên cơ quan trên đầu văn bản.",
    )


def test_last_parent_before_the_date_stands_in_where_none_is_in_force(moved: School) -> None:
    SchoolBody.objects.filter(school=moved, valid_from=FIRST_DAY).delete()

    lines = letterhead(_loaded(moved), date(2025, 9, 5))

    assert lines.parent_body == "PHÒNG GD&ĐT HUYỆN BÌNH MINH"
    assert lines.warnings[0].startswith("Chưa ghi cơ quan chủ quản của trường vào ngày 05/09/2025")
    assert "cơ quan kế thừa là “UBND xã An Phú”" in lines.warnings[1]


def test_body_not_yet_founded_is_warned_of(moved: School) -> None:
    SchoolBody.objects.filter(school=moved, valid_to=LAST_DAY).delete()
    SchoolBody.objects.filter(school=moved).update(valid_from=None)

    lines = letterhead(_loaded(moved), date(2024, 9, 5))

    assert lines.warnings == (
        "“UBND xã An Phú” chưa thành lập vào ngày 05/09/2024. "
        "Đề nghị kiểm tra lại tên cơ quan trên đầu văn bản.",
    )


def test_old_document_keeps_the_old_name(moved: School) -> None:
    moved.names.update(valid_to=LAST_DAY)
    schools.school_name(moved, "Trường Mầm non Sen Hồng", valid_from=FIRST_DAY)

    assert letterhead(_loaded(moved), LAST_DAY).name == "Trường Mầm non Hoa Sen"
    assert letterhead(_loaded(moved), FIRST_DAY).issuer == "TRƯỜNG MẦM NON SEN HỒNG"


def test_school_place_comes_before_the_body_place(moved: School) -> None:
    moved.place_name = "Thôn Đông"
    moved.save()

    assert letterhead(_loaded(moved), FIRST_DAY).place == "Thôn Đông"


def test_bare_school_gives_empty_lines_and_says_what_is_missing(db: None) -> None:
    school = schools.school()
    school.names.all().delete()

    lines = letterhead(_loaded(school), FIRST_DAY)

    assert (lines.parent_body, lines.issuer, lines.name, lines.place) == ("", "", "", "")
    assert len(lines.warnings) == 3


def test_no_query_beyond_the_prefetch(moved: School, django_assert_num_queries: object) -> None:
    school = _loaded(moved)

    with django_assert_num_queries(0):  # type: ignore[operator]
        letterhead(school, date(2030, 1, 1))
