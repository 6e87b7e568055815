"""Rows of the plan and of its form."""

from plans.planning.fields import CELL_LIMIT, TEXT_LIMIT, TypedField
from plans.planning.models.forms import BodyLayout, FormInForce, PlanForm
from plans.planning.models.plan import (
    CriterionResult,
    Plan,
    PlanAction,
    PlanRow,
    PlanText,
    editing_rows,
)

__all__ = [
    "CELL_LIMIT",
    "TEXT_LIMIT",
    "BodyLayout",
    "CriterionResult",
    "FormInForce",
    "Plan",
    "PlanAction",
    "PlanForm",
    "PlanRow",
    "PlanText",
    "TypedField",
    "editing_rows",
]
