"""What people do to a plan: nothing typed is changed, nothing is overwritten unseen, nothing is lost."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from criteria.loader import load_framework
from criteria.models import Criterion
from plans.accounts.models import User
from plans.history.models import Event
from plans.moves import MoveNotAllowed
from plans.planning import actions
from plans.planning.models import CriterionResult, Plan, PlanAction, PlanForm, PlanText
from plans.planning.progress import missing_parts
from plans.schools.models import School, SchoolYear
from tests.plans.planning.conftest import FIXTURES


def criterion(plan: Plan, number: str) -> Criterion:
    return Criterion.objects.get(standard__framework=plan.framework, number=number)


def order(plan: Plan) -> list[str]:
    return [action.measures for action in PlanAction.objects.in_print_order().filter(plan=plan)]


# --- opening ----------------------------------------------------------------------------------------------


def test_open_plan_pins_the_framework_in_force_and_takes_the_signer_from_the_school(
    plan: Plan,
) -> None:
    assert (plan.framework.code, plan.form.code, plan.state) == (
        "TT19-2018+22-2024",
        "KH-2018",
        "draft",
    )
    assert (plan.signing_capacity, plan.signer_name) == ("HIỆU TRƯỞNG", "Lê Thị Mẫu Đơn")
    assert (plan.document_month, plan.document_date, plan.number) == (date(2025, 9, 1), None, "")


def test_open_plan_twice_for_a_year_says_there_is_one(
    plan: Plan, kindergarten: School, school_year: SchoolYear, principal: User
) -> None:
    form = PlanForm.objects.get()

    with pytest.raises(ValidationError) as refused:
        actions.open_plan(school=kindergarten, school_year=school_year, form=form, by=principal)

    assert refused.value.messages == ["Trường đã có kế hoạch cho năm học này."]
    assert Plan.objects.count() == 1


# --- texts ------------------------------------------------------------------------------------------------


def test_save_text_keeps_every_character_typed(plan: Plan, principal: User) -> None:
    typed = "  1. Xây dựng…\n\n\t- “khả thi” – 30-40tr triệu/năm <script>alert(1)</script> =SUM(A1) 🌸 \u200f"

    actions.save_text(plan=plan, section="purpose", body=typed, version=0, by=principal)

    assert PlanText.objects.get(plan=plan).body == typed


def test_save_text_brings_decomposed_letters_to_one_form_and_drops_nul(
    plan: Plan, principal: User
) -> None:
    text = actions.save_text(
        plan=plan, section="purpose", body="Ke\u0302\u0301\x00 hoạch", version=0, by=principal
    )

    assert text.body == "Kế hoạch"


def test_save_text_on_an_older_version_keeps_both(
    plan: Plan, principal: User, deputy: User
) -> None:
    actions.save_text(plan=plan, section="purpose", body="Chữ đầu", version=0, by=principal)
    actions.save_text(plan=plan, section="purpose", body="Chữ của thầy", version=1, by=deputy)

    with pytest.raises(actions.Conflict) as found:
        actions.save_text(plan=plan, section="purpose", body="Chữ của cô", version=1, by=principal)

    conflict = found.value
    assert (conflict.mine, conflict.theirs, conflict.who) == (
        {"body": "Chữ của cô"},
        {"body": "Chữ của thầy"},
        "Trần Văn Minh Họa",
    )
    assert PlanText.objects.get(plan=plan).body == "Chữ của thầy"


def test_refused_words_stay_in_the_record(plan: Plan, principal: User, deputy: User) -> None:
    actions.save_text(plan=plan, section="purpose", body="Chữ của thầy", version=0, by=deputy)
    with pytest.raises(actions.Conflict) as found:
        actions.save_text(plan=plan, section="purpose", body="Chữ của cô", version=0, by=principal)

    actions.keep_refused_words(conflict=found.value, by=principal, school_id=plan.school_id)

    event = Event.objects.get(action="conflict.refused")
    assert (event.before, event.actor_name) == ({"body": "Chữ của cô"}, "Lê Thị Mẫu Đơn")


def test_saving_the_same_words_changes_nothing(plan: Plan, principal: User) -> None:
    actions.save_text(plan=plan, section="purpose", body="Như cũ", version=0, by=principal)

    again = actions.save_text(plan=plan, section="purpose", body="Như cũ", version=0, by=principal)

    assert again.version == 1
    assert Event.objects.filter(action="plantext.change").count() == 1


def test_a_burst_of_autosaves_is_one_event_with_the_words_from_before(
    plan: Plan, principal: User
) -> None:
    for version, body in enumerate(["M", "Mụ", "Mục", "Mục đích"]):
        actions.save_text(plan=plan, section="purpose", body=body, version=version, by=principal)

    assert [event.before for event in Event.objects.filter(action="plantext.change")] == [
        {"body": ""}
    ]


def test_a_burst_keeps_the_words_of_every_field_it_changes(plan: Plan, principal: User) -> None:
    row = actions.add_action(plan=plan, by=principal)
    steps = ({"measures": "Việc"}, {"lead": "Hiệu trưởng"}, {"measures": ""}, {"lead": ""})
    for version, values in enumerate(steps, start=1):
        actions.save_action(
            action=PlanAction.objects.select_related("plan").get(pk=row.pk),
            values=values,
            version=version,
            by=principal,
        )

    told = Event.objects.filter(action="planaction.change").order_by("pk")
    assert [event.before for event in told] == [{"measures": ""}, {"lead": ""}]


def test_a_text_past_the_limit_is_refused_and_the_old_one_stands(
    plan: Plan, principal: User
) -> None:
    actions.save_text(plan=plan, section="purpose", body="Ngắn", version=0, by=principal)

    with pytest.raises(ValidationError):
        actions.save_text(plan=plan, section="purpose", body="d" * 100_001, version=1, by=principal)

    assert PlanText.objects.get(plan=plan).body == "Ngắn"


# --- results ----------------------------------------------------------------------------------------------


def test_save_result_takes_a_level_that_the_criterion_has(plan: Plan, principal: User) -> None:
    saved = actions.save_result(
        plan=plan, criterion=criterion(plan, "1.1"), level=3, version=0, by=principal
    )

    assert (saved.level, saved.version) == (3, 1)


def test_save_result_refuses_a_level_that_the_criterion_lacks(plan: Plan, principal: User) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.save_result(
            plan=plan, criterion=criterion(plan, "1.2"), level=3, version=0, by=principal
        )

    assert refused.value.messages == ["Tiêu chí 1.2 không có mức 3."]
    assert not CriterionResult.objects.exists()


# --- the table --------------------------------------------------------------------------------------------


def add(plan: Plan, user: User, number: str, measures: str, band: str = "1,2") -> PlanAction:
    action = actions.add_action(plan=plan, by=user, criterion=criterion(plan, number), band=band)
    return actions.save_action(
        action=action, values={"measures": measures}, version=action.version, by=user
    )


def test_the_table_is_ordered_by_band_standard_criterion_and_place(
    plan: Plan, principal: User
) -> None:
    add(plan, principal, "3.1", "Sửa mái", band="2")
    add(plan, principal, "1.10", "Lắp camera")
    add(plan, principal, "1.2", "Họp hội đồng")
    add(plan, principal, "1.10", "Tập huấn")

    assert order(plan) == ["Họp hội đồng", "Lắp camera", "Tập huấn", "Sửa mái"]


def test_move_copy_remove_and_restore(plan: Plan, principal: User) -> None:
    first = add(plan, principal, "1.1", "Một")
    second = add(plan, principal, "1.1", "Hai")

    assert actions.move_action(action=second, up=True, by=principal) is True
    assert order(plan) == ["Hai", "Một"]
    assert actions.move_action(action=second, up=True, by=principal) is False

    copy = actions.copy_action(action=PlanAction.objects.get(pk=second.pk), by=principal)
    assert order(plan) == ["Hai", "Hai", "Một"]
    assert copy.thread != second.thread

    actions.remove_action(action=first, by=principal)
    assert order(plan) == ["Hai", "Hai"]
    actions.restore_action(action=PlanAction.objects.get(pk=first.pk), by=principal)
    assert order(plan) == ["Hai", "Hai", "Một"]


def test_a_new_action_takes_the_band_used_last_and_stands_below_the_one_it_was_asked_from(
    plan: Plan, principal: User
) -> None:
    first = add(plan, principal, "2.1", "Một", band="1,2,3")
    add(plan, principal, "2.1", "Ba", band="1,2,3")

    below = actions.add_action(plan=plan, by=principal, after=PlanAction.objects.get(pk=first.pk))
    loose = actions.add_action(plan=plan, by=principal)

    assert (below.band, below.criterion, order(plan)[:3]) == (
        "1,2,3",
        first.criterion,
        ["Một", "", "Ba"],
    )
    assert (loose.band, loose.criterion) == ("1,2,3", None)


def test_an_action_of_another_framework_is_refused(plan: Plan, principal: User) -> None:
    load_framework(FIXTURES / "frameworks" / "tt17-2018.json")
    foreign = Criterion.objects.filter(standard__framework__code="TT17-2018")[:1].get()

    with pytest.raises(ValidationError):
        actions.add_action(plan=plan, by=principal, criterion=foreign)


# --- states -----------------------------------------------------------------------------------------------


def test_finish_says_what_is_missing_and_leaves_the_draft_open(plan: Plan, principal: User) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.finish_plan(plan=plan, by=principal)

    gaps = missing_parts(Plan.objects.for_editing().get(pk=plan.pk))
    assert refused.value.messages == [f"{gap.what}." for gap in gaps]
    assert Plan.objects.get().state == "draft"


def test_no_write_lands_in_a_finished_plan(plan: Plan, principal: User) -> None:
    row = add(plan, principal, "1.1", "Một")
    Plan.objects.filter(pk=plan.pk).update(state="finished", finished_at=timezone.now())
    writes = {
        "text": lambda: actions.save_text(
            plan=plan, section="purpose", body="Muộn", version=0, by=principal
        ),
        "result": lambda: actions.save_result(
            plan=plan, criterion=criterion(plan, "1.1"), level=1, version=0, by=principal
        ),
        "heading": lambda: actions.save_heading(
            plan=plan, values={"number": "9"}, version=plan.version, by=principal
        ),
        "add": lambda: actions.add_action(plan=plan, by=principal),
        "save": lambda: actions.save_action(
            action=row, values={"measures": "Muộn"}, version=row.version, by=principal
        ),
        "copy": lambda: actions.copy_action(action=row, by=principal),
        "move": lambda: actions.move_action(action=row, up=True, by=principal),
        "remove": lambda: actions.remove_action(action=row, by=principal),
        "restore": lambda: actions.restore_action(action=row, by=principal),
        "finish": lambda: actions.finish_plan(plan=plan, by=principal),
    }

    for name, write in writes.items():
        with pytest.raises(MoveNotAllowed):
            write()
            pytest.fail(f"{name} went through")

    assert not PlanText.objects.exists() and not CriterionResult.objects.exists()
    assert [(a.measures, a.removed_at) for a in PlanAction.objects.all()] == [("Một", None)]
    assert Plan.objects.get().number == ""


def test_a_result_for_a_criterion_of_another_framework_is_refused(
    plan: Plan, principal: User
) -> None:
    load_framework(FIXTURES / "frameworks" / "tt17-2018.json")
    foreign = Criterion.objects.filter(standard__framework__code="TT17-2018").earliest("pk")

    with pytest.raises(ValidationError):
        actions.save_result(plan=plan, criterion=foreign, level=1, version=0, by=principal)

    assert not CriterionResult.objects.exists()


def test_a_plan_that_is_being_written_cannot_be_reopened(plan: Plan, principal: User) -> None:
    with pytest.raises(MoveNotAllowed) as refused:
        actions.reopen_plan(plan=plan, by=principal)

    assert str(refused.value) == "Không thể “Mở lại để sửa” khi đang ở trạng thái “Đang soạn”."
