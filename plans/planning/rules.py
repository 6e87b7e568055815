"""What the plan's own state adds to who may do what with it."""

from plans.accounts.rules import holds_only_if
from plans.planning.models import Plan
from plans.planning.states import MOVES, PlanState


def is_open_to_change(plan: Plan) -> bool:
    """Say whether the plan's words may still be changed: only while it is being written."""
    return plan.state == PlanState.DRAFT


holds_only_if("plans.change_plan", is_open_to_change)
holds_only_if("plans.finish_plan", lambda plan: plan.state in MOVES["finish"].sources)
holds_only_if("plans.reopen_plan", lambda plan: plan.state in MOVES["reopen"].sources)
