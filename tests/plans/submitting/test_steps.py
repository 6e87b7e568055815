"""What is next in every state: for the school, for the office, by when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plans.history.models import Event
from plans.planning import actions as planning_actions
from plans.planning.models import Plan
from plans.planning.states import PlanState
from plans.schools.models import ManagingBody, School
from plans.submitting import actions
from plans.submitting.models import Campaign, CampaignSchool
from plans.submitting.steps import next_step, next_steps, stages
from tests.factories import accounts, issuing, planning, schools

pytestmark = pytest.mark.django_db

PlanIn = Callable[[PlanState], Plan]
SIGNERS = "hiệu trưởng hoặc phó hiệu trưởng"
LEADERS = "hiệu trưởng, phó hiệu trưởng hoặc thư ký hội đồng"


@pytest.mark.parametrize(
    ("state", "of_school", "of_office", "who"),
    [
        ("draft", "viết đủ các mục rồi bấm “Soạn xong”", "chờ trường soạn xong", LEADERS),
        (
            "finished",
            "hội đồng cho ý kiến, rồi ban hành",
            "chờ trường ban hành",
            f"thành viên hội đồng cho ý kiến; {SIGNERS} ban hành",
        ),
        (
            "issued",
            "ký, đóng dấu rồi gửi UBND xã An Phú",
            "chờ trường gửi",
            "hiệu trưởng, phó hiệu trưởng hoặc văn thư",
        ),
        (
            "sent",
            "chờ UBND xã An Phú tiếp nhận",
            "đọc rồi tiếp nhận hoặc trả lại",
            "chuyên viên hoặc lãnh đạo cơ quan",
        ),
        ("received", "chờ UBND xã An Phú duyệt", "duyệt hoặc trả lại", "lãnh đạo cơ quan"),
        (
            "returned",
            "đọc ý kiến trả lại, bấm “Sửa đổi, ban hành lại” rồi trả lời từng ý kiến",
            "chờ trường sửa và gửi lại",
            LEADERS,
        ),
        ("approved", "bắt đầu thực hiện kế hoạch", "chờ trường bắt đầu thực hiện", SIGNERS),
        (
            "under_way",
            "thực hiện kế hoạch; hết năm học thì bấm “Kết thúc”",
            "theo dõi trường thực hiện",
            SIGNERS,
        ),
        (
            "withdrawn",
            "bấm “Sửa đổi, ban hành lại” nếu trường cần kế hoạch mới cho năm học",
            "chờ trường ban hành lại",
            LEADERS,
        ),
    ],
)
def test_each_state_has_its_next_step(
    state: str, of_school: str, of_office: str, who: str, plan_in: PlanIn, approving: object
) -> None:
    step = next_step(plan_in(PlanState(state)), timezone.localdate())

    assert step is not None
    assert (step.school, step.office, step.who) == (of_school, of_office, who)
    assert step.is_office is (state in {"sent", "received"})


def test_closed_plan_has_none(plan_in: PlanIn) -> None:
    assert next_step(plan_in(PlanState.CLOSED), timezone.localdate()) is None


def test_draft_after_a_return_asks_for_the_answers(plan_in: PlanIn) -> None:
    plan = plan_in(PlanState.RETURNED)
    actions.revise_plan(plan=plan, reason="Sửa theo ý kiến.", by=accounts.user())

    step = next_step(Plan.objects.get(pk=plan.pk), timezone.localdate())

    assert step is not None
    assert step.school == "sửa theo ý kiến trả lại, trả lời từng ý kiến rồi bấm “Soạn xong”"


def test_received_plan_may_begin_where_none_is_approved(plan_in: PlanIn) -> None:
    step = next_step(plan_in(PlanState.RECEIVED), timezone.localdate())

    assert step is not None
    assert step.school == "bắt đầu thực hiện kế hoạch"


def test_school_without_a_body_begins_after_issue(school: School, plan_in: PlanIn) -> None:
    plan = plan_in(PlanState.ISSUED)
    school.body_links.all().delete()

    step = next_step(plan, timezone.localdate())

    assert step is not None
    assert step.school == "bắt đầu thực hiện kế hoạch"


def test_day_is_the_campaigns_or_the_later_one_given(
    school: School, office: ManagingBody, plan_in: PlanIn
) -> None:
    plan, today = plan_in(PlanState.ISSUED), timezone.localdate()
    campaign = Campaign.objects.create(
        body=office, school_year=plan.school_year, title="Đợt", opens_on=today, deadline=today
    )
    row = CampaignSchool.objects.create(campaign=campaign, school=school)

    def day() -> tuple[date | None, bool]:
        step = next_step(plan, today)
        assert step is not None
        return step.due, step.is_late(today + timedelta(days=1))

    assert day() == (today, True)

    row.extended_to, row.extension_reason = today + timedelta(days=9), "Mưa lũ."
    row.save()
    assert day() == (today + timedelta(days=9), False)


def test_office_answers_within_its_days(plan_in: PlanIn, approving: object) -> None:
    plan, today = plan_in(PlanState.SENT), timezone.localdate()

    step = next_step(plan, today)

    assert step is not None
    assert step.due == today + timedelta(days=7)


def test_steps_cost_the_same_for_one_plan_and_for_many(office: ManagingBody) -> None:
    def ask(number: int) -> int:
        for _ in range(number):
            plan = planning.plan(schools.school(managed_by=office))
            issuing.issued_document(plan)
        plans = list(Plan.objects.for_page())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            next_steps(plans, timezone.localdate())
        return len(queries)

    assert ask(1) == ask(2)


def test_stations_show_how_far_the_plan_is(plan_in: PlanIn) -> None:
    plan = plan_in(PlanState.SENT)

    found = [(stage.words, stage.mark) for stage in stages(plan, approved=False)]

    assert found == [
        ("Soạn", "full"),
        ("Hội đồng cho ý kiến", "full"),
        ("Ban hành", "full"),
        ("Gửi cơ quan quản lý", "half"),
        ("Tiếp nhận", "empty"),
        ("Thực hiện", "empty"),
        ("Kết thúc", "empty"),
    ]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (PlanState.RETURNED, "Gửi cơ quan quản lý: bị trả lại để sửa"),
        (PlanState.WITHDRAWN, "Ban hành: đã thu hồi"),
    ],
)
def test_station_of_a_plan_that_left_the_way_warns(
    state: PlanState, words: str, plan_in: PlanIn
) -> None:
    warned = [s.words for s in stages(plan_in(state), approved=True) if s.mark == "warn"]

    assert warned == [words]


def test_words_typed_after_a_move_are_told_apart_from_those_before(school: School) -> None:
    """Ten minutes of typing are one event, but not across a submission."""
    writer, plan = accounts.user(), planning.plan(school)
    text = planning_actions.save_text(
        plan=plan, section="purpose", body="Một", version=0, by=writer
    )
    text = planning_actions.save_text(
        plan=plan, section="purpose", body="Hai", version=1, by=writer
    )
    issuing.issued_document(plan)
    actions.revise_plan(plan=plan, reason="Sửa.", by=writer)

    planning_actions.save_text(
        plan=plan, section="purpose", body="Ba", version=text.version, by=writer
    )

    changes = Event.objects.filter(action="plantext.change").order_by("pk")
    assert [event.before for event in changes] == [{"body": ""}, {"body": "Hai"}]
