"""The rules over a whole plan: order, words, one mention of one thing, queries, time."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from criteria.models import Criterion
from plans.accounts.models import User
from plans.checking.context import load_checked
from plans.checking.enums import Grade
from plans.checking.report import counts_in_words, find, report
from plans.planning.models import Plan, PlanAction, PlanText
from plans.planning.progress import missing_parts
from tests.factories import planning, schools
from tests.plans.checking.conftest import ROW, TODAY, Load, criterion


def spoil(plan: Plan) -> None:
    """Two errors on two pages, a warning before them in the form, a hint."""
    PlanText.objects.filter(plan=plan, section="purpose").update(body="1. Một\n3. Ba")
    PlanText.objects.filter(plan=plan, section="closing").update(body="")
    plan.actions.update(lead="", budget_text="")


def test_errors_come_first_then_warnings_then_hints_each_in_page_order(
    clean: Plan, load: Load
) -> None:
    spoil(clean)

    found = report(load())

    assert [(f.grade.label, f.page) for f in found.findings] == [
        ("Lỗi", "actions"),
        ("Lỗi", "closing"),
        ("Cảnh báo", "purpose"),
        ("Gợi ý", "actions"),
    ]
    assert found.heading == "Còn 2 lỗi, 1 cảnh báo, 1 gợi ý"
    assert found.next_finding == found.findings[0]


def test_headings_say_what_is_left(clean: Plan, load: Load) -> None:
    nothing = report(load())
    PlanText.objects.filter(plan=clean, section="purpose").update(body="1. Một\n3. Ba")
    warned = report(load())

    assert nothing.heading == "Không còn lỗi"
    assert nothing.next_finding is None
    assert warned.heading == "Không còn lỗi. Còn 1 cảnh báo để thầy cô xem lại"
    assert warned.next_finding is None
    assert counts_in_words(()) == ""


def test_every_gap_is_one_error_and_leads_to_its_first_empty_field(
    clean: Plan, row: PlanAction, load: Load
) -> None:
    clean.actions.update(lead="", timeframe="")

    found = [f for f in find(load()) if f.action == row.pk]

    assert [(f.rule, f.grade, f.field) for f in found] == [("missing", Grade.ERROR, "lead")]
    assert found[0].message == missing_parts(Plan.objects.for_editing().get(pk=clean.pk))[0].what


def test_pages_count_errors_of_their_own_beside_what_is_missing(clean: Plan, load: Load) -> None:
    clean.actions.update(proposed_at=timezone.now(), target_result="Bếp còn chật hẹp")

    page = next(page for page in report(load()).pages if page.key == "actions")

    assert page.other_errors == 1
    assert page.words == "1 việc, đủ, 1 lỗi, 1 cảnh báo"
    assert page.heading == "Mục này còn 1 lỗi, 1 cảnh báo"


def test_notes_stand_in_their_cells_and_what_is_missing_does_not_say_it_twice(
    clean: Plan, row: PlanAction, load: Load
) -> None:
    clean.actions.update(lead="", target_result="Bếp còn chật hẹp")

    notes = report(load()).cell_notes()

    assert {place: [f.note for f in found] for place, found in notes.items()} == {
        (row.pk, "target_result"): ["ô “Kết quả cần đạt” đang ghi một điểm yếu (“chật hẹp”)"]
    }


def test_last_year_is_the_same_schools_and_the_year_right_before(clean: Plan, load: Load) -> None:
    for school, year in [(clean.school, 2023), (schools.school(), 2024)]:
        old = planning.plan(
            school, year=schools.school_year(year), form=clean.form, framework=clean.framework
        )
        planning.plan_text(old, "closing", clean.text("closing"))

    assert load().last_year.texts == {}


@pytest.mark.parametrize("last_year", [False, True], ids=["không có năm trước", "có năm trước"])
def test_as_many_queries_for_1_row_as_for_3(clean: Plan, *, last_year: bool) -> None:
    if last_year:
        year = schools.school_year(2024)
        old = planning.plan(clean.school, year=year, form=clean.form, framework=clean.framework)
        planning.action(old, criterion=criterion(clean, "3.2"), **ROW)

    def queries() -> int:
        plan = Plan.objects.for_page().get(pk=clean.pk)
        with CaptureQueriesContext(connection) as seen:
            report(load_checked(plan, on=TODAY))
        return len(seen)

    queries()  # the framework's tree is read once in a process
    with_one = queries()
    for number in ("1.1", "1.2"):
        planning.action(clean, criterion=criterion(clean, number), **ROW)

    assert queries() == with_one == 10


def test_rules_themselves_ask_nothing(load: Load) -> None:
    checked = load()

    with CaptureQueriesContext(connection) as seen:
        report(checked)

    assert len(seen) == 0


# --- the form of TT 57/2026 -------------------------------------------------------------------------------


def test_rows_of_the_new_form_are_called_by_number_and_fields_by_its_own_words(
    plan57: Plan, principal: User
) -> None:
    planning.action(plan57, criterion=criterion(plan57, "1.1"), target_result="Đủ phòng học.")
    planning.action(
        plan57, criterion=criterion(plan57, "1.2"), target_result="Phòng học còn thiếu."
    )
    table = plan57.spec.actions()
    assert table is not None

    found = [f for f in find(load_checked(plan57, on=TODAY)) if f.rule == "target_is_weakness"]

    label = table.field_labels.get("target_result", "")
    assert [f.message for f in found] == [f"Việc 2: ô “{label}” đang ghi một điểm yếu (“thiếu”)"]


def test_cells_of_small_tables_are_read_and_lead_to_their_row(plan57: Plan) -> None:
    row = planning.row(plan57, "priorities", causes="Học tập tại Trường Mầm non Sơn Ca Vàng")

    found = [f for f in find(load_checked(plan57, on=TODAY)) if f.rule == "other_school_name"]

    assert [(f.page, f.row, f.field, f.message) for f in found] == [
        ("priorities", row.pk, "causes", "Vấn đề 1: nhắc tên một trường khác (“Sơn Ca Vàng”)")
    ]


def test_new_form_asks_no_row_for_every_criterion_but_for_those_not_met(plan57: Plan) -> None:
    for one in Criterion.objects.of(plan57.framework):
        planning.result(plan57, one, 0 if one.number == "1.1" else 1)
    planning.action(plan57, criterion=criterion(plan57, "1.2"))

    rules = {"not_met_without_action", "below_aim_without_action"}
    found = [f for f in find(load_checked(plan57, on=TODAY)) if f.rule in rules]

    assert [f.message for f in found] == ["Tiêu chí 1.1: không đạt nhưng chưa có việc cải tiến nào"]
