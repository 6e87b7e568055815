"""Entering, correcting, renaming schools."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from criteria.enums import SchoolKind
from plans.history.models import Event
from plans.schools.actions import put_under, register_school, rename_school, update_school
from plans.schools.models import School, SchoolBody
from tests.factories import accounts, schools

pytestmark = pytest.mark.django_db


def _registered(**fields: object) -> School:
    values = {
        "kind": SchoolKind.PRIMARY,
        "symbol": "THNH",
        "name": "Trường Tiểu học Nguyễn Huệ",
        "letterhead_name": "TRƯỜNG TIỂU HỌC NGUYỄN HUỆ",
        "by": None,
    }
    return register_school(**(values | fields))  # type: ignore[arg-type]


def test_register_writes_name_bodies_search_words_and_record() -> None:
    body, admin = schools.body(), accounts.user()

    school = _registered(
        by=admin, bodies=[(body, SchoolBody.Role.PARENT)], valid_from=date(2025, 7, 1)
    )

    school.refresh_from_db()
    assert school.search_text == "truong tieu hoc nguyen hue thnh"
    assert school.sort_key
    assert [row.name for row in school.names.all()] == ["Trường Tiểu học Nguyễn Huệ"]
    assert [(row.body, row.role) for row in school.body_links.all()] == [(body, "parent")]
    event = Event.objects.get()
    assert (event.action, event.actor_id, event.school_id) == (
        "school.register",
        admin.pk,
        school.pk,
    )


def test_register_refuses_a_code_in_use_and_leaves_nothing_behind() -> None:
    _registered(code="79000701")

    with pytest.raises(ValidationError, match="Mã định danh này đã có ở trường khác"):
        _registered(code="79000701")

    assert School.objects.count() == 1


def test_schools_without_a_code_may_be_many() -> None:
    _registered()
    _registered()

    assert School.objects.filter(code="").count() == 2


def test_update_changes_only_what_may_be_changed() -> None:
    school = _registered()

    update_school(school=school, values={"symbol": "THNH2", "is_demo": True}, by=None)

    school.refresh_from_db()
    assert (school.symbol, school.is_demo) == ("THNH2", False)
    assert school.search_text.endswith("thnh2")
    assert Event.objects.get(action="school.change").before == {"symbol": "THNH"}


def test_renamed_school_is_found_by_both_names_and_sorted_by_the_new_one() -> None:
    school = _registered()

    rename_school(
        school=school,
        name="Trường Tiểu học Ánh Dương",
        letterhead_name="TRƯỜNG TIỂU HỌC ÁNH DƯƠNG",
        valid_from=date(2026, 8, 1),
        by=None,
    )

    assert set(School.objects.matching("nguyen hue")) == {school}
    assert set(School.objects.matching("ÁNH dương")) == {school}
    assert school.name_on(date(2026, 7, 31)) == "Trường Tiểu học Nguyễn Huệ"
    assert school.name_on(date(2026, 8, 1)) == "Trường Tiểu học Ánh Dương"
    assert School.objects.with_name(date(2026, 8, 1)).get().display_name == (
        "Trường Tiểu học Ánh Dương"
    )


def test_name_that_begins_before_a_later_one_is_refused() -> None:
    school = _registered(valid_from=date(2026, 8, 1))

    with pytest.raises(ValidationError, match="01/08/2026"):
        rename_school(
            school=school, name="X", letterhead_name="X", valid_from=date(2026, 8, 1), by=None
        )


def test_putting_under_another_body_ends_the_one_before() -> None:
    old, new = schools.body(), schools.body()
    school = _registered(bodies=[(old, SchoolBody.Role.DIRECT), (old, SchoolBody.Role.PARENT)])

    put_under(
        school=school, body=new, role=SchoolBody.Role.DIRECT, valid_from=date(2025, 7, 1), by=None
    )

    links = school.body_links.order_by("pk").values_list("body", "role", "valid_to")
    assert list(links) == [
        (old.pk, "direct", date(2025, 6, 30)),
        (old.pk, "parent", None),
        (new.pk, "direct", None),
    ]


@pytest.mark.parametrize(
    "words", ["nguyen hue", "NGUYỄN huệ", "hue nguyen", "Nguye\u0302\u0303n", "thnh", "79000701"]
)
def test_search_needs_no_marks_and_no_order(words: str) -> None:
    school = _registered(code="79000701")
    _registered(name="Trường Tiểu học Lê Lợi", symbol="THLL")

    assert list(School.objects.matching(words)) == [school]


@pytest.mark.parametrize("words", ["%", "_", "nguyen_hue", "\x00%", "🌻", "a " * 50_000])
def test_search_takes_signs_as_signs(words: str) -> None:
    _registered(name="Trường", symbol="X")

    assert list(School.objects.matching(words)) == []
