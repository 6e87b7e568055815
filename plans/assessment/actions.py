"""What people do to the phiếu of a criterion; what its indicators decide goes into the plan's grid at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from criteria.models import Criterion, Indicator
from plans.accounts.models import User
from plans.assessment.models import (
    CriterionAssessment,
    IndicatorResult,
    LevelDescription,
    LevelResult,
)
from plans.assessment.reading import judged_lines, marks_of
from plans.assessment.standing import Standing, standing_of
from plans.planning.actions import save_result
from plans.planning.models import CriterionResult, Plan
from plans.planning.saving import keep_open, row_at, save_fields

TEXTS = ("strengths", "weaknesses", "improvement")


class JudgedByIndicators(ValidationError):
    """The level of a criterion comes from its judged indicators and cannot be chosen as a whole."""

    def __init__(self, criterion: Criterion) -> None:
        super().__init__(
            f"Tiêu chí {criterion.number} đã được đánh giá theo chỉ báo nên mức đạt lấy từ phiếu đánh giá tiêu "
            "chí. Muốn đổi mức, thầy cô sửa kết quả các chỉ báo trong phiếu."
        )


@transaction.atomic
def judge_indicator(
    *, plan: Plan, indicator: Indicator, met: bool | None, version: int, by: User
) -> IndicatorResult:
    """Save đạt, không đạt or (None) chưa đánh giá of an indicator and return its row.

    As soon as the indicators decide the level of the criterion, the plan's grid has it. The indicator comes from
    the framework's tree. Raises ValidationError for an indicator of another framework, Conflict.
    """
    keep_open(plan)
    criterion = indicator.criterion
    _check_framework(plan, criterion)
    before = _standing(plan, criterion)
    row = row_at(IndicatorResult, plan=plan, indicator=indicator)
    row.indicator = indicator  # its name in the record then costs no query
    save_fields(row, {"met": met}, version, by=by, school_id=plan.school_id)
    _keep_grid(plan, criterion, before, by)
    return row


@transaction.atomic
def judge_level(
    *, plan: Plan, criterion: Criterion, level: int, met: bool | None, version: int, by: User
) -> LevelResult:
    """Save the same of a whole level, where the framework does not tell its indicators.

    Raises ValidationError for a level that the criterion lacks or that has indicators, Conflict.
    """
    keep_open(plan)
    _check_level(plan, criterion, level)
    if criterion.indicators_at(level):
        raise ValidationError(f"Mức {level} có chỉ báo, thầy cô đánh giá từng chỉ báo.")
    before = _standing(plan, criterion)
    row = row_at(LevelResult, plan=plan, criterion=criterion, level=level)
    row.criterion = criterion
    save_fields(row, {"met": met}, version, by=by, school_id=plan.school_id)
    _keep_grid(plan, criterion, before, by)
    return row


@transaction.atomic
def save_description(
    *, plan: Plan, criterion: Criterion, level: int, body: str, version: int, by: User
) -> LevelDescription:
    """Save mô tả hiện trạng of one level and return its row. Raises Conflict, ValidationError."""
    keep_open(plan)
    _check_level(plan, criterion, level)
    row = row_at(LevelDescription, plan=plan, criterion=criterion, level=level)
    row.criterion = criterion
    return save_fields(row, {"body": body}, version, by=by, school_id=plan.school_id)


@transaction.atomic
def save_texts(
    *, plan: Plan, criterion: Criterion, values: Mapping[str, Any], version: int, by: User
) -> CriterionAssessment:
    """Save điểm mạnh, điểm yếu, kế hoạch cải tiến and return their row. Raises Conflict, ValidationError."""
    keep_open(plan)
    _check_framework(plan, criterion)
    row = row_at(CriterionAssessment, plan=plan, criterion=criterion)
    row.criterion = criterion
    typed = {name: values[name] for name in TEXTS if name in values}
    return save_fields(row, typed, version, by=by, school_id=plan.school_id)


@transaction.atomic
def choose_level(
    *, plan: Plan, criterion: Criterion, level: int | None, version: int, by: User
) -> CriterionResult:
    """Save the level of a criterion chosen as a whole and return the grid's row; None is chưa đánh giá.

    Raises JudgedByIndicators where something of the criterion has been judged and the grid says otherwise,
    ValidationError for a level that the criterion lacks or another framework's criterion, Conflict.
    """
    keep_open(plan)
    _check_framework(plan, criterion)
    if _standing(plan, criterion).is_judged and level != _grid_row(plan, criterion).level:
        raise JudgedByIndicators(criterion)
    return save_result(plan=plan, criterion=criterion, level=level, version=version, by=by)


def check_level_follows(*, plan: Plan, criterion: Criterion, level: int | None) -> None:
    """Raise JudgedByIndicators where the criterion's judged indicators say another level than `level`.

    Where they do not decide yet, any level that they still allow may stand, None (chưa đánh giá) too.
    """
    standing = _standing(plan, criterion)
    if not standing.is_judged:
        return
    if not standing.allows(level) or (level is None and standing.level is not None):
        raise JudgedByIndicators(criterion)


def _standing(plan: Plan, criterion: Criterion) -> Standing:
    return standing_of(criterion.facts(), marks_of(judged_lines(plan, criterion)))


def _grid_row(plan: Plan, criterion: Criterion) -> CriterionResult:
    row = CriterionResult.objects.filter(plan=plan, criterion=criterion).first()
    return row or CriterionResult(plan=plan, criterion=criterion, version=0)


def _keep_grid(plan: Plan, criterion: Criterion, before: Standing, by: User) -> None:
    """Write into the plan's grid what the indicators now decide.

    Until they decide, a level that was chosen as a whole stays as long as no indicator speaks against it; one
    that they had decided goes when they no longer do.
    """
    now, grid = _standing(plan, criterion), _grid_row(plan, criterion)
    level = now.level
    if level is None and before.level is None and now.allows(grid.level):
        return
    if level != grid.level:
        save_result(plan=plan, criterion=criterion, level=level, version=grid.version, by=by)


def _check_framework(plan: Plan, criterion: Criterion) -> None:
    if criterion.standard.framework_id != plan.framework_id:
        raise ValidationError("Tiêu chí này không thuộc bộ tiêu chuẩn của kế hoạch.")


def _check_level(plan: Plan, criterion: Criterion, level: int) -> None:
    _check_framework(plan, criterion)
    if not criterion.has_level(level):
        raise ValidationError(f"Tiêu chí {criterion.number} không có mức {level}.")
