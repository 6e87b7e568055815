"""The next step of a plan and the picture of its state, for the many pages that show them."""

from __future__ import annotations

from django import template
from django.utils import timezone

from plans.planning.models import Plan
from plans.planning.states import PlanState
from plans.submitting.steps import ShownStep, shown
from plans.submitting.steps import next_step as step_of

register = template.Library()

# Picture and colour of each state; the words beside them say the same.
_LOOKS: dict[str, tuple[str, str]] = {
    PlanState.DRAFT: ("half", "work"),
    PlanState.FINISHED: ("full", "done"),
    PlanState.ISSUED: ("full", "done"),
    PlanState.SENT: ("clock", "work"),
    PlanState.RECEIVED: ("check", "done"),
    PlanState.RETURNED: ("warn", "warn"),
    PlanState.APPROVED: ("check", "done"),
    PlanState.UNDER_WAY: ("half", "work"),
    PlanState.CLOSED: ("lock", "none"),
    PlanState.WITHDRAWN: ("warn", "warn"),
}


@register.simple_tag(takes_context=True)
def next_step(context: template.Context, plan: Plan) -> ShownStep | None:
    """Return what is next for the plan, to the person at the page; None when nothing is."""
    today = timezone.localdate()
    memberships = context["request"].user.memberships_on(today)
    own = any(row.school_id == plan.school_id for row in memberships)
    return shown(step_of(plan, today), for_office=not own, on=today)


@register.filter
def state_mark(state: str | None) -> str:
    """Return the name of the state's picture; an empty circle where there is no plan."""
    return _LOOKS.get(state or "", ("empty", "none"))[0]


@register.filter
def state_tone(state: str | None) -> str:
    """Return the state's colour."""
    return _LOOKS.get(state or "", ("empty", "none"))[1]
