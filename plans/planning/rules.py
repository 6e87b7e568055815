"""What the plan's own state adds to who may do what with it."""

from functools import partial

from plans.accounts.rules import holds_only_if
from plans.moves import Move
from plans.planning.models import Plan
from plans.planning.states import MOVES, PlanState


def is_open_to_change(plan: Plan) -> bool:
    """Say whether the plan's words may still be changed: only while it is being written."""
    return plan.state == PlanState.DRAFT


def in_state_for(move: Move[PlanState], plan: Plan) -> bool:
    """Say whether the plan is in a state that the move leaves."""
    return plan.state in move.sources


holds_only_if("plans.change_plan", is_open_to_change)
for _move in MOVES:
    holds_only_if(_move.permission, partial(in_state_for, _move))
