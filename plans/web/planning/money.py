"""Kinh phí và thời gian: the plan's money added up, and its actions over the months."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from plans.planning.models import Plan
from plans.planning.totals import calendar_strip, plan_totals
from plans.schools.calendar import calendar_book
from plans.web.planning.page import page_key, plan_frame
from plans.web.request import Request


def totals(request: Request, plan: Plan) -> HttpResponse:
    """Show the plan's money by source, standard and year, and when its actions run."""
    context = plan_frame(request, plan)
    calendar = calendar_book(plan.school)(plan.school_year.start_year)
    section = plan.spec.actions()
    context |= {
        "table_key": page_key(plan, section.key) if section else "",
        "tool": "totals",
        "totals": plan_totals(plan),
        "strip": calendar_strip(plan, last_day=calendar.summer_ends_on),
    }
    return render(request, "plans/planning/totals.html", context)
