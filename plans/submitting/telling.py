"""Who is told of a plan's way to the office and back, and of deadlines; never a word of the plan itself."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.people import people_of_body, people_of_school
from plans.notices.actions import tell
from plans.notices.enums import NoticeKind
from plans.notices.registry import daily
from plans.planning.models import Plan
from plans.submitting.campaigns import reminders_due
from plans.submitting.models import Submission

_ANSWERS = {
    NoticeKind.RECEIVED: "đã tiếp nhận",
    NoticeKind.RETURNED: "đã trả lại, kèm ý kiến để nhà trường sửa,",
    NoticeKind.APPROVED: "đã duyệt",
}


def tell_of_sending(sent: Submission) -> None:
    """Tell the people of the body that take plans in."""
    plan = sent.plan
    tell(
        people_of_body(sent.body_id, "plans.receive_plan", on=timezone.localdate()),
        NoticeKind.SUBMITTED,
        key=f"submitted:{sent.pk}",
        text=f"{plan.school} gửi {_in_sentence(plan)} (lần {sent.sequence}).",
        path=reverse("submitting:submission", args=[plan.pk, sent.sequence]),
        school_id=plan.school_id,
        plan_id=plan.pk,
        by=sent.sent_by,
    )


def tell_of_answer(sent: Submission, kind: NoticeKind, by: User) -> None:
    """Tell the people of the school that send plans, or answer remarks, what the office did."""
    plan, today = sent.plan, timezone.localdate()
    permission = "plans.answer_remarks" if kind is NoticeKind.RETURNED else "plans.send_plan"
    tell(
        people_of_school(plan.school_id, permission, on=today),
        kind,
        key=f"{kind}:{sent.pk}",
        text=f"{sent.body} {_ANSWERS[kind]} {_in_sentence(plan)}.",
        path=reverse("submitting:way", args=[plan.pk]),
        school_id=plan.school_id,
        plan_id=plan.pk,
        by=by,
    )


def _in_sentence(plan: Plan) -> str:
    return f"kế hoạch năm học {plan.school_year.label}"


@daily
def tell_of_deadlines(on: date) -> None:
    """Remind the schools that still owe their plan to a campaign; each step before or after the deadline once."""
    for due in reminders_due(on):
        tell(
            people_of_school(due.school.pk, "plans.send_plan", on=on),
            due.kind,
            key=due.key,
            text=due.words,
            path=reverse("planning:list"),
            school_id=due.school.pk,
        )
