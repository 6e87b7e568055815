"""Small tables of a plan begun from last year's: which cells come along, and the old years that stand in them."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from criteria.loader import load_framework
from plans.accounts.models import User
from plans.planning.carry import carried_cells, open_from
from plans.planning.models import Plan, PlanForm, PlanRow
from plans.planning.old_years import shift_years, stale_places
from plans.planning.tables import table_rows
from plans.schools.models import SchoolYear
from tests.factories import planning, schools

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
PRIORITY = {
    "standard": "Tiêu chuẩn 2",
    "criterion": "Tiêu chí 2.2: Đội ngũ",
    "current_state": "Năm học 2026-2027 còn  thiếu\n2 giáo viên",
    "weaknesses": "Chưa đủ",
    "causes": "Chưa tuyển được",
}


@pytest.fixture
def old(plan57: Plan) -> Plan:
    """The kindergarten's plan of 2026-2027 with two priorities and three times of monitoring, one its own."""
    planning.row(plan57, "priorities", **PRIORITY)
    planning.row(plan57, "priorities", current_state="Sân hẹp")
    first, last = monitoring(plan57)
    _cells(first, content="Tiến độ đến 31/12/2026", outcome="Chậm", adjustment="Lùi", assessor="Tổ")
    _cells(last, outcome="Xong")
    PlanRow.objects.filter(pk=last.pk).update(position=3)
    row = planning.row(
        plan57, "monitoring", moment="Tháng 3/2027", content="Giữa kỳ", outcome="Tốt"
    )
    PlanRow.objects.filter(pk=row.pk).update(position=2)
    return Plan.objects.for_editing().get(pk=plan57.pk)


def _cells(row: PlanRow, **cells: str) -> None:
    PlanRow.objects.filter(pk=row.pk).update(cells={**row.cells, **cells})


@pytest.fixture
def next_year(plan57: Plan) -> SchoolYear:
    return schools.school_year(2027)


def begun(old: Plan, year: SchoolYear, by: User, form: PlanForm | None = None) -> Plan:
    plan = open_from(
        old=old, school_year=year, form=form or old.form, going_on=[], outcomes={}, by=by
    )
    return Plan.objects.for_editing().get(pk=plan.pk)


def monitoring(plan: Plan) -> list[PlanRow]:
    return list(plan.rows.filter(section="monitoring").order_by("position", "pk"))


def cells(plan: Plan, section: str) -> list[dict[str, object]]:
    rows = plan.rows.filter(section=section).order_by("position", "pk")
    return [row.cells for row in rows]


# --- what comes along -------------------------------------------------------------------------------------


def test_priorities_come_along_to_the_letter(
    old: Plan, next_year: SchoolYear, principal: User
) -> None:
    plan = begun(old, next_year, principal)

    assert cells(plan, "priorities") == [PRIORITY, {"current_state": "Sân hẹp"}]
    assert {row.version for row in plan.rows.all()} == {1}
    assert cells(old, "priorities") == [PRIORITY, {"current_state": "Sân hẹp"}]


def test_results_of_monitoring_stay_behind_and_the_order_comes_along(
    old: Plan, next_year: SchoolYear, principal: User
) -> None:
    plan = begun(old, next_year, principal)

    assert cells(plan, "monitoring") == [
        {"#": 0, "content": "Tiến độ đến 31/12/2026", "assessor": "Tổ"},
        {"moment": "Tháng 3/2027", "content": "Giữa kỳ"},
        {"#": 1},
    ]


def test_deleted_rows_and_rows_of_results_alone_do_not_come_along(
    old: Plan, next_year: SchoolYear, principal: User
) -> None:
    planning.row(old, "monitoring", outcome="Chỉ có kết quả")
    gone = planning.row(old, "priorities", weaknesses="Đã xóa")
    PlanRow.objects.filter(pk=gone.pk).update(removed_at="2026-10-01T00:00+07:00")
    old = Plan.objects.for_editing().get(pk=old.pk)

    plan = begun(old, next_year, principal)

    assert len(cells(plan, "monitoring")) == 3
    assert cells(plan, "priorities") == [PRIORITY, {"current_state": "Sân hẹp"}]


def _form(old: Plan, **changed: object) -> PlanForm:
    """The old plan's form revised, its table of monitoring as `changed` says."""
    data = {**old.form.data, "sections": [dict(part) for part in old.form.data["sections"]]}
    next(part for part in data["sections"] if part["key"] == "monitoring").update(changed)
    form = PlanForm.objects.get(pk=old.form_id)
    form.pk, form.revision, form.data = None, 2, data
    form.save(force_insert=True)
    return PlanForm.objects.get(pk=form.pk)


def test_a_row_that_the_new_form_no_longer_begins_goes_on_as_a_row_of_its_own(
    old: Plan, next_year: SchoolYear, principal: User
) -> None:
    form = _form(old, fixed_rows=[{"moment": "Tháng 12"}, {"moment": "Cuối năm học"}])

    plan = begun(old, next_year, principal, form)

    assert cells(plan, "monitoring") == [
        {"moment": "Cuối học kỳ I", "content": "Tiến độ đến 31/12/2026", "assessor": "Tổ"},
        {"moment": "Tháng 3/2027", "content": "Giữa kỳ"},
        {"#": 1},
        {"#": 0},
    ]


def test_a_form_that_names_no_column_begins_its_table_empty(
    old: Plan, next_year: SchoolYear, principal: User
) -> None:
    plan = begun(old, next_year, principal, _form(old, continues_columns=[]))

    assert cells(plan, "monitoring") == [{"#": 0}, {"#": 1}]
    assert len(cells(plan, "priorities")) == 2


def test_standards_and_criteria_do_not_come_into_another_circular(old: Plan) -> None:
    table = old.spec.section("priorities")
    assert table
    row = table_rows(old.rows.all(), table)[0]

    texts = carried_cells(row, table, same_circular=False)

    assert list(texts) == ["current_state", "weaknesses", "causes"]


def test_a_plan_whose_last_one_had_no_such_table_begins_it_empty(
    plan: Plan, next_year: SchoolYear, principal: User
) -> None:
    load_framework(FIXTURES / "frameworks" / "tt57-2026-mn.json")
    old = Plan.objects.for_editing().get(pk=plan.pk)
    form = PlanForm.objects.get(code="KH-57-2026")

    new = begun(old, next_year, principal, form)

    assert (cells(new, "priorities"), cells(new, "monitoring")) == ([], [{"#": 0}, {"#": 1}])


def test_rows_come_along_in_as_many_queries_for_three_as_for_one(
    old: Plan, principal: User
) -> None:
    def cost(year: int) -> int:
        start = Plan.objects.for_editing().get(pk=old.pk)
        with CaptureQueriesContext(connection) as queries:
            begun(start, schools.school_year(year), principal)
        return len(queries)

    cost(2026 + 1)
    few = cost(2026 + 2)
    for number in range(3):
        planning.row(old, "priorities", weaknesses=f"Yếu {number}")

    assert cost(2026 + 3) == few


# --- years of the past ------------------------------------------------------------------------------------


def test_old_years_in_cells_are_found_and_moved_on_as_asked(
    old: Plan, next_year: SchoolYear, principal: User
) -> None:
    plan = begun(old, next_year, principal)
    first = plan.rows.get(section="priorities", cells__standard="Tiêu chuẩn 2")
    half, between, _ = monitoring(plan)
    found = {place.key: (place.label, place.can_shift) for place in stale_places(plan)}
    watched = "Theo dõi (giám sát nội bộ)"
    assert found == {
        f"dong-{first.pk}-current_state": (
            "Tóm tắt các vấn đề trọng tâm cần cải tiến, vấn đề 1: Đánh giá hiện trạng",
            True,
        ),
        f"dong-{half.pk}-content": (f"{watched}, Cuối học kỳ I: Nội dung theo dõi", True),
        f"dong-{between.pk}-moment": (f"{watched}, lần theo dõi 2: Thời điểm", True),
    }

    keys = [key for key in found if not key.startswith(f"dong-{half.pk}")]
    count = shift_years(plan=plan, keys=keys, by=principal)

    plan = Plan.objects.for_editing().get(pk=plan.pk)
    first.refresh_from_db()
    assert count == 2
    assert first.cells == PRIORITY | {"current_state": "Năm học 2027-2028 còn  thiếu\n2 giáo viên"}
    assert first.version == 2
    assert monitoring(plan)[1].text("moment") == "Tháng 3/2028"
    assert [place.key for place in stale_places(plan)] == [f"dong-{half.pk}-content"]
