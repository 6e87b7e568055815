"""A plan as it stood before any event; bringing it back loses nothing on either side."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from criteria.models import Criterion
from plans.accounts.models import User
from plans.assessment import actions as assess
from plans.history.actions import record
from plans.history.models import Event
from plans.moves import MoveNotAllowed
from plans.planning import actions
from plans.planning import rows as small_rows
from plans.planning.models import CriterionResult, Plan, PlanAction, PlanRow, PlanText
from plans.together.bringing_back import bring_back
from plans.together.comparing import compare
from plans.together.trash import empty_trash, put_back, thrown_away
from plans.together.versions import versions
from tests.factories import history, planning, schools

pytestmark = pytest.mark.django_db


def write(plan: Plan, body: str, by: User, section: str = "purpose") -> PlanText:
    row = PlanText.objects.filter(plan=plan, section=section).first()
    version = row.version if row else 0
    return actions.save_text(plan=plan, section=section, body=body, version=version, by=by)


def save(action: PlanAction, by: User, **values: Any) -> PlanAction:
    action = PlanAction.objects.select_related("plan", "criterion").get(pk=action.pk)
    return actions.save_action(action=action, values=values, version=action.version, by=by)


def last(plan: Plan) -> Event:
    event = Event.objects.of_plan(plan).first()
    assert event
    return event


def later(minutes: int = 11) -> None:
    """Let time pass: the record's burst is over."""
    history.backdate(timedelta(minutes=minutes))


def criterion(plan: Plan, number: str) -> Criterion:
    return Criterion.objects.get(standard__framework=plan.framework, number=number)


# --- walking back -----------------------------------------------------------------------------------------


def test_version_before_a_save_holds_what_stood_there(plan: Plan, principal: User) -> None:
    text = write(plan, "Chữ đầu", principal)
    later()
    write(plan, "Chữ sau", principal)

    [before, now] = versions(plan, last(plan), None)

    assert before.rows["plantext", text.pk].values["body"] == "Chữ đầu"
    assert now.rows["plantext", text.pk].values["body"] == "Chữ sau"


def _edit(action: PlanAction, by: User) -> None:
    save(action, by, measures="Việc khác", criterion=criterion(action.plan, "1.5"), band="3")


def _remove(action: PlanAction, by: User) -> None:
    actions.remove_action(action=action, by=by)


def _copy(action: PlanAction, by: User) -> None:
    actions.copy_action(action=action, by=by)


def _add_below(action: PlanAction, by: User) -> None:
    actions.add_action(plan=action.plan, by=by, after=action)


def _move(action: PlanAction, by: User) -> None:
    below = actions.add_action(plan=action.plan, by=by, after=action)
    later()
    actions.move_action(action=below, up=True, by=by)


def _remove_and_empty(action: PlanAction, by: User) -> None:
    actions.remove_action(action=action, by=by)
    empty_trash(at=timezone.now() + timedelta(days=31))


def _result(action: PlanAction, by: User) -> None:
    first = criterion(action.plan, "1.1")
    actions.save_result(plan=action.plan, criterion=first, level=2, version=0, by=by)


def _heading(action: PlanAction, by: User) -> None:
    values = {"number": "12", "signer_name": "Trần Thị Cúc"}
    plan = action.plan
    actions.save_heading(plan=plan, values=values, version=plan.version, by=by)


DEEDS = [
    _edit,
    _remove,
    _copy,
    _add_below,
    _move,
    _remove_and_empty,
    _result,
    _heading,
]


def _seen(plan: Plan) -> dict[str, list[Any]]:
    """What a reader of the plan sees: its words, its rows in order, its results, its heading."""
    fields = (*actions.ACTION_FIELDS, "thread")
    rows = PlanAction.objects.in_print_order().filter(plan=plan)
    results = CriterionResult.objects.filter(plan=plan, level__isnull=False).order_by("criterion")
    texts = PlanText.objects.filter(plan=plan).exclude(body="").order_by("section")
    return {
        "actions": list(rows.values(*fields)),
        "results": list(results.values_list("criterion", "level")),
        "texts": list(texts.values_list("section", "body")),
        "heading": list(Plan.objects.filter(pk=plan.pk).values(*actions.HEADING_FIELDS)),
    }


@pytest.mark.parametrize("deed", DEEDS)
def test_bringing_back_the_whole_undoes_any_deed_and_can_be_undone_itself(
    plan: Plan,
    action: PlanAction,
    principal: User,
    deputy: User,
    deed: Callable[[PlanAction, User], None],
) -> None:
    write(plan, "Mục đích", principal)
    later()
    before = _seen(plan)
    boundary = last(plan).pk
    deed(PlanAction.objects.select_related("plan", "criterion").get(pk=action.pk), principal)
    after = _seen(plan)
    first = Event.objects.of_plan(plan).filter(pk__gt=boundary).order_by("at", "pk")[0]

    bring_back(plan=plan, to=first, by=deputy)
    back = _seen(plan)
    mark = Event.objects.filter(action="plan.bring_back").latest("pk")
    bring_back(plan=plan, to=mark, by=principal)

    assert back == before
    assert _seen(plan) == after


def test_bringing_back_what_is_there_already_writes_nothing(
    plan: Plan, action: PlanAction, principal: User
) -> None:
    actions.remove_action(action=action, by=principal)
    first = last(plan)
    actions.restore_action(action=action, by=principal)
    end, moment = last(plan), Plan.objects.get(pk=plan.pk).changed_at

    changed = bring_back(plan=plan, to=first, by=principal)

    assert changed == 0
    assert last(plan) == end
    assert Plan.objects.get(pk=plan.pk).changed_at == moment


def test_one_persons_bringing_back_within_a_burst_still_loses_nothing(
    plan: Plan, principal: User
) -> None:
    write(plan, "Một", principal)
    later()
    write(plan, "Hai", principal)
    first = last(plan)

    bring_back(plan=plan, to=first, by=principal)

    mark = Event.objects.filter(action="plan.bring_back").latest("pk")
    [again] = versions(plan, mark)
    assert PlanText.objects.get(plan=plan).body == "Một"
    assert [row.values["body"] for row in again.of("plantext")] == ["Hai"]


def test_one_row_is_brought_back_alone_with_its_version_raised(
    plan: Plan, action: PlanAction, principal: User, deputy: User
) -> None:
    text = write(plan, "Một", principal)
    later()
    save(action, deputy, measures="Việc khác")
    boundary = last(plan)
    write(plan, "Hai", deputy)
    version = PlanAction.objects.get(pk=action.pk).version

    changed = bring_back(plan=plan, to=boundary, by=principal, only=("planaction", action.pk))

    action.refresh_from_db()
    text.refresh_from_db()
    assert changed == 1
    assert (action.measures, action.version) == ("Rà soát thiết bị", version + 1)
    assert text.body == "Hai"


def test_level_comes_back_with_the_indicators_that_spoke_against_it(
    plan: Plan, principal: User
) -> None:
    found = criterion(plan, "1.1")
    chosen = assess.choose_level(plan=plan, criterion=found, level=3, version=0, by=principal)
    write(plan, "Một", principal)
    later()
    text = write(plan, "Hai", principal)
    later()
    boundary = last(plan)
    indicator = found.indicators.order_by("level", "position")[0]
    indicator.criterion = found
    assess.judge_indicator(plan=plan, indicator=indicator, met=False, version=0, by=principal)

    with pytest.raises(assess.JudgedByIndicators):
        bring_back(plan=plan, to=boundary, by=principal, only=("criterionresult", chosen.pk))

    changed = bring_back(plan=plan, to=boundary, by=principal)

    text.refresh_from_db()
    chosen.refresh_from_db()
    assert (changed, text.body, chosen.level) == (3, "Một", 3)


def test_nothing_is_brought_back_into_a_finished_plan(
    plan: Plan, action: PlanAction, principal: User
) -> None:
    boundary = last(plan)
    Plan.objects.filter(pk=plan.pk).update(state="finished", finished_at=timezone.now())

    with pytest.raises(MoveNotAllowed):
        bring_back(plan=plan, to=boundary, by=principal)

    assert last(plan) == boundary


def _change_cells(row: PlanRow, by: User) -> None:
    small_rows.save_row(row=row, cells={"topic": "Mới"}, version=row.version, by=by)


def _remove_row(row: PlanRow, by: User) -> None:
    small_rows.remove_row(row=row, by=by)


def _remove_and_empty_row(row: PlanRow, by: User) -> None:
    small_rows.remove_row(row=row, by=by)
    empty_trash(at=timezone.now() + timedelta(days=31))


def _move_row(row: PlanRow, by: User) -> None:
    small_rows.move_row(row=row, up=False, by=by)


def _add_row(row: PlanRow, by: User) -> None:
    small_rows.add_row(plan=row.plan, section=row.section, after=row, by=by)


@pytest.mark.parametrize(
    "deed", [_change_cells, _remove_row, _remove_and_empty_row, _move_row, _add_row]
)
def test_rows_of_small_tables_walk_back_and_come_back(
    principal: User, deed: Callable[[PlanRow, User], None]
) -> None:
    shared = planning.plan()
    row = small_rows.add_row(plan=shared, section="follow_up", by=principal)
    small_rows.save_row(row=row, cells={"topic": "Cũ"}, version=1, by=principal)
    below = small_rows.add_row(plan=shared, section="follow_up", by=principal)
    small_rows.save_row(row=below, cells={"topic": "Dưới"}, version=1, by=principal)
    later()
    boundary = last(shared).pk
    deed(PlanRow.objects.select_related("plan__form").get(pk=row.pk), principal)
    first = Event.objects.of_plan(shared).filter(pk__gt=boundary).order_by("at", "pk")[0]
    blocks = compare(shared, *versions(shared, first, None))

    bring_back(plan=shared, to=first, by=principal)

    rows = shared.rows.filter(removed_at__isnull=True).order_by("position", "pk")
    assert len(blocks) == 1
    assert [one.text("topic") for one in rows] == ["Cũ", "Dưới"]


def test_rows_of_kinds_that_versions_do_not_know_leave_the_walk_alone(
    plan: Plan, action: PlanAction, principal: User
) -> None:
    boundary = last(plan)
    strange = Event.objects.create(
        at=timezone.now(),
        action="levelchart.change",
        subject_type="levelchart",
        subject_id="not-a-number",
        plan_id=plan.pk,
        before={"strengths": "Cũ"},
    )

    [before, now] = versions(plan, strange, None)

    assert before.rows == now.rows
    assert compare(plan, before, now) == []
    assert versions(plan, boundary)[0].rows.keys() == now.rows.keys()


def test_words_refused_in_a_conflict_never_stood_in_the_plan(plan: Plan, principal: User) -> None:
    text = write(plan, "Chữ đang lưu", principal)
    refused = record("conflict.refused", text, by=principal, before={"body": "Chữ bị từ chối"})

    [before] = versions(plan, refused)

    assert before.rows["plantext", text.pk].values["body"] == "Chữ đang lưu"


def test_walk_back_costs_as_many_queries_for_a_long_history(
    plan: Plan, action: PlanAction, principal: User
) -> None:
    def cost() -> int:
        oldest = Event.objects.of_plan(plan).last()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            versions(plan, oldest, None)
        return len(queries)

    once = cost()
    for number in range(3):
        later()
        save(action, principal, measures=f"Lần {number}")

    assert cost() == once


# --- comparing --------------------------------------------------------------------------------------------


def test_comparison_names_row_field_and_words(
    plan: Plan, action: PlanAction, principal: User
) -> None:
    later()
    save(action, principal, lead="Phó hiệu trưởng")

    [block] = compare(plan, *versions(plan, last(plan), None))

    assert (block.title, block.became) == ("Việc ở Tiêu chí 1.4: Rà soát thiết bị", "thay đổi")
    [field] = block.fields
    assert field.label == "Chủ trì"
    assert [(run.kind, run.text) for run in field.old] == [("gone", "Hiệu"), ("same", " trưởng")]
    assert [(run.kind, run.text) for run in field.new] == [("new", "Phó hiệu"), ("same", " trưởng")]


def test_comparison_says_which_rows_came_and_went_and_moved(
    plan: Plan, action: PlanAction, principal: User
) -> None:
    second = actions.copy_action(action=action, by=principal)
    third = actions.copy_action(action=second, by=principal)
    actions.remove_action(action=action, by=principal)
    start = last(plan)
    actions.move_action(action=third, up=True, by=principal)
    actions.add_action(plan=plan, by=principal, criterion=criterion(plan, "1.5"))

    blocks = compare(plan, *versions(plan, start, None))

    assert [(block.became, block.kind) for block in blocks] == [
        ("đã xóa", "planaction"),
        ("thêm mới", "planaction"),
        ("đổi chỗ", "order"),
    ]


# --- trash ------------------------------------------------------------------------------------------------


def test_trash_says_what_went_by_whom_and_gives_it_back(
    plan: Plan, action: PlanAction, deputy: User
) -> None:
    actions.remove_action(action=action, by=deputy)

    [thrown] = thrown_away(plan)
    put_back(plan=plan, key=(thrown.kind, thrown.pk), by=deputy)

    assert (thrown.title, thrown.who) == (
        "Việc ở Tiêu chí 1.4: Rà soát thiết bị",
        "Trần Văn Minh Họa",
    )
    assert thrown.until - thrown.at == timedelta(days=30)
    assert list(plan.actions.kept()) == [action]
    assert thrown_away(plan) == []


def test_small_rows_lie_in_the_trash_too(principal: User) -> None:
    shared = planning.plan()
    row = planning.row(shared, topic="Bếp ăn")
    small_rows.remove_row(row=row, by=principal)

    [thrown] = thrown_away(shared)
    put_back(plan=shared, key=("planrow", row.pk), by=principal)

    row.refresh_from_db()
    assert (thrown.title, thrown.words) == ("Theo dõi: Bếp ăn", (("Nội dung", "Bếp ăn"),))
    assert row.removed_at is None


def test_emptying_takes_what_is_older_than_thirty_days_alone(
    plan: Plan, action: PlanAction, principal: User
) -> None:
    young = actions.copy_action(action=action, by=principal)
    for one, days in ((action, 31), (young, 29)):
        actions.remove_action(action=one, by=principal)
        PlanAction.objects.filter(pk=one.pk).update(
            removed_at=timezone.now() - timedelta(days=days)
        )

    count = empty_trash()

    assert count == 1
    assert list(plan.actions.all()) == [young]
    told = Event.objects.get(action="action.empty")
    assert (told.actor_id, told.before["measures"]) == (None, "Rà soát thiết bị")


@pytest.mark.parametrize("command", ["empty_trash", "prepare"])
def test_a_start_of_the_program_empties_the_trash(
    plan: Plan, action: PlanAction, command: str
) -> None:
    PlanAction.objects.filter(pk=action.pk).update(removed_at=timezone.now() - timedelta(days=31))
    told = StringIO()

    call_command(command, stdout=told)

    assert "đã bỏ hẳn 1 dòng" in told.getvalue()
    assert not plan.actions.exists()


def test_emptying_keeps_in_the_record_what_was_said_about_a_row(
    plan: Plan, action: PlanAction, teacher: User
) -> None:
    action.comments.create(plan=plan, author=teacher, body="Nên làm sớm")
    PlanAction.objects.filter(pk=action.pk).update(removed_at=timezone.now() - timedelta(days=31))

    empty_trash()

    [said] = Event.objects.get(action="action.empty").before["comments"]
    assert said.startswith("Đỗ Thị Cẩm Chướng, ")
    assert said.endswith(": Nên làm sớm")


def test_emptying_leaves_a_row_on_which_another_years_plan_leans(
    plan: Plan, action: PlanAction
) -> None:
    next_plan = planning.plan(
        plan.school, year=schools.school_year(2026), form=plan.form, framework=plan.framework
    )
    planning.action(next_plan, carried_from=action)
    PlanAction.objects.filter(pk=action.pk).update(removed_at=timezone.now() - timedelta(days=31))

    assert empty_trash() == 0
    assert thrown_away(plan) == []
    assert PlanAction.objects.filter(pk=action.pk).exists()


def test_trash_costs_as_many_queries_for_three_rows_as_for_one(
    plan: Plan, action: PlanAction, principal: User
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            thrown_away(plan)
        return len(queries)

    copies = [actions.copy_action(action=action, by=principal) for _ in range(2)]
    actions.remove_action(action=action, by=principal)
    cost()  # the framework's tree is kept in the process from here on
    once = cost()
    for copy in copies:
        actions.remove_action(action=copy, by=principal)

    assert cost() == once
