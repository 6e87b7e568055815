"""Copies of forms: changed as drafts, frozen when put in force, taken by the schools they are for."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from plans.formats import actions
from plans.formats.form_copies import changes, column_steps, edited, moved, places
from plans.history.models import Event
from plans.moves import MoveNotAllowed
from plans.planning.actions import open_plan
from plans.planning.document import plan_document
from plans.planning.form_loader import (
    FORMS_DIR,
    FormFileError,
    checked_form,
    load_all,
    read_form_file,
)
from plans.planning.models import FormInForce, Plan, PlanForm
from plans.planning.progress import plan_progress
from tests.factories import accounts, criteria, planning, schools

pytestmark = pytest.mark.django_db
DAY = date(2025, 1, 1)


def draft(form: PlanForm | None = None) -> PlanForm:
    return actions.copy_form(form=form or planning.plan_form(), body=None, by=accounts.user())


def change(form: PlanForm, edits: dict[tuple[str, ...], Any], *, version: int = 1) -> PlanForm:
    data = edited(form.data, edits)
    return actions.change_draft(
        form=form, title=form.title, data=data, version=version, by=accounts.user()
    )


def in_force(form: PlanForm, body: Any = None, *, valid_from: date = DAY) -> FormInForce:
    return actions.put_in_force(form=form, body=body, valid_from=valid_from, by=accounts.user())


# --- the draft --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(FORMS_DIR.glob("*.json")), ids=lambda path: path.stem)
def test_forms_of_the_house_pass_the_checks_of_drafts_unchanged(path: Any) -> None:
    data = read_form_file(path).data

    assert checked_form(data) == data


def test_copy_is_a_draft_that_nobody_takes() -> None:
    form = planning.plan_form()

    made = draft(form)

    assert (made.is_draft, made.based_on, made.data) == (True, form, form.data)
    assert list(PlanForm.objects.current()) == [form]


def test_draft_takes_titles_texts_and_widths() -> None:
    made = draft()

    saved = change(
        made,
        {
            ("purpose", "title"): "Mục tiêu",
            ("actions", "measures", "title"): "Việc phải làm",
            ("actions", "measures", "width"): 0.5,
            ("kind_lines",): ["KẾ HOẠCH"],
        },
    )

    spec = PlanForm.objects.get(pk=saved.pk).spec
    table = spec.actions()
    assert table is not None
    assert spec.kind_lines == ("KẾ HOẠCH",)
    assert spec.sections[0].title == "Mục tiêu"
    assert [(c.title, c.width) for c in table.columns if c.key == "measures"] == [
        ("Việc phải làm", 0.5)
    ]


def test_what_is_switched_off_is_gone_for_editor_progress_and_document() -> None:
    form = planning.plan_form()
    made = change(draft(form), {("purpose", "off"): True, ("actions", "done", "off"): True})
    in_force(made)
    school = schools.school()
    criteria.framework()
    year = schools.school_year(2025)

    open_plan(school=school, school_year=year, form=made, by=accounts.user())

    plan = Plan.objects.for_document().get()
    table = plan.spec.actions()
    words = repr(plan_document(plan))
    assert table is not None
    assert [column.key for column in table.columns] == ["index", "criterion", "measures", "lead"]
    assert "purpose" not in {page.key for page in plan_progress(plan)}
    assert ("MỤC ĐÍCH" in words, "Mức độ" in words, "CĂN CỨ" in words) == (False, False, True)


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        (
            {("actions", "measures", "off"): True},
            "cột “Công việc” có ô phải ghi nên không tắt được",
        ),
        ({("actions", "index", "off"): True}, "cột “TT” đếm các dòng của bảng việc nên không tắt"),
        ({("follow_up", "topic", "off"): True}, "cột “Nội dung” phải ghi nên không tắt được"),
        ({("recipients", "off"): True}, "ghi số, ngày và người ký nên không tắt được"),
        ({("actions", "off"): True}, "bảng việc là phần chính của kế hoạch nên không tắt được"),
        ({("purpose", "title"): ""}, "mục không có tên"),
        ({("purpose", "title"): "{nam}"}, "chỗ điền {nam} không có"),
        ({("actions", "measures", "width"): 0}, "phải lớn hơn 0"),
    ],
)
def test_draft_is_refused_for_what_a_file_is_refused_for(
    edits: dict[tuple[str, ...], Any], words: str
) -> None:
    made = draft()

    with pytest.raises(ValidationError) as refused:
        change(made, edits)

    assert words in " ".join(refused.value.messages)
    assert PlanForm.objects.get(pk=made.pk).data == made.data


def test_section_whose_parts_are_all_off_is_switched_off_itself() -> None:
    form = read_form_file(FORMS_DIR / "kh-2018.json").data
    parts = next(s for s in form["sections"] if s["key"] == "duties")["sections"]
    hollow = edited(form, {(part["key"], "off"): True for part in parts})

    with pytest.raises(FormFileError, match="mọi mục con đã tắt; hãy tắt cả mục này"):
        checked_form(hollow)

    assert checked_form(edited(hollow, {("duties", "off"): True}))


def test_section_moves_among_its_neighbours() -> None:
    data = planning.FORM_DATA
    keys = [place.section["key"] for place in places(moved(data, "grounds", up=True))]

    assert keys[:2] == ["grounds", "purpose"]
    assert moved(data, "purpose", up=True) == data
    assert moved(data, "recipients", up=False) == data


def columns_of(data: dict[str, Any]) -> list[str]:
    table = next(place.section for place in places(data) if place.section["key"] == "actions")
    return [column["key"] for column in table["columns"]]


def test_column_moves_inside_its_table() -> None:
    data = planning.FORM_DATA

    made = moved(data, "actions", up=False, column="criterion")

    assert columns_of(made) == ["index", "measures", "criterion", "lead", "done"]
    assert columns_of(moved(made, "actions", up=True, column="criterion")) == columns_of(data)


@pytest.mark.parametrize(
    ("column", "up"),
    [("index", False), ("criterion", True), ("done", False), ("none", True), ("none", False)],
)
def test_no_column_moves_over_the_edge_or_before_the_one_that_counts(column: str, up: bool) -> None:
    data = planning.FORM_DATA

    assert moved(data, "actions", up=up, column=column) == data
    assert moved(data, "purpose", up=up, column=column) == data


def test_small_tables_let_every_column_move() -> None:
    steps = {
        place.section["key"]: column_steps(place.section) for place in places(planning.FORM_DATA)
    }

    assert steps["follow_up"] == [(False, True), (True, False)]
    assert steps["actions"][:2] == [(False, False), (False, True)]
    assert steps["actions"][-1] == (True, False)
    assert steps["purpose"] == []


def test_save_on_an_older_version_is_a_conflict_and_writes_nothing() -> None:
    made = draft()
    change(made, {("purpose", "title"): "Của người trước"})

    with pytest.raises(actions.Conflict) as conflict:
        change(made, {("purpose", "title"): "Của người sau"}, version=1)

    theirs, mine = conflict.value.theirs["data"], conflict.value.mine["data"]
    assert [(c.one, c.other) for c in changes(mine, theirs)] == [
        ("Của người sau", "Của người trước")
    ]
    assert PlanForm.objects.get(pk=made.pk).spec.sections[0].title == "Của người trước"


def test_draft_that_is_dropped_stays_in_the_record() -> None:
    made = draft()
    content = made.data

    actions.drop_draft(form=made, by=accounts.user())

    assert not PlanForm.objects.filter(is_draft=True).exists()
    assert Event.objects.get(action="form.drop").before["data"] == content


# --- in force ---------------------------------------------------------------------------------------------


def test_form_in_force_never_changes() -> None:
    made = draft()
    in_force(made)

    for write in (
        lambda: change(made, {("purpose", "title"): "Khác"}),
        lambda: actions.drop_draft(form=made, by=accounts.user()),
    ):
        with pytest.raises(MoveNotAllowed, match="Mẫu đã áp dụng"):
            write()

    frozen = PlanForm.objects.get(pk=made.pk)
    assert (frozen.is_draft, frozen.data) == (False, made.data)
    assert frozen.digest != made.digest


def test_nearest_body_names_the_form_of_a_new_plan() -> None:
    province = schools.body("Sở A")
    commune = schools.body("UBND xã B", parent=province)
    school, other = schools.school(managed_by=commune), schools.school()
    year = schools.school_year(2025)
    house = planning.plan_form()
    general, of_province, of_commune = (draft(house) for _ in range(3))

    taken = []
    for form, body in [
        (None, None),
        (general, None),
        (of_province, province),
        (of_commune, commune),
    ]:
        if form:
            in_force(form, body)
        taken.append(
            (PlanForm.objects.to_take(year, school), PlanForm.objects.to_take(year, other))
        )

    assert taken == [
        (house, house),
        (general, general),
        (of_province, general),
        (of_commune, general),
    ]
    assert set(PlanForm.objects.offered_to(other)) == {house, general}


def test_decision_after_the_first_day_of_the_year_is_for_the_next() -> None:
    school = schools.school()
    house = planning.plan_form()
    copy = draft(house)
    this, following = schools.school_year(2025), schools.school_year(2026)
    in_force(copy, valid_from=date(2025, 12, 1))

    assert PlanForm.objects.to_take(this, school) == house
    assert PlanForm.objects.to_take(following, school) == copy
    assert set(PlanForm.objects.offered_to(school, this)) == {house}


def test_decision_for_a_form_of_other_years_is_passed_over() -> None:
    school, year = schools.school(), schools.school_year(2025)
    house, later = planning.plan_form(), planning.plan_form(first_year=2026)
    in_force(draft(later))

    assert PlanForm.objects.to_take(year, school) == house


def test_plan_keeps_the_form_it_was_started_with() -> None:
    school = schools.school()
    criteria.framework()
    year = schools.school_year(2025)
    first, second = draft(), draft()
    in_force(first)
    plan = open_plan(school=school, school_year=year, form=first, by=accounts.user())

    in_force(second)

    assert Plan.objects.get(pk=plan.pk).form == first


def test_files_loaded_again_leave_copies_alone(db: None) -> None:
    load_all()
    house = PlanForm.objects.get(code="KH-57-2026")
    in_force(draft(house))

    load_all()

    assert PlanForm.objects.filter(code="KH-57-2026").count() == 1
    assert PlanForm.objects.for_school_year(schools.school_year(2026)).get() == house
