"""What a plan's way depends on: which body it goes to, that body's rules and campaign, what was sent before."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Prefetch

from plans.issuing.ending import document_in_force
from plans.issuing.models import OfficeRule
from plans.planning.models import Plan
from plans.planning.states import PlanState
from plans.schools.models import (
    ManagingBody,
    SchoolBody,
    in_force,
    in_force_or_last,
)
from plans.submitting.models import Campaign, CampaignSchool, Remark, Submission

# While the school can still answer what came back with its plan.
_ANSWERING = frozenset({PlanState.RETURNED, PlanState.DRAFT, PlanState.FINISHED, PlanState.ISSUED})
# The body that has the plan decides; before, the one that it would go to.
AT_OFFICE = frozenset({PlanState.SENT, PlanState.RECEIVED, PlanState.APPROVED})


# --- bodies and their rules -------------------------------------------------------------------------------


def living(body: ManagingBody, on: date) -> ManagingBody:
    """Return the body itself, or whoever took over from it by the day `on`."""
    seen = {body.pk}
    while body.valid_to and body.valid_to < on and body.successor and body.successor_id not in seen:
        body = body.successor
        seen.add(body.pk)
    return body


def receivers(school_ids: Collection[int], on: date) -> dict[int, ManagingBody]:
    """Return school id → the body its plan goes to: who manages it directly, else the one above it; one query.

    A school without either on the day `on` is left out.
    """
    roles = [SchoolBody.Role.DIRECT, SchoolBody.Role.PARENT]
    links = SchoolBody.objects.filter(in_force(on), school__in=school_ids, role__in=roles)
    rows = links.select_related("body__successor__successor").order_by("school", "pk")
    found: dict[int, list[SchoolBody]] = {}
    for row in rows:
        found.setdefault(row.school_id, []).append(row)
    return {
        school: living(
            max(own, key=lambda r: (r.role == roles[0], r.valid_from or date.min, r.pk)).body, on
        )
        for school, own in found.items()
    }


def receiver(plan: Plan, on: date) -> ManagingBody | None:
    """Return the body that the plan would be sent to on the day `on`; None when none is on record."""
    return receivers([plan.school_id], on).get(plan.school_id)


def rules_of(body_ids: Collection[int], on: date) -> dict[int, OfficeRule]:
    """Return body id → its rule in force on the day `on`, the defaults where it has none; one query.

    No query for no body.
    """
    if not body_ids:
        return {}
    rows = OfficeRule.objects.filter(in_force(on), body__in=body_ids).order_by("body", "pk")
    by_body: dict[int, list[OfficeRule]] = {}
    for row in rows:
        by_body.setdefault(row.body_id, []).append(row)
    return {
        body: in_force_or_last(by_body.get(body, ()), on) or OfficeRule(body_id=body)
        for body in body_ids
    }


def deciding_body(plan: Plan, on: date) -> ManagingBody | None:
    """Return the body whose rule counts for the plan: the one that has it, else the one it would go to."""
    if plan.state in AT_OFFICE:
        sent = current_submission(plan)
        return living(sent.body, on) if sent else None
    return receiver(plan, on)


def wants_approval(plan: Plan, on: date) -> bool:
    """Say whether the plan is to be approved before it is carried out."""
    body = deciding_body(plan, on)
    return body is not None and rules_of([body.pk], on)[body.pk].approves_plans


# --- campaigns --------------------------------------------------------------------------------------------


def open_campaigns(plans: Collection[Plan], on: date) -> list[CampaignSchool]:
    """Return what open campaigns ask of the schools of `plans`, the earliest deadline first; one query."""
    rows = CampaignSchool.objects.filter(
        school__in={plan.school_id for plan in plans},
        campaign__school_year__in={plan.school_year_id for plan in plans},
        campaign__opens_on__lte=on,
        campaign__closed_at__isnull=True,
    )
    return list(rows.select_related("campaign").order_by("campaign__deadline", "campaign", "pk"))


def deadline_of(row: CampaignSchool) -> date:
    """Return until when a school is to send: the later day it was given, else the campaign's."""
    return max(row.extended_to or row.campaign.deadline, row.campaign.deadline)


def asked_by(
    plan: Plan, body: ManagingBody, rows: Collection[CampaignSchool]
) -> CampaignSchool | None:
    """Return what `body` asks of the plan's school for its year, of `open_campaigns`; None for nothing."""
    own = (plan.school_id, plan.school_year_id, body.pk)
    return next(
        (r for r in rows if (r.school_id, r.campaign.school_year_id, r.campaign.body_id) == own),
        None,
    )


def campaign_of(plan: Plan, body: ManagingBody, on: date) -> Campaign | None:
    """Return the open campaign of `body` that asks the plan's school for its year; None when there is none."""
    row = asked_by(plan, body, open_campaigns([plan], on))
    return row.campaign if row else None


# --- submissions ------------------------------------------------------------------------------------------


def submissions_of(plan: Plan) -> list[Submission]:
    """Return all that was sent of a plan with its people and remarks, newest first; two queries."""
    people = (
        "body",
        "campaign",
        "document",
        "sent_by",
        "received_by",
        "returned_by",
        "approved_by",
    )
    remarks = Prefetch("remarks", Remark.objects.select_related("written_by", "answered_by"))
    rows = Submission.objects.filter(plan=plan).select_related(*people).prefetch_related(remarks)
    return list(rows.defer("document__tree").order_by("-sequence"))


def current_submission(plan: Plan) -> Submission | None:
    """Return what was sent last; None when nothing was."""
    rows = Submission.objects.filter(plan=plan).select_related("body__successor__successor")
    return rows.order_by("-sequence").first()


def open_return(plan: Plan) -> Submission | None:
    """Return the submission that came back and whose remarks the school answers now; None without one."""
    if plan.state not in _ANSWERING:
        return None
    sent = current_submission(plan)
    return sent if sent and sent.returned_at else None


def unanswered(plan: Plan) -> int:
    """Return how many remarks of the return at hand the school has not answered yet."""
    came_back = open_return(plan)
    return came_back.remarks.filter(answer="").count() if came_back else 0


def missing_to_send(plan: Plan, on: date) -> tuple[str, ...]:
    """Return what still keeps an issued plan from being sent, each as a sentence; () is nothing."""
    told = []
    if document_in_force(plan) is None:
        told.append("Kế hoạch chưa có văn bản đang có hiệu lực. Hãy ban hành kế hoạch trước.")
    if receiver(plan, on) is None:
        told.append(
            "Hồ sơ trường chưa ghi cơ quan quản lý trực tiếp hoặc cơ quan chủ quản. "
            "Hãy báo người quản trị bổ sung."
        )
    left = unanswered(plan)
    if left:
        told.append(f"Còn {left} ý kiến của lần trả lại trước chưa được trả lời.")
    return tuple(told)
