"""A plan from last year's: what goes on, what stays behind, what became of each action, and how often promised."""

from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from criteria.enums import SchoolKind
from criteria.loader import load_framework
from criteria.models import Criterion
from plans.accounts.models import User
from plans.council.models import CouncilMember
from plans.history.models import Event
from plans.planning.carry import carried_texts, last_plan, open_from, outcome_words, past_rows
from plans.planning.carry import tell_outcome as tell
from plans.planning.form import read_form
from plans.planning.form_loader import load_form, read_form_file
from plans.planning.models import Plan, PlanAction, PlanForm
from plans.planning.old_years import shift_years, stale_places
from plans.planning.promises import promises
from plans.schools.models import School, SchoolYear
from tests.factories import council, criteria, planning, schools

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"


@pytest.fixture
def old(plan: Plan) -> Plan:
    """The kindergarten's plan of 2025-2026, finished, with two actions and some texts."""
    first, second = Criterion.objects.of(plan.framework)[:2]
    planning.action(
        plan,
        criterion=first,
        current_state="Bếp cũ.",
        target_result="Bếp một chiều.",
        measures="- Sửa  bếp\n- Mua tủ",
        timeframe="Từ tháng 10/2025 đến 31/5/2026",
        starts_on=date(2025, 10, 1),
        ends_on=date(2026, 5, 31),
        budget_text="30-40 triệu",
        budget_min=30_000_000,
        budget_max=40_000_000,
        progress="done",
    )
    planning.action(plan, criterion=second, measures="Việc hai", position=7)
    for key, body in {
        "purpose": "1. Nâng chất lượng năm học 2025-2026.",
        "previous_results": "Năm học 2024-2025 làm được nhiều.",
        "legal_grounds": "Kế hoạch số 78/KH-UBND ngày 20 tháng 8 năm 2025 về năm học 2025-2026;",
        "recipients": "Lưu: VT.",
    }.items():
        planning.plan_text(plan, key, body)
    Plan.objects.filter(pk=plan.pk).update(
        state="finished",
        finished_at="2025-09-30T00:00+07:00",
        number="05",
        document_date="2025-09-30",
    )
    return Plan.objects.for_editing().get(pk=plan.pk)


@pytest.fixture
def next_year(db: None) -> SchoolYear:
    load_framework(FIXTURES / "frameworks" / "tt57-2026-mn.json")
    return schools.school_year(2026)


def begun(old: Plan, year: SchoolYear, by: User, **told: object) -> Plan:
    """Begin the next plan with every action but the done ones."""
    going_on = [row.action.pk for row in past_rows(old) if row.goes_on]
    values: dict[str, object] = {"going_on": going_on, "outcomes": {}, "form": old.form}
    plan = open_from(old=old, school_year=year, by=by, **(values | told))  # type: ignore[arg-type]
    return Plan.objects.for_editing().get(pk=plan.pk)


# --- what goes on -----------------------------------------------------------------------------------------


def test_all_but_the_done_are_proposed(old: Plan) -> None:
    assert [(row.words, row.goes_on) for row in past_rows(old)] == [
        ("Sửa  bếp\n- Mua tủ", False),
        ("Việc hai", True),
    ]


def test_an_action_goes_on_with_its_words_its_thread_and_its_place(
    old: Plan, next_year: SchoolYear, principal: User
) -> None:
    done, other = old.actions.all()

    plan = begun(old, next_year, principal, going_on=[done.pk])

    action = plan.actions.get()
    assert action.thread == done.thread
    assert (action.carried_from_id, action.position) == (done.pk, done.position)
    for name in ("current_state", "target_result", "measures", "lead", "timeframe", "budget_text"):
        assert getattr(action, name) == getattr(done, name)
    assert (action.progress, action.starts_on, action.ends_on) == ("", None, None)
    assert (action.budget_min, action.budget_max) == (30_000_000, 40_000_000)


def test_no_criterion_is_translated_into_another_circular(
    old: Plan, next_year: SchoolYear, principal: User
) -> None:
    action = begun(old, next_year, principal).actions.get()

    assert (action.criterion, action.band) == (None, "")
    assert action.carried_from is not None
    assert action.carried_from.criterion is not None


def test_the_criterion_goes_on_within_one_circular(principal: User, kindergarten: School) -> None:
    load_framework(FIXTURES / "frameworks" / "tt19-2018.json")
    load_framework(FIXTURES / "frameworks" / "tt19-2018+22-2024.json")
    load_form(FIXTURES / "forms" / "kh-2018.json")
    framework = Plan._meta.get_field("framework").related_model.objects.get(code="TT19-2018")
    form = PlanForm.objects.get()
    before = planning.plan(
        kindergarten, year=schools.school_year(2024), form=form, framework=framework
    )
    third = Criterion.objects.of(framework)[3]
    planning.action(before, criterion=third, band="1,2,3")
    before = Plan.objects.for_editing().get(pk=before.pk)

    plan = begun(before, schools.school_year(2025), principal)

    action = plan.actions.get()
    assert plan.framework.code == "TT19-2018+22-2024"
    assert action.criterion and action.criterion.standard.framework_id == plan.framework_id
    assert (action.criterion.number, action.band) == (third.number, "1,2,3")


def test_texts_go_on_and_the_old_papers_own_do_not(
    old: Plan, next_year: SchoolYear, principal: User
) -> None:
    plan = begun(old, next_year, principal)

    assert plan.text("purpose") == "1. Nâng chất lượng năm học 2025-2026."
    assert plan.text("recipients") == "Lưu: VT."
    assert (plan.number, plan.document_date, plan.results.count()) == ("", None, 0)
    assert plan.document_month == date(2026, 9, 1)
    assert plan.started_from == old
    assert Event.objects.filter(action="plan.carry", plan_id=plan.pk).get().before["from"] == old.pk


def test_the_results_of_last_year_are_told_and_not_copied(
    old: Plan, next_year: SchoolYear, principal: User
) -> None:
    second = old.actions.all()[1]

    plan = begun(old, next_year, principal, outcomes={second.pk: "under_way"})

    first_number, second_number = (a.criterion.number for a in old.actions.all() if a.criterion)
    assert plan.text("previous_results") == (
        "Kế hoạch năm học 2025-2026 có 2 việc: 1 việc hoàn thành, 1 việc đang thực hiện.\n"
        f"- Hoàn thành: Tiêu chí {first_number}.\n"
        f"- Đang thực hiện: Tiêu chí {second_number}.\n"
        f"- Chuyển tiếp sang năm học 2026-2027: Tiêu chí {second_number}."
    )


def test_results_count_a_criterion_once_and_name_actions_without_one(db: None) -> None:
    plan = planning.plan()
    planning.action(plan)
    planning.action(plan)
    PlanAction.objects.create(plan=plan, band="2", subject="Sửa thư viện.\nMua sách", position=99)
    plan = Plan.objects.for_editing().get(pk=plan.pk)

    lines = outcome_words(plan, schools.school_year(2026), []).splitlines()

    assert lines[0].endswith("có 3 việc: 3 việc chưa có thông tin.")
    assert lines[1:] == ["- Chưa có thông tin: Tiêu chí 1.1 (2 việc), Sửa thư viện."]
    assert outcome_words(planning.plan(), schools.school_year(2026), []) == ""


def test_the_council_comes_along_where_the_new_year_has_none(
    old: Plan, next_year: SchoolYear, principal: User
) -> None:
    council.member(old.school, year=old.school_year, full_name="Lê Thị Mẫu Đơn", part="chair")

    begun(old, next_year, principal)

    rows = CouncilMember.objects.of(old.school, next_year)
    assert [(row.full_name, row.part) for row in rows] == [("Lê Thị Mẫu Đơn", "chair")]


# --- another form -----------------------------------------------------------------------------------------


def _into(section_data: dict[str, object]) -> object:
    data = read_form_file(FIXTURES / "forms" / "kh-2018.json").data
    other = next(part for part in data["sections"] if part["key"] == "actions")
    other |= section_data
    return read_form(data).actions()


def test_a_field_that_only_the_new_form_prints_takes_the_words_it_names(old: Plan) -> None:
    row = old.actions.all()[0]
    row.other_support = "Phòng Kinh tế thẩm tra"
    section = _into(
        {
            "columns": [
                {"key": "index", "title": "TT", "width": 1},
                {"key": "subject", "title": "Nội dung", "width": 1, "fields": ["subject"]},
                {"key": "measures", "title": "Việc", "width": 1, "fields": ["measures"]},
                {"key": "means", "title": "Nguồn lực", "width": 1, "fields": ["resources"]},
                {"key": "done", "title": "Mức độ", "width": 1, "fields": ["progress"]},
            ],
            "continues_fields": {"resources": ["budget_text", "other_support"]},
        }
    )

    texts = carried_texts(row, section)  # type: ignore[arg-type]

    assert row.criterion is not None
    assert texts == {
        "subject": row.criterion.title,
        "measures": "- Sửa  bếp\n- Mua tủ",
        "resources": "30-40 triệu\nPhòng Kinh tế thẩm tra",
    }


# --- refusals ---------------------------------------------------------------------------------------------


def test_an_action_of_another_plan_is_refused_and_nothing_is_written(
    old: Plan, next_year: SchoolYear, principal: User
) -> None:
    stranger = planning.action(planning.plan())
    own = old.actions.all()[1]

    for told in ({"going_on": [stranger.pk]}, {"outcomes": {stranger.pk: "done"}}):
        with pytest.raises(ValidationError):
            begun(old, next_year, principal, **({"outcomes": {own.pk: "done"}} | told))

    assert not Plan.objects.filter(school=old.school, school_year=next_year).exists()
    assert PlanAction.objects.get(pk=own.pk).progress == ""


def test_the_new_year_must_come_after_the_old_one(old: Plan, principal: User) -> None:
    with pytest.raises(ValidationError, match="Hãy chọn năm học sau năm học 2025-2026"):
        begun(old, schools.school_year(2024), principal)


def test_an_unknown_outcome_is_refused(old: Plan, principal: User) -> None:
    with pytest.raises(ValidationError):
        tell(action=old.actions.all()[0], progress="perhaps", by=principal)


# --- outcomes ---------------------------------------------------------------------------------------------


def test_what_became_of_an_action_is_told_although_its_plan_is_finished(
    old: Plan, principal: User
) -> None:
    action = old.actions.all()[1]

    tell(action=action, progress="not_done", by=principal)
    tell(action=action, progress="not_done", by=principal)

    saved = PlanAction.objects.get(pk=action.pk)
    assert (saved.progress, saved.version) == ("not_done", 2)
    event = Event.objects.get(action="planaction.outcome")
    assert (event.before, event.plan_id, event.actor_id) == (
        {"progress": ""},
        old.pk,
        principal.pk,
    )


# --- promises ---------------------------------------------------------------------------------------------


def _in_year(school: School, start: int, like: PlanAction | None, progress: str) -> Plan:
    framework = criteria.framework(kind=SchoolKind.PRESCHOOL)
    plan = planning.plan(school, year=schools.school_year(start), framework=framework)
    action = planning.action(plan, progress=progress)
    if like is not None:
        PlanAction.objects.filter(pk=action.pk).update(thread=like.thread)
    return Plan.objects.for_editing().get(pk=plan.pk)


def test_an_action_is_promised_for_the_third_time(db: None) -> None:
    school = schools.school()
    first = _in_year(school, 2023, None, "not_done").actions.get()
    second = _in_year(school, 2024, first, "under_way").actions.get()
    plan = _in_year(school, 2025, first, "")
    _in_year(schools.school(), 2024, first, "done")  # another school's, with a thread alike
    new = planning.action(plan)
    plan = Plan.objects.for_editing().get(pk=plan.pk)

    known = promises(plan)

    promise = known[first.thread]
    assert (promise.count, promise.last, promise.last_words) == (3, second, "Đang thực hiện")
    assert list(promise.earlier) == [second, first]
    assert new.thread not in known
    assert promises(planning.plan()) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_promises_take_one_query(db: None, django_assert_num_queries: object, count: int) -> None:
    school = schools.school()
    old = _in_year(school, 2024, None, "not_done")
    first = old.actions.get()
    plan = _in_year(school, 2025, first, "")
    for _ in range(count - 1):
        twin = planning.action(old, progress="not_done")
        PlanAction.objects.filter(pk=planning.action(plan).pk).update(thread=twin.thread)
    plan = Plan.objects.for_editing().get(pk=plan.pk)

    with django_assert_num_queries(1):  # type: ignore[operator]
        known = promises(plan)
        told = [(one.last.plan.school_year.label, one.last_words) for one in known.values()]

    assert told == [("2024-2025", "Chưa hoàn thành")] * count


# --- years of the past ------------------------------------------------------------------------------------


def test_every_text_that_names_last_year_is_found_and_moved_on_as_asked(
    old: Plan, next_year: SchoolYear, principal: User
) -> None:
    plan = begun(old, next_year, principal, going_on=[old.actions.all()[0].pk])
    action = plan.actions.get()
    keys = {place.key: place.can_shift for place in stale_places(plan)}
    assert keys == {
        "muc-purpose": True,
        "muc-legal_grounds": False,
        f"viec-{action.pk}-timeframe": True,
    }

    assert shift_years(plan=plan, keys=list(keys), by=principal) == 2

    plan = Plan.objects.for_editing().get(pk=plan.pk)
    assert plan.text("purpose") == "1. Nâng chất lượng năm học 2026-2027."
    assert plan.actions.get().timeframe == "Từ tháng 10/2026 đến 31/5/2027"
    assert [place.key for place in stale_places(plan)] == ["muc-legal_grounds"]
    assert shift_years(plan=plan, keys=["muc-purpose", "viec-1-x"], by=principal) == 0


def test_nothing_moves_that_was_not_asked_for(
    old: Plan, next_year: SchoolYear, principal: User
) -> None:
    plan = begun(old, next_year, principal)

    shift_years(plan=plan, keys=["muc-recipients"], by=principal)

    assert Plan.objects.get(pk=plan.pk).texts.get(section="purpose").body.endswith("2025-2026.")


def test_last_plan_is_the_one_of_the_latest_year(old: Plan) -> None:
    planning.plan(old.school, year=schools.school_year(2023), framework=old.framework)

    assert last_plan(old.school) == old
    assert last_plan(schools.school()) is None
