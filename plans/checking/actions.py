"""Soạn xong: the one way to finish a draft, which asks the rules first."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from plans.accounts.models import User
from plans.checking.context import load_checked
from plans.checking.report import report
from plans.checking.telling import tell_the_council
from plans.planning import actions
from plans.planning.models import Plan
from plans.planning.states import MOVES, PlanState


@transaction.atomic
def finish_plan(*, plan: Plan, by: User, on: date) -> Plan:
    """Close the draft and return it, when no rule finds an error on the day `on`; the rest does not block.

    The plan is held while it is asked, so nothing changes between the answer and the move. Raises
    ValidationError that names every error, MoveNotAllowed from any state but that of a draft.
    """
    held = Plan.objects.select_for_update().get(pk=plan.pk)
    MOVES.target("finish", source=PlanState(held.state))
    errors = report(load_checked(Plan.objects.for_page().get(pk=plan.pk), on=on)).errors
    if errors:
        raise ValidationError([f"{error.message}." for error in errors])
    finished = actions.finish_plan(plan=held, by=by)
    tell_the_council(finished, by)
    return finished
