"""The history as lines: who changed which field from what to what, when."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plans.accounts.models import User
from plans.assessment.models import CriterionAssessment
from plans.history.actions import record
from plans.history.models import Event
from plans.planning import actions
from plans.planning.carry import tell_outcome
from plans.planning.models import Plan, PlanAction
from plans.planning.proposals import confirm_action, propose_action
from plans.together import log
from plans.together.actions import write_comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


class Clock:
    """A clock that tests set: 14:32 of a school day, in Vietnam."""

    def __init__(self) -> None:
        local = timezone.get_default_timezone()
        self.at = datetime(2030, 11, 25, 14, 32, tzinfo=local)

    def __call__(self) -> datetime:
        return self.at

    def go(self, minutes: int) -> None:
        """Let minutes pass."""
        self.at += timedelta(minutes=minutes)


def save(action: PlanAction, by: User, **values: str) -> None:
    action = PlanAction.objects.select_related("plan", "criterion").get(pk=action.pk)
    actions.save_action(action=action, values=values, version=action.version, by=by)


def test_one_persons_changes_within_a_stretch_are_one_line(
    plan: Plan, action: PlanAction, principal: User, clock: Clock
) -> None:
    actions.save_text(plan=plan, section="purpose", body="Một", version=0, by=principal)
    save(action, principal, lead="Kế toán", timeframe="Tháng 10")

    line = log.page_of(plan).lines[0]

    assert timezone.localtime(line.at).strftime("%H:%M %d/%m/%Y") == "14:32 25/11/2030"
    assert line.who == "Cô Lê Thị Mẫu Đơn"
    assert line.words == (
        "sửa 2 chỗ: Mục đích, yêu cầu; "
        "Việc ở Tiêu chí 1.4 (chủ trì, thời gian thực hiện và hoàn thành)"
    )


def test_each_change_says_from_what_to_what(
    plan: Plan, action: PlanAction, principal: User, clock: Clock
) -> None:
    save(action, principal, lead="Kế toán")
    clock.go(20)
    save(action, principal, lead="Kế toán trưởng")
    clock.go(20)
    save(action, principal, lead="")

    changed = [
        [(run.kind, run.text) for run in line.changes[0].fields[0].runs]
        for line in log.page_of(plan).lines[:3]
    ]

    assert changed == [
        [("gone", "Kế toán trưởng")],
        [("same", "Kế toán"), ("new", " trưởng")],
        [("gone", "Hiệu trưởng"), ("new", "Kế toán")],
    ]


def test_what_is_done_to_rows_and_plan_is_said_in_words(
    plan: Plan, action: PlanAction, principal: User, clock: Clock
) -> None:
    copy = actions.copy_action(action=action, by=principal)
    actions.move_action(action=copy, up=True, by=principal)
    actions.remove_action(action=copy, by=principal)
    actions.restore_action(action=copy, by=principal)

    assert log.page_of(plan).lines[0].words == (
        "nhân đôi Việc ở Tiêu chí 1.4; chuyển chỗ Việc ở Tiêu chí 1.4; "
        "xóa Việc ở Tiêu chí 1.4; đưa lại từ thùng rác Việc ở Tiêu chí 1.4"
    )


def test_what_the_program_keeps_beside_the_words_is_not_shown_as_words(
    plan: Plan, action: PlanAction, principal: User, clock: Clock
) -> None:
    save(action, principal, timeframe="Tháng 5/2026")
    clock.go(20)
    found = PlanAction.objects.select_related("plan", "criterion").get(pk=action.pk)
    actions.correct_reading(action=found, field="timeframe", values={}, by=principal)
    assert found.criterion
    row = propose_action(plan=plan, criterion=found.criterion, weakness="Thiếu", by=principal)
    confirm_action(action=row, by=principal)
    tell_outcome(action=found, progress=PlanAction.Progress.DONE, by=principal)
    record("plan.carry", plan, by=principal, before={"from": 7, "actions": [8, 9]})

    line = log.page_of(plan).lines[0]

    assert line.words == (
        "sửa cách hiểu các ô của Việc ở Tiêu chí 1.4; nhận đề xuất Việc ở Tiêu chí 1.4; "
        "xác nhận Việc ở Tiêu chí 1.4; ghi kết quả của Việc ở Tiêu chí 1.4; "
        "lấy chữ và việc từ kế hoạch năm trước"
    )
    shown = [field.label for change in line.changes for field in change.fields]
    assert shown == ["mức độ thực hiện"]


def test_rows_of_the_phieu_and_unknown_ones_are_said_in_words_too(
    plan: Plan, action: PlanAction, principal: User, clock: Clock
) -> None:
    sheet = CriterionAssessment.objects.create(
        plan=plan, criterion=action.criterion, weaknesses="Mới"
    )
    before = {"weaknesses": "Cũ"}
    record("criterionassessment.change", sheet, by=principal, before=before)
    Event.objects.create(
        at=clock.at, action="thing.happen", subject_type="thing", subject_id="x", plan_id=plan.pk
    )

    strange, known, *_ = log.page_of(plan).lines

    assert strange.words == "thay đổi Nội dung khác"
    assert known.words == "sửa 1 chỗ: Phiếu Tiêu chí 1.4 (điểm yếu)"
    assert [(run.kind, run.text) for run in known.changes[0].fields[0].runs] == [
        ("gone", "Cũ"),
        ("new", "Mới"),
    ]


def test_what_people_say_is_not_in_the_history(
    plan: Plan, action: PlanAction, principal: User, clock: Clock
) -> None:
    before = log.page_of(plan)

    write_comment(plan=plan, action=action, body="Xem lại nhé", by=principal)

    assert log.page_of(plan) == before


def test_pages_go_on_where_the_last_one_ended_and_leave_nothing_out(
    plan: Plan, action: PlanAction, principal: User, deputy: User, clock: Clock
) -> None:
    for number in range(70):
        clock.go(11)
        save(action, principal if number % 2 else deputy, lead=f"Người {number}")
    first = log.page_of(plan)

    second = log.page_of(plan, Event.objects.get(pk=first.older))

    events = [change for page in (first, second) for line in page.lines for change in line.changes]
    assert len(events) == Event.objects.of_plan(plan).count()
    assert second.older is None
    assert second.lines[0].after == first.lines[-1].first
    told = [(run.kind, run.text) for run in second.lines[0].changes[0].fields[0].runs]
    assert told[-1] == ("new", f" {70 - len(first.lines) - 1}")


def test_a_page_costs_as_many_queries_for_much_as_for_little(
    plan: Plan, action: PlanAction, principal: User, clock: Clock
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            log.page_of(plan)
            log.choices(plan)
        return len(queries)

    cost()  # the framework's tree is kept in the process from here on
    once = cost()
    for number in range(3):
        clock.go(11)
        save(action, principal, lead=f"Người {number}")

    assert cost() == once
