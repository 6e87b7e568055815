"""How many items of past visits a plan has no row for: told on every page of a plan that is being written."""

from __future__ import annotations

from django import template

from plans.followups.carrying import items_not_in
from plans.planning.models import Plan
from plans.planning.states import PlanState

register = template.Library()


@register.simple_tag
def items_missing(plan: Plan) -> int:
    """Return how many pending items the plan has no row for; 0, without a query, once it is not being written."""
    if plan.state != PlanState.DRAFT or plan.spec.actions() is None:
        return 0
    return items_not_in(plan).order_by().count()
