"""Visits in every state, with a small record of one action, one section and the remark on the whole."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.arranging.calendar import working_days
from plans.documents.storing import tree_as_json
from plans.inspections.enums import FindingKind, TeamRole
from plans.inspections.models import (
    CampaignMember,
    Finding,
    Inspection,
    InspectionCampaign,
    Recommendation,
    Reply,
    TeamMember,
)
from plans.inspections.states import InspectionState
from plans.planning.document import plan_document
from plans.planning.models import Plan
from plans.schools.models import ManagingBody, SchoolBody
from tests.factories import accounts, planning, schools

_numbers = count(1)
_OPENED = [
    s for s in InspectionState if s not in (InspectionState.PLANNED, InspectionState.CANCELLED)
]
_AFTER = (InspectionState.CONCLUDED, InspectionState.MINUTED, InspectionState.DONE)


def monday_to_come() -> date:
    """The next Monday after today that begins two weeks without a public holiday."""
    day = timezone.localdate() + timedelta(days=1)
    while day.weekday() or len(working_days(day, day + timedelta(days=11))) < 10:
        day += timedelta(days=1)
    return day


def campaign(body: ManagingBody | None = None, **values: Any) -> InspectionCampaign:
    """A campaign of visits in October 2025."""
    defaults = {
        "school_year": values.pop("year", None) or schools.school_year(),
        "title": f"Đợt kiểm tra {next(_numbers)}",
        "starts_on": date(2025, 10, 6),
        "ends_on": date(2025, 10, 31),
        "decision_number": "15/QĐ-VHXH",
        "decision_date": date(2025, 9, 22),
        "decision_issuer": "Phòng Văn hóa - Xã hội",
    }
    return InspectionCampaign.objects.create(body=body or schools.body(), **(defaults | values))


def campaign_member(
    campaign: InspectionCampaign, user: User | None = None, **values: Any
) -> CampaignMember:
    """A person whom the decision of a campaign names."""
    user = user or accounts.user(full_name=f"Trần Văn Mẫu {next(_numbers)}")
    defaults = {"full_name": user.full_name, "honorific": "Ông", "place": next(_numbers)}
    return CampaignMember.objects.create(campaign=campaign, user=user, **(defaults | values))


def inspection(
    plan: Plan | None = None,
    state: InspectionState = InspectionState.OPEN,
    *,
    body: ManagingBody | None = None,
    lead: User | None = None,
    by: User | None = None,
    **values: Any,
) -> Inspection:
    """A visit today in `state`, with a tổ trưởng; once opened it holds its plan's tree and three findings.

    `body` is the school's direct body unless said. A concluded visit may be answered until five days from now.
    """
    plan = plan or planning.plan()
    today, now = timezone.localdate(), timezone.now()
    by = by or accounts.user()
    link = plan.school.body_links.filter(role=SchoolBody.Role.DIRECT).first()
    body = body or (link.body if link else schools.body())
    defaults: dict[str, Any] = {"planned_on": today, "created_by": by, "notified_at": now}
    if state in _OPENED:
        tree = plan_document(Plan.objects.for_document().get(pk=plan.pk))
        defaults |= {"opened_at": now, "opened_by": by, "plan_tree": tree_as_json(tree)}
        defaults |= {"plan_words": f"Kế hoạch năm học {plan.school_year.label} (bản đang soạn)"}
    if state in _AFTER:
        defaults |= {"concluded_at": now, "concluded_by": by}
        defaults |= {"reply_until": today + timedelta(days=5)}
    if state in (InspectionState.MINUTED, InspectionState.DONE):
        defaults |= {"replied_at": now, "replied_by": by, "minuted_at": now}
    if state == InspectionState.DONE:
        defaults |= {"done_at": now}
    if state == InspectionState.CANCELLED:
        defaults |= {"cancelled_at": now, "cancel_reason": "Trường nghỉ tránh bão"}
    made = Inspection.objects.create(
        body=body,
        school=plan.school,
        school_year=plan.school_year,
        plan=plan,
        state=state,
        **(defaults | values),
    )
    member(made, lead, role=TeamRole.LEAD)
    if state in _OPENED:
        findings(made)
    return made


def member(inspection: Inspection, user: User | None = None, **values: Any) -> TeamMember:
    """A person of the team, a thành viên unless said."""
    user = user or accounts.user(full_name=f"Nguyễn Văn Mẫu {next(_numbers)}")
    defaults = {
        "full_name": user.full_name,
        "honorific": "Ông",
        "position": "Chuyên viên",
        "unit": "Phòng Văn hóa - Xã hội",
        "place": next(_numbers),
    }
    return TeamMember.objects.create(inspection=inspection, user=user, **(defaults | values))


def findings(inspection: Inspection) -> list[Finding]:
    """The parts of a record: each action of the plan, the section of purpose, the remark on the whole."""
    rows = [
        Finding(
            kind=FindingKind.ACTION,
            key=f"viec-{action.pk}",
            title=action.criterion.label if action.criterion else "Việc",
            quoted=[["Công việc", action.measures], ["Chủ trì", action.lead]],
            action_key=action.pk,
            criterion=action.criterion,
            standard_number=action.criterion.standard.number if action.criterion else None,
        )
        for action in inspection.plan.actions.select_related("criterion__standard")
    ]
    rows.append(Finding(kind=FindingKind.SECTION, key="muc-purpose", title="Mục đích, yêu cầu"))
    rows.append(Finding(kind=FindingKind.GENERAL, key="chung", title="Nhận xét chung"))
    for position, row in enumerate(rows):
        row.inspection, row.position = inspection, position
    return Finding.objects.bulk_create(rows)


def recommendation(finding: Finding, by: User | None = None, **values: Any) -> Recommendation:
    """A recommendation with a person and a date."""
    defaults = {
        "client_id": uuid4(),
        "body": "Thay 2 kệ gỗ còn lại bằng kệ inox.",
        "owner": "Phạm Thị Minh Họa, Phó Hiệu trưởng",
        "due": "30/4/2026",
        "due_on": date(2026, 4, 30),
        "created_by": by or accounts.user(),
    }
    return Recommendation.objects.create(finding=finding, **(defaults | values))


def reply(finding: Finding, by: User | None = None, **values: Any) -> Reply:
    """The school's answer to a finding, undecided unless said."""
    defaults = {"body": "Nhà trường đã thay kệ ngày 20/4.", "answered_by": by or accounts.user()}
    return Reply.objects.create(finding=finding, **(defaults | values))


def officer(inspection: Inspection, role: Role = Role.OFFICER) -> User:
    """Somebody of the office that visits."""
    return accounts.member(role, body=inspection.body)
