"""What the parts of a page say of a paper's signatures."""

from django import template

from plans.inspections.states import InspectionState
from plans.minutes.facts import without_field
from plans.minutes.finishing import refusal_of
from plans.minutes.models import Paper, PaperKind

register = template.Library()


@register.simple_tag
def refusal(paper: Paper) -> str:
    """Return why the school did not sign complete minutes, "" where it did."""
    visit = paper.inspection if paper.kind == PaperKind.MINUTES else None
    return refusal_of(paper) if visit and visit.state == InspectionState.DONE else ""


@register.simple_tag
def unasked(paper: Paper) -> list[str]:
    """Return who of the team has no place in the minutes, each with the reason; [] is nobody."""
    is_minutes = paper.kind == PaperKind.MINUTES
    return without_field(paper.inspection) if is_minutes and paper.inspection else []
