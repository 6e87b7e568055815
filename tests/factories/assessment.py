"""What a school judged and wrote about a criterion."""

from typing import Any

from criteria.models import Criterion
from plans.assessment.models import CriterionAssessment, IndicatorResult, LevelDescription
from plans.planning.models import Plan


def texts(plan: Plan, criterion: Criterion, **fields: Any) -> CriterionAssessment:
    """Items 2 to 4 of a phiếu."""
    filled = {"strengths": "Chiến lược được công khai", "weaknesses": "Chưa rà soát hằng năm"}
    return CriterionAssessment.objects.create(plan=plan, criterion=criterion, **(filled | fields))


def description(
    plan: Plan, criterion: Criterion, level: int = 1, *, body: str = "Có chiến lược."
) -> LevelDescription:
    """Mô tả hiện trạng of a level."""
    return LevelDescription.objects.create(plan=plan, criterion=criterion, level=level, body=body)


def mark(plan: Plan, criterion: Criterion, met: bool | None = None) -> IndicatorResult:
    """The judgement of a criterion's first indicator; chưa đánh giá unless said."""
    first = criterion.indicators.order_by("level", "position")[0]
    return IndicatorResult.objects.create(plan=plan, indicator=first, met=met)
