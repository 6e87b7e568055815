"""The form that begins a plan from last year's: the year and the form; the rows stand in the page."""

from __future__ import annotations

from typing import Any

from plans.planning.models import Plan
from plans.schools.models import School
from plans.web.planning.forms import PlanAddForm


class BeginForm(PlanAddForm):
    """As for any new plan; only the years after the last plan's are offered."""

    def __init__(self, *args: Any, school: School, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, school=school, **kwargs)
        years = self.fields["school_year"]
        years.queryset = years.queryset.filter(start_year__gt=plan.school_year.start_year)  # type: ignore[attr-defined]
