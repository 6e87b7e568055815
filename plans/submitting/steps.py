"""What is next for a plan, who must do it and by when; and the whole way with how far it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from plans.issuing.models import OfficeRule
from plans.planning.models import Plan
from plans.planning.states import PlanState
from plans.schools.models import ManagingBody
from plans.submitting.models import Submission
from plans.submitting.reading import (
    AT_OFFICE,
    asked_by,
    deadline_of,
    living,
    open_campaigns,
    receivers,
    rules_of,
)

_LEADERS = "hiệu trưởng, phó hiệu trưởng hoặc thư ký hội đồng"
_SIGNERS = "hiệu trưởng hoặc phó hiệu trưởng"
_SENDERS = "hiệu trưởng, phó hiệu trưởng hoặc văn thư"
_OFFICE = "chuyên viên hoặc lãnh đạo cơ quan"
_OFFICE_LEAD = "lãnh đạo cơ quan"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is next: in the words of the school and of the office, whose turn it is, until which day.

    `due` is None where nobody set a day.
    """

    school: str
    office: str
    who: str
    due: date | None = None
    is_office: bool = False

    def is_late(self, on: date) -> bool:
        """Say whether the day has passed on the day `on`."""
        return self.due is not None and self.due < on


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the next step of one plan is read from."""

    body: ManagingBody | None
    rule: OfficeRule
    deadline: date | None
    sent: Submission | None

    def answer_by(self, moment: datetime | None) -> date | None:
        """Return until when the office answers what it got at `moment`."""
        days = timedelta(days=self.rule.answer_within_days)
        return timezone.localtime(moment).date() + days if moment else None


def next_step(plan: Plan, on: date) -> NextStep | None:
    """Return what is next for a plan on the day `on`; None when its way is at an end."""
    return next_steps([plan], on)[plan.pk]


def next_steps(plans: Collection[Plan], on: date) -> dict[int, NextStep | None]:
    """Return plan id → what is next for it; as many queries for one plan as for many."""
    last = _last_submissions(plans)
    bodies = receivers([plan.school_id for plan in plans], on)
    asked = open_campaigns(plans, on)
    for sent in last.values():
        sent.body = living(sent.body, on)
    there = {p.pk for p in plans if p.state in (PlanState.SENT, PlanState.RECEIVED)}
    # A rule counts only while the office has the plan; most plans are being written.
    rules = rules_of({s.body_id for pk, s in last.items() if pk in there}, on)
    steps: dict[int, NextStep | None] = {}
    for plan in plans:
        last_sent = last.get(plan.pk)
        body = bodies.get(plan.school_id)
        if last_sent and plan.state in AT_OFFICE:
            body = last_sent.body
        row = asked_by(plan, body, asked) if body else None
        rule = rules.get(body.pk, OfficeRule()) if body else OfficeRule()
        facts = _Facts(body, rule, deadline_of(row) if row else None, last_sent)
        steps[plan.pk] = _step(plan, facts)
    return steps


def _last_submissions(plans: Collection[Plan]) -> dict[int, Submission]:
    rows = Submission.objects.filter(plan__in=[plan.pk for plan in plans])
    rows = rows.select_related("body__successor__successor").order_by("plan", "sequence")
    return {row.plan_id: row for row in rows}


def _step(plan: Plan, facts: _Facts) -> NextStep | None:
    state = PlanState(plan.state)
    if state in (PlanState.SENT, PlanState.RECEIVED):
        return _office_step(state, facts)
    if state in (PlanState.DRAFT, PlanState.FINISHED, PlanState.RETURNED, PlanState.WITHDRAWN):
        return _writing_step(state, facts)
    if state == PlanState.ISSUED and facts.body is not None:
        return NextStep(
            f"ký, đóng dấu rồi gửi {facts.body}", "chờ trường gửi", _SENDERS, facts.deadline
        )
    if state in (PlanState.ISSUED, PlanState.APPROVED):
        return _begin()
    if state == PlanState.UNDER_WAY:
        ends = plan.school_year.ends_on
        return NextStep(
            "thực hiện kế hoạch; hết năm học thì bấm “Kết thúc”",
            "theo dõi trường thực hiện",
            _SIGNERS,
            ends,
        )
    return None


def _begin() -> NextStep:
    return NextStep("bắt đầu thực hiện kế hoạch", "chờ trường bắt đầu thực hiện", _SIGNERS)


def _office_step(state: PlanState, facts: _Facts) -> NextStep:
    sent = facts.sent
    if state == PlanState.SENT:
        return NextStep(
            f"chờ {facts.body} tiếp nhận",
            "đọc rồi tiếp nhận hoặc trả lại",
            _OFFICE,
            facts.answer_by(sent.sent_at if sent else None),
            is_office=True,
        )
    if not facts.rule.approves_plans:
        return _begin()
    return NextStep(
        f"chờ {facts.body} duyệt",
        "duyệt hoặc trả lại",
        _OFFICE_LEAD,
        facts.answer_by(sent.received_at if sent else None),
        is_office=True,
    )


def _writing_step(state: PlanState, facts: _Facts) -> NextStep:
    came_back = facts.sent is not None and facts.sent.returned_at is not None
    if state == PlanState.FINISHED:
        return NextStep(
            "hội đồng cho ý kiến, rồi ban hành",
            "chờ trường ban hành",
            f"thành viên hội đồng cho ý kiến; {_SIGNERS} ban hành",
            facts.deadline,
        )
    if state == PlanState.RETURNED:
        words = "đọc ý kiến trả lại, bấm “Sửa đổi, ban hành lại” rồi trả lời từng ý kiến"
        return NextStep(words, "chờ trường sửa và gửi lại", _LEADERS, facts.deadline)
    if state == PlanState.WITHDRAWN:
        words = "bấm “Sửa đổi, ban hành lại” nếu trường cần kế hoạch mới cho năm học"
        return NextStep(words, "chờ trường ban hành lại", _LEADERS, facts.deadline)
    words = "sửa theo ý kiến trả lại, trả lời từng ý kiến" if came_back else "viết đủ các mục"
    return NextStep(
        f"{words} rồi bấm “Soạn xong”", "chờ trường soạn xong", _LEADERS, facts.deadline
    )


@dataclass(frozen=True, slots=True)
class ShownStep:
    """The next step in the words of whoever looks at the page."""

    words: str
    who: str
    due: date | None
    late: bool


def shown(step: NextStep | None, *, for_office: bool, on: date) -> ShownStep | None:
    """Return a step as a page of the school or of the office says it."""
    if step is None:
        return None
    return ShownStep(
        step.office if for_office else step.school, step.who, step.due, step.is_late(on)
    )


# --- the whole way ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stage:
    """One station of the way; `mark` names its picture, `said` the same for who does not see it."""

    words: str
    mark: str
    tone: str
    said: str


_STATIONS: tuple[tuple[PlanState, str], ...] = (
    (PlanState.DRAFT, "Soạn"),
    (PlanState.FINISHED, "Hội đồng cho ý kiến"),
    (PlanState.ISSUED, "Ban hành"),
    (PlanState.SENT, "Gửi cơ quan quản lý"),
    (PlanState.RECEIVED, "Tiếp nhận"),
    (PlanState.APPROVED, "Duyệt"),
    (PlanState.UNDER_WAY, "Thực hiện"),
    (PlanState.CLOSED, "Kết thúc"),
)
# Where on the way a plan stands that left it.
_ASIDE = {PlanState.RETURNED: PlanState.SENT, PlanState.WITHDRAWN: PlanState.ISSUED}


def stages(plan: Plan, *, approved: bool) -> tuple[Stage, ...]:
    """Return the stations of the way with how far the plan is; approval only where `approved` says it is wanted.

    Being approved is among the stations too once the plan is there, whatever the rule says by now.
    """
    state = PlanState(plan.state)
    stations = [
        (one, words)
        for one, words in _STATIONS
        if approved or one != PlanState.APPROVED or state == PlanState.APPROVED
    ]
    here = [one for one, _ in stations].index(_ASIDE.get(state, state))
    return tuple(_stage(state, words, place, here) for place, (_, words) in enumerate(stations))


def _stage(state: PlanState, words: str, place: int, here: int) -> Stage:
    if place < here or (place == here and state == PlanState.CLOSED):
        return Stage(words, "full", "done", "đã qua")
    if place > here:
        return Stage(words, "empty", "none", "chưa tới")
    if state in _ASIDE:
        return Stage(f"{words}: {state.label.lower()}", "warn", "warn", "đang ở đây")
    return Stage(words, "half", "work", "đang ở đây")
