"""Follow-up items of a visit's recommendations."""

from __future__ import annotations

from typing import Any

from plans.followups.models import FollowUp
from plans.inspections.models import Inspection, Recommendation
from plans.inspections.states import InspectionState
from tests.factories import inspections


def follow_up(
    recommendation: Recommendation | None = None,
    *,
    inspection: Inspection | None = None,
    **values: Any,
) -> FollowUp:
    """An open item of a recommendation, of a new visit whose minutes are signed unless said."""
    if recommendation is None:
        visit = inspection or inspections.inspection(state=InspectionState.DONE)
        recommendation = inspections.recommendation(visit.findings.order_by("position")[0])
    finding = recommendation.finding
    visit = finding.inspection
    defaults = {
        "about": finding.title,
        "body": recommendation.body,
        "criterion": finding.criterion,
        "standard_number": finding.standard_number,
        "owner": recommendation.owner,
        "due": recommendation.due,
        "due_on": recommendation.due_on,
    }
    return FollowUp.objects.create(
        school=visit.school,
        inspection=visit,
        recommendation=recommendation,
        **(defaults | values),
    )
