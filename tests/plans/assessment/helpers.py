"""Criteria and judgements of a plan, named as people name them."""

from criteria.models import Criterion, Indicator
from plans.accounts.models import User
from plans.assessment import actions
from plans.assessment.models import IndicatorResult
from plans.planning.models import CriterionResult, Plan
from plans.planning.results import framework_tree


def criterion(plan: Plan, number: str) -> Criterion:
    """Return a criterion of the plan's framework with its levels and indicators."""
    return next(c for c in framework_tree(plan).all_criteria() if c.number == number)


def indicator(plan: Plan, number: str, level: int, letter: str = "") -> Indicator:
    """Return an indicator by its place."""
    found = criterion(plan, number).indicators_at(level)
    return next(one for one in found if one.letter == letter)


def judge(
    plan: Plan, by: User, number: str, marks: dict[tuple[int, str], bool | None]
) -> list[IndicatorResult]:
    """Judge indicators of a criterion one after the other, on whatever version they are."""
    rows = []
    for (level, letter), met in marks.items():
        one = indicator(plan, number, level, letter)
        row = IndicatorResult.objects.filter(plan=plan, indicator=one).first()
        version = row.version if row else 0
        rows.append(
            actions.judge_indicator(plan=plan, indicator=one, met=met, version=version, by=by)
        )
    return rows


def grid_level(plan: Plan, number: str) -> int | None:
    """Return the level of a criterion in the plan's grid, None without a row too."""
    row = CriterionResult.objects.filter(plan=plan, criterion__number=number).first()
    return row.level if row else None
