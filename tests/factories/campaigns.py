"""Campaigns of a body and what schools sent to it."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from plans.planning.models import Plan
from plans.schools.models import ManagingBody, School, SchoolYear
from plans.submitting.models import Campaign, CampaignSchool, Submission
from tests.factories import accounts, issuing, schools

_numbers = count(1)


def campaign(
    body: ManagingBody | None = None,
    *asked: School,
    year: SchoolYear | None = None,
    title: str = "",
    opens_on: date = date(2025, 9, 1),
    deadline: date = date(2025, 10, 15),
    **values: Any,
) -> Campaign:
    """An open campaign for năm học 2025-2026 that asks the schools given."""
    made = Campaign.objects.create(
        body=body or schools.body(),
        school_year=year or schools.school_year(),
        title=title or f"Đợt nộp kế hoạch {next(_numbers)}",
        opens_on=opens_on,
        deadline=deadline,
        **({"remind_days": [7, 3, 1]} | values),
    )
    for school in asked:
        CampaignSchool.objects.create(campaign=made, school=school)
    return made


def sent(
    plan: Plan, to: Campaign, on: date = date(2025, 10, 10), *, what: str = "", **values: Any
) -> Submission:
    """A sending of the plan's document at noon of a day; `what` "received", "returned" or "approved" came of it."""
    by = accounts.user()
    at = timezone.make_aware(datetime.combine(on, time(12)))
    for deed in {"": [], "approved": ["received", "approved"]}.get(what, [what]):
        values |= {f"{deed}_at": at + timedelta(days=1), f"{deed}_by": by}
    document = plan.documents.first() or issuing.issued_document(plan, by=by)
    return Submission.objects.create(
        plan=plan,
        document=document,
        body=to.body,
        campaign=to,
        sequence=plan.submissions.count() + 1,
        sent_at=at,
        sent_by=by,
        **values,
    )
