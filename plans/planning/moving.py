"""How a plan goes from one state to the next: the one writer of `Plan.state`, for this room and those above."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from plans.accounts.models import User
from plans.history.actions import record
from plans.planning.models import Plan
from plans.planning.states import MOVES, PlanState


def locked(plan: Plan) -> Plan:
    """Return the plan as it is now, held for the caller's transaction."""
    return Plan.objects.select_for_update().get(pk=plan.pk)


@transaction.atomic
def move_plan(*, plan: Plan, name: str, by: User, reason: str = "", **fields: Any) -> Plan:
    """Make the move `name` of the table, write `fields` with it, and return the plan as it then is.

    The record says who, from where, to where and, where one is given, why. Raises MoveNotAllowed when the plan
    is in no state that the move leaves, ValidationError when the move wants a reason and has none.
    """
    plan, move = locked(plan), MOVES[name]
    target = MOVES.target(name, source=PlanState(plan.state))
    if move.wants_reason and not reason.strip():
        raise ValidationError({"reason": f"Hãy ghi lý do khi bấm “{move.label}”."})
    before = {"state": plan.state}
    plan.state, plan.state_since = target, timezone.now()
    for field, value in fields.items():
        setattr(plan, field, value)
    plan.full_clean()
    plan.save()
    after = {"state": str(target)} | ({"reason": reason} if reason else {})
    record(f"plan.{name}", plan, by=by, before=before, after=after, school_id=plan.school_id)
    return plan
