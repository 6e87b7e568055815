"""Who is told that a draft is finished: the council, which now reads it."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.people import people_of_school
from plans.notices.actions import tell
from plans.notices.enums import NoticeKind
from plans.planning.models import Plan


def tell_the_council(plan: Plan, by: User) -> None:
    """Tell everybody who may give an opinion; each time that the draft is finished anew."""
    today = timezone.localdate()
    finished = plan.finished_at.isoformat() if plan.finished_at else ""
    tell(
        people_of_school(plan.school_id, "plans.review_plan", on=today),
        NoticeKind.COUNCIL,
        key=f"council:{plan.pk}:{finished}",
        text=f"{plan} của {plan.school} đã soạn xong, chờ thầy cô cho ý kiến.",
        path=reverse("submitting:way", args=[plan.pk]),
        school_id=plan.school_id,
        plan_id=plan.pk,
        by=by,
    )
