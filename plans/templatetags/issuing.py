"""What a template needs of issued documents."""

from django import template

from plans.issuing.models import IssuedDocument
from plans.planning.models import Plan
from plans.planning.states import PlanState

register = template.Library()
_CHANGING = {PlanState.DRAFT, PlanState.FINISHED}


@register.simple_tag
def issued_now(plan: Plan) -> IssuedDocument | None:
    """Return the plan's document in force with its files; None while its words may differ from the plan's."""
    if plan.state in _CHANGING:
        return None
    return plan.documents.in_force().for_page().first()
