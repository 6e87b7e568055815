"""A paper comes into the world of those whom it concerns, and ends there: whom it tells, what its record says."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.people import people_of_school
from plans.history.actions import record
from plans.inspections.models import Inspection
from plans.issuing.enums import DocumentState
from plans.minutes.models import Paper
from plans.notices.actions import tell
from plans.notices.enums import NoticeKind

NOT_PLANNED = "Chỉ gửi thông báo khi buổi kiểm tra đã lên lịch và chưa bắt đầu."


def tell_of_visit(paper: Paper, inspection: Inspection, by: User) -> None:
    """Tell the leaders and the clerks of a school of the visit that a notice announces."""
    today = timezone.localdate()
    leaders = people_of_school(inspection.school_id, "plans.reply_visit", on=today)
    clerks = people_of_school(inspection.school_id, "plans.seal_document", on=today)
    tell(
        list(dict.fromkeys([*leaders, *clerks])),
        NoticeKind.VISIT,
        key=f"visit-notice:{paper.pk}",
        text=(
            f"{inspection.body.name} thông báo kiểm tra kế hoạch cải tiến chất lượng tại "
            f"{inspection.school.name_on(paper.issued_on)} ngày {inspection.planned_on:%d/%m/%Y}."
        ),
        path=reverse("minutes:paper", args=[paper.pk]),
        school_id=inspection.school_id,
        by=by,
    )


def end_paper(paper: Paper, state: DocumentState, reason: str, by: User) -> None:
    """End a paper: replaced by a newer one, or withdrawn for a reason. Its files stay."""
    before = {"state": paper.state}
    paper.state, paper.ended_at, paper.ended_because = state, timezone.now(), reason
    paper.save(update_fields=["state", "ended_at", "ended_because"])
    name = "paper.withdraw" if state == DocumentState.WITHDRAWN else "paper.replace"
    after = {"state": str(state)} | ({"reason": reason} if reason else {})
    record_paper(name, paper, by, before=before, after=after)


def record_paper(name: str, paper: Paper, by: User, **told: Any) -> None:
    """Write down what was done with a paper; what waits is in the record of its office alone."""
    visit = paper.inspection
    school = visit.school_id if visit and not paper.waits else None
    record(name, paper, by=by, school_id=school, body_id=paper.body_id, **told)
